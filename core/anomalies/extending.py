"""More time: asked for with a reason and a new date, given or declined by a second person, never silently."""

from __future__ import annotations

import datetime as dt

from core import ledger, notices, people
from core.anomalies import queries, timing
from core.anomalies.errors import AlertRuns, AskedAlready, AskedYourself, EndedAlready, NoClock, NotWaiting
from core.anomalies.models import Anomaly, Extension, SupplierClock
from core.anomalies.responding import reasoned
from core.anomalies.terms import ENDED, ExtensionFacts, ExtensionState, State
from core.kit import Actor, Level, Module, NotFound, Permission, clock, current, verb
from core.ledger import Kind

PARTNER = "partner:"


def _named(case: Anomaly, name: str) -> str:
    """The clock that is meant: the present stage's unless a partner's step is named."""
    return name if name.startswith(PARTNER) else case.state


async def _partner_clock(case: Anomaly, name: str) -> SupplierClock | None:
    return (
        await SupplierClock.filter(
            anomaly_id=case.id, step=name.removeprefix(PARTNER), met_at=None, ended_at=None
        )
        .select_for_update()
        .first()
    )


async def _present(case: Anomaly, name: str) -> dt.datetime | None:
    if not name.startswith(PARTNER):
        return case.due_at
    found = await _partner_clock(case, name)
    return None if found is None else found.due_at


@verb(Module.CAPA, Level.WORK, Kind.CLOCK_EXTEND_ASK)
async def ask_more_time(
    actor: Actor, anomaly_id: int, *, until: dt.datetime, reason: str, clock_name: str = ""
) -> ExtensionFacts:
    """Ask for more time for the present step, or for a step of the partner's (``partner:d4``).

    Raises:
        EndedAlready, AlertRuns, NoClock, NotLater, ContainmentWaits, AskedAlready, NeedsReason: why not.
    """
    said = reasoned(reason)
    row = await queries.row(actor, anomaly_id, lock=True)
    if State(row.state) in ENDED:
        raise EndedAlready(number=row.number)
    name = _named(row, clock_name)
    if name == State.REPORTED.value:
        raise AlertRuns(number=row.number)
    end, before = clock.utc(until), await _present(row, name)
    latest = None
    if name == State.GRADED.value and row.grade == "A" and row.due_since is not None:
        latest = row.due_since + timing.A_CONTAINED_WITHIN
    timing.may_extend(present=before, until=end, now=current().now, latest=latest, number=row.number)
    if before is None:  # may_extend has refused it
        raise NoClock(number=row.number)
    if await Extension.exists(anomaly_id=row.id, clock=name, state=ExtensionState.ASKED.value, before=before):
        raise AskedAlready
    asked = await Extension.create(
        plant_id=row.plant_id,
        anomaly_id=row.id,
        case_number=row.number,
        clock=name,
        before=before,
        until=end,
        reason=said,
        asked_by=actor.identity,
        asked_at=current().now,
        state=ExtensionState.ASKED.value,
    )
    await ledger.append(
        Kind.CLOCK_EXTEND_ASK,
        actor,
        rows=[asked],
        case=row.number,
        reason=said,
        facts={"clock": name, "before": before, "until": end, "given_before": row.extensions},
    )
    for person in await people.persons(row.plant_id):
        if queries.can(person, Level.APPROVE) and person.id != actor.person_id:
            await notices.tell(
                actor,
                "anomalies:more_time",
                person_id=person.id,
                case=row.number,
                facts={"anomaly_id": row.id, "number": row.number, "extension_id": asked.id},
                wanted_while=f"extension:{asked.id}",
            )
    return asked.facts()


async def _decided(actor: Actor, extension_id: int) -> tuple[Extension, Anomaly]:
    """The request and its case, locked, if this actor may decide it now.

    Raises:
        NotFound, NotWaiting, AskedYourself: why not.
    """
    asked = await Extension.select_for_update().get_or_none(id=extension_id, plant_id=actor.plant_id)
    if asked is None:
        raise NotFound(what=f"#{extension_id}")
    row = await queries.row(actor, asked.anomaly_id, lock=True)
    if asked.asked_by == actor.identity:
        raise AskedYourself
    passed = not asked.clock.startswith(PARTNER) and asked.clock != row.state
    if asked.state != ExtensionState.ASKED or passed or await _present(row, asked.clock) != asked.before:
        raise NotWaiting
    return asked, row


