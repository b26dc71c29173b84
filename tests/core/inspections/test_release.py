"""A lot is released by a person of the registrant who has not inspected it, by signature and by no other way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core import inspections, lots
from core.inspections import NewCharacteristic, NewMethod, NewResult, NewValue
from core.kit import NotPermitted, clock, system, unit_of_work
from core.lots import LotStatus, Made
from core.signing import Apart, Meaning, Signed
from tests.plants import Plant, small_plant


async def inspected_by(plant: Plant, name: str, lot: str) -> None:
    """Record that this person found the lot good."""
    await inspections.record_result(
        await plant.actor(name),
        NewResult(
            lot=lot,
            method="QP-01",
            values=(NewValue(key="looks", passed=True),),
            measured_at=clock.now() - dt.timedelta(minutes=5),
        ),
    )


@pytest.fixture
async def plant(database: str) -> Plant:
    """A plant with a method of looking at screws."""
    made = await small_plant()
    looks = NewCharacteristic(key="looks", name_zh="外观", name_en="Looks")
    begins = clock.now() - dt.timedelta(days=1)
    await inspections.publish_method(
        system(made.id),
        NewMethod(
            code="QP-01", name_zh="外观", name_en="Looks", characteristics=(looks,), effective_from=begins
        ),
    )
    return made


@pytest.mark.req("G-100", "G-104")
async def test_who_inspected_a_lot_does_not_release_it(plant: Plant) -> None:
    """Neither under its number nor under one that was split off it; a second person does."""
    await inspected_by(plant, "manager", "PK-001")
    manager, worker = await plant.actor("manager"), await plant.actor("responsible")
    await lots.split(worker, "PK-001", [Made(number="PK-001A", quantity=Decimal(100))])
    ids = [plant.lots["PK-001"], (await lots.find(manager, "PK-001A")).id]
    for lot_id in ids:
        with pytest.raises(Apart):
            await plant.sign("manager", lots.RELEASE, {"lot_id": lot_id, "reason": "检验合格"})
        assert (await lots.get(manager, lot_id)).status is LotStatus.AVAILABLE
        await plant.sign("manager2", lots.RELEASE, {"lot_id": lot_id, "reason": "检验合格"})
        assert (await lots.get(manager, lot_id)).status is LotStatus.RELEASED


@pytest.mark.req("G-104", "G-113")
async def test_no_partner_and_nobody_without_a_signature_releases(plant: Plant) -> None:
    """The coater, the laboratory, an engineer and the administrator are refused, and so is the verb by itself."""
    args: dict[str, object] = {"lot_id": plant.lots["CT-001"], "reason": "合格"}
    for name in ("supplier", "laboratory", "responsible", "administrator"):
        with pytest.raises((NotPermitted, Apart)):
            await plant.sign(name, lots.RELEASE, args)
    manager, other = await plant.actor("manager"), await plant.actor("manager2")
    for signature_id, person in ((None, manager.identity), (1, other.identity)):
        given = Signed(
            signature_id=signature_id,
            person_id=person,
            meaning=Meaning.RELEASED,
            shown_digest="",
            signed_at=clock.now(),
        )
        with pytest.raises(NotPermitted):
            async with unit_of_work():
                await lots.release(manager, plant.lots["CT-001"], "合格", given)
    assert (await lots.get(manager, plant.lots["CT-001"])).status is LotStatus.AVAILABLE
