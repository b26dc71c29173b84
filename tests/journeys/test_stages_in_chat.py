"""The chain in the chat, few taps each: a part of a lot is shipped, received at a stage, handed over with two words."""

from __future__ import annotations

from decimal import Decimal

from core import lots, orders
from core.orders import NewLeg, NewOrder, NewStage, StageKind, StageState
from handlers import text
from tests.journeys import acts

_ = text.translator("zh_CN")


async def test_a_part_goes_to_the_coater_and_on_to_the_carrier(database: str) -> None:
    """Ship: five answers; receive: one tap for the stage, two offered answers; the carrier confirms with one tap."""
    house, (engineer, coater, carrier) = await acts.house_with("responsible", "coater_operator", "carrier")
    plant = house.plant
    boss = await plant.actor("responsible")
    stages = (
        NewStage(kind=StageKind.PROCESS, process="coating", partner_id=plant.partners["supplier"]),
        NewStage(kind=StageKind.TRANSPORT, partner_id=plant.partners["carrier"]),
    )
    order = await orders.plan_order(boss, NewOrder(product="SCREW-35", quantity=Decimal(300), stages=stages))
    await orders.place_order(boss, order.id)
    await engineer.says("MC-002")
    await engineer.taps(_("📦 Ship"))
    await engineer.taps("晨光涂层")
    await engineer.says("300")
    await engineer.taps("MC-002-1")
    await engineer.taps(_("Skip"))
    await engineer.taps(_("Confirm ✓"))
    engineer.sees("已发运：批 MC-002-1")
    found = await lots.find(boss, "MC-002-1")
    assert (await lots.where_is(boss, found.id)).where is lots.Whereabouts.IN_TRANSIT

    await coater.says("委外")
    await coater.taps(order.number)
    await coater.taps(_("▶ Begin"))
    await coater.taps(_("📥 Receive a lot"))
    await coater.taps("MC-002-1")
    await coater.taps("300")
    await coater.says("涂层二线")
    await coater.taps(_("Confirm ✓"))
    coater.sees(_("📥 Received: {lot}").format(lot="MC-002-1"))
    assert (await lots.where_is(boss, found.id)).where is lots.Whereabouts.AT_PARTNER
    await coater.taps(_("✔ Finish"))
    coater.sees(f"结束委外单 {order.number} 的第 1 个环节之前，请登记产出了哪些批。")
    await coater.taps(_("📤 A lot came out"))
    await coater.taps("MC-002-1")
    await coater.taps(_("✔ Finish"))

    transport = order.stages[1]
    await orders.plan_leg(
        boss,
        NewLeg(
            from_place="涂层厂", to_place="康固", stage_id=transport.id, carrier_id=plant.partners["carrier"]
        ),
    )
    await carrier.says("/stages")
    await carrier.taps(order.number)
    await carrier.taps(_("▶ Begin"))
    said = orders.NewHandover(
        giver_id=plant.partners["supplier"],
        giver_name="何军",
        taker_id=plant.partners["carrier"],
        taker_name="冯涛",
        place="涂层厂门口",
        lot="MC-002-1",
    )
    await orders.hand_over(await plant.actor("coater_operator"), said)
    await carrier.says("/stages")
    await carrier.taps("何军")
    carrier.sees("已确认：何军")
    await carrier.taps(_("✔ Finish"))
    assert (await orders.stage(boss, transport.id)).state is StageState.DONE
