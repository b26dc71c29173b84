"""The demo plant's duty plan: two shifts, rotations at tiers 2 and 3, one absence, one day off."""

from __future__ import annotations

import datetime as dt

from core import calendars, duty
from core.kit import Actor, clock

WEEK = (1, 2, 3, 4, 5, 6, 7)
SHIFTS = (("白班", dt.time(8), dt.time(20)), ("夜班", dt.time(20), dt.time(8)))
# tier, shift, people in their order; the second shift begins with the other one
ROTATIONS = (
    (2, "白班", ("supervisor", "engineer")),
    (2, "夜班", ("engineer", "supervisor")),
    (3, None, ("manager", "manager2")),
)
REASON = "四季度排班"


async def plan(root: Actor, persons: dict[str, int]) -> None:
    """Make it, from this week's Monday on."""
    rule = await calendars.rule_of(root.plant_id)
    now = clock.now()
    today = clock.in_zone(now, rule.zone).date()
    monday = today - dt.timedelta(days=today.weekday())
    shifts = {
        name: await calendars.add_shift(root, name, start, end, reason=REASON, days=WEEK, holidays=True)
        for name, start, end in SHIFTS
    }
    for tier, shift, order in ROTATIONS:
        await duty.set_rotation(
            root,
            tier=tier,
            order=tuple(persons[one] for one in order),
            reason=REASON,
            shift_id=None if shift is None else shifts[shift].id,
            starts_on=monday,
        )
    await duty.be_away(
        root,
        person_id=persons["engineer"],
        since=now + dt.timedelta(days=4),
        until=now + dt.timedelta(days=6),
        deputy_id=persons["supervisor"],
        reason="年假",
    )
    await calendars.set_day(root, today + dt.timedelta(days=10), working=False, reason="厂区停电检修")
