"""Updates that take no effect: not stored by this program, not to be read by anybody, or failed for good."""

from __future__ import annotations

import datetime as dt
import logging
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.queryset import QuerySet

from core.inbox import vouching
from core.inbox.models import Inbound
from core.kit.spoilt import SPOILT, reason
from core.kit.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
ASIDE = "aside"
UNREADABLE = "the row cannot be read"


@dataclass(frozen=True, kw_only=True)
class Aside:
    """An update that was set aside, without what it says."""

    id: int
    channel: str
    received_at: dt.datetime | None
    """None where what stands there is no instant."""
    attempts: int
    error: str


async def oldest(found: QuerySet[Inbound]) -> Inbound | None:
    """The first of these updates; those before it that cannot be read are set aside."""
    while True:
        try:
            return await found.order_by("id").first()
        except SPOILT as wrong:
            [number] = await found.order_by("id").limit(1).values_list("id", flat=True)
            await _put(int(str(number)), f"{UNREADABLE} ({reason(wrong)})")


async def is_ours(row: Inbound) -> bool:
    """Whether this program stored the row as it stands; any other is set aside."""
    try:
        ours = vouching.fits(row)
        operator.index(row.attempts)  # a number is not looked at when it is read
    except SPOILT as wrong:
        await _put(row.id, f"{UNREADABLE} ({reason(wrong)})")
        return False
    if not ours:
        await _put(row.id, vouching.NOT_OURS)
    return ours


async def _put(number: int, why: str) -> None:
    log.error("update %s: %s", number, why, extra={"action": "update_not_ours"})
    async with unit_of_work():
        await Inbound.filter(id=number, state="waiting").update(state=ASIDE, last_error=why[:300])


async def set_aside(limit: int = 100) -> list[Aside]:
    """Updates that were set aside, oldest first; what cannot be read in one is left empty."""
    rows = Inbound.filter(state=ASIDE).order_by("id").limit(limit)
    return [await _aside(int(str(number))) for number in await rows.values_list("id", flat=True)]


async def _aside(number: int) -> Aside:
    came, attempts = await _value(number, "received_at"), await _value(number, "attempts")
    return Aside(
        id=number,
        channel=str(await _value(number, "channel") or ""),
        received_at=came if isinstance(came, dt.datetime) else None,
        attempts=attempts if isinstance(attempts, int) else 0,
        error=str(await _value(number, "last_error") or ""),
    )


async def _value(number: int, name: str) -> object:
    try:
        return await Inbound.filter(id=number).first().values_list(name, flat=True)
    except SPOILT:
        return None


async def take_up(numbers: Sequence[int]) -> list[int]:
    """Let updates that were set aside wait once more, after the fault was mended; answers which."""
    async with unit_of_work() as work:
        aside = Inbound.filter(id__in=list(numbers), state=ASIDE)
        found = sorted(int(str(one)) for one in await aside.select_for_update().values_list("id", flat=True))
        await Inbound.filter(id__in=found).update(state="waiting", attempts=0, due_at=work.now)
        return found


async def aside_count() -> int:
    """How many updates are set aside."""
    return await Inbound.filter(state=ASIDE).count()
