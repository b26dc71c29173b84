"""Outsourcing orders: stages in their order, each recorded by who carries it out, lots in and out, both words at a handover."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from core import lots, orders
from core.kit import Level, NotFound, NotPermitted, clock
from core.lots import Consignment, Made
from core.orders import Flow, NewHandover, NewLeg, NewOrder, NewStage, OrderState, StageKind, StageState
from core.orders.models import Handover, Leg, Stage
from tests.core.lots.shop import SCREW, Shop


async def placed(shop: Shop) -> orders.OrderFacts:
    """Coating outside, a transport back, and receipt: placed."""
    now = clock.now()
    stages = (
        NewStage(
            kind=StageKind.PROCESS,
            process="coating",
            partner_id=shop.coater,
            planned_start=now,
            planned_end=now + dt.timedelta(days=2),
        ),
        NewStage(kind=StageKind.TRANSPORT, partner_id=shop.carrier),
        NewStage(kind=StageKind.RECEIPT),
    )
    made = await orders.plan_order(shop.worker, NewOrder(product=SCREW, quantity=Decimal(100), stages=stages))
    return await orders.place_order(shop.worker, made.id)


@pytest.mark.req("G-09")
async def test_an_order_from_planning_to_receipt(shop: Shop) -> None:
    """Each party records its own stages; lots go in and come out; the last stage completes the order."""
    order = await placed(shop)
    coating, transport, receipt = order.stages
    coater, carrier = (shop.partner(one, Level.REPORT) for one in (shop.coater, shop.carrier))
    lot = await shop.lot("A")
    await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.coater))
    assert [one.id for one in await orders.open_stages(coater)] == [coating.id]
    await orders.start_stage(coater, coating.id)
    with pytest.raises(orders.NoLotOut):
        await orders.finish_stage(coater, coating.id)
    seen = await orders.receive_lot(coater, coating.id, "A", "Coating line 2")
    assert [(one.flow, one.quantity) for one in seen.lots] == [(Flow.IN, Decimal(100))]
    assert (await lots.where_is(shop.worker, lot.id)).where is lots.Whereabouts.AT_PARTNER
    await lots.split(shop.worker, "A", [Made(number="A-C", quantity=Decimal(100))])
    await orders.record_lots(coater, coating.id, Flow.OUT, ["A-C"])
    with pytest.raises(orders.StageBefore):
        await orders.start_stage(shop.worker, receipt.id)
    await orders.start_stage(carrier, transport.id)
    with pytest.raises(orders.StageBefore):
        await orders.finish_stage(carrier, transport.id)
    await orders.finish_stage(coater, coating.id)
    await orders.finish_stage(carrier, transport.id)
    await orders.start_stage(shop.worker, receipt.id)
    await orders.finish_stage(shop.worker, receipt.id)
    whole = await orders.get(shop.worker, order.number)
    assert (whole.state, {one.state for one in whole.stages}) == (OrderState.COMPLETED, {StageState.DONE})
    out = (await lots.find(shop.worker, "A-C")).id
    assert await orders.present_stage(shop.plant, out) == (None, coating.id)
    assert [one.id for one in await orders.stages_of_lot(shop.worker, out)] == [coating.id]


async def test_each_partner_sees_and_records_its_own_stages_alone(shop: Shop) -> None:
    """The carrier neither sees the coating nor begins it; another plant sees nothing; a partner plans nothing."""
    order = await placed(shop)
    coating, transport, _receipt = order.stages
    carrier = shop.partner(shop.carrier, Level.WORK)
    assert [one.id for one in (await orders.get(carrier, order.id)).stages] == [transport.id]
    with pytest.raises(NotFound):
        await orders.stage(carrier, coating.id)
    with pytest.raises(NotFound):
        await orders.start_stage(carrier, coating.id)
    lab = shop.partner(shop.plant + 10**6)
    with pytest.raises(NotFound):
        await orders.get(lab, order.id)
    assert (await orders.page(lab)).rows == []
    for call in (orders.cancel_order(carrier, order.id, "?"), orders.skip_stage(carrier, transport.id, "?")):
        with pytest.raises(NotPermitted):
            await call


@pytest.mark.req("G-88")
async def test_a_held_lot_goes_into_no_stage_but_an_inspection(shop: Shop) -> None:
    """And a lot that is elsewhere is not taken in."""
    stages = (NewStage(kind=StageKind.INSPECTION), NewStage(kind=StageKind.PACKING))
    order = await orders.plan_order(shop.worker, NewOrder(product=SCREW, quantity=Decimal(1), stages=stages))
    await orders.place_order(shop.worker, order.id)
    lot = await shop.lot("A")
    away = await shop.lot("B", partner_id=shop.coater)
    await lots.hold(shop.worker, [lot.id], "AN-2026-000001", "Cracks")
    inspection, packing = order.stages
    for one in order.stages:
        await orders.start_stage(shop.worker, one.id)
    await orders.record_lots(shop.worker, inspection.id, Flow.IN, ["A"])
    with pytest.raises(orders.LotHeldBack):
        await orders.receive_lot(shop.worker, packing.id, "A", "Packing")
    operator = shop.partner(shop.coater, Level.REPORT)
    with pytest.raises(NotFound):
        await orders.receive_lot(operator, packing.id, away.number, "Packing")


async def test_states_and_plans_hold(shop: Shop) -> None:
    """Nothing begins before it is placed or after it is cancelled; a plan makes sense."""
    order = await orders.plan_order(
        shop.worker,
        NewOrder(product=SCREW, quantity=Decimal(5), stages=(NewStage(kind=StageKind.PACKING),)),
    )
    [stage] = order.stages
    with pytest.raises(orders.OrderNotThere):
        await orders.start_stage(shop.worker, stage.id)
    later = clock.now() + dt.timedelta(days=1)
    moved = await orders.replan_stage(
        shop.worker, stage.id, planned_start=None, planned_end=later, reason="late material"
    )
    assert not moved.late(clock.now())
    assert moved.late(later + dt.timedelta(seconds=1))
    await orders.place_order(shop.worker, order.id)
    await orders.cancel_order(shop.worker, order.id, "customer withdrew")
    for call in (orders.start_stage(shop.worker, stage.id), orders.place_order(shop.worker, order.id)):
        with pytest.raises(orders.OrderNotThere):
            await call
    for stages, refusal in (
        ((), orders.NoStages),
        ((NewStage(kind=StageKind.PROCESS, process="magic"),), orders.UnknownProcess),
        ((NewStage(kind=StageKind.RECEIPT, process="coating"),), orders.UnknownProcess),
        (
            (NewStage(kind=StageKind.RECEIPT, planned_start=later, planned_end=clock.now()),),
            orders.TimesReversed,
        ),
        ((NewStage(kind=StageKind.RECEIPT, partner_id=shop.plant + 10**6),), NotFound),
    ):
        with pytest.raises(refusal):
            await orders.plan_order(shop.worker, NewOrder(product=SCREW, quantity=Decimal(5), stages=stages))


async def test_a_transport_departs_and_arrives_once_and_its_seal_is_compared(shop: Shop) -> None:
    """By its carrier; another seal at arrival is seen."""
    order = await placed(shop)
    transport = order.stages[1]
    with pytest.raises(orders.OnlyTransport):
        await orders.plan_leg(shop.worker, NewLeg(from_place="A", to_place="B", stage_id=order.stages[0].id))
    leg = await orders.plan_leg(
        shop.worker,
        NewLeg(from_place="Coater", to_place="Plant", stage_id=transport.id, carrier_id=shop.carrier),
    )
    carrier = shop.partner(shop.carrier, Level.REPORT)
    with pytest.raises(orders.LegNotThere):
        await orders.arrive(carrier, leg.id)
    await orders.depart(carrier, leg.id, vehicle="苏A12345", seal="S-77")
    with pytest.raises(orders.LegNotThere):
        await orders.depart(carrier, leg.id)
    with pytest.raises(orders.NotYourLeg):
        await orders.arrive(shop.partner(shop.coater, Level.REPORT), leg.id)
    assert (await orders.arrive(carrier, leg.id, seal_found="S-78")).seal_intact is False
    with pytest.raises(IntegrityError):
        await Leg.filter(id=leg.id).update(stage_id=None)


async def test_a_handover_has_the_word_of_both_parties(shop: Shop) -> None:
    """Recorded by one, confirmed by the other, once; a third party neither records nor sees it."""
    coater, carrier = (shop.partner(one, Level.REPORT) for one in (shop.coater, shop.carrier))
    await shop.lot("A", partner_id=shop.coater)
    said = NewHandover(
        giver_id=shop.coater,
        giver_name="何军",
        taker_id=shop.carrier,
        taker_name="冯涛",
        place="Ramp 3",
        lot="A",
        quantity=Decimal(100),
        seal="S-77",
    )
    with pytest.raises(orders.NotYourHandover):
        await orders.hand_over(shop.worker, said)
    done = await orders.hand_over(coater, said)
    for actor, refusal in ((coater, orders.NotYourHandover), (shop.worker, orders.NotYourHandover)):
        with pytest.raises(refusal):
            await orders.confirm_handover(actor, done.id)
    assert [one.id for one in await orders.unconfirmed(carrier)] == [done.id]
    assert (await orders.confirm_handover(carrier, done.id)).confirmed_at is not None
    with pytest.raises(orders.HandoverConfirmed):
        await orders.confirm_handover(carrier, done.id)
    with pytest.raises(NotFound):
        await orders.confirm_handover(shop.partner(shop.plant + 10**6, Level.REPORT), done.id)
    with pytest.raises(IntegrityError):
        await Handover.filter(id=done.id).update(giver_id=shop.carrier)


async def test_the_database_keeps_stages_in_order_and_in_their_order_alone(shop: Shop) -> None:
    """Two stages at one place, an end before its beginning and a stage of no order are refused below every verb."""
    order = await placed(shop)
    now = clock.now()
    await orders.start_stage(shop.worker, order.stages[0].id)
    for change in (
        {"position": 2},
        {"ended_at": now - dt.timedelta(days=9)},
        {"order_id": 10**12},
        {"process": ""},
        {"state": "asleep"},
    ):
        with pytest.raises(IntegrityError):
            await Stage.filter(id=order.stages[0].id).update(**change)
