"""闭环: closing a case by signature when nothing is left open."""

from __future__ import annotations

from core import anomalies, ledger, lots, notices
from core.capa import policy, queries
from core.capa.terms import CapaFacts, CapaState
from core.kit import Actor, Level, Module, current, verb
from core.ledger import Kind
from core.signing import Signed


@verb(Module.CAPA, Level.APPROVE, Kind.CAPA_CLOSE)
async def close(actor: Actor, capa_id: int, signed: Signed) -> CapaFacts:
    """Close the CAPA and its case.

    Raises:
        WrongStep, OwnWork, ActionsOpen, NotEffective, HoldsUndecided: what is still open.
    """
    await queries.get(actor, capa_id)
    row = await queries.row(capa_id)
    policy.close(
        await queries.facts_of(row),
        by=actor.identity,
        undecided_holds=await lots.undecided(row.case_number, plant_id=row.plant_id),
    )
    row.state, row.closed_at = CapaState.CLOSED.value, current().now
    row.revision += 1
    await row.save()
    await ledger.append(
        Kind.CAPA_CLOSE,
        actor,
        rows=[row],
        case=row.case_number,
        facts={"number": row.number, "signature": signed.signature_id, "cycle": row.cycle},
    )
    await anomalies.mark_closed(actor, row.anomaly_id, signature_id=signed.signature_id)
    # again: the case is locked only since then
    policy.close_holds(await lots.undecided(row.case_number, plant_id=row.plant_id))
    await notices.tell(
        actor,
        "capa:closed",
        person_id=row.owner_id,
        case=row.case_number,
        facts={"capa_id": row.id, "anomaly_id": row.anomaly_id, "number": row.number},
    )
    return await queries.facts_of(row)
