"""Choosing whose statutory days a plant keeps and on which wall clock its days run."""

from __future__ import annotations

from core import ledger
from core.calendars import queries
from core.calendars.days import reasoned
from core.calendars.errors import CalendarUnchanged
from core.calendars.models import CalendarRule
from core.calendars.shifts import known_zone
from core.calendars.terms import RuleFacts, Statutory
from core.kit import Actor, Level, Malformed, Module, current, verb
from core.kit.numbering import in_line
from core.ledger import Kind


@verb(Module.ESCALATION, Level.CONFIGURE, Kind.CALENDAR_RULE_SET)
async def choose_calendar(actor: Actor, *, statutory: str, zone: str, reason: str) -> RuleFacts:
    """Set the next version of the plant's calendar; clocks that run keep their due date.

    Raises:
        Malformed, ZoneUnknown, CalendarUnchanged, NeedsReason: why not.
    """
    said = reasoned(reason)
    if statutory not in set(Statutory):
        raise Malformed(field="statutory", why=statutory[:20])
    known_zone(zone)
    await in_line(actor.plant_id, "calendar")
    before = await queries.rule_of(actor.plant_id)
    if (before.statutory, before.zone) == (statutory, zone):
        raise CalendarUnchanged
    row = await CalendarRule.create(
        plant_id=actor.plant_id,
        version=before.version + 1,
        statutory=statutory,
        zone=zone,
        effective_from=current().now,
        set_by=actor.person_id,
    )
    await ledger.append(
        Kind.CALENDAR_RULE_SET,
        actor,
        rows=[row],
        reason=said,
        before={"statutory": before.statutory, "zone": before.zone},
        facts={"version": row.version, "statutory": statutory, "zone": zone},
    )
    return RuleFacts(version=row.version, statutory=statutory, zone=zone)
