"""数据采集: facts added and corrected later stay legible, reach every column, and make the table look again."""

from __future__ import annotations

import datetime as dt

import pytest

from core import anomalies, evidence, ledger, lots, signing
from core.anomalies import errors
from core.anomalies.models import Supplement
from core.kit import NotPermitted, clock, system
from core.kit.quantity import NotPositive
from core.lots import LotUnknown
from tests.core.anomalies.cases import ALIKE, confirmed, photo, reported, taken, unvouched
from tests.plants import Plant, small_plant


async def add(plant: Plant, case: anomalies.AnomalyFacts, by: str = "responsible", **changes: object):
    """A supplement without photos."""
    return await anomalies.supplement(
        await plant.actor(by), case.id, changes=changes, reason="复核后更正", evidence_ids=[]
    )


@pytest.mark.req("G-45b")
async def test_old_and_new_value_both_stay_on_the_record(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    now = await add(
        plant, case, quantity="15", description="剥落，约 15 件", detection="inspection", place="一线"
    )
    assert (now.quantity_text, now.description, now.detection, now.place) == (
        "15 pcs",
        "剥落，约 15 件",
        "inspection",
        "一线",
    )
    assert now.revision == case.revision + 1
    [kept] = await Supplement.filter(anomaly_id=case.id)
    assert kept.before["quantity"] == "12"
    assert kept.after["quantity"] == "15"
    assert kept.reason == "复核后更正"
    assert [str(line.kind) for line in await ledger.timeline(case.number, plant_id=case.plant_id)][
        -1
    ] == "anomalies:anomaly:supplement"
    assert await unvouched() == []


async def test_a_bad_value_or_nothing_new_changes_nothing(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    before = await ledger.entry_count()
    with pytest.raises(anomalies.MissingFields) as no:
        await add(plant, case, quantity="-1", colour="red")
    assert isinstance(no.value.faults["quantity"], NotPositive)
    assert set(no.value.faults) == {"quantity", "colour"}
    for more in ({"quantity": "1001"}, {"lot": "MC-002", "quantity": "801"}):
        with pytest.raises(anomalies.MissingFields) as no:
            await add(plant, case, **more)
        assert isinstance(no.value.faults["quantity"], errors.MoreThanLot)
    for same in ({}, {"quantity": "12"}, {"quantity": "12.000"}):
        with pytest.raises(errors.NothingNew):
            await add(plant, case, **same)
    with pytest.raises(errors.NeedsReason):
        await anomalies.supplement(
            await plant.actor("responsible"), case.id, changes={"quantity": "9"}, reason=" ", evidence_ids=[]
        )
    with pytest.raises(LotUnknown):
        await add(plant, case, lot="CT-00X")
    assert await ledger.entry_count() == before
    assert (await anomalies.get(await plant.actor("responsible"), case.id)) == case


async def test_a_lot_named_later_can_be_held_and_shares_the_case_with_its_partner(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant, category="D", lot=None)
    assert (case.lot_id, case.partner_id) == (None, None)
    owner = await plant.actor("responsible")
    with pytest.raises(errors.NoLot):
        await anomalies.hold_affected(owner, case.id)
    now = await add(plant, case, lot="CT-001")
    assert (now.lot_number, now.unit, now.partner_id) == ("CT-001", "pcs", plant.partners["supplier"])
    assert len(await anomalies.hold_affected(owner, case.id)) == 3
    partner = await plant.actor("supplier")
    assert (await anomalies.get(partner, case.id)).lot_id == plant.lots["CT-001"]
    assert [one.id for one in await evidence.evidence_of_case(partner, case.number)] == list(now.evidence_ids)


async def test_a_partners_own_report_stays_shared_with_that_partner(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant, by="supplier")
    now = await add(plant, case, lot="MC-001")
    assert (now.lot_number, now.partner_id) == ("MC-001", plant.partners["supplier"])


async def test_photos_are_added_and_a_reused_one_is_noted(database: str) -> None:
    plant = await small_plant(enrolled=False)
    first = await reported(plant)
    owner = await plant.actor("responsible")
    shared = await photo(owner, content="x", dhash=ALIKE)
    await anomalies.supplement(owner, first.id, changes={}, reason="补照片", evidence_ids=[shared])
    case = await taken(plant)
    again = await photo(owner, content="x", dhash=ALIKE)
    now = await anomalies.supplement(owner, case.id, changes={}, reason="补照片", evidence_ids=[again])
    assert now.evidence_ids == (*case.evidence_ids, again)
    assert now.reused_photo_of == (first.number,)
    with pytest.raises(errors.NothingNew):
        await anomalies.supplement(owner, case.id, changes={}, reason="补照片", evidence_ids=[again])


async def test_a_graver_fact_raises_the_proposal_and_shortens_the_clock(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    now = await add(plant, case, risk="sterile")
    assert (case.proposed_grade, now.proposed_grade, now.s) == ("C", "A", 5)
    assert now.reasons == ("sterile barrier or sterilisation",)
    assert now.due_at is not None
    assert now.due_at - clock.now() <= dt.timedelta(hours=4)
    steps = [
        (one.step, one.proposal.grade)
        for one in await anomalies.gradings(await plant.actor("manager"), case.id)
    ]
    assert steps == [("proposed", "C"), ("proposed", "A")]
    assert await unvouched() == []


async def test_a_graver_fact_raises_a_signed_grade_at_once(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant))
    assert case.grade == "C"
    now = await add(plant, case, risk="shipped")
    assert (now.grade, now.state) == ("A", "graded")
    steps = [one.step for one in await anomalies.gradings(await plant.actor("manager"), case.id)]
    assert steps == ["proposed", "confirmed", "raised"]
    assert await unvouched() == []


async def test_a_milder_fact_lowers_nothing(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant, risk="sterile")
    assert (await add(plant, case, risk="none")).proposed_grade == "A"


async def test_the_reporter_adds_facts_until_the_grade_is_signed(database: str) -> None:
    plant = await small_plant()
    case = await taken(plant)
    assert (await add(plant, case, by="operator", quantity="20")).quantity_text == "20 pcs"
    with pytest.raises(NotPermitted):
        await add(plant, await reported(plant, by="supplier"), by="coater_operator", quantity="1")
    await confirmed(plant, await anomalies.get(await plant.actor("responsible"), case.id))
    with pytest.raises(NotPermitted):
        await add(plant, case, by="operator", quantity="21")


async def test_nothing_is_added_to_an_ended_case(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    await anomalies.reject(await plant.actor("responsible"), case.id, reason="量具读错")
    with pytest.raises(errors.EndedAlready):
        await add(plant, case, quantity="1")


async def test_a_corrected_fact_voids_the_signature_that_showed_it_and_an_added_photo_does_not(
    database: str,
) -> None:
    """The signed quantity changes: the signature stays, void, with the reason; the timeline says so."""
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant))
    actor = await plant.actor("responsible")

    async def standing() -> list[str | None]:
        found = await signing.signatures_on("anomaly", case.number, plant_id=plant.id)
        return [one.voided_reason for one in found]

    await anomalies.supplement(
        actor, case.id, changes={}, reason="又一张照片", evidence_ids=[await photo(actor)]
    )
    assert await standing() == [None]
    await anomalies.supplement(
        actor, case.id, changes={"quantity": "40"}, reason="又数了一遍", evidence_ids=[]
    )
    assert await standing() == ["又数了一遍"]
    lines = await ledger.timeline(case.number, plant_id=plant.id)
    assert "signing:signature:void" in [one.kind for one in lines]
    assert await unvouched() == []


async def test_a_reporter_corrects_the_pieces_of_a_lot_that_has_left_it(database: str) -> None:
    """The lot went back to the plant and is out of the partner's sight: the correction is taken, not compared."""
    plant = await small_plant(enrolled=False)
    root, coater = system(plant.id), plant.partners["supplier"]
    await lots.move(root, plant.lots["MC-002"], "涂层二线", partner_id=coater)
    case = await reported(plant, by="coater_operator", lot="MC-002")
    await lots.move(root, plant.lots["MC-002"], "机加工")
    reporter = await plant.actor("coater_operator")
    assert await lots.some(reporter, [plant.lots["MC-002"]]) == []
    changed = await anomalies.supplement(
        reporter, case.id, changes={"quantity": "13"}, reason="复点", evidence_ids=[]
    )
    assert changed.quantity == 13
    owner = await plant.actor("responsible")
    with pytest.raises(anomalies.MissingFields):
        await anomalies.supplement(
            owner, case.id, changes={"quantity": "801"}, reason="复点", evidence_ids=[]
        )
