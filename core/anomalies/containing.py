"""围堵: one tap holds the lot and everything made from it; a signature says that it is contained."""

from __future__ import annotations

from core import ledger, lots
from core.anomalies import hooks, policy, queries
from core.anomalies.errors import NoLot, WrongStage
from core.anomalies.responding import move, reasoned
from core.anomalies.terms import ENDED, AnomalyFacts, State
from core.kit import Actor, Level, Module, verb
from core.ledger import Kind
from core.lots import HoldFacts
from core.signing import Signed


@verb(Module.ANOMALIES, Level.WORK, Kind.LOT_HOLD)
async def hold_affected(actor: Actor, anomaly_id: int) -> list[HoldFacts]:
    """Put the case's lot and every lot made from it on hold; a second tap changes nothing.

    Raises:
        NoLot: the case names none.
        WrongStage: the case has ended.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    if State(row.state) in ENDED:
        raise WrongStage(number=row.number)
    if row.lot_id is None:
        raise NoLot(number=row.number)
    affected = await lots.trace_down(actor, row.lot_id)
    return await lots.hold(
        actor, [node.lot.id for node in affected.nodes], row.number, reason=row.description[:500]
    )


@verb(Module.ANOMALIES, Level.WORK, Kind.CONTAINMENT_COMPLETE)
async def complete_containment(actor: Actor, anomaly_id: int, *, reason: str, signed: Signed) -> AnomalyFacts:
    """Sign that the problem cannot spread any further.

    Raises:
        WrongStage, NotHeld, NeedsReason, SamePerson: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    held = len(await lots.holds_of(actor, row.number))
    to = policy.contain(row.facts(), held=held, reason=reason, by=actor.identity)
    await move(row, to)
    await ledger.append(
        Kind.CONTAINMENT_COMPLETE,
        actor,
        rows=[row],
        case=row.number,
        reason=reasoned(reason) if reason else None,
        facts={"held": held, "signature": signed.signature_id},
    )
    await hooks.contained.happen(actor, row.facts())
    return await queries.get(actor, anomaly_id)
