"""Stages carried out: begun, their lots recorded, finished, left out. A partner's people record their own stages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from core import ledger, lots, people
from core.kit import Actor, Level, Module, NotPermitted, clock, current, plain_text, quantity, verb
from core.kit.provenance import BY_HAND, Provenance
from core.ledger import Kind
from core.lots import LotFacts
from core.orders import policy, queries
from core.orders.errors import LotNotHere, TimesReversed
from core.orders.models import Order, Stage, StageLot
from core.orders.terms import Flow, OrderFacts, OrderState, StageFacts, StageState

SLACK = dt.timedelta(minutes=2)


async def _own(actor: Actor, stage_id: int) -> tuple[Order, Stage, OrderFacts, StageFacts]:
    """The order and the stage, locked, if the actor's organisation carries the stage out."""
    order, stage = await queries.stage_row(actor, stage_id)
    whole = await queries.whole(order)
    [facts] = [one for one in whole.stages if one.id == stage.id]
    policy.carries_out(facts, people.scope(actor).partner_id)
    return order, stage, whole, facts


def moment(at: dt.datetime | None) -> dt.datetime:
    """Answer when something happened: now, or at a time that has come.

    Raises:
        TimesReversed: it lies in the future.
    """
    now = current().now
    when = now if at is None else clock.utc(at)
    if when > now + SLACK:
        raise TimesReversed
    return when


@verb(Module.LOTS, Level.REPORT, Kind.STAGE_START)
async def start_stage(actor: Actor, stage_id: int, *, at: dt.datetime | None = None) -> StageFacts:
    """Begin a stage; the first one sets the order to work.

    Raises:
        NotFound: no such stage in the actor's scope.
        NotYourStage, OrderNotThere, StageNotThere, StageBefore, TimesReversed: why not.
    """
    order, stage, whole, facts = await _own(actor, stage_id)
    when = moment(at)
    policy.start(whole, facts, whole.stages, when)
    stage.state, stage.started_at = StageState.RUNNING.value, when
    await stage.save()
    order.state = OrderState.RUNNING.value
    await order.save(update_fields=["state"])
    await ledger.append(
        Kind.STAGE_START,
        actor,
        rows=[stage, order],
        facts={"number": order.number, "stage": stage.position, "kind": stage.kind, "at": when},
    )
    return (await queries.stage_facts([stage]))[0]


@verb(Module.LOTS, Level.REPORT, Kind.STAGE_LOTS, Kind.LOT_RECEIVE, Kind.LOT_MOVE)
async def receive_lot(
    actor: Actor,
    stage_id: int,
    lot_number: str,
    place: str,
    *,
    counted: Decimal | None = None,
    at: dt.datetime | None = None,
    provenance: Provenance = BY_HAND,
) -> StageFacts:
    """Take a lot in at a running stage: its shipment arrives with it, or it is here already.

    Raises:
        LotUnknown: no such lot in the actor's scope.
        LotNotHere: it was neither sent here nor is it here.
        LotHeldBack, NotYourStage, StageNotThere: why not.
    """
    _order, stage, _whole, facts = await _own(actor, stage_id)
    when = moment(at)
    lot = await lots.find(actor, lot_number)
    policy.take_lots(facts, Flow.IN, [lot])
    arrived = await _arrived(actor, stage, lot, place, counted, when)
    amount = arrived.left if counted is None else quantity.parse(format(counted, "f"))
    return await _recorded(actor, stage, Flow.IN, [(arrived.lot, amount)], when, provenance)


async def _arrived(
    actor: Actor, stage: Stage, lot: LotFacts, place: str, counted: Decimal | None, at: dt.datetime
) -> lots.Found:
    here = stage.partner_id or actor.plant_id
    found = await lots.where_is(actor, lot.id)
    if found.where is lots.Whereabouts.IN_TRANSIT and found.shipment is not None:
        if found.shipment.receiver_id != here:
            raise LotNotHere(number=lot.number)
        await lots.receive(actor, found.shipment.id, place, quantity=counted, at=at)
    elif (lot.partner_id or lot.plant_id) != here:
        if people.scope(actor).partner_id is not None or not found.left:
            raise LotNotHere(number=lot.number)
        await lots.move(actor, lot.id, place, partner_id=stage.partner_id, site_id=stage.site_id)
    return await lots.where_is(actor, lot.id)


