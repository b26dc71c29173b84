"""Lots: listed, read, traced inside the asker's view; recorded, sent and received where the organisation may."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from core import lots
from core.clients import Scope
from core.kit import Actor
from core.lots import Direction, Genealogy, LotFacts, LotStatus, NewLot, TraceNode, Way, Whereabouts
from handlers.partner import paging
from handlers.partner.parties import codes_for
from handlers.partner.routes.orders import LotNumber, Place
from handlers.partner.shapes import Amount, Asks, Decimals, In, Instant, Moment, Out, Paged
from handlers.partner.table import Asked, Route, Said

LIST = "lots"
NODES_MAX = 500
Unit = Annotated[str, Field(min_length=1, max_length=20)]


class LotBody(Out):
    """A lot; `maker` and `at` are codes of organisations, None where the asker may not know them."""

    number: str
    product: str
    quantity: Decimals
    unit: str
    status: LotStatus
    maker: str | None
    at: str | None
    place: str
    process: str
    made_at: Moment
    expires_on: dt.date | None


class LotPage(Out):
    """Lots, newest record first, and the cursor of the next page."""

    items: list[LotBody]
    next: str | None


class FoundBody(Out):
    """A lot and where it is now."""

    lot: LotBody
    where: Whereabouts
    left: Decimals
    shipment: int | None = Field(description="The shipment that it is on its way with")


class NodeBody(Out):
    """A lot of a trace: how far it lies, and how much of the traced lot is in it (or of it in that one)."""

    lot: LotBody
    direction: Direction
    depth: int
    carried: str | None
    left: Decimals | None


class LinkBody(Out):
    """So much of one lot went into another."""

    parent: str
    child: str
    quantity: Decimals
    unit: str
    process: str


class TraceBody(Out):
    """A lot with its relatives inside the asker's view, nearest first; `unlisted` counts those beyond the list."""

    root: LotBody
    nodes: list[NodeBody]
    links: list[LinkBody]
    unlisted: int


class LotQuery(Paged):
    """Which lots."""

    status: LotStatus | None = None
    search: Annotated[str, Field(max_length=60)] = ""


class TraceQuery(Asks):
    """Which way, as of when, how many lots at most."""

    way: Way = Way.BOTH
    as_of: Instant | None = None
    most: Annotated[int, Field(ge=1, le=NODES_MAX)] = 200


class ByLot(Asks):
    """Which lot, as printed."""

    number: Annotated[str, Field(min_length=1, max_length=60)]


class NewLotBody(In):
    """A lot that the asker's organisation made and has."""

    number: LotNumber
    product: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Amount
    unit: Unit
    made_at: Instant
    place: Place
    process: Annotated[str, Field(max_length=60)] = ""
    expires_on: dt.date | None = None


def lot_body(facts: LotFacts, codes: dict[int, str]) -> LotBody:
    """A lot as the API shows it."""
    return LotBody(
        number=facts.number,
        product=facts.product.code,
        quantity=facts.quantity,
        unit=facts.unit,
        status=facts.status,
        maker=codes.get(facts.organisation_id),
        at=codes.get(facts.partner_id or facts.plant_id),
        place=facts.place,
        process=facts.process,
        made_at=facts.made_at,
        expires_on=facts.expires_on,
    )


async def _lot(actor: Actor, facts: LotFacts) -> LotBody:
    return lot_body(facts, await codes_for(actor))


async def listed(asked: Asked) -> Said:
    """Lots, newest record first."""
    page = await lots.page(
        asked.actor,
        status=asked.query.status,
        search=asked.query.search,
        after=paging.after_of(asked, LIST),
        size=asked.query.limit,
    )
    codes = await codes_for(asked.actor)
    cursor, headers = paging.next_of(asked, LIST, page)
    return Said(body=LotPage(items=[lot_body(one, codes) for one in page.rows], next=cursor), headers=headers)


async def one(asked: Asked) -> Said:
    """One lot and where it is."""
    lot = await lots.find(asked.actor, asked.path.number)
    found = await lots.where_is(asked.actor, lot.id)
    return Said(
        body=FoundBody(
            lot=await _lot(asked.actor, found.lot),
            where=found.where,
            left=found.left,
            shipment=None if found.shipment is None else found.shipment.id,
        )
    )


async def trace(asked: Asked) -> Said:
    """A lot's relatives, up, down or both."""
    query: TraceQuery = asked.query
    lot = await lots.find(asked.actor, asked.path.number)
    found = await lots.trace(asked.actor, lot.id, query.way, as_of=query.as_of, most=query.most)
    return Said(body=_trace(found, await codes_for(asked.actor)))


def _trace(found: Genealogy, codes: dict[int, str]) -> TraceBody:
    numbers = {node.lot.id: node.lot.number for node in (found.root, *found.nodes)}

    def node(one: TraceNode) -> NodeBody:
        return NodeBody(
            lot=lot_body(one.lot, codes),
            direction=one.direction,
            depth=one.depth,
            carried=None if one.carried is None else str(one.carried),
            left=one.left,
        )

    return TraceBody(
        root=lot_body(found.root.lot, codes),
        nodes=[node(one) for one in found.nodes if one.direction is not Direction.ROOT],
        links=[
            LinkBody(
                parent=numbers[link.parent_id],
                child=numbers[link.child_id],
                quantity=link.quantity,
                unit=link.unit,
                process=link.process,
            )
            for link in found.links
        ],
        unlisted=found.unlisted,
    )


async def record(asked: Asked) -> Said:
    """Record a lot that the asker's organisation made."""
    body: NewLotBody = asked.body
    actor = asked.actor
    new = NewLot(
        number=body.number,
        product=body.product,
        organisation_id=actor.organisation_id,
        partner_id=actor.partner_id,
        quantity=Decimal(body.quantity),
        unit=body.unit,
        made_at=body.made_at,
        place=body.place,
        process=body.process,
        expires_on=body.expires_on,
    )
    [made] = await lots.record_lots(actor, [new])
    return Said(body=await _lot(actor, made))


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/lots",
        scope=Scope.LOTS_READ,
        summary="Lots that the asker's organisation made or has, newest record first",
        call=listed,
        subject="lots",
        query=LotQuery,
        answer=LotPage,
        statuses=(422,),
    ),
    Route(
        method="POST",
        path="/api/v1/lots",
        scope=Scope.LOTS_WRITE,
        summary="Record a lot that the asker's organisation made",
        call=record,
        subject="lot",
        body=NewLotBody,
        answer=LotBody,
        status=201,
        statuses=(404,),
    ),
    Route(
        method="GET",
        path="/api/v1/lots/{number}",
        scope=Scope.LOTS_READ,
        summary="One lot and where it is now",
        call=one,
        subject="lot {number}",
        path_model=ByLot,
        answer=FoundBody,
    ),
    Route(
        method="GET",
        path="/api/v1/lots/{number}/trace",
        scope=Scope.LOTS_READ,
        summary="What went into a lot and what was made of it, inside the asker's view",
        call=trace,
        subject="trace of lot {number}",
        path_model=ByLot,
        query=TraceQuery,
        answer=TraceBody,
        statuses=(422,),
    ),
)
