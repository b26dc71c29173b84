"""The plant's own table over the statutory days: days off and make-up days, each with its reason."""

from __future__ import annotations

import datetime as dt

from core import ledger, people
from core.calendars.errors import DayStands, NeedsReason
from core.calendars.models import CalendarDay
from core.kit import Actor, Level, Module, NotFound, current, plain_text, verb
from core.kit.numbering import in_line
from core.ledger import Kind

REASON = 300


def reasoned(reason: str) -> str:
    """A reason fit for the record.

    Raises:
        NeedsReason: nothing readable was given.
    """
    said = plain_text.checked(reason, limit=REASON, required=False)
    if not said:
        raise NeedsReason
    return said


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.CALENDAR_DAY_SET)
async def set_day(
    actor: Actor, day: dt.date, *, working: bool, reason: str, site_id: int | None = None
) -> int:
    """Make a day a working day or a day off, whatever the law says; clocks that start later count it.

    Raises:
        DayStands: the day is in the table already.
        NeedsReason, NotFound: no reason, no such site.
    """
    said = reasoned(reason)
    await people.must_be_own_site(actor, site_id)
    await in_line(actor.plant_id, "calendar")
    if await CalendarDay.exists(plant_id=actor.plant_id, site_id=site_id, day=day, ended_at=None):
        raise DayStands(day=day)
    row = await CalendarDay.create(
        plant_id=actor.plant_id,
        site_id=site_id,
        day=day,
        working=working,
        reason=said,
        set_by=actor.person_id,
    )
    await ledger.append(
        Kind.CALENDAR_DAY_SET,
        actor,
        rows=[row],
        reason=said,
        facts={"day": day, "working": working, "site": site_id},
    )
    return int(row.id)


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.CALENDAR_DAY_END)
async def end_day(actor: Actor, day_id: int, *, reason: str) -> None:
    """Take a day out of the table; the record of it stays.

    Raises:
        NotFound: it is not in the table.
        NeedsReason: no reason was given.
    """
    said = reasoned(reason)
    row = await CalendarDay.select_for_update().get_or_none(id=day_id, plant_id=actor.plant_id, ended_at=None)
    if row is None:
        raise NotFound(what=f"#{day_id}")
    row.ended_at = current().now
    await row.save()
    await ledger.append(
        Kind.CALENDAR_DAY_END, actor, rows=[row], reason=said, facts={"day": row.facts().day, "line": row.id}
    )
