"""What is done to lots: split, merged, reworked, used, produced, sent away, received."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from core import lots
from core.clients import Scope
from core.lots import Circumstances, Consignment, Made, OperationFacts, OperationKind, ShipmentFacts, Taken
from handlers.partner.parties import CARRIERS, codes_for, id_of, provenance_of
from handlers.partner.routes.lots import Unit
from handlers.partner.routes.orders import ById, Code, LotNumber, Place
from handlers.partner.shapes import Amount, Decimals, In, Instant, Moment, Out, Text
from handlers.partner.table import Asked, Route, Said

Process = Annotated[str, Field(max_length=60)]


class TakenBody(In):
    """So much of a lot goes in; without a quantity all that is left, without a unit the lot's own."""

    lot: LotNumber
    quantity: Amount | None = None
    unit: Unit | None = None


class MadeBody(In):
    """A lot that comes out; `scrap` is what was lost, a lot of its own."""

    number: LotNumber
    quantity: Amount
    place: Annotated[str, Field(max_length=120)] = ""
    scrap: bool = False


class OperationIn(In):
    """What was done: `takes` go in, `makes` come out; `produce` names a product, `consume` the lot it went into."""

    kind: Literal["split", "merge", "rework", "consume", "produce"]
    takes: Annotated[list[TakenBody], Field(min_length=1, max_length=100)]
    makes: Annotated[list[MadeBody], Field(default_factory=list, max_length=100)]
    product: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    into: LotNumber | None = None
    process: Process = ""
    reason: Text = ""
    expires_on: dt.date | None = None
    at: Instant | None = None


class OperationBody(Out):
    """An operation with every quantity that passed from lot to lot."""

    id: int
    kind: OperationKind
    process: str
    at: Moment
    links: list[OperationLink]


class OperationLink(Out):
    """So much of one lot went into another."""

    parent: str
    child: str
    quantity: Decimals
    unit: str


class ShipIn(In):
    """A lot, or a part of it with a number of its own, sent to an organisation; without one, to the plant.

    The plant's own programs name a `customer` instead, to whom released lots alone go.
    """

    lot: LotNumber
    receiver: Code | None = None
    customer: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    quantity: Amount | None = None
    part_number: LotNumber | None = None
    carrier: Code | None = None
    document: Annotated[str, Field(max_length=80)] = ""
    sent_at: Instant | None = None
    due_at: Instant | None = None


class ReceiptIn(In):
    """A shipment that arrived; `quantity` where it was counted."""

    place: Place
    quantity: Amount | None = None
    at: Instant | None = None


class ShipmentBody(Out):
    """A lot sent away; organisations by code, None where the asker may not know them."""

    id: int
    lot: str
    quantity: Decimals
    unit: str
    sender: str | None
    receiver: str | None
    carrier: str | None
    document: str
    sent_at: Moment
    due_at: Moment | None
    received_at: Moment | None
    received_quantity: Decimals | None


class ShipmentList(Out):
    """Shipments on their way from or to the asker's organisation."""

    items: list[ShipmentBody]


OperationBody.model_rebuild()


async def _operation(facts: OperationFacts) -> Said:
    ids = {key for link in facts.links for key in (link.parent_id, link.child_id)}
    numbers = await lots.numbers(ids)
    links = [
        OperationLink(
            parent=numbers[link.parent_id],
            child=numbers[link.child_id],
            quantity=link.quantity,
            unit=link.unit,
        )
        for link in facts.links
    ]
    return Said(
        body=OperationBody(id=facts.id, kind=facts.kind, process=facts.process, at=facts.at, links=links)
    )


