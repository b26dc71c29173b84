"""Reads of this room, each named by its question."""

from __future__ import annotations

from core.calendars import policy
from core.calendars.models import CalendarDay, CalendarRule, Shift
from core.calendars.policy import Calendar
from core.calendars.terms import DayFacts, RuleFacts, ShiftFacts
from core.kit import NotFound, clock


async def rule_of(plant_id: int) -> RuleFacts:
    """Which statutory days and zone are in force; version 0 is the built-in default."""
    row = (
        await CalendarRule.filter(plant_id=plant_id, effective_from__lte=clock.now())
        .order_by("-version")
        .first()
    )
    return (
        RuleFacts() if row is None else RuleFacts(version=row.version, statutory=row.statutory, zone=row.zone)
    )


async def days(plant_id: int) -> list[DayFacts]:
    """The plant's own table, in the order of days."""
    return [one.facts() for one in await CalendarDay.filter(plant_id=plant_id, ended_at=None).order_by("day")]


async def calendar_of(plant_id: int, site_id: int | None = None) -> Calendar:
    """The calendar in force for a plant, or for one of its sites."""
    rule = await rule_of(plant_id)
    return policy.calendar(rule.statutory, rule.zone, await days(plant_id), site_id)


async def shifts(plant_id: int) -> list[ShiftFacts]:
    """Every standing shift, those of the whole plant first."""
    rows = await Shift.filter(plant_id=plant_id, ended_at=None).order_by("site_id", "start_minute", "id")
    return [one.facts() for one in rows]


async def shift(plant_id: int, shift_id: int) -> ShiftFacts:
    """One standing shift.

    Raises:
        NotFound: none such in this plant.
    """
    row = await Shift.get_or_none(id=shift_id, plant_id=plant_id, ended_at=None)
    if row is None:
        raise NotFound(what=f"#{shift_id}")
    return row.facts()
