"""Verbs of the chain from the chat: lots set apart, cleared, released, scrapped; transport; samples made and signed."""

from __future__ import annotations

import pytest

from core import inspections, lots, orders
from core.kit import system
from core.lots import LotStatus
from core.orders import NewLeg, NewOrder, NewStage, StageKind
from handlers import text
from tests.core.capa.test_whole_story import photo
from tests.journeys import acts
from tests.journeys.memory_house import Someone

_ = text.translator("zh_CN")


async def steps(someone: Someone, number: str) -> str:
    """The buttons on the lot's card."""
    await someone.says(f"/trace {number}")
    return str([[one.text for one in row] for row in someone.chat[-1].outgoing.buttons])


@pytest.mark.req("G-104")
async def test_a_lot_is_set_apart_cleared_by_another_and_released_by_signature(database: str) -> None:
    """Each sees the steps that are theirs; who placed it is refused by a sentence."""
    house, (owner, second, manager) = await acts.house_with("responsible", "second", "manager")
    actor = await house.plant.actor("manager")
    assert _("✅ Release") not in await steps(owner, "MC-001")
    await owner.taps(_("🚧 Quarantine"))
    await owner.says("混批嫌疑")
    await owner.taps(_("Confirm ✓"))
    assert (await lots.find(actor, "MC-001")).status is LotStatus.QUARANTINED
    await steps(owner, "MC-001")
    await owner.taps(_("🟢 Out of quarantine"))
    await owner.says("看错了")
    assert _("You, or the person you sign for, put this on hold. Somebody else must decide on it.") in (
        owner.chat[-2].text + owner.chat[-1].text
    ), owner.transcript()
    await owner.says("/cancel")
    await steps(second, "MC-001")
    await second.taps(_("🟢 Out of quarantine"))
    await second.says("复检合格")
    await second.signs()
    assert (await lots.find(actor, "MC-001")).status is LotStatus.AVAILABLE
    await steps(manager, "MC-001")
    await manager.taps(_("✅ Release"))
    await manager.says("检验合格")
    await manager.signs()
    assert (await lots.find(actor, "MC-001")).status is LotStatus.RELEASED


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_scrapping_asks_once_more(database: str) -> None:
    """It does not come back; partners' people and operators are not offered any of it."""
    house, (manager, operator, maker) = await acts.house_with("manager", "operator", "supplier")
    for someone, number in ((operator, "MC-001"), (maker, "CT-001")):
        shown = await steps(someone, number)
        assert not any(_(one) in shown for one in ("🗑 Scrap", "🚧 Quarantine", "✅ Release"))
    await steps(manager, "MC-001")
    await manager.taps(_("🗑 Scrap"))
    await manager.says("磕碰")
    assert _("A scrapped lot does not come back. Is that right?") in manager.chat[-1].text
    assert (await lots.find(system(house.plant.id), "MC-001")).status is LotStatus.AVAILABLE
    await manager.taps(_("🗑 Scrap it for good"))
    assert (await lots.find(system(house.plant.id), "MC-001")).status is LotStatus.SCRAPPED


async def test_the_driver_records_departure_and_arrival_and_another_seal_is_said(database: str) -> None:
    """From /stages in a few taps; the way to report stands on the card."""
    house, (driver, other) = await acts.house_with("carrier", "coater_operator")
    root, plant = system(house.plant.id), house.plant
    order = await orders.plan_order(
        root,
        NewOrder(product="SCREW-35", quantity=5, stages=(NewStage(kind=StageKind.TRANSPORT),)),  # type: ignore[arg-type]
    )
    await orders.place_order(root, order.id)
    leg = await orders.plan_leg(
        root,
        NewLeg(
            from_place="涂层车间",
            to_place="包装车间",
            stage_id=order.stages[0].id,
            carrier_id=plant.partners["carrier"],
            vehicle="粤B·1",
        ),
    )
    await other.says("/stages")
    assert "涂层车间" not in str(other.chat[-1].outgoing.buttons)
    await driver.says("/stages")
    await driver.taps("涂层车间 → 包装车间")
    await driver.taps(_("▶ Departed"))
    await driver.taps("粤B·1")
    await driver.says("F-7781")
    await driver.taps(_("Confirm ✓"))
    await driver.taps(_("🏁 Arrived"))
    await driver.says("F-0000")
    await driver.taps(_("Confirm ✓"))
    card = driver.sees(_("⚠ The seal is not the one it left with. Check the goods and report what you see."))
    assert card.button(_("📷 Report an anomaly")) is not None
    after = await orders.leg(root, leg.id)
    assert (after.vehicle, after.seal, after.seal_found, after.seal_intact) == (
        "粤B·1",
        "F-7781",
        "F-0000",
        False,
    )
    await driver.says("/stages")
    assert "涂层车间" not in str(driver.chat[-1].outgoing.buttons), "it has arrived"


async def test_a_sample_is_made_with_its_photo_and_put_in_force_by_another(database: str) -> None:
    """The maker is not offered the signature; a second person signs it from the list."""
    house, (owner, manager) = await acts.house_with("responsible", "manager")
    await owner.says("/sample")
    await owner.taps("钛合金骨螺钉")
    await owner.taps(_(inspections.SampleKind.GOLDEN.says))
    await owner.says("GS-01")
    await owner.says("合格涂层")
    await owner.says("均匀无剥落")
    await owner.photographs(photo())
    await owner.taps(_("Done ✓"))
    await owner.taps(_("Confirm ✓"))
    owner.sees("GS-01")
    (made,) = await inspections.unsigned_samples(system(house.plant.id))
    await owner.says("/samples")
    assert owner.chat[-1].button("GS-01") is None
    await manager.says("/samples")
    await manager.taps("GS-01")
    await manager.signs()
    found = await inspections.sample(system(house.plant.id), made.id)
    assert found.approved_at is not None
    assert await inspections.unsigned_samples(system(house.plant.id)) == []
