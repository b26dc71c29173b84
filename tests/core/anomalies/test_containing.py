"""围堵: one tap holds the lot and all that was made from it; the signature says that nothing was forgotten."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core import anomalies, lots
from core.anomalies import errors
from core.kit import NotPermitted, clock, system
from core.lots import LotStatus, NewLink, NewLot
from tests.core.anomalies.cases import confirmed, contained, reported, taken, unvouched
from tests.plants import Plant, small_plant

COMPLETE = "anomalies:containment:complete"


async def child(plant: Plant, number: str, parent: str, status: LotStatus = LotStatus.AVAILABLE) -> None:
    """One more lot made from another."""
    root = system(plant.id)
    await lots.record_lots(
        root,
        [
            NewLot(
                number=number,
                product="SCREW-35",
                organisation_id=plant.id,
                quantity=Decimal(5),
                unit="pcs",
                made_at=clock.now(),
                status=status,
            )
        ],
    )
    await lots.record_links(
        root, [NewLink(parent=parent, child=number, quantity=Decimal(5), unit="pcs", at=clock.now())]
    )


@pytest.mark.req("G-62", "G-88")
async def test_one_tap_holds_everything_downstream_and_a_second_changes_nothing(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant)
    owner = await plant.actor("responsible")
    first = await anomalies.hold_affected(owner, case.id)
    assert sorted(one.lot_number for one in first) == ["CT-001", "PK-001", "PK-002"]
    assert [one.id for one in await anomalies.hold_affected(owner, case.id)] == [one.id for one in first]
    assert (await lots.get(owner, plant.lots["PK-002"])).status is LotStatus.ON_HOLD
    assert (await lots.get(owner, plant.lots["MC-001"])).status is LotStatus.AVAILABLE
    assert await unvouched() == []


async def test_only_who_works_on_lots_and_cases_holds(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, by="supplier")
    for name in ("supplier", "operator", "auditor"):
        with pytest.raises(NotPermitted):
            await anomalies.hold_affected(await plant.actor(name), case.id)


async def test_containment_waits_for_every_affected_lot(database: str) -> None:
    """A lot that turns up after the tap must be held too before anybody signs."""
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant))
    with pytest.raises(errors.NotHeld) as no:
        await plant.sign("responsible", COMPLETE, {"id": case.id, "reason": "we are sure"})
    assert "3" in str(no.value)
    owner = await plant.actor("responsible")
    await lots.hold(owner, [plant.lots["CT-001"], plant.lots["PK-001"]], case.number, "hand picked")
    with pytest.raises(errors.NotHeld):
        await plant.sign("responsible", COMPLETE, {"id": case.id, "reason": ""})
    done = await contained(plant, case)
    assert done.state == "contained"
    assert await unvouched() == []


async def test_what_was_scrapped_before_needs_no_hold(database: str) -> None:
    plant = await small_plant()
    await child(plant, "PK-003", "CT-001", LotStatus.SCRAPPED)
    case = await confirmed(plant, await taken(plant))
    held = await anomalies.hold_affected(await plant.actor("responsible"), case.id)
    assert "PK-003" not in {one.lot_number for one in held}
    assert (await contained(plant, case)).state == "contained"


async def test_without_a_lot_the_signature_says_what_was_done_instead(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, category="D", lot=None))
    with pytest.raises(errors.NeedsReason):
        await plant.sign("responsible", COMPLETE, {"id": case.id, "reason": ""})
    done = await plant.sign("responsible", COMPLETE, {"id": case.id, "reason": "旧版文件已收回"})
    assert done.signature is not None
    assert ("Reason", "旧版文件已收回") in [(one.label, one.value) for one in done.signature.shown.facts]
    assert (await anomalies.get(await plant.actor("manager"), case.id)).state == "contained"


async def test_the_reporter_does_not_sign_containment(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, by="second"))
    await anomalies.hold_affected(await plant.actor("second"), case.id)
    with pytest.raises(errors.SamePerson):
        await plant.sign("second", COMPLETE, {"id": case.id, "reason": ""})


async def test_an_ended_case_holds_nothing(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    await anomalies.reject(await plant.actor("responsible"), case.id, reason="量具读错")
    with pytest.raises(errors.EndedAlready):
        await anomalies.hold_affected(await plant.actor("responsible"), case.id)
