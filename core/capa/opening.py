"""Opening a CAPA (grade A by rule, B by a person) or waiving it (grade C, with a reason and a signature)."""

from __future__ import annotations

from core import anomalies, ledger, notices, people
from core.anomalies import AnomalyFacts
from core.capa import policy, queries
from core.capa.models import Capa
from core.capa.terms import CapaFacts, CapaState
from core.kit import Actor, Level, Module, current, plain_text, verb
from core.kit.numbering import next_number
from core.ledger import Kind
from core.signing import Signed


async def _new(anomaly: AnomalyFacts, number: str, state: CapaState, *, waiver: str | None = None) -> Capa:
    return await Capa.create(
        plant_id=anomaly.plant_id,
        number=number,
        anomaly_id=anomaly.id,
        case_number=anomaly.number,
        partner_id=anomaly.partner_id,
        owner_id=anomaly.owner_id,
        state=state.value,
        cycle=anomaly.cycle,
        grade=anomaly.grade,
        waiver_reason=waiver,
        opened_at=current().now,
    )


@verb(Module.CAPA, Level.WORK, Kind.CAPA_OPEN)
async def open_capa(actor: Actor, anomaly_id: int) -> CapaFacts:
    """Open the CAPA of a case; its owner is the person responsible for the case.

    Raises:
        NotContained, AlreadyOpen: why it cannot be opened.
    """
    number = await next_number(
        actor.plant_id, "CA"
    )  # first: of two at once, the second waits here, then sees
    anomaly = await anomalies.get(actor, anomaly_id)
    policy.open_capa(anomaly_state=anomaly.state, existing=await queries.of_anomaly(actor, anomaly_id))
    capa = await _new(anomaly, number, CapaState.OPEN)
    await ledger.append(
        Kind.CAPA_OPEN,
        actor,
        rows=[capa],
        case=anomaly.number,
        facts={"number": capa.number, "grade": anomaly.grade, "owner": capa.owner_id},
    )
    if capa.owner_id != actor.person_id:
        await notices.tell(
            actor,
            "capa:opened",
            person_id=capa.owner_id,
            case=anomaly.number,
            facts={"capa_id": capa.id, "anomaly_id": anomaly.id, "number": capa.number},
        )
    if anomaly.state == "contained":
        await anomalies.advance(actor, anomaly.id, to="investigating")
    return await queries.facts_of(capa)


@verb(Module.CAPA, Level.APPROVE, Kind.CAPA_WAIVE)
async def waive(actor: Actor, anomaly_id: int, reason: str, signed: Signed) -> CapaFacts:
    """Let a grade C case go without a CAPA, for a reason that goes on the record.

    Raises:
        OnlyGradeC, NotContained, NeedsReason, OwnWork, AlreadyOpen: why not.
    """
    number = await next_number(actor.plant_id, "CA")
    anomaly = await anomalies.get(actor, anomaly_id)
    said = plain_text.checked(reason, limit=2000, required=False)
    policy.waive(
        grade=anomaly.grade,
        anomaly_state=anomaly.state,
        existing=await queries.of_anomaly(actor, anomaly_id),
        reason=said,
        by=actor.identity,
        involved=(anomaly.owner_id, anomaly.reporter_id),
    )
    capa = await _new(anomaly, number, CapaState.WAIVED, waiver=said)
    await ledger.append(
        Kind.CAPA_WAIVE,
        actor,
        rows=[capa],
        case=anomaly.number,
        reason=said,
        facts={"number": capa.number, "signature": signed.signature_id},
    )
    await anomalies.advance(actor, anomaly.id, to="verified")
    for person in await people.persons(anomaly.plant_id, role="manager"):
        if person.id != anomaly.owner_id:
            await notices.tell(
                actor,
                "capa:closure_wanted",
                person_id=person.id,
                case=anomaly.number,
                facts={"capa_id": capa.id, "anomaly_id": anomaly.id, "number": capa.number},
                wanted_while=f"capa:{capa.id}:{capa.revision}",
            )
    return await queries.facts_of(capa)


async def contained(actor: Actor, anomaly: AnomalyFacts) -> None:
    """Once a case is contained, a CAPA that was opened before goes on to the root cause."""
    existing = await Capa.get_or_none(anomaly_id=anomaly.id)
    if existing is not None and anomaly.state == "contained":
        await anomalies.advance(actor, anomaly.id, to="investigating")


async def regraded(actor: Actor, anomaly: AnomalyFacts) -> None:
    """A CAPA follows its case to another grade; the clock is the case's."""
    row = await Capa.filter(anomaly_id=anomaly.id).select_for_update().first()
    if row is None or row.grade == anomaly.grade:
        return
    before: dict[str, object] = {"grade": row.grade}
    row.grade = anomaly.grade
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_REGRADE,
        actor,
        rows=[row],
        case=row.case_number,
        before=before,
        facts={"number": row.number, "grade": row.grade},
    )
