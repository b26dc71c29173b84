"""The plant's clocks: which apply now, setting a new version, when the work of a state is due."""

from __future__ import annotations

import datetime as dt

from core import calendars, ledger
from core.anomalies import timing
from core.anomalies.errors import NeedsReason
from core.anomalies.models import Anomaly, ClockRules
from core.anomalies.terms import AnomalyFacts, State
from core.anomalies.timing import Clocks
from core.kit import Actor, Level, Module, clock, current, plain_text, verb
from core.kit.numbering import in_line
from core.ledger import Kind


async def clocks_for(plant_id: int) -> Clocks:
    """The clocks in force; version 0 is the built-in default (reference §7.3)."""
    row = (
        await ClockRules.filter(plant_id=plant_id, effective_from__lte=clock.now())
        .order_by("-version")
        .first()
    )
    return Clocks() if row is None else Clocks.from_json(row.content)


async def due_at(plant_id: int, site_id: int | None, state: State, grade: str | None) -> dt.datetime | None:
    """When the work of a state that begins in this unit is due, on the calendar of the site."""
    days = await calendars.calendar_of(plant_id, site_id)
    return timing.due(state, grade, current().now, await clocks_for(plant_id), days)


async def due_now(row: Anomaly, grade: str | None) -> dt.datetime | None:
    """When the work of a case's present state would be due if it began in this unit."""
    return await due_at(row.plant_id, row.site_id, State(row.state), grade)


async def window_of(case: AnomalyFacts) -> dt.datetime | None:
    """From when on the effect of a case's measures should be judged, on the calendar of its site; None: at once."""
    if case.due_since is None:
        return None
    days = await calendars.calendar_of(case.plant_id, case.site_id)
    return timing.window_opens(case.grade, case.due_since, await clocks_for(case.plant_id), days)


@verb(Module.SOP, Level.CONFIGURE, Kind.CLOCKS_SET)
async def set_clocks(actor: Actor, wanted: Clocks, *, reason: str) -> Clocks:
    """Set the next version of the plant's clocks; those that run keep their due date.

    Raises:
        ClocksBroken, NeedsReason: why not.
    """
    said = plain_text.checked(reason, limit=500, required=False)
    if not said:
        raise NeedsReason
    timing.sound(wanted)
    await in_line(actor.plant_id, "clocks")
    before = await clocks_for(actor.plant_id)
    made = Clocks(**{**wanted.__dict__, "version": before.version + 1})
    row = await ClockRules.create(
        plant_id=actor.plant_id,
        version=made.version,
        content=made.to_json(),
        effective_from=current().now,
        set_by=actor.person_id,
    )
    await ledger.append(
        Kind.CLOCKS_SET, actor, rows=[row], reason=said, before=before.to_json(), facts=made.to_json()
    )
    return made
