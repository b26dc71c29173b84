"""News that can wait come together: what waits for a person is taken into one digest, once a day."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from core.kit.actor import Actor
from core.kit.unit_of_work import current, dialect
from core.notices.models import Notice
from core.notices.telling import tell
from core.notices.terms import WAITING, Priority, State

MOST = 40
"""Pieces of news in one digest; what is more comes one by one."""


async def told_keys(kind: str, keys: Collection[str]) -> frozenset[str]:
    """Which of these keys were told already."""
    found = await Notice.filter(kind=kind, replaces_key__in=list(keys)).values_list("replaces_key", flat=True)
    return frozenset(str(one) for one in found)


async def bundle(
    actor: Actor, kind: str, key: str, *, person_id: int, kinds: Collection[str], facts: dict[str, object]
) -> int | None:
    """Leave a person's digest with the waiting news of some kinds in it, in the unit that is open.

    None when the key was told before: a job that runs twice, or in two processes, tells once. What a sender takes in
    hand at this moment stays a message of its own.
    """
    work = current()
    if dialect() == "postgres":
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        await work.db.execute_query("SELECT pg_advisory_xact_lock($1)", [number])
    if await told_keys(kind, [key]):
        return None
    news = (
        await Notice.filter(
            person_id=person_id, kind__in=list(kinds), priority=int(Priority.INFO), state__in=WAITING
        )
        .order_by("id")
        .limit(MOST)
        .select_for_update()
    )
    if news:
        await Notice.filter(id__in=[one.id for one in news]).update(
            state=State.SUPERSEDED.value, last_error="it is in the digest"
        )
    return await tell(
        actor,
        kind,
        person_id=person_id,
        facts={**facts, "news": [{"kind": one.kind, "facts": one.facts} for one in news]},
        priority=Priority.INFO,
        replaces_key=key,
    )
