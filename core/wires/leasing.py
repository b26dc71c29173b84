"""Leases: of many processes one does a thing, until it stops renewing its lease; then another may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from core.kit.unit_of_work import unit_of_work
from core.wires.models import WireNote
from core.wires.noting import first

LEASE = "lease"
"""The channel under which leases are noted."""
TURN = "turn"
"""The channel under which the turns of timed work are noted."""


def _nobody(_holder: str) -> bool:
    return False


async def hold(
    name: str, holder: str, lasts: dt.timedelta, *, is_gone: Callable[[str], bool] = _nobody
) -> bool:
    """Take or renew a lease; False while another holds it who is not known to be gone."""
    if await first(LEASE, name, lasts, {"holder": holder}):
        return True
    async with unit_of_work() as work:
        row = await WireNote.filter(channel=LEASE, name=name).select_for_update().get_or_none()
        if row is None:
            return False
        known = str(row.value.get("holder", ""))
        if known != holder and row.expires_at > work.now and not is_gone(known):
            return False
        row.value, row.expires_at = {"holder": holder}, work.now + lasts
        await row.save(update_fields=["value", "expires_at"])
        return True


async def give_back(name: str, holder: str) -> None:
    """End a lease at once, if it is still this holder's."""
    async with unit_of_work():
        row = await WireNote.filter(channel=LEASE, name=name).select_for_update().get_or_none()
        if row is not None and row.value.get("holder") == holder:
            await row.delete()


async def turn(name: str, holder: str, lasts: dt.timedelta) -> bool:
    """Whether this process is the one whose turn it is; nobody else's turn comes until it is over."""
    return await first(TURN, name, lasts, {"holder": holder})


async def lengthen(name: str, holder: str, lasts: dt.timedelta) -> bool:
    """Make a turn last longer because its work does; False when it is another's by now."""
    async with unit_of_work() as work:
        row = await WireNote.filter(channel=TURN, name=name).select_for_update().get_or_none()
        if row is None or row.value.get("holder") != holder:
            return False
        row.expires_at = max(row.expires_at, work.now + lasts)
        await row.save(update_fields=["expires_at"])
        return True