async def _settle(actor: Actor, asked: Extension, state: ExtensionState, decision: str = "") -> None:
    asked.state, asked.decided_by, asked.decided_at = state.value, actor.identity, current().now
    asked.decision = decision
    await asked.save()
    await notices.tell(
        actor,
        "anomalies:more_time_decided",
        person_id=asked.asked_by,
        case=asked.case_number,
        facts={
            "anomaly_id": asked.anomaly_id,
            "number": asked.case_number,
            "extension_id": asked.id,
            "by": actor.name,
        },
    )


@verb(Module.ANOMALIES, Level.APPROVE, Kind.CLOCK_EXTEND)
async def give_more_time(actor: Actor, extension_id: int) -> ExtensionFacts:
    """Agree to more time that somebody else asked for; the clock runs to the new date.

    Raises:
        NotFound, NotWaiting, AskedYourself, NotLater: why not.
    """
    asked, row = await _decided(actor, extension_id)
    timing.may_extend(
        present=asked.before, until=asked.until, now=current().now, latest=None, number=row.number
    )
    rows: list[Anomaly | SupplierClock | Extension] = [asked]
    if asked.clock.startswith(PARTNER):
        owed = await _partner_clock(row, asked.clock)
        if owed is None:
            raise NotWaiting
        owed.due_at, owed.late_told = asked.until, False
        owed.extensions += 1
        await owed.save()
        rows.append(owed)
    else:
        row.due_at, row.overdue_told = asked.until, False
    row.extensions += 1
    await row.save()
    rows.append(row)
    await _settle(actor, asked, ExtensionState.GRANTED)
    await ledger.append(
        Kind.CLOCK_EXTEND,
        actor,
        rows=rows,
        case=row.number,
        reason=asked.reason,
        before={"due_at": asked.before},
        facts={
            "clock": asked.clock,
            "due_at": asked.until,
            "asked_by": asked.asked_by,
            "given": row.extensions,
        },
    )
    return asked.facts()


@verb(Module.ANOMALIES, Level.APPROVE, Kind.CLOCK_EXTEND_REFUSE)
async def decline_more_time(actor: Actor, extension_id: int, *, reason: str) -> ExtensionFacts:
    """Decline more time; the clock stays as it is.

    Raises:
        NotFound, NotWaiting, AskedYourself, NeedsReason: why not.
    """
    said = reasoned(reason)
    asked, row = await _decided(actor, extension_id)
    await _settle(actor, asked, ExtensionState.REFUSED, said)
    await ledger.append(
        Kind.CLOCK_EXTEND_REFUSE,
        actor,
        rows=[asked],
        case=row.number,
        reason=said,
        facts={"clock": asked.clock, "asked_by": asked.asked_by},
    )
    return asked.facts()


async def extensions_of(actor: Actor, anomaly_id: int) -> list[ExtensionFacts]:
    """Every request for more time on a case that the actor may see, oldest first."""
    await queries.row(actor, anomaly_id)
    return [one.facts() for one in await Extension.filter(anomaly_id=anomaly_id).order_by("id")]


async def extension(actor: Actor, extension_id: int) -> ExtensionFacts:
    """One request for more time on a case that the actor may see.

    Raises:
        NotFound: none such.
    """
    found = await Extension.get_or_none(id=extension_id, plant_id=actor.plant_id)
    if found is None:
        raise NotFound(what=f"#{extension_id}")
    await queries.row(actor, found.anomaly_id)
    return found.facts()


async def waits(extension_id: int) -> bool:
    """Whether a request still waits for a decision."""
    return await Extension.exists(id=extension_id, state=ExtensionState.ASKED.value)


def may_decide(actor: Actor) -> bool:
    """Whether an actor decides about more time at all."""
    return actor.may(Permission(Module.ANOMALIES, Level.APPROVE))
