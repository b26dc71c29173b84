"""Every second: alerts that nobody acknowledged climb; every minute: overdue stages are told."""

from __future__ import annotations

from core import escalation


async def climb() -> int:
    """Let every due alert climb one tier; answers how many did."""
    return await escalation.tick()


async def tell_overdue() -> int:
    """Tell every newly overdue stage once; answers how many were told."""
    return await escalation.tell_overdue()
