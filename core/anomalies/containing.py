"""围堵: one tap holds the lot and everything made from it; a signature says that it is contained."""

from __future__ import annotations

from core import ledger, lots, sensors, signing
from core.anomalies import hooks, partner_clocks, policy, queries
from core.anomalies.errors import EndedAlready, NoLot
from core.anomalies.responding import move, reasoned
from core.anomalies.terms import ENDED, AnomalyFacts, State
from core.kit import Actor, Level, Module, verb
from core.ledger import Kind
from core.lots import HoldFacts
from core.signing import Signed

ACT = "anomalies:containment:complete"
BEFORE = frozenset({State.REPORTED, State.COLLECTING, State.GRADED, *ENDED})
"""Where containment was not signed yet, or does not matter any more."""


@verb(Module.ANOMALIES, Level.WORK, Kind.LOT_HOLD)
async def hold_affected(actor: Actor, anomaly_id: int) -> list[HoldFacts]:
    """Put the case's lot and every lot made from it on hold; a second tap changes nothing.

    Raises:
        NoLot: the case names none.
        EndedAlready: nothing is open any more.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    if State(row.state) in ENDED:
        raise EndedAlready(number=row.number)
    if row.lot_id is None:
        raise NoLot(number=row.number)
    return await lots.hold(
        actor, await affected(actor, row.facts()), row.number, reason=row.description[:500]
    )


async def affected(actor: Actor, facts: AnomalyFacts) -> list[int]:
    """The case's lot, those that stood under its sensor, and all that was made from them and still exists.

    The lots themselves always count.
    """
    first = [] if facts.lot_id is None else [facts.lot_id]
    found: set[int] = set()
    for lot_id in dict.fromkeys([*first, *await sensors.lots_of_case(facts.plant_id, facts.number)]):
        found |= {*await lots.affected(actor, lot_id)}
    return sorted(found)


async def unheld(actor: Actor, facts: AnomalyFacts) -> int:
    """How many affected lots have no hold for this case; decided holds count as held."""
    if facts.lot_id is None:
        return 0
    held = {one.lot_id for one in await lots.holds_of(actor, facts.number)}
    return len(set(await affected(actor, facts)) - held)


async def contains_again(facts: AnomalyFacts, *, but: int | None = None) -> bool:
    """Whether containment was signed and that signature stands no more; ``but`` is the one being given."""
    if State(facts.state) in BEFORE:
        return False
    return not await signing.stands(facts.plant_id, "anomaly", facts.number, (ACT,), but=but)


@verb(Module.ANOMALIES, Level.WORK, Kind.CONTAINMENT_COMPLETE)
async def complete_containment(actor: Actor, anomaly_id: int, *, reason: str, signed: Signed) -> AnomalyFacts:
    """Sign that the problem cannot spread any further; again, where it stands, once a correction voided that.

    Raises:
        WrongStage, NotHeld, NeedsReason, SamePerson: why not.
    """
    row = await queries.row(actor, anomaly_id, lock=True)
    again = await contains_again(row.facts(), but=signed.signature_id)
    to = policy.contain(
        row.facts(),
        unheld=await unheld(actor, row.facts()),
        reason=reason,
        by=actor.identity,
        again=again,
    )
    held = len(await lots.holds_of(actor, row.number))
    if again:
        row.revision += 1
        await row.save()
    else:
        await move(row, to)
    await ledger.append(
        Kind.CONTAINMENT_COMPLETE,
        actor,
        rows=[row],
        case=row.number,
        reason=reasoned(reason) if reason else None,
        facts={"held": held, "signature": signed.signature_id, "again": again},
    )
    if not again:
        await partner_clocks.meet(actor, row.id, partner_clocks.MET_BY["contain"], row.number)
        await hooks.contained.happen(actor, row.facts())
    return await queries.get(actor, anomaly_id)
