"""Outsourcing orders: planned, placed with the partners, cancelled."""

from __future__ import annotations

import datetime as dt

from core import ledger, people, products, sop
from core.kit import Actor, Level, Module, NotPermitted, clock, current, plain_text, quantity, verb
from core.kit.numbering import next_number
from core.ledger import Kind
from core.orders import hooks, policy, queries
from core.orders.models import Order, Stage
from core.orders.terms import NewOrder, OrderFacts, OrderState, StageFacts, StageState

PROCESSES = frozenset(one.value for one in sop.STAGES)


def _own_people(actor: Actor) -> None:
    if people.scope(actor).partner_id is not None:
        raise NotPermitted


@verb(Module.LOTS, Level.WORK, Kind.ORDER_PLAN)
async def plan_order(actor: Actor, new: NewOrder) -> OrderFacts:
    """Plan an outsourcing order with its stages; it gets a number (``WO-2026-000001``).

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ProductUnknown: no such product.
        NotFound: a stage names an organisation or site that is not the plant's.
        NoStages, TooManyStages, UnknownProcess, TimesReversed: the stages do not go together.
        NotAQuantity, NotPositive, TooLong: a quantity or text is no such thing.
    """
    _own_people(actor)
    policy.plan(new.stages, PROCESSES)
    product = (await products.by_code(actor.plant_id, [new.product]))[new.product]
    for one in new.stages:
        await people.must_be_own_partner(actor, one.partner_id)
        await people.must_be_own_site(actor, one.site_id)
    order = await Order.create(
        plant_id=actor.plant_id,
        number=await next_number(actor.plant_id, "WO"),
        product_id=product.id,
        quantity=quantity.parse(format(new.quantity, "f")),
        unit=product.unit,
        state=OrderState.PLANNED.value,
        due_at=utc(new.due_at),
        note=plain_text.checked(new.note, limit=500, required=False),
        planned_by=actor.person_id,
        planned_at=current().now,
    )
    stages = [
        await Stage.create(
            plant_id=actor.plant_id,
            order_id=order.id,
            position=position,
            kind=one.kind.value,
            process=one.process,
            partner_id=one.partner_id,
            site_id=one.site_id,
            planned_start=utc(one.planned_start),
            planned_end=utc(one.planned_end),
            state=StageState.PLANNED.value,
            note=plain_text.checked(one.note, limit=500, required=False),
        )
        for position, one in enumerate(new.stages, start=1)
    ]
    await ledger.append(
        Kind.ORDER_PLAN,
        actor,
        rows=[order, *stages],
        facts={
            "number": order.number,
            "product": product.code,
            "quantity": order.quantity,
            "unit": order.unit,
            "stages": [
                {"kind": one.kind, "process": one.process, "partner": one.partner_id} for one in stages
            ],
        },
    )
    return await queries.whole(order)


@verb(Module.LOTS, Level.WORK, Kind.ORDER_PLACE)
async def place_order(actor: Actor, order_id: int) -> OrderFacts:
    """Place a planned order: from now on its stages can begin, and each partner sees its own.

    Raises:
        NotFound, NotPermitted, OrderNotThere: why not.
    """
    _own_people(actor)
    order = await queries.row(actor, order_id, lock=True)
    policy.order_may(await queries.whole(order), {OrderState.PLANNED})
    order.state = OrderState.PLACED.value
    await order.save(update_fields=["state"])
    await ledger.append(
        Kind.ORDER_PLACE, actor, rows=[order], facts={"number": order.number}, before={"state": "planned"}
    )
    facts = await queries.whole(order)
    await hooks.placed.happen(actor, facts)
    return facts


@verb(Module.LOTS, Level.WORK, Kind.ORDER_CANCEL)
async def cancel_order(actor: Actor, order_id: int, reason: str) -> OrderFacts:
    """Cancel an order that has not ended; what was done stays on the record.

    Raises:
        NotFound, NotPermitted, OrderNotThere, Empty, TooLong: why not.
    """
    _own_people(actor)
    order = await queries.row(actor, order_id, lock=True)
    policy.order_may(await queries.whole(order), policy.OPEN)
    before: dict[str, object] = {"state": order.state}
    order.state, order.ended_at = OrderState.CANCELLED.value, current().now
    order.reason = plain_text.checked(reason, limit=500)
    await order.save()
    await ledger.append(
        Kind.ORDER_CANCEL,
        actor,
        rows=[order],
        facts={"number": order.number},
        reason=order.reason,
        before=before,
    )
    facts = await queries.whole(order)
    await hooks.changed.happen(actor, facts)
    return facts


@verb(Module.LOTS, Level.WORK, Kind.STAGE_PLAN)
async def replan_stage(
    actor: Actor,
    stage_id: int,
    *,
    planned_start: dt.datetime | None,
    planned_end: dt.datetime | None,
    reason: str,
) -> StageFacts:
    """Plan the times of a stage anew; the old ones stay on the record.

    Raises:
        NotFound, NotPermitted, OrderNotThere, StageNotThere, TimesReversed, Empty, TooLong: why not.
    """
    _own_people(actor)
    order, stage = await queries.stage_row(actor, stage_id)
    whole = await queries.whole(order)
    [facts] = [one for one in whole.stages if one.id == stage.id]
    policy.replan(whole, facts, utc(planned_start), utc(planned_end))
    before: dict[str, object] = {"planned_start": stage.planned_start, "planned_end": stage.planned_end}
    stage.planned_start, stage.planned_end = utc(planned_start), utc(planned_end)
    await stage.save()
    await ledger.append(
        Kind.STAGE_PLAN,
        actor,
        rows=[stage],
        facts={
            "number": order.number,
            "stage": stage.position,
            "planned_start": stage.planned_start,
            "planned_end": stage.planned_end,
        },
        reason=plain_text.checked(reason, limit=500),
        before=before,
    )
    await hooks.changed.happen(actor, await queries.whole(order))
    return (await queries.stage_facts([stage]))[0]


def utc(moment: dt.datetime | None) -> dt.datetime | None:
    """Convert an instant that may be unknown."""
    return None if moment is None else clock.utc(moment)
