"""Reads of the outbox, each named by its question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tortoise.expressions import Q

from core.notices.models import Notice
from core.notices.terms import WAITING, Priority, State

UNSENT = {
    Priority.CRITICAL: dt.timedelta(seconds=60),
    Priority.REPLY: dt.timedelta(minutes=2),
    Priority.ALERT: dt.timedelta(minutes=5),
    Priority.INFO: dt.timedelta(hours=1),
}
"""How long a due notice may wait for its chat's turn before something is wrong."""
SHOWN = (State.SENT.value, State.DELIVERED.value)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice as the record of who was told what, when, and whether it arrived."""

    id: int
    person_id: int | None
    channel: str | None
    kind: str
    state: str
    created_at: dt.datetime
    sent_at: dt.datetime | None


async def told_about(case_number: str, *, plant_id: int) -> list[Told]:
    """Every notice about a plant's case, oldest first."""
    rows = await Notice.filter(plant_id=plant_id, case_number=case_number).order_by("id")
    return [
        Told(
            id=row.id,
            person_id=row.person_id,
            channel=row.channel,
            kind=row.kind,
            state=row.state,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


async def not_shown(notice_id: int) -> tuple[bool, str | None] | None:
    """Of a notice that nobody was shown: whether it is given up, and its condition; None when it may have been."""
    row = await Notice.get_or_none(id=notice_id)
    over = (State.SUPERSEDED.value, State.FAILED_PERMANENT.value)
    if row is None or row.message_ref is not None or row.state not in (*WAITING, *over):
        return None
    return row.state in over, row.wanted_while


async def told_since(kind: str, replaces_key: str, since: dt.datetime) -> bool:
    """Whether a notice of a kind under a key was left since an instant, so that nobody is told twice."""
    return await Notice.exists(kind=kind, replaces_key=replaces_key, created_at__gte=since)


@dataclass(frozen=True, kw_only=True)
class Left:
    """One notice under a key: when it was left, and whether the messenger took it."""

    created_at: dt.datetime
    went: bool


async def last_left(replaces_key: str, *, newest: int) -> list[Left]:
    """The newest notices under a key, the newest first."""
    rows = Notice.filter(replaces_key=replaces_key).order_by("-id").limit(newest)
    found = await rows.values_list("created_at", "state")
    return [Left(created_at=created_at, went=state in SHOWN) for created_at, state in found]


async def leases_over(before: dt.datetime) -> int:
    """How many notices a sender took in hand whose lease ran out before an instant, and nobody took them up."""
    return await Notice.filter(state=State.SENDING.value, lease_until__lte=before).count()


async def unsent_late(now: dt.datetime) -> int:
    """How many notices are due for longer than their urgency allows."""
    late = Q()
    for priority, limit in UNSENT.items():
        late |= Q(priority=int(priority), due_at__lte=now - limit)
    return await Notice.filter(late, state__in=WAITING).count()


async def last_sent_to_chat(channel: str, chat_ref: str, kind: str) -> int | None:
    """The newest sent notice of a kind in a chat, to edit it in place."""
    row = (
        await Notice.filter(channel=channel, chat_ref=chat_ref, kind=kind, state__in=SHOWN)
        .order_by("-id")
        .first()
    )
    return None if row is None else row.id
