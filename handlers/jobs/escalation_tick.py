"""Every second: unacknowledged alerts climb, acknowledgements without progress expire; then overdue and duty."""

from __future__ import annotations

from core import calendars, duty, escalation


async def climb() -> int:
    """Let every due alert climb one tier, and alerts sound again whose acknowledgement expired; answers how many."""
    return await escalation.tick() + await escalation.expire()


async def tell_overdue() -> int:
    """Tell every newly overdue stage and partner's step once; answers how many were told."""
    return await escalation.tell_overdue()


async def change_duty() -> int:
    """Hand open alerts to whoever came on duty, and end swaps that nobody answered; answers how many."""
    return await escalation.hand_over() + await duty.expire_swaps()


async def look_at_calendar() -> int:
    """Warn administrators when the holidays of the coming year are not known; answers how many plants."""
    return await calendars.warn_of_unknown_years()
