"""Decisions of the lots room: pure, facts in, decision or refusal out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.kit import quantity
from core.lots.errors import AlreadyDecided, LotElsewhere, LotOnHold, LotScrapped, PlacerDecides
from core.lots.terms import Disposition, HoldFacts, LotFacts, LotStatus

_STRICTNESS = {LotStatus.QUARANTINED: 1, LotStatus.SCRAPPED: 2}
_NEEDS_WORK = {Disposition.REWORK, Disposition.SORT, Disposition.RETURN}


def amount(value: Decimal) -> Decimal:
    """Hold a quantity to what can be stored exactly: finite, above zero, at most 6 decimals, below 10^12.

    Raises:
        NotAQuantity: not finite, too fine or too large.
        NotPositive: zero or below.
    """
    return quantity.parse(format(value, "f"))


def may_leave(number: str, status: LotStatus) -> None:
    """Allow a lot to go into another lot or to another organisation.

    Raises:
        LotOnHold: a hold on it is open.
        LotScrapped: it was scrapped.
    """
    if status is LotStatus.ON_HOLD:
        raise LotOnHold(number=number)
    if status is LotStatus.SCRAPPED:
        raise LotScrapped(number=number)


def must_have(lot: LotFacts, partner_id: int | None) -> None:
    """Let a partner work on the lots that are at it alone; None is the plant.

    Raises:
        LotElsewhere: the lot is somewhere else.
    """
    if partner_id is not None and lot.partner_id != partner_id:
        raise LotElsewhere(number=lot.number)


def may_decide(hold: HoldFacts, person_id: int | None) -> None:
    """Allow a person to decide a hold.

    Raises:
        AlreadyDecided: it has its decision.
        PlacerDecides: the same person placed it, or no person did: a decision takes two people.
    """
    if hold.decision is not None:
        raise AlreadyDecided(number=hold.lot_number)
    if hold.placed_by is None or person_id in (None, hold.placed_by):
        raise PlacerDecides(number=hold.lot_number)


def status_after(holds: Sequence[HoldFacts]) -> LotStatus:
    """Answer the status of a lot from all its holds, oldest first.

    Open holds keep it held. Once all holds since it last was free are decided, the strictest decision wins:
    scrap over whatever needs work and a new inspection (rework, sort, return) over going back to what it was.
    """
    if any(hold.decision is None for hold in holds):
        return LotStatus.ON_HOLD
    start = max(index for index, hold in enumerate(holds) if hold.status_before is not LotStatus.ON_HOLD)
    outcomes = [holds[start].status_before]
    for hold in holds[start:]:
        if hold.decision is Disposition.SCRAP:
            outcomes.append(LotStatus.SCRAPPED)
        elif hold.decision in _NEEDS_WORK:
            outcomes.append(LotStatus.QUARANTINED)
    return max(outcomes, key=lambda status: _STRICTNESS.get(status, 0))
