"""Out of quarantine leads a signature of the plant's quality people, never of who placed the lot there or inspected it."""

from __future__ import annotations

import pytest

from core import lots
from core.kit import NotPermitted, clock, unit_of_work
from core.lots import Circumstances, LotStatus, Made, Taken
from core.signing import Apart, Meaning, Signed
from tests.plants import Plant, small_plant


@pytest.fixture
async def plant(database: str) -> Plant:
    """The small plant."""
    return await small_plant()


async def status(plant: Plant, lot_id: int) -> LotStatus:
    return (await lots.get(await plant.actor("manager"), lot_id)).status


@pytest.mark.req("G-104")
async def test_who_placed_it_does_not_clear_it_and_a_second_engineer_does(plant: Plant) -> None:
    """Whoever placed it last; an earlier one may."""
    lot_id = plant.lots["MC-001"]
    args: dict[str, object] = {"lot_id": lot_id, "reason": "复检合格"}
    for placer, other in (("responsible", "second"), ("second", "responsible")):
        await lots.quarantine(await plant.actor(placer), lot_id, "混批嫌疑")
        with pytest.raises(Apart):
            await plant.sign(placer, lots.CLEAR, args)
        assert await status(plant, lot_id) is LotStatus.QUARANTINED
        await plant.sign(other, lots.CLEAR, args)
        assert await status(plant, lot_id) is LotStatus.AVAILABLE


@pytest.mark.req("G-104")
async def test_who_worked_it_over_again_does_not_clear_it(plant: Plant) -> None:
    """The lot came into quarantine by that person's own work."""
    worker = await plant.actor("responsible")
    left = (await lots.where_is(worker, plant.lots["PK-001"])).left
    made = [Made(number="PK-001-R", quantity=left)]
    await lots.rework(worker, Taken(lot="PK-001"), made, Circumstances(reason="毛刺"))
    lot_id = (await lots.find(worker, "PK-001-R")).id
    args: dict[str, object] = {"lot_id": lot_id, "reason": "复检合格"}
    with pytest.raises(Apart):
        await plant.sign("responsible", lots.CLEAR, args)
    await plant.sign("manager", lots.CLEAR, args)
    assert await status(plant, lot_id) is LotStatus.AVAILABLE


@pytest.mark.req("G-104", "G-113")
async def test_no_partner_no_administrator_and_nobody_without_a_signature_clears(plant: Plant) -> None:
    """The maker of the lot neither, though it sees it."""
    lot_id = plant.lots["CT-001"]
    await lots.quarantine(await plant.actor("second"), lot_id, "超差")
    args: dict[str, object] = {"lot_id": lot_id, "reason": "合格"}
    for name in ("supplier", "laboratory", "administrator"):
        with pytest.raises((NotPermitted, Apart)):
            await plant.sign(name, lots.CLEAR, args)
    manager, other = await plant.actor("manager"), await plant.actor("manager2")
    for signature_id, person in ((None, manager.identity), (1, other.identity)):
        given = Signed(
            signature_id=signature_id,
            person_id=person,
            meaning=Meaning.APPROVED,
            shown_digest="",
            signed_at=clock.now(),
        )
        with pytest.raises(NotPermitted):
            async with unit_of_work():
                await lots.clear(manager, lot_id, "合格", given)
    assert await status(plant, lot_id) is LotStatus.QUARANTINED
