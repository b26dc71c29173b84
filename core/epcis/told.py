"""What was done here, in the words of EPCIS 2.0 and CBV 2.0, and whom it concerns. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.epcis import epcs, writing
from core.epcis.terms import EventType
from core.epcis.writing import Said
from core.ledger import Kind
from core.lots import LinkFacts, LotFacts, LotStatus, ShipmentFacts

State = tuple[str, str, str]
"""Action, business step, disposition."""
APART: Final[State] = ("OBSERVE", "holding", "non_conformant")
GONE: Final[State] = ("DELETE", "destroying", "destroyed")
FREE: Final[State] = ("OBSERVE", "inspecting", "available")
"""It may be used; that it conforms is said of a release alone."""
RELEASED: Final[State] = ("OBSERVE", "inspecting", "conformant")
DECIDED: Final[Mapping[str, State]] = {
    LotStatus.SCRAPPED.value: GONE,
    LotStatus.QUARANTINED.value: APART,
    LotStatus.AVAILABLE.value: FREE,
    LotStatus.RELEASED.value: FREE,
    LotStatus.SHIPPED.value: FREE,
}
"""What a decided hold says of a lot, by the status that follows; still held for another case, it says nothing."""
JUDGED: Final[Mapping[Kind, State]] = {
    Kind.LOT_HOLD: APART,
    Kind.LOT_QUARANTINE: APART,
    Kind.LOT_CLEAR: FREE,
    Kind.LOT_RELEASE: RELEASED,
    Kind.LOT_SCRAP: GONE,
}
_SENT: Final[State] = ("OBSERVE", "shipping", "in_transit")
_ARRIVED: Final[State] = ("OBSERVE", "receiving", "in_progress")
_PARTY: Final = "possessing_party"


@dataclass(frozen=True, kw_only=True)
class Around:
    """What events are written with: article numbers by product, places by (organisation, site), organisations' codes."""

    gtins: Mapping[int, str]
    places: Mapping[tuple[int, int | None], str]
    codes: Mapping[int, str]
    plant_id: int
    zone: dt.tzinfo

    def place(self, organisation_id: int | None, site_id: int | None = None) -> str:
        """Answer the identifier of a site, or of the organisation whose it is; None is the plant."""
        owner = self.plant_id if organisation_id is None else organisation_id
        return self.places.get((owner, site_id)) or self.places.get((owner, None), "")


@dataclass(frozen=True, kw_only=True)
class Telling:
    """An event to be told: its words, the lots that it names, whose places it names, who took part."""

    said: Said
    lots: tuple[LotFacts, ...]
    at: frozenset[int | None] = frozenset()
    """Organisations whose places it names; None is the plant."""
    parties: frozenset[int] = frozenset()


def concerned(one: Telling, plant_id: int) -> frozenset[int]:
    """Answer the partners that may read an event: who took part, and who made or has every lot that it names.

    Who made one of several lots would learn of the others, and who made a lot of where it went: a partner learns of the
    plant and itself alone, and of those that it deals with in a shipment.
    """
    every = [{lot.organisation_id, lot.partner_id or plant_id} for lot in one.lots]
    own = set.intersection(*every) if every else set()
    silent = {partner for partner in own if one.at - {partner, plant_id, None}}
    return (one.parties | frozenset(own - silent)) - {plant_id}


def made(around: Around, lot: LotFacts) -> Telling:
    """Tell that a lot was recorded: made by whom and when, how much of it."""
    said = writing.when(EventType.OBJECT, lot.made_at, around.zone) | {
        "action": "ADD",
        "bizStep": "commissioning",
        "disposition": "active",
        **_read_at(around.place(lot.organisation_id)),
        "quantityList": [writing.amount(around.gtins, lot, lot.quantity, lot.unit)],
        **writing.use_by(lot),
    }
    return Telling(said=said, lots=(lot,), at=frozenset({lot.organisation_id}))


def numbered(around: Around, lot: LotFacts, numbers: Sequence[str], at: dt.datetime) -> Telling:
    """Tell which serial numbers pieces of a lot were given."""
    said = writing.when(EventType.OBJECT, at, around.zone) | writing.pieces(around.gtins, lot, numbers)
    return Telling(said=said, lots=(lot,))


