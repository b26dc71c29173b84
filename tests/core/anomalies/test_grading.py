"""鉴定分级: a person signs the grade; lowering takes two, and the rules of the table stand above both."""

from __future__ import annotations

import dataclasses

import pytest

from core import anomalies, signing
from core.anomalies import errors
from core.anomalies.models import Grading
from core.kit import Malformed, NotPermitted, clock
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from tests.core.anomalies.cases import confirmed, reported, taken, unvouched
from tests.plants import Plant, small_plant

CONFIRM, LOWER = "anomalies:grade:confirm", "anomalies:grade:lower"


def as_proposed(case: anomalies.AnomalyFacts) -> dict[str, object]:
    """The arguments of confirming what the table proposes."""
    return {"id": case.id, "s": case.s, "o": case.o, "d": case.d, "grade": case.proposed_grade}


async def steps(case: anomalies.AnomalyFacts) -> list[tuple[str, str]]:
    """Every step of grading as (step, grade)."""
    return [(row.step, row.grade) for row in await Grading.filter(anomaly_id=case.id).order_by("id")]


async def test_a_signed_grade_is_on_the_record_with_its_signature(database: str) -> None:
    plant = await small_plant()
    case = await taken(plant, risk="line_down")
    done = await plant.sign("responsible", CONFIRM, as_proposed(case))
    now = await anomalies.get(await plant.actor("responsible"), case.id)
    assert (now.state, now.grade, now.nonconforming) == ("graded", "B", True)
    assert now.due_at is not None
    [_proposed, line] = await anomalies.gradings(await plant.actor("manager"), case.id)
    assert done.signature is not None
    assert (line.step, line.signature_id, line.by_id) == ("confirmed", done.signature.id, now.owner_id)
    assert done.signature.shown.case_number == case.number
    assert await unvouched() == []


@pytest.mark.req("G-113")
async def test_the_signer_sees_case_scores_grade_and_photos_before_signing(database: str) -> None:
    plant = await small_plant()
    case = await taken(plant)
    ceremony = await signing.begin(
        await plant.actor("responsible"), CONFIRM, as_proposed(case), "telegram", "1"
    )
    shown = {fact.label: fact.value for fact in ceremony.shown.facts}
    assert shown["What was found"] == case.description
    assert shown["Severity × occurrence × detection"] == "3 × 1 × 3 = 9"
    assert shown["Grade"] == "C Minor"
    assert shown["Quantity"] == "12 pcs"
    assert len(ceremony.shown.attachments) == 1
    assert ceremony.shown.revision == case.revision


async def test_neither_reporter_nor_reader_confirms_a_grade(database: str) -> None:
    plant = await small_plant()
    case = await taken(plant, by="second")
    with pytest.raises(errors.SamePerson):
        await plant.sign("second", CONFIRM, as_proposed(case))
    with pytest.raises(NotPermitted):
        await plant.sign("supplier", CONFIRM, as_proposed(case))
    fresh = await reported(plant)
    with pytest.raises(errors.AcknowledgeFirst):
        await plant.sign("responsible", CONFIRM, as_proposed(fresh))
    assert (await anomalies.get(await plant.actor("manager"), case.id)).grade is None


async def test_scores_are_whole_numbers_from_1_to_5(database: str) -> None:
    plant = await small_plant()
    case = await taken(plant)
    for wrong in ("0", "6", "NaN", "1.5", "-1", None):
        with pytest.raises(Malformed):
            await plant.sign("responsible", CONFIRM, {**as_proposed(case), "s": wrong})


async def test_higher_scores_give_a_higher_grade_by_the_table(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant), s=4, o=3, d=3)
    assert (case.grade, case.s, case.o, case.d) == ("B", 4, 3, 3)


async def test_a_grade_below_the_proposal_needs_reason_and_second_person(database: str) -> None:
    plant = await small_plant()
    case = await _calm(plant)
    with pytest.raises(errors.LowerNeedsSecond):
        await plant.sign("responsible", CONFIRM, {**as_proposed(case), "s": 1, "grade": "C"})
    assert (await anomalies.get(await plant.actor("responsible"), case.id)).state == "collecting"


async def _calm(plant: Plant) -> anomalies.AnomalyFacts:
    """A case proposed as B by its scores alone, so that lower scores can be argued for."""
    rules = await anomalies.rules_for(plant.id)
    await anomalies.set_rules(
        await plant.actor("administrator"),
        dataclasses.replace(rules, b_rpn=9, b_severity_occurrence=8),
        reason="trial",
    )
    case = await taken(plant, lot="MC-001")
    assert case.proposed_grade == "B"
    assert case.reasons == ()
    return case


