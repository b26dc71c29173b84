"""Reporting: one verb gives number, owner, grade, clock and record; bad input changes nothing."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from core import anomalies, evidence, ledger, lots, people, sop
from core.anomalies import AnomalyFacts
from core.anomalies.errors import MissingFields, MoreThanLot, NobodyResponsible
from core.anomalies.models import Anomaly
from core.kit import Actor, Malformed, NotFound, NotPermitted, clock, system
from core.lots import LotStatus, LotUnknown, NewLot
from core.products import NewProduct, record_products
from core.sop.errors import FutureMoment, PhotoCount
from tests.core.anomalies.cases import ALIKE, confirmed, contained, photo, reported, taken, unvouched
from tests.plants import Plant, answers, small_plant


@pytest.mark.req("G-45a")
async def test_a_report_has_number_owner_grade_clock_and_record_at_once(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, by="coater_operator")
    year = clock.now().year
    assert case.number == f"AN-{year}-000001"
    assert case.owner_id == plant.persons["responsible"]
    assert (case.proposed_grade, case.grade, case.s, case.o, case.d) == ("C", None, 3, 1, 3)
    assert case.due_at is not None
    assert (case.due_at - case.reported_at) == dt.timedelta(hours=8)
    assert (case.lot_number, case.partner_id) == ("CT-001", plant.partners["supplier"])
    assert case.quantity_text == "12 pcs"
    assert (case.interface_from, case.interface_to, case.detection) == ("coating", "receipt", "visual")
    assert anomalies.interface_name(case.interface_from, case.interface_to, "zh_CN") == "涂层 → 收货"
    kinds = [str(line.kind) for line in await ledger.timeline(case.number, plant_id=case.plant_id)]
    assert kinds[:2] == ["anomalies:anomaly:report", "anomalies:grade:propose"]
    shown = await evidence.evidence_of_case(await plant.actor("responsible"), case.number)
    assert [one.id for one in shown] == list(case.evidence_ids)
    assert (await reported(plant)).number == f"AN-{year}-000002"
    assert await unvouched() == []


@pytest.mark.req("G-43")
async def test_the_record_keeps_the_template_it_was_made_with(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant)
    before = await sop.template(case.template_id)
    await sop.publish(await plant.actor("administrator"), "P", sop.BUILTIN["P"])
    assert (await sop.template(case.template_id)).version == before.version
    assert (await sop.current_template(plant.id, "P")).id != case.template_id


async def refused(plant: Plant, by: str, photos: list[int] | None = None, **changes: object) -> Exception:
    """What a report with these answers is refused with; nothing may be left behind."""
    actor = await plant.actor(by)
    template = await sop.current_template(plant.id, "P")
    shown = [await photo(actor)] if photos is None else photos
    before = await ledger.entry_count()
    with pytest.raises(Exception) as refusal:
        await anomalies.report(
            actor,
            template_id=template.id,
            answers={**answers("P"), **changes},
            evidence_ids=shown,
            channel="telegram",
        )
    assert await Anomaly.all().count() == 0
    assert await ledger.entry_count() == before
    return refusal.value


async def test_all_of_a_lot_may_be_affected_and_what_is_weighed_is_not_compared(database: str) -> None:
    """Parts that left the lot count; people count the pieces that they found, whatever the lot is measured in."""
    plant = await small_plant(enrolled=False)
    assert (await reported(plant, quantity="1000")).quantity == 1000
    assert (await reported(plant, lot="TI-001", quantity="5000")).unit == "kg"


@pytest.mark.req("G-45a")
async def test_bad_input_is_refused_field_by_field_and_changes_nothing(database: str) -> None:
    plant = await small_plant(enrolled=False)
    future = (clock.now() + dt.timedelta(days=1)).isoformat()
    no = await refused(plant, "operator", quantity="很多", occurred_at=future, photos=[])
    assert isinstance(no, MissingFields)
    assert set(no.faults) == {"quantity", "occurred_at", "photos"}
    assert isinstance(no.faults["occurred_at"], FutureMoment)
    assert isinstance(no.faults["photos"], PhotoCount)
    assert "什么时候发现的" in str(no), "the sentence names the questions, not their keys"

    no = await refused(plant, "operator", quantity="1000.5")
    assert isinstance(no, MissingFields)
    assert isinstance(no.faults["quantity"], MoreThanLot)
    assert "1000" in str(no.faults["quantity"])
    assert "多少件有问题" in str(no)

    no = await refused(plant, "operator", lot="CT-00I")
    assert isinstance(no, LotUnknown)
    assert "CT-001" in no.nearest

    stranger = await photo(await plant.actor("supplier"))
    assert isinstance(await refused(plant, "carrier", photos=[stranger], lot="CT-001"), LotUnknown | NotFound)
    assert isinstance(await refused(plant, "operator", photos=[10**9]), NotFound)
    assert isinstance(await refused(plant, "auditor", photos=[]), NotPermitted)


async def test_a_template_of_another_plant_is_refused(database: str) -> None:
    plant = await small_plant(enrolled=False)
    other = await small_plant(code="OT", enrolled=False)
    template = await sop.current_template(other.id, "P")
    actor = await plant.actor("operator")
    with pytest.raises(Malformed):
        await anomalies.report(
            actor,
            template_id=template.id,
            answers=answers("P"),
            evidence_ids=[await photo(actor)],
            channel="telegram",
        )


@pytest.mark.req("G-114")
async def test_a_partner_reports_only_lots_it_can_see_and_the_case_is_shared_with_it(database: str) -> None:
    plant = await small_plant(enrolled=False)
    with pytest.raises(LotUnknown):
        await reported(plant, by="coater_operator", lot="MC-002")
    case = await reported(plant, by="supplier")
    assert case.partner_id == plant.partners["supplier"]
    assert (await anomalies.get(await plant.actor("coater_operator"), case.id)).id == case.id
    with pytest.raises(NotFound):
        await anomalies.get(await plant.actor("carrier"), case.number)


async def test_a_case_without_a_lot_names_the_partner_that_was_chosen(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, category="S", lot=None, partner="KG-carrier")
    assert (case.lot_id, case.partner_id) == (None, plant.partners["carrier"])
    assert (await anomalies.get(await plant.actor("carrier"), case.id)).id == case.id
    with pytest.raises(NotFound):
        await reported(plant, category="S", lot=None, partner="KG-nobody")


async def test_the_matrix_decides_who_owns_a_case_most_specific_line_first(database: str) -> None:
    plant = await small_plant(enrolled=False)
    root = system(plant.id)
    await people.set_responsible(root, plant.persons["second"], tier=1, partner_id=plant.partners["supplier"])
    assert (await reported(plant)).owner_id == plant.persons["second"]
    assert (await reported(plant, lot="MC-001")).owner_id == plant.persons["responsible"]


@pytest.mark.req("G-20")
async def test_a_case_always_has_an_owner_who_can_work_on_it(database: str) -> None:
    """Up the tiers, then a quality manager, then anybody who works on cases; the reporter last of all."""
    plant = await small_plant(enrolled=False)
    assert (await reported(plant, by="responsible")).owner_id == plant.persons["supervisor"]
    root = system(plant.id)
    await people.set_responsible(root, plant.persons["operator"], tier=1, category="M")
    assert (await reported(plant, by="second", category="M")).owner_id != plant.persons["operator"]
    for name in ("responsible", "supervisor", "site_head", "second"):
        await people.revoke_person(root, plant.persons[name], "left")
    assert (await reported(plant)).owner_id in (plant.persons["manager"], plant.persons["manager2"])
    await people.revoke_person(root, plant.persons["manager"], "left")
    assert (await reported(plant, by="manager2")).owner_id == plant.persons["manager2"]
    await people.revoke_person(root, plant.persons["manager2"], "left")
    with pytest.raises(NobodyResponsible):
        await reported(plant)


async def test_the_same_again_within_90_days_raises_occurrence_and_grade(database: str) -> None:
    plant = await small_plant(enrolled=False)
    first, again = await reported(plant), await reported(plant)
    assert (first.o, first.proposed_grade) == (1, "C")
    assert (again.o, again.proposed_grade) == (2, "B")
    assert "the same happened within 90 days" in again.reasons
    other_kind = await reported(plant, subcode="P05")
    assert (other_kind.o, other_kind.proposed_grade) == (3, "B"), (
        "S×O = 9 by repetition, though of another kind"
    )
    elsewhere = await reported(plant, lot="MC-001")
    assert (elsewhere.o, elsewhere.proposed_grade) == (1, "C"), "another partner's cases do not count"
    clock.shift(dt.timedelta(days=91))
    assert (await reported(plant)).o == 1


async def test_withdrawn_reports_do_not_count_as_repetition(database: str) -> None:
    plant = await small_plant(enrolled=False)
    first = await reported(plant)
    await anomalies.cancel(await plant.actor("operator"), first.id, reason="typed twice")
    assert (await reported(plant)).o == 1


@pytest.mark.parametrize(
    ("category", "changes", "grade", "reason"),
    [
        ("P", {"risk": "sterile"}, "A", "sterile barrier or sterilisation"),
        ("K", {"subcode": "K04", "udi": "right"}, "A", "sterile barrier or sterilisation"),
        ("K", {"subcode": "K01", "udi": "wrong"}, "A", "label, UDI or expiry date"),
        ("R", {"harm": "serious"}, "A", "hint of an adverse event that may have to be reported"),
        ("P", {"risk": "line_down"}, "B", "the customer's line is down"),
    ],
)
async def test_answers_that_touch_safety_make_it_critical(
    database: str, category: str, changes: dict[str, str], grade: str, reason: str
) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, category=category, **changes)
    assert case.proposed_grade == grade
    assert reason in case.reasons
    [line] = await anomalies.gradings(await plant.actor("responsible"), case.id)
    assert (line.step, line.proposal.grade, line.by_id) == ("proposed", grade, None)


async def more_lots(plant: Plant, *rows: tuple[str, str, LotStatus]) -> None:
    """Lots of named products in named states."""
    root = system(plant.id)
    await record_products(
        root,
        [NewProduct(code="STERILE", name_zh="灭菌螺钉", name_en="Sterile screw", sterile=True, implant=True)],
    )
    await lots.record_lots(
        root,
        [
            NewLot(
                number=number,
                product=product,
                organisation_id=plant.id,
                quantity=100,  # type: ignore[arg-type]
                unit="pcs",
                made_at=clock.now(),
                status=status,
            )
            for number, product, status in rows
        ],
    )


async def test_what_product_and_lot_are_known_to_be_counts_without_being_asked(database: str) -> None:
    plant = await small_plant(enrolled=False)
    await more_lots(plant, ("ST-1", "STERILE", LotStatus.AVAILABLE), ("SH-1", "SCREW-35", LotStatus.SHIPPED))
    assert (await reported(plant, category="M", lot="ST-1")).reasons == ("implant or body-contact material",)
    shipped = await reported(plant, lot="SH-1")
    assert shipped.proposed_grade == "A"
    assert "released or shipped lots are affected" in shipped.reasons


async def test_what_went_out_made_from_the_lot_counts_too_even_after_it_is_held(database: str) -> None:
    plant = await small_plant()
    await more_lots(plant, ("SH-2", "SCREW-35", LotStatus.SHIPPED))
    await lots.record_links(
        system(plant.id),
        [
            lots.NewLink(parent="PK-001", child="SH-2", quantity=10, unit="pcs", at=clock.now())  # type: ignore[arg-type]
        ],
    )
    case = await taken(plant, lot="PK-001")
    assert case.proposed_grade == "A"
    await anomalies.hold_affected(await plant.actor("responsible"), case.id)
    assert await anomalies.grade_for(case.id, 1, 1, 1) == "A"
    assert (await contained(plant, await confirmed(plant, case))).state == "investigating"


async def with_photo(plant: Plant, actor: Actor, shown: int) -> AnomalyFacts:
    """A case reported with one certain photo."""
    template = await sop.current_template(plant.id, "P")
    return await anomalies.report(
        actor, template_id=template.id, answers=answers("P"), evidence_ids=[shown], channel="telegram"
    )


async def test_a_photo_shown_before_is_noted_with_the_earlier_case(database: str) -> None:
    plant = await small_plant(enrolled=False)
    actor = await plant.actor("operator")
    first = await with_photo(plant, actor, await photo(actor, content="the same file", dhash=ALIKE))
    assert first.reused_photo_of == ()
    again = await with_photo(plant, actor, await photo(actor, content="the same file", dhash=ALIKE))
    resaved = await with_photo(plant, actor, await photo(actor, content="another file", dhash=ALIKE))
    assert again.reused_photo_of == (first.number,)
    assert resaved.reused_photo_of == (first.number, again.number)
    fresh = await with_photo(plant, actor, await photo(actor, dhash="00ff13370badcafe"))
    assert fresh.reused_photo_of == ()


async def test_reports_at_the_same_moment_get_different_numbers(database: str) -> None:
    plant = await small_plant(enrolled=False)
    made = await asyncio.gather(*(reported(plant) for _ in range(4)))
    assert sorted(one.number[-1] for one in made) == ["1", "2", "3", "4"]


async def test_a_photo_that_speaks_for_a_case_already_is_noticed_and_never_counts_twice(
    database: str,
) -> None:
    """The very same record again is a reuse like a copy of it; twice in one report is refused."""
    plant = await small_plant(enrolled=False)
    first = await reported(plant)
    operator = await plant.actor("coater_operator")
    template = await sop.current_template(plant.id, "P")
    again = await anomalies.report(
        operator,
        template_id=template.id,
        answers=answers("P"),
        evidence_ids=list(first.evidence_ids),
        channel="api",
    )
    assert again.reused_photo_of == (first.number,)
    with pytest.raises(Malformed):
        await anomalies.report(
            operator,
            template_id=template.id,
            answers=answers("P"),
            evidence_ids=[*first.evidence_ids, *first.evidence_ids],
            channel="api",
        )
