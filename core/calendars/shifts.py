"""Shifts of a site: named, with start and end on the wall clock and the weekdays on which they begin."""

from __future__ import annotations

import datetime as dt
from zoneinfo import available_timezones

from core import ledger, people
from core.calendars import policy, queries
from core.calendars.days import reasoned
from core.calendars.errors import ShiftExists, ZoneUnknown
from core.calendars.models import Shift
from core.calendars.terms import ShiftFacts
from core.kit import Actor, Level, Module, NotFound, current, plain_text, verb
from core.kit.numbering import in_line
from core.ledger import Kind

NAME = 40


def known_zone(zone: str) -> str:
    """An IANA zone.

    Raises:
        ZoneUnknown: there is none of this name.
    """
    if zone not in available_timezones():
        raise ZoneUnknown(zone=zone[:40])
    return zone


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.SHIFT_ADD)
async def add_shift(
    actor: Actor,
    name: str,
    start: dt.time,
    end: dt.time,
    *,
    reason: str,
    days: tuple[int, ...] = (1, 2, 3, 4, 5),
    site_id: int | None = None,
    holidays: bool = False,
    zone: str | None = None,
) -> ShiftFacts:
    """Add a shift; it runs over midnight when its end is not after its start.

    Raises:
        ShiftBroken, ShiftExists, ZoneUnknown: why not.
        NeedsReason, NotFound: no reason, no such site.
    """
    said, title = reasoned(reason), plain_text.checked(name, limit=NAME)
    policy.sound(start, end, days)
    await people.must_be_own_site(actor, site_id)
    await in_line(actor.plant_id, "calendar")
    if await Shift.exists(plant_id=actor.plant_id, site_id=site_id, name=title, ended_at=None):
        raise ShiftExists(name=title)
    place = known_zone(zone or (await queries.rule_of(actor.plant_id)).zone)
    row = await Shift.create(
        plant_id=actor.plant_id,
        site_id=site_id,
        name=title,
        start_minute=start.hour * 60 + start.minute,
        end_minute=end.hour * 60 + end.minute,
        days=sorted(days),
        holidays=holidays,
        zone=place,
    )
    await ledger.append(
        Kind.SHIFT_ADD,
        actor,
        rows=[row],
        reason=said,
        facts={
            "name": title,
            "site": site_id,
            "start": f"{start:%H:%M}",
            "end": f"{end:%H:%M}",
            "days": sorted(days),
            "holidays": holidays,
            "zone": place,
        },
    )
    return row.facts()


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.SHIFT_END)
async def end_shift(actor: Actor, shift_id: int, *, reason: str) -> None:
    """End a shift; rotations that stood on it have a gap from now on, which the duty page shows.

    Raises:
        NotFound: no such standing shift.
        NeedsReason: no reason was given.
    """
    said = reasoned(reason)
    row = await Shift.select_for_update().get_or_none(id=shift_id, plant_id=actor.plant_id, ended_at=None)
    if row is None:
        raise NotFound(what=f"#{shift_id}")
    row.ended_at = current().now
    await row.save()
    await ledger.append(
        Kind.SHIFT_END, actor, rows=[row], reason=said, facts={"name": row.name, "shift": row.id}
    )