async def test_lowering_is_asked_by_one_and_signed_by_another(database: str) -> None:
    plant = await small_plant()
    case = await _calm(plant)
    owner = await plant.actor("responsible")
    low = {"s": 1, "o": 1, "d": 3, "grade": "C"}
    with pytest.raises(errors.NeedsReason):
        await anomalies.ask_lower(owner, case.id, **low, reason=" ")  # type: ignore[arg-type]
    await anomalies.ask_lower(owner, case.id, **low, reason="仅外观，不影响使用")  # type: ignore[arg-type]
    assert await anomalies.lower_asked(case.id)
    told = {row.person_id for row in await Notice.filter(kind="anomalies:lower_wanted")}
    assert told == {plant.persons[name] for name in ("supervisor", "manager", "manager2", "site_head")}
    waiting = await anomalies.lower_waiting(await plant.actor("manager"))
    assert [one.id for one in waiting] == [case.id]
    assert await anomalies.lower_waiting(owner) == []
    with pytest.raises(NotPermitted):
        await plant.sign("second", LOWER, {"id": case.id})
    await plant.sign("manager", LOWER, {"id": case.id})
    now = await anomalies.get(owner, case.id)
    assert (now.state, now.grade, now.s, now.nonconforming) == ("graded", "C", 1, False)
    assert await steps(case) == [("proposed", "B"), ("lower_asked", "C"), ("lowered", "C")]
    assert not await anomalies.lower_asked(case.id)
    with pytest.raises(errors.NothingAsked):
        await plant.sign("manager2", LOWER, {"id": case.id})
    assert await unvouched() == []


async def test_the_asker_does_not_sign_what_was_asked(database: str) -> None:
    plant = await small_plant()
    case = await _calm(plant)
    boss = await plant.actor("manager")
    await anomalies.ask_lower(boss, case.id, s=1, o=1, d=3, grade="C", reason="仅外观")
    with pytest.raises(errors.SamePerson):
        await plant.sign("manager", LOWER, {"id": case.id})
    assert await anomalies.lower_waiting(boss) == []
    assert (await anomalies.get(boss, case.id)).grade is None


async def test_circumstances_are_not_signed_away_only_corrected(database: str) -> None:
    plant = await small_plant()
    case = await taken(plant, risk="implant")
    owner = await plant.actor("responsible")
    with pytest.raises(errors.FactsDemand) as no:
        await anomalies.ask_lower(owner, case.id, s=1, o=1, d=1, grade="C", reason="仅外观")
    assert "grade A" in str(no.value)
    await anomalies.supplement(owner, case.id, changes={"risk": "none"}, reason="误选", evidence_ids=[])
    still = await anomalies.get(owner, case.id)
    assert still.proposed_grade == "A", "a correction alone lowers nothing"
    await anomalies.ask_lower(owner, case.id, s=1, o=1, d=1, grade="C", reason="误选")
    await plant.sign("manager", LOWER, {"id": case.id})
    assert (await anomalies.get(owner, case.id)).grade == "C"


async def test_a_request_is_void_once_the_facts_became_graver(database: str) -> None:
    plant = await small_plant()
    case = await _calm(plant)
    owner = await plant.actor("responsible")
    await anomalies.ask_lower(owner, case.id, s=1, o=1, d=3, grade="C", reason="仅外观")
    await anomalies.supplement(owner, case.id, changes={"risk": "shipped"}, reason="已发货", evidence_ids=[])
    with pytest.raises(errors.NothingAsked):
        await plant.sign("manager", LOWER, {"id": case.id})


async def test_raising_takes_one_person_a_reason_and_never_gives_more_time(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant))
    assert case.grade == "C"
    owner = await plant.actor("second")
    with pytest.raises(errors.NotHigher):
        await anomalies.raise_grade(owner, case.id, grade="C", reason="x")
    with pytest.raises(errors.NeedsReason):
        await anomalies.raise_grade(owner, case.id, grade="A", reason="")
    raised = await anomalies.raise_grade(owner, case.id, grade="A", reason="客户停线")
    assert raised.grade == "A"
    assert raised.due_at is not None
    assert case.due_at is not None
    assert raised.due_at < case.due_at
    assert (raised.due_at - clock.now()).total_seconds() < 4 * 3600 + 1
    assert await unvouched() == []


@pytest.mark.req("D-22d")
async def test_rules_are_versioned_and_a_grading_names_its_version(database: str) -> None:
    plant = await small_plant(enrolled=False)
    first = await reported(plant)
    rules = await anomalies.rules_for(plant.id)
    admin = await plant.actor("administrator")
    made = await anomalies.set_rules(admin, dataclasses.replace(rules, a_severity=3), reason="更严")
    assert (rules.version, made.version) == (0, 1)
    assert await anomalies.rules_for(plant.id) == made
    second = await reported(plant, lot="MC-001")
    assert (first.proposed_grade, second.proposed_grade) == ("C", "A")
    actor = await plant.actor("responsible")
    versions = [(await anomalies.gradings(actor, one.id))[0].rules_version for one in (first, second)]
    assert versions == [0, 1]
    with pytest.raises(errors.RulesBroken):
        await anomalies.set_rules(admin, dataclasses.replace(rules, a_rpn=1), reason="x")
    with pytest.raises(NotPermitted):
        await anomalies.set_rules(await plant.actor("manager"), rules, reason="x")
    assert await LedgerEntry.filter(kind="anomalies:rules:set").count() == 1


async def test_two_who_confirm_at_once_leave_one_grade(database: str) -> None:
    """The second signer's content is no longer the present one."""
    plant = await small_plant()
    case = await taken(plant)
    second = await plant.actor("second")
    ceremony = await signing.begin(second, CONFIRM, as_proposed(case), "telegram", "2")
    await plant.sign("responsible", CONFIRM, as_proposed(case))
    with pytest.raises((signing.Superseded, anomalies.WrongStage)):
        await signing.complete(
            second,
            ceremony.id,
            f"{plant.code('second')} {ceremony.check_word}",
            channel="telegram",
            chat_ref="2",
        )
    assert await steps(case) == [("proposed", "C"), ("confirmed", "C")]
