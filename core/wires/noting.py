"""Keeping, reading and using up notes; of many processes that try at once, one is the first."""

from __future__ import annotations

import datetime as dt

from tortoise.exceptions import IntegrityError

from core.kit import clock
from core.kit.unit_of_work import unit_of_work
from core.wires.models import WireNote


async def note(channel: str, name: str) -> dict[str, object] | None:
    """What a note says, or None when there is none or it has expired."""
    row = await WireNote.get_or_none(channel=channel, name=name)
    return None if row is None or row.expires_at <= clock.now() else row.value


async def keep(channel: str, name: str, value: dict[str, object], lasts: dt.timedelta) -> None:
    """Write a note, over an earlier one of the same name."""
    async with unit_of_work() as work:
        if not await _written(channel, name, value, work.now + lasts):
            await WireNote.filter(channel=channel, name=name).update(value=value, expires_at=work.now + lasts)


async def first(channel: str, name: str, lasts: dt.timedelta, value: dict[str, object] | None = None) -> bool:
    """Whether this is the first to write such a note; a note that has expired is as good as none."""
    async with unit_of_work() as work:
        until = work.now + lasts
        if await _written(channel, name, value or {}, until):
            return True
        stale = WireNote.filter(channel=channel, name=name, expires_at__lte=work.now)
        return bool(await stale.update(value=value or {}, expires_at=until))


async def _written(channel: str, name: str, value: dict[str, object], until: dt.datetime) -> bool:
    """Whether the note is new; one that is there already stays as it is."""
    if await WireNote.exists(channel=channel, name=name):
        return False
    try:
        async with unit_of_work():
            await WireNote.create(channel=channel, name=name, value=value, expires_at=until)
    except IntegrityError:  # another process wrote it at this instant
        return False
    return True


async def take(channel: str, name: str) -> dict[str, object] | None:
    """Use a note up: of many who try at once, one gets what it says."""
    async with unit_of_work() as work:
        row = await WireNote.filter(channel=channel, name=name).select_for_update().get_or_none()
        if row is None or not await WireNote.filter(id=row.id).delete() or row.expires_at <= work.now:
            return None
        return row.value


async def drop(channel: str, name: str) -> None:
    """Forget a note."""
    async with unit_of_work():
        await WireNote.filter(channel=channel, name=name).delete()


async def sweep() -> int:
    """Forget what has expired; answers how many notes that were."""
    async with unit_of_work() as work:
        return int(await WireNote.filter(expires_at__lte=work.now).delete())