@verb(Module.LOTS, Level.REPORT, Kind.STAGE_LOTS)
async def record_lots(
    actor: Actor,
    stage_id: int,
    flow: Flow,
    numbers: Sequence[str],
    *,
    at: dt.datetime | None = None,
    provenance: Provenance = BY_HAND,
) -> StageFacts:
    """Record which lots went into a running stage or came out of it; one recorded before is left alone.

    Raises:
        LotUnknown: a lot is not in the actor's scope.
        LotHeldBack, NotYourStage, StageNotThere: why not.
    """
    _order, stage, _whole, facts = await _own(actor, stage_id)
    when = moment(at)
    found = [await lots.find(actor, one) for one in dict.fromkeys(numbers)]
    policy.take_lots(facts, flow, found)
    there = {one.lot_id for one in facts.lots if one.flow is flow}
    parts = [(one, one.quantity) for one in found if one.id not in there]
    return await _recorded(actor, stage, flow, parts, when, provenance)


async def _recorded(
    actor: Actor,
    stage: Stage,
    flow: Flow,
    parts: Sequence[tuple[LotFacts, Decimal]],
    at: dt.datetime,
    provenance: Provenance,
) -> StageFacts:
    rows = [
        await StageLot.create(
            stage_id=stage.id,
            lot_id=lot.id,
            flow=flow.value,
            quantity=amount,
            unit=lot.unit,
            at=at,
            person_id=actor.person_id,
            **provenance.columns(),
        )
        for lot, amount in parts
        if not await StageLot.exists(stage_id=stage.id, lot_id=lot.id, flow=flow.value)
    ]
    if rows:
        await ledger.append(
            Kind.STAGE_LOTS,
            actor,
            rows=rows,
            facts={
                "stage": stage.id,
                "flow": flow,
                "lots": [lot.number for lot, _amount in parts],
                "at": at,
            },
        )
    return (await queries.stage_facts([stage]))[0]


@verb(Module.LOTS, Level.REPORT, Kind.STAGE_FINISH, Kind.ORDER_COMPLETE)
async def finish_stage(actor: Actor, stage_id: int, *, at: dt.datetime | None = None) -> StageFacts:
    """Finish a stage; when every stage has ended the order is complete.

    Raises:
        NotFound: no such stage in the actor's scope.
        NotYourStage, StageNotThere, StageBefore, NoLotOut, TimesReversed: why not.
    """
    order, stage, whole, facts = await _own(actor, stage_id)
    when = moment(at)
    policy.finish(facts, whole.stages, when)
    stage.state, stage.ended_at = StageState.DONE.value, when
    await stage.save()
    await ledger.append(
        Kind.STAGE_FINISH,
        actor,
        rows=[stage],
        facts={"number": order.number, "stage": stage.position, "kind": stage.kind, "at": when},
    )
    await _complete(actor, order)
    return (await queries.stage_facts([stage]))[0]


@verb(Module.LOTS, Level.WORK, Kind.STAGE_SKIP, Kind.ORDER_COMPLETE)
async def skip_stage(actor: Actor, stage_id: int, reason: str) -> StageFacts:
    """Leave a stage out that has not begun.

    Raises:
        NotFound, NotPermitted, OrderNotThere, StageNotThere, Empty, TooLong: why not.
    """
    if people.scope(actor).partner_id is not None:
        raise NotPermitted
    order, stage, whole, facts = await _own(actor, stage_id)
    policy.skip(whole, facts)
    text = plain_text.checked(reason, limit=500)
    stage.state, stage.note = StageState.SKIPPED.value, text
    await stage.save()
    await ledger.append(
        Kind.STAGE_SKIP,
        actor,
        rows=[stage],
        facts={"number": order.number, "stage": stage.position, "kind": stage.kind},
        reason=text,
        before={"note": facts.note},
    )
    await _complete(actor, order)
    return (await queries.stage_facts([stage]))[0]


async def _complete(actor: Actor, order: Order) -> None:
    whole = await queries.whole(order)
    if order.state == OrderState.RUNNING.value and policy.all_ended(whole.stages):
        order.state, order.ended_at = OrderState.COMPLETED.value, current().now
        await order.save()
        await ledger.append(Kind.ORDER_COMPLETE, actor, rows=[order], facts={"number": order.number})
