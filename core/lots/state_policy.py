"""The states of a lot: which step leads from where to where, and which right it takes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.kit.permission import Level
from core.lots.errors import (
    LotAway,
    LotExpired,
    LotNotReleased,
    LotOnHold,
    LotQuarantined,
    LotScrapped,
    NotFromThere,
    ReceivedAlready,
    ShipElsewhere,
)
from core.lots.terms import Found, LotFacts, LotStatus, ShipmentFacts, Step, Whereabouts

FREE = frozenset({LotStatus.AVAILABLE, LotStatus.RELEASED})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From where a step leads, to where (None: the status stays), and who may take it."""

    of: frozenset[LotStatus]
    to: LotStatus | None
    level: Level


STATES: Mapping[Step, Rule] = {
    Step.QUARANTINE: Rule(of=FREE, to=LotStatus.QUARANTINED, level=Level.WORK),
    Step.CLEAR: Rule(of=frozenset({LotStatus.QUARANTINED}), to=LotStatus.AVAILABLE, level=Level.WORK),
    Step.RELEASE: Rule(of=frozenset({LotStatus.AVAILABLE}), to=LotStatus.RELEASED, level=Level.APPROVE),
    Step.SCRAP: Rule(of=FREE | {LotStatus.QUARANTINED}, to=LotStatus.SCRAPPED, level=Level.APPROVE),
    Step.SHIP: Rule(of=FREE | {LotStatus.QUARANTINED}, to=LotStatus.SHIPPED, level=Level.REPORT),
    Step.SPLIT: Rule(of=FREE | {LotStatus.QUARANTINED}, to=None, level=Level.WORK),
    Step.MERGE: Rule(of=FREE | {LotStatus.QUARANTINED}, to=None, level=Level.WORK),
    Step.REWORK: Rule(of=FREE | {LotStatus.QUARANTINED}, to=None, level=Level.WORK),
    Step.USE: Rule(of=FREE, to=None, level=Level.WORK),
}
"""Out of quarantine leads a signed act of a quality engineer or manager of the plant who neither placed the lot there
nor inspected it (``signing/table``).
A held lot stands nowhere in it: only the signed decision of its hold leads on (``deciding``)."""

_WHY = {
    LotStatus.ON_HOLD: LotOnHold,
    LotStatus.SCRAPPED: LotScrapped,
    LotStatus.SHIPPED: LotAway,
    LotStatus.QUARANTINED: LotQuarantined,
}
_BOTH = {LotStatus.ON_HOLD, LotStatus.SCRAPPED, LotStatus.SHIPPED}


def may(step: Step, lot: LotFacts) -> LotStatus:
    """Allow a step; answers the status that follows.

    Raises:
        LotOnHold, LotScrapped, LotAway, LotQuarantined, NotFromThere: the status forbids it.
    """
    rule = STATES[step]
    if lot.status in rule.of:
        return rule.to or lot.status
    if lot.status in _BOTH or (lot.status is LotStatus.QUARANTINED and step is not Step.QUARANTINE):
        raise _WHY[lot.status](number=lot.number)
    raise NotFromThere(number=lot.number, status=lot.status_says)


def fresh(lot: LotFacts, today: dt.date) -> None:
    """Allow a lot to be used or shipped by its expiry date, the last day included.

    Raises:
        LotExpired: the day has passed.
    """
    if lot.expires_on is not None and lot.expires_on < today:
        raise LotExpired(number=lot.number, date=lot.expires_on.isoformat())


def may_ship(lot: LotFacts, *, receiver_id: int | None, customer: str, today: dt.date) -> None:
    """Allow a lot to leave: released ones to customers, quarantined ones back to their maker alone.

    Raises:
        ShipElsewhere: not one receiver, or the one who has it.
        LotNotReleased, LotQuarantined, LotExpired, LotOnHold, LotScrapped, LotAway: why not.
    """
    has_it = lot.partner_id or lot.plant_id
    if (receiver_id is None) is (not customer) or receiver_id == has_it:
        raise ShipElsewhere(number=lot.number)
    may(Step.SHIP, lot)
    if lot.status is LotStatus.QUARANTINED and receiver_id != lot.organisation_id:
        raise LotQuarantined(number=lot.number)
    if customer and lot.status is not LotStatus.RELEASED:
        raise LotNotReleased(number=lot.number)
    if receiver_id != lot.organisation_id:
        fresh(lot, today)


def arrived(shipment: ShipmentFacts, before: LotStatus, quantity: Decimal) -> LotStatus:
    """Answer the status of a lot on arrival: as before, or quarantined when the quantity differs.

    Raises:
        ReceivedAlready: its arrival is recorded.
    """
    if shipment.received_at is not None:
        raise ReceivedAlready(number=shipment.lot_number)
    return before if quantity == shipment.quantity else LotStatus.QUARANTINED


def whereabouts(lot: LotFacts, left: Decimal, shipment: ShipmentFacts | None) -> Found:
    """Answer where a lot is now; ``shipment`` is its last one, if any."""
    under_way = shipment is not None and shipment.received_at is None
    sold = shipment is not None and bool(shipment.customer)
    where = Whereabouts.IN_STOCK
    holder: int | None = lot.partner_id or lot.plant_id
    if lot.status is LotStatus.SCRAPPED:
        where, holder = Whereabouts.SCRAPPED, None
    elif sold or (lot.status is LotStatus.SHIPPED and shipment is None and lot.partner_id is None):
        where, holder = Whereabouts.SHIPPED, None
    elif under_way or lot.status is LotStatus.SHIPPED:
        where = Whereabouts.IN_TRANSIT
    elif left == 0:
        where, holder = Whereabouts.USED_UP, None
    elif lot.partner_id not in (None, lot.plant_id):
        where = Whereabouts.AT_PARTNER
    since = None if shipment is None else shipment.received_at or shipment.sent_at
    return Found(
        where=where,
        lot=lot,
        place=shipment.customer if shipment is not None and sold else lot.place,
        organisation_id=holder,
        left=left,
        since=since,
        shipment=shipment,
    )
