"""Transport and handover: legs planned, departed, arrived; goods handed over, confirmed by the other party."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from core import orders
from core.clients import Scope
from core.kit import Actor
from core.orders import HandoverFacts, LegFacts, NewHandover, NewLeg
from handlers.partner.parties import HANDING, codes_for, id_of, provenance_of
from handlers.partner.routes.orders import ById, Code, LotNumber, Place, writes
from handlers.partner.shapes import Amount, Decimals, In, Instant, Key, Moment, Out, Text
from handlers.partner.table import Asked, Route, Said

Short = Annotated[str, Field(max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class LegBody(Out):
    """A leg of a transport; `seal_intact` is None before arrival or without a seal."""

    id: int
    stage: int | None
    shipment: int | None
    carrier: str | None
    vehicle: str
    from_place: str
    to_place: str
    planned_departure: Moment | None
    planned_arrival: Moment | None
    departed_at: Moment | None
    arrived_at: Moment | None
    seal: str
    seal_found: str
    seal_intact: bool | None


class LegList(Out):
    """The legs of a stage, in their order."""

    items: list[LegBody]


class HandoverBody(Out):
    """Goods given from one party to the other; confirmed when the other party said so."""

    id: int
    stage: int | None
    leg: int | None
    giver: str | None
    giver_name: str
    taker: str | None
    taker_name: str
    at: Moment
    place: str
    quantity: Decimals | None
    unit: str
    seal: str
    condition: str
    confirmed_at: Moment | None


class HandoverList(Out):
    """Handovers that wait for the word of the asker's organisation."""

    items: list[HandoverBody]


class NewLegBody(In):
    """A leg as it is planned, for a transport stage or a shipment."""

    from_place: Place
    to_place: Place
    stage: Key | None = None
    shipment: Key | None = None
    carrier: Code | None = None
    vehicle: Short = ""
    planned_departure: Instant | None = None
    planned_arrival: Instant | None = None


class DepartBody(In):
    """A departure: vehicle and seal."""

    vehicle: Short = ""
    seal: Short = ""
    at: Instant | None = None


class ArriveBody(In):
    """An arrival: the seal that was found."""

    seal_found: Short = ""
    at: Instant | None = None


class NewHandoverBody(In):
    """What passed from whom to whom, organisations by their codes; the asker's own is one of the two."""

    giver: Code
    giver_name: Name
    taker: Code
    taker_name: Name
    place: Place
    stage: Key | None = None
    leg: Key | None = None
    lot: LotNumber | None = None
    quantity: Amount | None = None
    seal: Short = ""
    condition: Text = ""
    at: Instant | None = None


def _leg(facts: LegFacts, codes: dict[int, str]) -> LegBody:
    return LegBody(
        id=facts.id,
        stage=facts.stage_id,
        shipment=facts.shipment_id,
        carrier=None if facts.carrier_id is None else codes.get(facts.carrier_id),
        vehicle=facts.vehicle,
        from_place=facts.from_place,
        to_place=facts.to_place,
        planned_departure=facts.planned_departure,
        planned_arrival=facts.planned_arrival,
        departed_at=facts.departed_at,
        arrived_at=facts.arrived_at,
        seal=facts.seal,
        seal_found=facts.seal_found,
        seal_intact=facts.seal_intact,
    )


def _handover(facts: HandoverFacts, codes: dict[int, str]) -> HandoverBody:
    return HandoverBody(
        id=facts.id,
        stage=facts.stage_id,
        leg=facts.leg_id,
        giver=codes.get(facts.giver_id),
        giver_name=facts.giver_name,
        taker=codes.get(facts.taker_id),
        taker_name=facts.taker_name,
        at=facts.at,
        place=facts.place,
        quantity=facts.quantity,
        unit=facts.unit,
        seal=facts.seal,
        condition=facts.condition,
        confirmed_at=facts.confirmed_at,
    )


async def _said(actor: Actor, facts: LegFacts) -> Said:
    return Said(body=_leg(facts, await codes_for(actor)))


