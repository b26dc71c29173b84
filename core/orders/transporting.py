"""Transport and handover: legs planned, departed, arrived; goods given from hand to hand, confirmed by both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core import ledger, lots, people
from core.kit import Actor, Level, Module, NotFound, NotPermitted, current, plain_text, quantity, verb
from core.kit.provenance import BY_HAND, Provenance
from core.ledger import Kind
from core.orders import policy, queries
from core.orders.errors import OnlyTransport
from core.orders.models import Handover, Leg, Stage
from core.orders.planning import utc
from core.orders.terms import HandoverFacts, LegFacts, StageKind
from core.orders.working import moment


@dataclass(frozen=True, kw_only=True)
class NewLeg:
    """A leg as it is planned, for a transport stage or a shipment."""

    from_place: str
    to_place: str
    stage_id: int | None = None
    shipment_id: int | None = None
    carrier_id: int | None = None
    vehicle: str = ""
    planned_departure: dt.datetime | None = None
    planned_arrival: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NewHandover:
    """What passed from one party to the other."""

    giver_id: int
    giver_name: str
    taker_id: int
    taker_name: str
    place: str
    stage_id: int | None = None
    leg_id: int | None = None
    lot: str = ""
    quantity: Decimal | None = None
    seal: str = ""
    condition: str = ""
    at: dt.datetime | None = None
    provenance: Provenance = BY_HAND


@verb(Module.LOTS, Level.WORK, Kind.LEG_PLAN)
async def plan_leg(actor: Actor, new: NewLeg) -> LegFacts:
    """Plan a leg of a transport.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        OnlyTransport: it belongs to neither a transport stage nor a shipment.
        NotFound: no such stage, shipment or carrier of the plant.
        TimesReversed, Empty, TooLong: times or texts are no such thing.
    """
    if people.scope(actor).partner_id is not None:
        raise NotPermitted
    await people.must_be_own_partner(actor, new.carrier_id)
    if (new.stage_id is None) is (new.shipment_id is None):
        raise OnlyTransport
    if new.stage_id is not None:
        _order, stage = await queries.stage_row(actor, new.stage_id)
        if stage.kind != StageKind.TRANSPORT.value:
            raise OnlyTransport
    if new.shipment_id is not None:
        await lots.shipment(actor, new.shipment_id)
    policy.in_order(utc(new.planned_departure), utc(new.planned_arrival))
    row = await Leg.create(
        plant_id=actor.plant_id,
        stage_id=new.stage_id,
        shipment_id=new.shipment_id,
        carrier_id=new.carrier_id,
        vehicle=plain_text.checked(new.vehicle, limit=40, required=False),
        from_place=plain_text.checked(new.from_place, limit=120),
        to_place=plain_text.checked(new.to_place, limit=120),
        planned_departure=utc(new.planned_departure),
        planned_arrival=utc(new.planned_arrival),
    )
    await ledger.append(
        Kind.LEG_PLAN,
        actor,
        rows=[row],
        facts={
            "stage": row.stage_id,
            "shipment": row.shipment_id,
            "from": row.from_place,
            "to": row.to_place,
        },
    )
    return row.facts()


async def _leg(actor: Actor, leg_id: int) -> Leg:
    row = await Leg.filter(id=leg_id, plant_id=actor.plant_id).select_for_update().first()
    if row is None:
        raise NotFound(what=f"#{leg_id}")
    partner = people.scope(actor).partner_id
    if partner is not None:
        concerned: set[int | None] = set()
        if row.stage_id is not None:
            concerned.add((await Stage.get(id=row.stage_id)).partner_id)
        if row.shipment_id is not None:
            shipment = await lots.shipment(actor, row.shipment_id)
            concerned |= {shipment.sender_id, shipment.receiver_id, shipment.carrier_id}
        policy.leg_of(row.facts(), partner, concerned)
    return row


@verb(Module.LOTS, Level.REPORT, Kind.LEG_DEPART)
async def depart(
    actor: Actor, leg_id: int, *, vehicle: str = "", seal: str = "", at: dt.datetime | None = None
) -> LegFacts:
    """Record that a leg departed, in which vehicle and under which seal.

    Raises:
        NotFound, NotYourLeg, LegNotThere, TimesReversed, TooLong: why not.
    """
    row = await _leg(actor, leg_id)
    policy.depart(row.facts())
    row.departed_at = moment(at)
    row.vehicle = plain_text.checked(vehicle, limit=40, required=False) or row.vehicle
    row.seal = plain_text.checked(seal, limit=40, required=False)
    await row.save()
    await ledger.append(
        Kind.LEG_DEPART,
        actor,
        rows=[row],
        facts={"leg": row.id, "vehicle": row.vehicle, "seal": row.seal, "at": row.departed_at},
    )
    return row.facts()


@verb(Module.LOTS, Level.REPORT, Kind.LEG_ARRIVE)
async def arrive(
    actor: Actor, leg_id: int, *, seal_found: str = "", at: dt.datetime | None = None
) -> LegFacts:
    """Record that a leg arrived, and which seal was found.

    Raises:
        NotFound, NotYourLeg, LegNotThere, TimesReversed, TooLong: why not.
    """
    row = await _leg(actor, leg_id)
    arrived = moment(at)
    policy.arrive(row.facts(), arrived)
    row.arrived_at = arrived
    row.seal_found = plain_text.checked(seal_found, limit=40, required=False)
    await row.save()
    await ledger.append(
        Kind.LEG_ARRIVE,
        actor,
        rows=[row],
        facts={
            "leg": row.id,
            "seal": row.seal,
            "seal_found": row.seal_found,
            "intact": row.facts().seal_intact,
            "at": arrived,
        },
    )
    return row.facts()


@verb(Module.LOTS, Level.REPORT, Kind.HANDOVER_RECORD)
async def hand_over(actor: Actor, new: NewHandover) -> HandoverFacts:
    """Record that goods passed from one party to the other; the other party confirms it.

    Raises:
        SameParty, NotYourHandover: the actor's organisation is not one of two parties.
        NotFound: no such organisation, stage or leg in the actor's scope.
        LotUnknown: no such lot in the actor's scope.
        NotAQuantity, NotPositive, TimesReversed, Empty, TooLong: what was given is no such thing.
    """
    policy.hand_over(new.giver_id, new.taker_id, actor.organisation_id)
    for party in (new.giver_id, new.taker_id):
        if party != actor.plant_id:
            await people.must_be_own_partner(actor, party)
    if new.stage_id is not None:
        await queries.stage(actor, new.stage_id)
    if new.leg_id is not None:
        await _leg(actor, new.leg_id)
    lot = await lots.find(actor, new.lot) if new.lot else None
    row = await Handover.create(
        plant_id=actor.plant_id,
        stage_id=new.stage_id,
        leg_id=new.leg_id,
        lot_id=None if lot is None else lot.id,
        giver_id=new.giver_id,
        giver_name=plain_text.checked(new.giver_name, limit=80),
        taker_id=new.taker_id,
        taker_name=plain_text.checked(new.taker_name, limit=80),
        at=moment(new.at),
        place=plain_text.checked(new.place, limit=120),
        quantity=None if new.quantity is None else quantity.parse(format(new.quantity, "f")),
        unit="" if lot is None else lot.unit,
        seal=plain_text.checked(new.seal, limit=40, required=False),
        condition=plain_text.checked(new.condition, limit=500, required=False),
        recorded_by=actor.person_id,
        recorded_for=actor.organisation_id,
        recorded_at=current().now,
        **new.provenance.columns(),
    )
    await ledger.append(
        Kind.HANDOVER_RECORD,
        actor,
        rows=[row],
        facts={
            "handover": row.id,
            "giver": row.giver_id,
            "taker": row.taker_id,
            "lot": None if lot is None else lot.number,
            "quantity": row.quantity,
            "seal": row.seal,
            "at": row.at,
        },
    )
    return row.facts()


@verb(Module.LOTS, Level.REPORT, Kind.HANDOVER_CONFIRM)
async def confirm_handover(actor: Actor, handover_id: int) -> HandoverFacts:
    """Confirm a handover that the other party recorded.

    Raises:
        NotFound, HandoverConfirmed, NotYourHandover: why not.
    """
    row = await Handover.filter(id=handover_id, plant_id=actor.plant_id).select_for_update().first()
    if row is None or not people.scope(actor).sees(
        plant_id=row.plant_id, partner_ids=(row.giver_id, row.taker_id)
    ):
        raise NotFound(what=f"#{handover_id}")
    policy.confirm(row.facts(), actor.organisation_id)
    row.confirmed_by, row.confirmed_at = actor.person_id, current().now
    await row.save()
    await ledger.append(
        Kind.HANDOVER_CONFIRM, actor, rows=[row], facts={"handover": row.id, "by": actor.organisation_id}
    )
    return row.facts()
