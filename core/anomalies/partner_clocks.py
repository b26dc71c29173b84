"""What a partner owes for a case and by when (8D): started with the signed grade, met by the steps of the case."""

from __future__ import annotations

from collections.abc import Iterable

from core import calendars, ledger, notices, people
from core.anomalies import queries, timing
from core.anomalies.clocks import clocks_for
from core.anomalies.errors import NoPartner
from core.anomalies.models import SupplierClock
from core.anomalies.terms import ENDED, AnomalyFacts, PartnerClock, PartnerStep, State
from core.kit import Actor, Level, Module, NotPermitted, clock, current, verb
from core.ledger import Kind
from core.people import Role

CONTACTS = frozenset({Role.SUPPLIER, Role.LABORATORY, Role.CARRIER})
MET_BY = {
    "contain": (PartnerStep.D3,),
    "cause": (PartnerStep.D4,),
    "action_planned": (PartnerStep.D4, PartnerStep.D5, PartnerStep.CAP),
    "verifying": (PartnerStep.D8,),
    "verified": (PartnerStep.D8, PartnerStep.CAP),
}
"""Which of the partner's steps a step of the case fulfils."""


async def contacts(plant_id: int, partner_id: int) -> list[int]:
    """Whom to tell at a partner: its contacts."""
    return [
        one.id
        for one in await people.persons(plant_id)
        if one.organisation_id == partner_id and one.roles & CONTACTS
    ]


async def follow(actor: Actor, row: AnomalyFacts) -> None:
    """Bring the partner's clocks in line with a grade that was just signed."""
    if row.partner_id is None or row.grade is None:
        return
    now = current().now
    days = await calendars.calendar_of(row.plant_id, row.site_id)
    rules = await clocks_for(row.plant_id)
    standing = {
        one.step: one
        for one in await SupplierClock.filter(anomaly_id=row.id).order_by("id").select_for_update()
    }
    start = min((one.started_at for one in standing.values()), default=now)
    wanted = timing.partner_dues(row.grade, start, rules, days)
    changed: list[SupplierClock] = []
    for step, due in wanted.items():
        found = standing.get(step.value)
        if found is None:
            found = SupplierClock(
                plant_id=row.plant_id,
                anomaly_id=row.id,
                case_number=row.number,
                partner_id=row.partner_id,
                step=step.value,
                started_at=start,
            )
        elif found.met_at is not None or (found.ended_at is None and found.extensions):
            continue
        found.due_at, found.ended_at, found.late_told = due, None, False
        await found.save()
        changed.append(found)
    for found in standing.values():
        if found.step not in wanted and found.met_at is None and found.ended_at is None:
            found.ended_at = now
            await found.save()
            changed.append(found)
    if not changed:
        return
    await ledger.append(
        Kind.SUPPLIER_CLOCK_START,
        actor,
        rows=changed,
        case=row.number,
        facts={
            "partner": row.partner_id,
            "version": rules.version,
            "due": {one.step: one.due_at for one in changed if one.ended_at is None},
        },
    )
    if not standing:
        for person_id in await contacts(row.plant_id, row.partner_id):
            await notices.tell(
                actor,
                "anomalies:partner_asked",
                person_id=person_id,
                case=row.number,
                facts={"anomaly_id": row.id, "number": row.number},
            )


async def meet(actor: Actor, anomaly_id: int, steps: Iterable[PartnerStep], case: str) -> list[PartnerClock]:
    """Note that steps which a partner owes are done; those done before or not owed stay as they are."""
    wanted = [one.value for one in steps]
    rows = (
        await SupplierClock.filter(anomaly_id=anomaly_id, step__in=wanted, met_at=None, ended_at=None)
        .order_by("id")
        .select_for_update()
    )
    for one in rows:
        one.met_at, one.met_by = current().now, actor.person_id
        await one.save()
    if rows:
        await ledger.append(
            Kind.SUPPLIER_CLOCK_MEET,
            actor,
            rows=rows,
            case=case,
            facts={"steps": [one.step for one in rows], "late": [one.step for one in rows if _late(one)]},
        )
    return [one.facts() for one in rows]