async def legs(asked: Asked) -> Said:
    """The legs of a stage."""
    codes = await codes_for(asked.actor)
    found = await orders.legs_of(asked.actor, stage_id=asked.path.id)
    return Said(body=LegList(items=[_leg(one, codes) for one in found]))


async def plan(asked: Asked) -> Said:
    """Plan a leg; the plant's own programs do."""
    body: NewLegBody = asked.body
    new = NewLeg(
        from_place=body.from_place,
        to_place=body.to_place,
        stage_id=body.stage,
        shipment_id=body.shipment,
        carrier_id=await id_of(asked.actor, body.carrier),
        vehicle=body.vehicle,
        planned_departure=body.planned_departure,
        planned_arrival=body.planned_arrival,
    )
    return await _said(asked.actor, await orders.plan_leg(asked.actor, new))


async def depart(asked: Asked) -> Said:
    """Record that a leg departed."""
    body: DepartBody = asked.body
    made = await orders.depart(asked.actor, asked.path.id, vehicle=body.vehicle, seal=body.seal, at=body.at)
    return await _said(asked.actor, made)


async def arrive(asked: Asked) -> Said:
    """Record that a leg arrived."""
    body: ArriveBody = asked.body
    made = await orders.arrive(asked.actor, asked.path.id, seal_found=body.seal_found, at=body.at)
    return await _said(asked.actor, made)


async def unconfirmed(asked: Asked) -> Said:
    """Handovers that wait for the word of the asker's organisation."""
    codes = await codes_for(asked.actor)
    found = await orders.unconfirmed(asked.actor, limit=200)
    return Said(body=HandoverList(items=[_handover(one, codes) for one in found]))


async def hand_over(asked: Asked) -> Said:
    """Record that goods passed from one party to the other."""
    body: NewHandoverBody = asked.body
    giver = await id_of(asked.actor, body.giver, besides=HANDING)
    taker = await id_of(asked.actor, body.taker, besides=HANDING)
    made = await orders.hand_over(
        asked.actor,
        NewHandover(
            giver_id=giver or 0,
            giver_name=body.giver_name,
            taker_id=taker or 0,
            taker_name=body.taker_name,
            place=body.place,
            stage_id=body.stage,
            leg_id=body.leg,
            lot=body.lot or "",
            quantity=None if body.quantity is None else Decimal(body.quantity),
            seal=body.seal,
            condition=body.condition,
            at=body.at,
            provenance=provenance_of(asked),
        ),
    )
    return Said(body=_handover(made, await codes_for(asked.actor)))


async def confirm(asked: Asked) -> Said:
    """Confirm a handover that the other party recorded."""
    made = await orders.confirm_handover(asked.actor, asked.path.id)
    return Said(body=_handover(made, await codes_for(asked.actor)))


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/stages/{id}/legs",
        scope=Scope.ORDERS_READ,
        summary="The transport legs of a stage",
        call=legs,
        subject="legs of stage {id}",
        path_model=ById,
        answer=LegList,
    ),
    writes("/api/v1/legs", "Plan a leg (the plant's own programs)", plan, NewLegBody, LegBody, status=201),
    writes("/api/v1/legs/{id}/depart", "Record a departure", depart, DepartBody, LegBody, path_model=ById),
    writes("/api/v1/legs/{id}/arrive", "Record an arrival", arrive, ArriveBody, LegBody, path_model=ById),
    Route(
        method="GET",
        path="/api/v1/handovers",
        scope=Scope.ORDERS_READ,
        summary="Handovers that wait for the word of the asker's organisation",
        call=unconfirmed,
        subject="handovers",
        answer=HandoverList,
    ),
    writes("/api/v1/handovers", "Record a handover", hand_over, NewHandoverBody, HandoverBody, status=201),
    Route(
        method="POST",
        path="/api/v1/handovers/{id}/confirm",
        scope=Scope.ORDERS_WRITE,
        summary="Confirm a handover that the other party recorded",
        call=confirm,
        subject="handover {id}",
        path_model=ById,
        answer=HandoverBody,
    ),
)
