"""Telling administrators in time that the holidays of the coming year are not known yet."""

from __future__ import annotations

from core import ledger, notices, people
from core.calendars import policy, queries
from core.calendars.models import YearWarned
from core.kit import Actor, Level, Module, clock, current, system, verb
from core.kit.numbering import in_line
from core.ledger import Kind
from core.people import Role


async def unknown_years(plant_id: int) -> int | None:
    """The first year near at hand whose statutory holidays are not known, for the admin page."""
    rule = await queries.rule_of(plant_id)
    return policy.unknown_year(clock.in_zone(clock.now(), rule.zone).date(), rule.statutory)


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.CALENDAR_WARN)
async def _warn(actor: Actor, year: int) -> bool:
    await in_line(actor.plant_id, "calendar")
    if await YearWarned.exists(plant_id=actor.plant_id, year=year):
        return False
    row = await YearWarned.create(plant_id=actor.plant_id, year=year, at=current().now)
    told = [one.id for one in await people.persons(actor.plant_id, role=Role.ADMINISTRATOR.value)]
    await ledger.append(Kind.CALENDAR_WARN, actor, rows=[row], facts={"year": year, "administrators": told})
    for person_id in told:
        await notices.tell(actor, "calendars:unknown", person_id=person_id, facts={"year": year})
    return True


async def warn_of_unknown_years() -> int:
    """Warn every plant once a year when it is time; answers how many were warned."""
    warned = 0
    for plant in await people.plants():
        year = await unknown_years(plant.id)
        if year is not None and not await YearWarned.exists(plant_id=plant.id, year=year):
            warned += await _warn(system(plant.id), year)
    return warned