async def operate(asked: Asked) -> Said:
    """Record what was done to lots: all of it or none."""
    body: OperationIn = asked.body
    said = Circumstances(
        at=body.at, process=body.process, reason=body.reason, provenance=provenance_of(asked)
    )
    takes = [
        Taken(
            lot=one.lot,
            quantity=None if one.quantity is None else Decimal(one.quantity),
            unit=one.unit or "",
        )
        for one in body.takes
    ]
    makes = [
        Made(number=one.number, quantity=Decimal(one.quantity), place=one.place, scrap=one.scrap)
        for one in body.makes
    ]
    actor = asked.actor
    match body.kind:
        case "split":
            made = await lots.split(actor, takes[0].lot, makes, said)
        case "merge":
            made = await lots.merge(actor, takes, makes, said)
        case "rework":
            made = await lots.rework(actor, takes[0], makes, said)
        case "consume":
            made = await lots.consume(actor, takes, body.into or "", said)
        case "produce":
            made = await lots.produce(
                actor,
                takes,
                body.product or "",
                makes,
                said,
                maker_id=actor.organisation_id,
                expires_on=body.expires_on,
            )
    return await _operation(made)


def _shipment(facts: ShipmentFacts, codes: dict[int, str]) -> ShipmentBody:
    return ShipmentBody(
        id=facts.id,
        lot=facts.lot_number,
        quantity=facts.quantity,
        unit=facts.unit,
        sender=codes.get(facts.sender_id),
        receiver=None if facts.receiver_id is None else codes.get(facts.receiver_id),
        carrier=None if facts.carrier_id is None else codes.get(facts.carrier_id),
        document=facts.document,
        sent_at=facts.sent_at,
        due_at=facts.due_at,
        received_at=facts.received_at,
        received_quantity=facts.received_quantity,
    )


async def shipments(asked: Asked) -> Said:
    """What is on its way from or to the asker's organisation."""
    codes = await codes_for(asked.actor)
    found = await lots.under_way(asked.actor, limit=200)
    return Said(body=ShipmentList(items=[_shipment(one, codes) for one in found]))


async def ship(asked: Asked) -> Said:
    """Send a lot, or a part of it."""
    body: ShipIn = asked.body
    actor = asked.actor
    lot = await lots.find(actor, body.lot)
    receiver = await id_of(actor, body.receiver)
    made = await lots.ship(
        actor,
        lot.id,
        Consignment(
            receiver_id=receiver if body.customer else receiver or actor.plant_id,
            customer=body.customer or "",
            quantity=None if body.quantity is None else Decimal(body.quantity),
            part_number=body.part_number or "",
            carrier_id=await id_of(actor, body.carrier, besides=CARRIERS),
            document=body.document,
            sent_at=body.sent_at,
            due_at=body.due_at,
            provenance=provenance_of(asked),
        ),
    )
    return Said(body=_shipment(made, await codes_for(actor)))


async def receive(asked: Asked) -> Said:
    """Record that a shipment arrived."""
    body: ReceiptIn = asked.body
    made = await lots.receive(
        asked.actor,
        asked.path.id,
        body.place,
        quantity=None if body.quantity is None else Decimal(body.quantity),
        at=body.at,
    )
    return Said(body=_shipment(made, await codes_for(asked.actor)))


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/operations",
        scope=Scope.LOTS_WRITE,
        summary="Record what was done to lots that the asker's organisation has",
        call=operate,
        subject="operation",
        body=OperationIn,
        answer=OperationBody,
        status=201,
        statuses=(404,),
    ),
    Route(
        method="GET",
        path="/api/v1/shipments",
        scope=Scope.LOTS_READ,
        summary="Shipments on their way from or to the asker's organisation",
        call=shipments,
        subject="shipments",
        answer=ShipmentList,
    ),
    Route(
        method="POST",
        path="/api/v1/shipments",
        scope=Scope.ORDERS_WRITE,
        summary="Send a lot or a part of it",
        call=ship,
        subject="shipment",
        body=ShipIn,
        answer=ShipmentBody,
        status=201,
        statuses=(404,),
    ),
    Route(
        method="POST",
        path="/api/v1/shipments/{id}/receive",
        scope=Scope.ORDERS_WRITE,
        summary="Record that a shipment arrived",
        call=receive,
        subject="shipment {id}",
        path_model=ById,
        body=ReceiptIn,
        answer=ShipmentBody,
    ),
)
