"""Putting lots on hold for a case: all of them or none."""

from __future__ import annotations

from collections.abc import Iterable

from core import ledger
from core.kit import Actor, Level, Module, NotFound, current, plain_text, verb
from core.ledger import Kind
from core.lots import hooks, queries
from core.lots.errors import HoldNeedsLots
from core.lots.models import Hold, Lot
from core.lots.terms import HoldFacts, LotStatus

LOTS_PER_ENTRY = 250
REASON = 500


@verb(Module.LOTS, Level.WORK, Kind.LOT_HOLD)
async def hold(actor: Actor, lot_ids: Iterable[int], case_number: str, reason: str) -> list[HoldFacts]:
    """Put lots on hold for a case; answers their holds in the order of the lots' ids.

    A lot whose hold for this case is still open keeps that hold, so a second tap changes nothing. A lot held
    for another case gets a hold of its own: it stays held until both are decided.

    Raises:
        HoldNeedsLots: no lot is named.
        NotFound: a lot is not in the actor's scope.
        TooLong: the reason is longer than 500 characters.
        Empty: no reason is given.
    """
    now = current().now
    wanted = sorted(set(lot_ids))
    text = plain_text.checked(reason, limit=REASON)
    if not wanted:
        raise HoldNeedsLots
    lots: dict[int, Lot] = {}
    open_holds: dict[int, Hold] = {}
    for part in _parts(wanted):
        rows = await queries.visible_of(actor, part).order_by("id").select_for_update()
        lots |= {lot.id: lot for lot in rows}
        held = await Hold.filter(lot_id__in=part, case_number=case_number, decision=None)
        open_holds |= {row.lot_id: row for row in held}
    for lot_id in wanted:
        if lot_id not in lots:
            raise NotFound(what=f"#{lot_id}")
    new: list[HoldFacts] = []
    for part in _parts([lot_id for lot_id in wanted if lot_id not in open_holds]):
        placed: list[Hold] = []
        for lot_id in part:
            lot = lots[lot_id]
            placed.append(
                await Hold.create(
                    plant_id=actor.plant_id,
                    lot_id=lot.id,
                    case_number=case_number,
                    reason=text,
                    placed_by=actor.person_id,
                    placed_at=now,
                    status_before=lot.status,
                )
            )
            lot.status = LotStatus.ON_HOLD.value
            await lot.save(update_fields=["status"])
        await ledger.append(
            Kind.LOT_HOLD,
            actor,
            rows=[*placed, *(lots[lot_id] for lot_id in part)],
            facts={"lots": [lots[lot_id].number for lot_id in part]},
            case=case_number,
            reason=text,
            before={"status": [row.status_before for row in placed]},
        )
        open_holds |= {row.lot_id: row for row in placed}
        new += [row.facts(lots[row.lot_id].number) for row in placed]
    if new:
        await hooks.held.happen(actor, new, concerned(lots.values()))
    return [open_holds[lot_id].facts(lots[lot_id].number) for lot_id in wanted]


def concerned(lots: Iterable[Lot]) -> dict[int, frozenset[int]]:
    """Answer for each lot the organisations that made it or have it."""
    return {
        lot.id: frozenset(one for one in (lot.partner_id, lot.organisation_id) if one is not None)
        for lot in lots
    }


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + LOTS_PER_ENTRY] for start in range(0, len(ids), LOTS_PER_ENTRY)]