def _late(one: SupplierClock) -> bool:
    return one.met_at is not None and one.met_at > one.due_at


async def stop(actor: Actor, anomaly: AnomalyFacts) -> None:
    """The case has ended: nothing is owed any more."""
    rows = (
        await SupplierClock.filter(anomaly_id=anomaly.id, met_at=None, ended_at=None)
        .order_by("id")
        .select_for_update()
    )
    for one in rows:
        one.ended_at = current().now
        await one.save()
    if rows:
        await ledger.append(
            Kind.SUPPLIER_CLOCK_MEET,
            actor,
            rows=rows,
            case=anomaly.number,
            facts={"ended": [one.step for one in rows], "state": anomaly.state},
        )


@verb(Module.CAPA, Level.WORK, Kind.SUPPLIER_CLOCK_MEET)
async def partner_did(actor: Actor, anomaly_id: int, step: str) -> AnomalyFacts:
    """Note a step of the partner: by its own people, or by the plant's when the partner told them otherwise.

    Raises:
        NoPartner: nothing of that kind is owed here, or it is done.
        NotFound: the case is out of scope.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    known = [one for one in PartnerStep if one.value == step]
    if not await meet(actor, row.id, known, row.number):
        raise NoPartner(number=row.number)
    return row.facts()


@verb(Module.CAPA, Level.WORK, Kind.SUPPLIER_CLOCK_MEET)
async def cause_found(actor: Actor, anomaly_id: int) -> None:
    """The root cause is recorded: D4 of the partner is done."""
    row = await queries.row(actor, anomaly_id)
    await meet(actor, row.id, MET_BY["cause"], row.number)


async def partner_clocks(actor: Actor, anomaly_id: int) -> list[PartnerClock]:
    """What the partner owes for a case that the actor may see, in the order of the steps."""
    await queries.row(actor, anomaly_id)
    rows = {one.step: one for one in await SupplierClock.filter(anomaly_id=anomaly_id, ended_at=None)}
    return [rows[step.value].facts() for step in PartnerStep if step.value in rows]


async def late_partner_steps(*, limit: int = 100) -> list[PartnerClock]:
    """Steps of partners, of every plant, that ran out untold; the longest overdue first."""
    rows = (
        await SupplierClock.filter(late_told=False, due_at__lt=clock.now(), met_at=None, ended_at=None)
        .order_by("due_at", "id")
        .limit(limit)
    )
    return [one.facts() for one in rows]


@verb(Module.ANOMALIES, Level.WORK, Kind.SUPPLIER_CLOCK_LATE)
async def mark_partner_late(actor: Actor, clock_id: int) -> AnomalyFacts | None:
    """Note, once, that a partner's step ran out; its contacts and the owner are told. None when noted before.

    Raises:
        NotPermitted: only the clock itself notes this.
    """
    if not actor.is_system:
        raise NotPermitted
    row = (
        await SupplierClock.filter(
            id=clock_id, late_told=False, due_at__lt=current().now, met_at=None, ended_at=None
        )
        .select_for_update()
        .first()
    )
    if row is None:
        return None
    case = await queries.row(actor, row.anomaly_id)
    row.late_told = True
    await row.save()
    persons = [case.owner_id, *await contacts(row.plant_id, row.partner_id)]
    await ledger.append(
        Kind.SUPPLIER_CLOCK_LATE,
        actor,
        rows=[row],
        case=row.case_number,
        facts={"step": row.step, "due_at": row.due_at, "persons": persons},
    )
    if State(case.state) in ENDED:
        return None
    for person_id in dict.fromkeys(persons):
        await notices.tell(
            actor,
            "anomalies:partner_late",
            person_id=person_id,
            case=row.case_number,
            facts={"anomaly_id": row.anomaly_id, "number": row.case_number, "step": row.step},
        )
    return case.facts()
