"""Orders and their stages: a partner reads and records its own, the plant's programs plan and place."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from core import orders
from core.clients import Scope
from core.kit import Actor
from core.orders import Flow, NewOrder, NewStage, OrderFacts, OrderState, StageFacts, StageKind, StageState
from handlers.partner import paging
from handlers.partner.parties import codes_for, id_of, provenance_of
from handlers.partner.shapes import (
    Amount,
    Asks,
    Decimals,
    In,
    Instant,
    Key,
    Moment,
    Out,
    Paged,
    Text,
    one_line,
)
from handlers.partner.table import Asked, Route, Said

LIST = "orders"
Code = Annotated[str, Field(min_length=1, max_length=24)]
LotNumber = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(one_line)]
Place = Annotated[str, Field(min_length=1, max_length=120)]


class StageLot(Out):
    """A lot that went into a stage or came out of it."""

    lot: str
    flow: Flow
    quantity: Decimals
    unit: str
    at: Moment


class StageBody(Out):
    """A stage of an order with its lots; `partner` is the code of who carries it out, None for the plant."""

    id: int
    order: str
    position: int
    kind: StageKind
    process: str
    partner: str | None
    state: StageState
    planned_start: Moment | None
    planned_end: Moment | None
    started_at: Moment | None
    ended_at: Moment | None
    note: str
    lots: list[StageLot]


class OrderBody(Out):
    """An outsourcing order with the stages that the asker may see."""

    number: str
    product: str
    quantity: Decimals
    unit: str
    state: OrderState
    due_at: Moment | None
    planned_at: Moment
    ended_at: Moment | None
    note: str
    stages: list[StageBody]


class OrderPage(Out):
    """Orders, newest first, and the cursor of the next page."""

    items: list[OrderBody]
    next: str | None


class StageList(Out):
    """Open stages, those due first."""

    items: list[StageBody]


class OrderQuery(Paged):
    """Which orders."""

    state: OrderState | None = None


class ByNumber(Asks):
    """Which order."""

    number: Annotated[str, Field(pattern=r"^[A-Za-z0-9\-]{1,40}$")]


class ById(Asks):
    """Which record, by its number in answers."""

    id: Key


class NewStageBody(In):
    """A stage as it is planned."""

    kind: StageKind
    process: Annotated[str, Field(max_length=60)] = ""
    partner: Code | None = None
    planned_start: Instant | None = None
    planned_end: Instant | None = None
    note: Text = ""


class NewOrderBody(In):
    """An outsourcing order as it is planned, stages in their order."""

    product: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Amount
    stages: Annotated[list[NewStageBody], Field(min_length=1, max_length=40)]
    due_at: Instant | None = None
    note: Text = ""


class AtBody(In):
    """When it happened; without a time, now."""

    at: Instant | None = None


class ReceiveBody(In):
    """A lot taken in; `counted` where it was counted."""

    lot: LotNumber
    place: Place
    counted: Amount | None = None
    at: Instant | None = None


class StageLotsBody(In):
    """Lots that went into the stage or came out of it."""

    flow: Flow
    lots: Annotated[list[LotNumber], Field(min_length=1, max_length=200)]
    at: Instant | None = None


def stage_body(facts: StageFacts, codes: dict[int, str]) -> StageBody:
    """A stage as the API shows it."""
    return StageBody(
        id=facts.id,
        order=facts.order_number,
        position=facts.position,
        kind=facts.kind,
        process=facts.process,
        partner=None if facts.partner_id is None else codes.get(facts.partner_id),
        state=facts.state,
        planned_start=facts.planned_start,
        planned_end=facts.planned_end,
        started_at=facts.started_at,
        ended_at=facts.ended_at,
        note=facts.note,
        lots=[
            StageLot(lot=one.lot_number, flow=one.flow, quantity=one.quantity, unit=one.unit, at=one.at)
            for one in facts.lots
        ],
    )


def order_body(facts: OrderFacts, codes: dict[int, str]) -> OrderBody:
    """An order as the API shows it."""
    return OrderBody(
        number=facts.number,
        product=facts.product.code,
        quantity=facts.quantity,
        unit=facts.unit,
        state=facts.state,
        due_at=facts.due_at,
        planned_at=facts.planned_at,
        ended_at=facts.ended_at,
        note=facts.note,
        stages=[stage_body(one, codes) for one in facts.stages],
    )


async def _stage(actor: Actor, facts: StageFacts) -> Said:
    return Said(body=stage_body(facts, await codes_for(actor)))


async def listed(asked: Asked) -> Said:
    """Orders, newest first."""
    page = await orders.page(
        asked.actor, state=asked.query.state, after=paging.after_of(asked, LIST), size=asked.query.limit
    )
    codes = await codes_for(asked.actor)
    cursor, headers = paging.next_of(asked, LIST, page)
    return Said(
        body=OrderPage(items=[order_body(one, codes) for one in page.rows], next=cursor), headers=headers
    )


async def one(asked: Asked) -> Said:
    """One order."""
    facts = await orders.get(asked.actor, asked.path.number)
    return Said(body=order_body(facts, await codes_for(asked.actor)))


async def plan(asked: Asked) -> Said:
    """Plan an order; the plant's own programs do."""
    body: NewOrderBody = asked.body
    stages = [
        NewStage(
            kind=stage.kind,
            process=stage.process,
            partner_id=await id_of(asked.actor, stage.partner),
            planned_start=stage.planned_start,
            planned_end=stage.planned_end,
            note=stage.note,
        )
        for stage in body.stages
    ]
    made = await orders.plan_order(
        asked.actor,
        NewOrder(
            product=body.product,
            quantity=Decimal(body.quantity),
            stages=tuple(stages),
            due_at=body.due_at,
            note=body.note,
        ),
    )
    return Said(body=order_body(made, await codes_for(asked.actor)))


