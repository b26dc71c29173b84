"""Lots on their way: sent to an organisation of the plant or to a customer, and received there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core import ledger, people
from core.kit import (
    Actor,
    Level,
    Module,
    NotFound,
    NotPermitted,
    Permission,
    clock,
    current,
    plain_text,
    verb,
)
from core.kit.provenance import BY_HAND, Flag, Provenance, flag_codes
from core.ledger import Kind
from core.lots import policy, queries, state_policy
from core.lots.errors import LotElsewhere, NothingLeft, NotYet, NotYourShipment
from core.lots.models import Hold, Lot, Shipment
from core.lots.moving import known_organisations, locked
from core.lots.operating import SLACK, Circumstances, split
from core.lots.operations import left_of
from core.lots.terms import Found, LotStatus, Made, ShipmentFacts


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """Where a lot goes, all of it or a part with a number of its own, and by whom."""

    receiver_id: int | None = None
    """An organisation of the plant; or else the name of a customer."""
    customer: str = ""
    quantity: Decimal | None = None
    part_number: str = ""
    carrier_id: int | None = None
    document: str = ""
    sent_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    provenance: Provenance = BY_HAND


@verb(Module.LOTS, Level.REPORT, Kind.LOT_SHIP, Kind.LOT_SPLIT)
async def ship(actor: Actor, lot_id: int, to: Consignment) -> ShipmentFacts:
    """Send a lot away. A part of it becomes a lot of its own first, so that a lot is always in one place.

    The plant's people need the right to work on lots; a partner's send what they have back to the plant.

    Raises:
        NotFound: no such lot in the actor's scope, or no such organisation of the plant.
        NotPermitted: the right is missing, or a partner sends to somebody else than the plant.
        LotElsewhere: a partner sends what it has.
        ShipElsewhere, LotNotReleased, LotQuarantined, LotExpired, LotOnHold, LotScrapped, LotAway: why not.
        NothingLeft, TooMuchTaken, LotNumberTaken: the part is no part of it.
        NotYet: it was sent in the future, or is due before it was sent.
    """
    partner = people.scope(actor).partner_id
    await known_organisations(actor.plant_id, to.receiver_id, to.carrier_id)
    lot = await locked(actor, lot_id)
    if partner is None:
        actor.must(Permission(Module.LOTS, Level.WORK))
    elif lot.partner_id != partner:
        raise LotElsewhere(number=lot.number)
    elif to.receiver_id != actor.plant_id:
        raise NotPermitted
    now = current().now
    sent_at = now if to.sent_at is None else clock.utc(to.sent_at)
    due_at = None if to.due_at is None else clock.utc(to.due_at)
    if sent_at > now + SLACK or (due_at is not None and due_at < sent_at):
        raise NotYet
    customer = plain_text.checked(to.customer, limit=120, required=False)
    [facts] = await queries.facts_of([lot])
    today = clock.in_zone(sent_at, actor.timezone).date()
    state_policy.may_ship(facts, receiver_id=to.receiver_id, customer=customer, today=today)
    left = (await left_of([lot]))[lot.id]
    if left == 0:
        raise NothingLeft(number=lot.number)
    wanted = left if to.quantity is None else policy.amount(to.quantity)
    if wanted != left:
        part = Made(number=to.part_number, quantity=wanted)
        if partner is not None:
            actor.must(Permission(Module.LOTS, Level.WORK))
        made = await split(actor, lot.number, [part], Circumstances(provenance=to.provenance))
        lot = await locked(actor, made.links[0].child_id)
    row = await Shipment.create(
        plant_id=actor.plant_id,
        lot_id=lot.id,
        quantity=wanted,
        unit=lot.unit,
        status_before=lot.status,
        sender_id=lot.partner_id or actor.plant_id,
        from_place=lot.place,
        receiver_id=to.receiver_id,
        customer=customer,
        carrier_id=to.carrier_id,
        document=plain_text.checked(to.document, limit=60, required=False),
        sent_at=sent_at,
        sent_by=actor.person_id,
        due_at=due_at,
        **to.provenance.columns(),
    )
    before: dict[str, object] = {"status": lot.status, "place": lot.place, "partner": lot.partner_id}
    lot.status, lot.site_id = LotStatus.SHIPPED.value, None
    lot.partner_id = None if to.receiver_id == actor.plant_id else to.receiver_id or lot.partner_id
    await lot.save()
    await ledger.append(
        Kind.LOT_SHIP,
        actor,
        rows=[row, lot],
        facts={
            "number": lot.number,
            "quantity": wanted,
            "unit": lot.unit,
            "receiver": to.receiver_id,
            "customer": customer,
            "carrier": to.carrier_id,
            "document": row.document,
            "sent_at": sent_at,
        },
        before=before,
    )
    return row.facts(lot.number)


@verb(Module.LOTS, Level.REPORT, Kind.LOT_RECEIVE)
async def receive(
    actor: Actor,
    shipment_id: int,
    place: str,
    *,
    quantity: Decimal | None = None,
    at: dt.datetime | None = None,
) -> ShipmentFacts:
    """Record that a shipment arrived; a lot that came with another quantity waits in quarantine.

    A customer's receipt is recorded by the plant; the lot stays shipped.

    Raises:
        NotFound: no such shipment in the actor's scope.
        NotYourShipment: it goes to another organisation.
        ReceivedAlready: its arrival is recorded.
        NotYet: it arrived in the future, or before it was sent.
        NotAQuantity, NotPositive, Empty, TooLong: the quantity or the place is no such thing.
    """
    sent = Shipment.filter(id=shipment_id, plant_id=actor.plant_id, voided_at=None)
    row = await sent.select_for_update().first()
    if row is None:
        raise NotFound(what=f"#{shipment_id}")
    partner = people.scope(actor).partner_id
    if partner is not None and row.receiver_id != partner:
        if partner not in (row.sender_id, row.carrier_id):
            raise NotFound(what=f"#{shipment_id}")
        raise NotYourShipment
    lot = await Lot.filter(id=row.lot_id).select_for_update().get()
    now = current().now
    arrived = now if at is None else clock.utc(at)
    counted = row.quantity if quantity is None else policy.amount(quantity)
    status = state_policy.arrived(row.facts(lot.number), LotStatus(row.status_before), counted)
    if arrived > now + SLACK or arrived < row.sent_at:
        raise NotYet
    text = plain_text.checked(place, limit=120)
    before: dict[str, object] = {"status": lot.status, "place": lot.place}
    row.received_at, row.received_by, row.received_quantity = arrived, actor.person_id, counted
    if counted != row.quantity:
        row.flags = flag_codes([Flag.COUNT, *row.provenance().flags])
    await row.save()
    holds: list[Hold] = []
    if row.receiver_id is not None:
        lot.place = text
        if lot.status == LotStatus.SHIPPED.value:
            lot.status = status.value
        else:  # held on the way: it stays held, and goes back to what it is here once the hold is decided
            holds = await Hold.filter(lot_id=lot.id, decision=None, status_before=LotStatus.SHIPPED.value)
            for hold in holds:
                hold.status_before = status.value
                await hold.save(update_fields=["status_before"])
    await lot.save()
    await ledger.append(
        Kind.LOT_RECEIVE,
        actor,
        rows=[row, lot, *holds],
        facts={
            "number": lot.number,
            "quantity": counted,
            "sent": row.quantity,
            "unit": row.unit,
            "place": text,
            "status": lot.status,
            "received_at": arrived,
        },
        before=before,
    )
    return row.facts(lot.number)


async def shipments_of(actor: Actor, lot_id: int) -> list[ShipmentFacts]:
    """Every shipment of a lot that the actor may see, newest first; a partner's own ones only.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    lot = await queries.get(actor, lot_id)
    rows = await Shipment.filter(lot_id=lot_id, voided_at=None).order_by("-sent_at", "-id")
    return [row.facts(lot.number) for row in rows if _concerns(actor, row)]