def turned(around: Around, links: Sequence[LinkFacts], lots: Mapping[int, LotFacts], kind: Kind) -> Telling:
    """Tell that lots went into lots. Outputs that were there before are named without a quantity."""
    taken: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for one in links:
        taken[one.parent_id, one.unit] += one.quantity
    out = [lots[key] for key in dict.fromkeys(one.child_id for one in links)]
    there = kind in (Kind.LOT_CONSUME, Kind.LOT_LINK)
    said = writing.when(EventType.TRANSFORMATION, max(one.at for one in links), around.zone) | {
        **({"bizStep": "repairing"} if kind is Kind.LOT_REWORK else {}),
        **_read_at(around.place(out[0].partner_id, out[0].site_id)),
        "inputQuantityList": [
            writing.amount(around.gtins, lots[key], quantity, unit) for (key, unit), quantity in taken.items()
        ],
        "outputQuantityList": [
            writing.amount(around.gtins, one)
            if there
            else writing.amount(around.gtins, one, one.quantity, one.unit)
            for one in out
        ],
        **({} if there else writing.use_by(out[0])),
    }
    named = {end for one in links for end in (one.parent_id, one.child_id)}
    at = frozenset({out[0].partner_id})
    return Telling(said=said, lots=tuple(lots[key] for key in sorted(named)), at=at)


def sent(around: Around, lot: LotFacts, shipment: ShipmentFacts) -> Telling:
    """Tell that a lot left. A customer is not named: the event may be read by those who must not know it."""
    return _shipment(around, lot, shipment, _SENT, shipment.sent_at, shipment.quantity, shipment.sender_id)


def arrived(around: Around, lot: LotFacts, shipment: ShipmentFacts) -> Telling:
    """Tell that a shipment arrived, and how much of it was counted."""
    counted = shipment.quantity if shipment.received_quantity is None else shipment.received_quantity
    at = shipment.received_at or shipment.sent_at
    return _shipment(around, lot, shipment, _ARRIVED, at, counted, shipment.receiver_id)


def _shipment(
    around: Around,
    lot: LotFacts,
    shipment: ShipmentFacts,
    state: State,
    at: dt.datetime,
    quantity: Decimal,
    where: int | None,
) -> Telling:
    said = _seen(around, [lot], state, at) | {
        **(_read_at(around.place(where)) if where is not None else {}),
        "quantityList": [writing.amount(around.gtins, lot, quantity, shipment.unit)],
        "sourceList": [{"type": _PARTY, "source": around.place(shipment.sender_id)}],
    }
    if shipment.receiver_id is not None:
        said["destinationList"] = [{"type": _PARTY, "destination": around.place(shipment.receiver_id)}]
    if shipment.document:
        document = epcs.own_document(around.codes[shipment.sender_id], shipment.document)
        said["bizTransactionList"] = [{"type": "desadv", "bizTransaction": document}]
    ends = frozenset({shipment.sender_id, shipment.receiver_id})
    parties = frozenset(one for one in {*ends, shipment.carrier_id} if one is not None)
    return Telling(said=said, lots=(lot,), at=ends, parties=parties)


def moved(
    around: Around, lot: LotFacts, at: dt.datetime, partner_id: int | None, site_id: int | None, status: str
) -> Telling:
    """Tell where a lot is now, or that it is on its way."""
    if status == LotStatus.SHIPPED.value:
        return Telling(said=_seen(around, [lot], _SENT, at), lots=(lot,))
    where = around.place(partner_id, site_id)
    said = _seen(around, [lot], ("OBSERVE", "storing", "in_progress"), at)
    said |= _read_at(where) | {"bizLocation": {"id": where}}
    return Telling(said=said, lots=(lot,), at=frozenset({partner_id}))


def judged(around: Around, lots: Iterable[LotFacts], state: State, at: dt.datetime) -> list[Telling]:
    """Tell what may be done with lots now: those that concern the same partners in one event."""
    shares: dict[tuple[int, int | None], list[LotFacts]] = defaultdict(list)
    for lot in lots:
        shares[lot.organisation_id, lot.partner_id].append(lot)
    return [Telling(said=_seen(around, one, state, at), lots=tuple(one)) for one in shares.values()]


def _seen(around: Around, lots: Sequence[LotFacts], state: State, at: dt.datetime) -> Said:
    action, step, disposition = state
    return writing.when(EventType.OBJECT, at, around.zone) | {
        "action": action,
        "bizStep": step,
        "disposition": disposition,
        "quantityList": [writing.amount(around.gtins, one) for one in lots],
    }


def _read_at(where: str) -> Said:
    return {"readPoint": {"id": where}} if where else {}
