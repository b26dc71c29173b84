"""Once per key: a POST repeated with its Idempotency-Key gets the first answer again, and has no second effect."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any

from core import inbox, wires
from core.kit import unit_of_work
from handlers.partner.table import Asked

KEY = re.compile(r"[A-Za-z0-9_\-:.]{8,80}")
LEASE = "api"
LONGEST = dt.timedelta(seconds=60)
"""How long a request that died keeps its key from being tried again."""

Made = dict[str, Any]


class KeyReused(Exception):  # noqa: N818  it names what was found
    """The key was used for another request."""


class StillRunning(Exception):  # noqa: N818  it names what was found
    """The same request is being carried out by another process or task."""


def digest_of(asked: Asked, route_path: str) -> str:
    """What makes a request the same: its method, address, type and body."""
    head = f"{asked.request.method} {asked.request.path_qs} {route_path} {asked.media}\n".encode()
    return hashlib.sha256(head + asked.raw).hexdigest()


async def once(asked: Asked, key: str, digest: str, work: Callable[[], Awaitable[Made]]) -> tuple[Made, bool]:
    """Do the work, or answer what it came to before; says whether it was before. Both are kept or neither.

    Raises:
        KeyReused: the key belongs to another body.
        StillRunning: another is at it.
    """
    who = asked.actor.client or f"p{asked.actor.identity}"
    kept = hashlib.sha256(f"{who}:{key}".encode()).hexdigest()
    found = await inbox.answer_of(asked.actor.channel, kept)
    if found is not None:
        return _same(found, digest), True
    leased = asked.caller is not None
    if leased and not await wires.first(LEASE, kept, LONGEST):
        raise StillRunning
    try:
        async with unit_of_work():
            made = await work()
            await inbox.keep_answer(asked.actor.channel, kept, who[:80], {"digest": digest, "answer": made})
    except inbox.AnsweredAlready:
        found = await inbox.answer_of(asked.actor.channel, kept)
        if found is None:
            raise StillRunning from None
        return _same(found, digest), True
    finally:
        if leased:
            await wires.drop(LEASE, kept)
    return made, False


def _same(found: dict[str, Any], digest: str) -> Made:
    if found["digest"] != digest:
        raise KeyReused
    made: Made = found["answer"]
    return made