async def place(asked: Asked) -> Said:
    """Place a planned order: its partners see it from now on."""
    found = await orders.get(asked.actor, asked.path.number)
    made = await orders.place_order(asked.actor, found.id)
    return Said(body=order_body(made, await codes_for(asked.actor)))


async def open_stages(asked: Asked) -> Said:
    """Stages of placed orders that the asker's organisation carries out and that have not ended."""
    codes = await codes_for(asked.actor)
    found = await orders.open_stages(asked.actor, limit=200)
    return Said(body=StageList(items=[stage_body(one, codes) for one in found]))


async def stage(asked: Asked) -> Said:
    """One stage."""
    return await _stage(asked.actor, await orders.stage(asked.actor, asked.path.id))


async def start(asked: Asked) -> Said:
    """Begin a stage."""
    return await _stage(asked.actor, await orders.start_stage(asked.actor, asked.path.id, at=asked.body.at))


async def finish(asked: Asked) -> Said:
    """Finish a stage."""
    return await _stage(asked.actor, await orders.finish_stage(asked.actor, asked.path.id, at=asked.body.at))


async def receive(asked: Asked) -> Said:
    """Take a lot in at a running stage."""
    body: ReceiveBody = asked.body
    made = await orders.receive_lot(
        asked.actor,
        asked.path.id,
        body.lot,
        body.place,
        counted=None if body.counted is None else Decimal(body.counted),
        at=body.at,
        provenance=provenance_of(asked),
    )
    return await _stage(asked.actor, made)


async def stage_lots(asked: Asked) -> Said:
    """Record which lots went into a running stage or came out of it."""
    body: StageLotsBody = asked.body
    made = await orders.record_lots(
        asked.actor, asked.path.id, body.flow, body.lots, at=body.at, provenance=provenance_of(asked)
    )
    return await _stage(asked.actor, made)


def writes(path: str, summary: str, call: Any, body: Any, answer: Any = StageBody, **more: Any) -> Route:
    """A row that records something about orders."""
    return Route(
        method="POST",
        path=path,
        scope=Scope.ORDERS_WRITE,
        summary=summary,
        call=call,
        subject="order",
        body=body,
        answer=answer,
        statuses=(404,),
        **more,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/orders",
        scope=Scope.ORDERS_READ,
        summary="Orders with a stage or transport of the asker's organisation, newest first",
        call=listed,
        subject="orders",
        query=OrderQuery,
        answer=OrderPage,
        statuses=(422,),
    ),
    writes(
        "/api/v1/orders",
        "Plan an order (the plant's own programs)",
        plan,
        NewOrderBody,
        OrderBody,
        status=201,
    ),
    Route(
        method="GET",
        path="/api/v1/orders/{number}",
        scope=Scope.ORDERS_READ,
        summary="One order",
        call=one,
        subject="order {number}",
        path_model=ByNumber,
        answer=OrderBody,
    ),
    Route(
        method="POST",
        path="/api/v1/orders/{number}/place",
        scope=Scope.ORDERS_WRITE,
        summary="Place a planned order (the plant's own programs)",
        call=place,
        subject="order {number}",
        path_model=ByNumber,
        answer=OrderBody,
    ),
    Route(
        method="GET",
        path="/api/v1/stages",
        scope=Scope.ORDERS_READ,
        summary="Open stages of the asker's organisation, those due first",
        call=open_stages,
        subject="stages",
        answer=StageList,
    ),
    Route(
        method="GET",
        path="/api/v1/stages/{id}",
        scope=Scope.ORDERS_READ,
        summary="One stage",
        call=stage,
        subject="stage {id}",
        path_model=ById,
        answer=StageBody,
    ),
    writes("/api/v1/stages/{id}/start", "Begin a stage", start, AtBody, path_model=ById),
    writes("/api/v1/stages/{id}/receive", "Take a lot in", receive, ReceiveBody, path_model=ById),
    writes("/api/v1/stages/{id}/lots", "Record lots in or out", stage_lots, StageLotsBody, path_model=ById),
    writes("/api/v1/stages/{id}/finish", "Finish a stage", finish, AtBody, path_model=ById),
)