async def shipment(actor: Actor, shipment_id: int) -> ShipmentFacts:
    """One shipment that the actor may see: the plant's, or one that the partner sent, receives or carries.

    Raises:
        NotFound: no such shipment in the actor's scope.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    row = await Shipment.get_or_none(id=shipment_id)
    if row is None or not _concerns(actor, row):
        raise NotFound(what=f"#{shipment_id}")
    return row.facts((await Lot.get(id=row.lot_id)).number)


async def under_way(actor: Actor, limit: int = 50) -> list[ShipmentFacts]:
    """Shipments that have not arrived, of the plant or of the actor's organisation, the one due first."""
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    rows = await Shipment.filter(
        plant_id=scope.plant_id, received_at=None, voided_at=None, receiver_id__not_isnull=True
    ).order_by("due_at", "id")
    seen = [row for row in rows if _concerns(actor, row)][:limit]
    numbers = {one.id: one.number for one in await Lot.filter(id__in=[row.lot_id for row in seen] or [0])}
    if scope.by_case:
        may = await queries.openable(actor, numbers)
        seen = [row for row in seen if row.lot_id in may]
    return [row.facts(numbers[row.lot_id]) for row in seen]


def _concerns(actor: Actor, row: Shipment) -> bool:
    return people.scope(actor).sees(
        plant_id=row.plant_id, partner_ids=(row.sender_id, row.receiver_id, row.carrier_id)
    )


async def where_is(actor: Actor, lot_id: int) -> Found:
    """Where a lot is now, and how much of it is left.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    lot = await queries.get(actor, lot_id)
    row = await Lot.get(id=lot_id)
    sent = Shipment.filter(lot_id=lot_id, voided_at=None)
    last = await sent.order_by("-sent_at", "-id").first()
    return state_policy.whereabouts(
        lot, (await left_of([row]))[lot_id], None if last is None else last.facts(lot.number)
    )
