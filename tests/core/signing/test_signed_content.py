"""No verb changes signed content silently: later changes void the signature, in sight of everyone, or are refused."""

from __future__ import annotations

import datetime as dt

import pytest

from core import anomalies, capa, ledger, signing
from core.anomalies.errors import StepPassed
from core.capa.errors import OwnWork, WrongStep
from core.kit import Refusal, clock
from core.notices.carrying import _claimed
from core.notices.models import Notice
from core.signing.models import Ceremony, Signature, Voiding
from core.signing.table import TABLE
from handlers.chat import wording
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Outgoing
from tests.core.anomalies.cases import confirmed, contained, photo, taken, unvouched
from tests.core.capa import story
from tests.core.signing.signed_content import SHOWN, Answer, writers
from tests.plants import Plant, small_plant

CONFIRM, LOWER, CONTAIN = (
    "anomalies:grade:confirm",
    "anomalies:grade:lower",
    "anomalies:containment:complete",
)
PLAN, JUDGE, WAIVE = "capa:plan:approve", "capa:effectiveness:result", "capa:waive"
ANSWERS: dict[str, Answer] = {
    "anomalies.grading:_record": Answer.NEW,
    "anomalies.grading:approve_lower": Answer.VOIDS,
    "anomalies.grading:ask_lower": Answer.NEW,
    "anomalies.grading:confirm_grade": Answer.BEFORE,
    "anomalies.grading:put_higher": Answer.VOIDS,
    "anomalies.reporting:propose": Answer.NEW,
    "anomalies.reporting:record": Answer.NEW,
    "anomalies.supplementing:_apply": Answer.VOIDS,
    "anomalies.supplementing:_weigh_again": Answer.BEFORE,
    "capa.handing_over:hand_over_action": Answer.VOIDS,
    "capa.handing_over:reassigned": Answer.ANOTHER,
    "capa.implementing:complete_action": Answer.BEFORE,
    "capa.implementing:confirm_implementation": Answer.CYCLE,
    "capa.opening:_new": Answer.NEW,
    "capa.planning:add_action": Answer.BEFORE,
    "capa.planning:plan_effect": Answer.BEFORE,
    "capa.planning:record_cause": Answer.BEFORE,
    "capa.verifying:_new_cycle": Answer.VOIDS,
    "capa.verifying:judge_effect": Answer.VOIDS,
    "inspections.recording:record_result": Answer.NEW,
    "inspections.reporting:record_report": Answer.NEW,
    "inspections.sampling:make_sample": Answer.NEW,
    "lots.deciding:decide_holds": Answer.BEFORE,
    "lots.holding:hold": Answer.NEW,
    "lots.operating:linked": Answer.NEW,
    "lots.operating:recorded": Answer.NEW,
    "lots.serials:record_serials": Answer.NEW,
    "lots.shipping:ship": Answer.NEW,
    "lots.undoing:void_operation": Answer.NEW,
    "signing.ceremony:begin": Answer.NEW,
    "signing.levels:set_level": Answer.NEW,
    "signing.proposals:propose": Answer.NEW,
}


@pytest.mark.req("G-45b")
def test_every_act_says_what_it_shows_and_every_writer_of_that_has_an_answer() -> None:
    """A new act, or a verb that writes what some act shows, fails here until somebody has decided what it means."""
    assert SHOWN.keys() == TABLE.keys()
    assert ANSWERS.keys() == writers().keys()


async def standing(plant: Plant, kind: str, number: str) -> dict[str, str | None]:
    """The last signature of each act on a record: None where it stands, else why it does not."""
    rows = await Signature.filter(plant_id=plant.id, subject_kind=kind, subject_number=number).order_by("id")
    acts = {row.id: row.act for row in await Ceremony.all()}
    reasons = {row.signature_id: row.reason for row in await Voiding.all()}
    return {acts[row.ceremony_id]: reasons.get(row.id) for row in rows}


async def told() -> list[tuple[int | None, str]]:
    """Who was told that a signature of theirs stands no more, and why."""
    rows = await Notice.filter(kind="signing:voided").order_by("id")
    return [(row.person_id, str(row.facts["reason"])) for row in rows]


async def words(plant: Plant, row: Notice) -> Outgoing:
    """The card that a notice becomes for its reader."""
    card = await wording.render(_claimed(row), "telegram", ButtonPress(plant.ring.derive("chat:buttons")))
    assert card is not None
    return card


@pytest.mark.req("G-45b")
async def test_a_grade_that_changes_loses_its_signature_and_is_signed_again(database: str) -> None:
    """Lowered, raised, corrected: struck through each time, told to the signer, signed again as it is then."""
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, risk="none"), s=3, o=3, d=3)
    owner = await plant.actor("responsible")
    confirm = {"id": case.id, "s": 3, "o": 3, "d": 3, "grade": case.grade}
    with pytest.raises(StepPassed):
        await plant.sign("second", CONFIRM, confirm)

    case = await contained(plant, case)
    raised = await anomalies.raise_grade(await plant.actor("second"), case.id, grade="A", reason="客户停线")
    assert await standing(plant, "anomaly", case.number) == {CONFIRM: "客户停线", CONTAIN: None}
    assert await told() == [(plant.persons["responsible"], "客户停线")]
    assert await anomalies.grade_unsigned(raised)
    with pytest.raises(Refusal):
        await plant.sign("second", CONFIRM, confirm)  # the grade as it was is no more to be had
    await plant.sign("second", CONFIRM, {**confirm, "grade": "A"})
    again = await anomalies.get(owner, case.id)
    assert (again.state, again.grade) == ("investigating", "A"), "the case goes on where it stands"
    assert await standing(plant, "anomaly", case.number) == {CONFIRM: None, CONTAIN: None}

    await anomalies.supplement(owner, case.id, changes={"quantity": "41"}, reason="重数", evidence_ids=[])
    assert set((await standing(plant, "anomaly", case.number)).values()) == {"重数"}
    assert (await told())[1:] == [(plant.persons["responsible"], "重数"), (plant.persons["second"], "重数")]
    await contained(plant, case)
    assert (await standing(plant, "anomaly", case.number))[CONTAIN] is None
    kinds = [str(one.kind) for one in await ledger.timeline(case.number, plant_id=plant.id)]
    assert kinds.count("signing:signature:void") == 2
    assert await unvouched() == []


async def test_lowering_and_waiving_follow_the_rule_too(database: str) -> None:
    """The lower grade voids the higher one's signature; a correction voids the waiver."""
    plant = await small_plant()
    owner = await plant.actor("responsible")
    lower = await confirmed(plant, await taken(plant, risk="none"), s=4, o=3, d=3)
    await anomalies.ask_lower(owner, lower.id, s=1, o=1, d=1, grade="C", reason="仅外观")
    await plant.sign("manager", LOWER, {"id": lower.id})
    assert await standing(plant, "anomaly", lower.number) == {CONFIRM: "仅外观", LOWER: None}
    await anomalies.raise_grade(owner, lower.id, grade="B", reason="复现")
    assert await standing(plant, "anomaly", lower.number) == {CONFIRM: "仅外观", LOWER: "复现"}

    case = await story.minor(plant)
    await plant.sign("manager", WAIVE, {"anomaly_id": case.id, "reason": "单件"})
    await anomalies.supplement(
        owner, case.id, changes={"description": "划伤两处"}, reason="补充", evidence_ids=[]
    )
    assert (await standing(plant, "anomaly", case.number))[WAIVE] == "补充"
    assert await unvouched() == []


@pytest.mark.req("G-125")
async def test_a_plan_that_changes_after_its_approval_is_approved_again(database: str) -> None:
    """Handed over, watched longer, taken back: the approval is void, delegate and delegator are told, once each."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant), owner="second")
    until = (clock.now() + dt.timedelta(days=7)).isoformat()
    await plant.sign(
        "manager",
        "signing:delegation:give",
        {"delegate_id": plant.persons["supervisor"], "until": until, "reason": "年假"},
    )
    await plant.sign("supervisor", PLAN, {"id": found.id})
    responsible = await plant.actor("responsible")
    changes = (
        story.cause(responsible, found.id),
        story.add(plant, responsible, found.id),
        story.criterion(responsible, found.id),
    )
    for change in changes:
        with pytest.raises(WrongStep):
            await change
    [action] = await capa.actions(found.id)
    await capa.hand_over_action(responsible, action.id, to_person=plant.persons["responsible"], reason="调岗")
    assert (await standing(plant, "capa", found.number))[PLAN] == "调岗"
    signer, absent = plant.persons["supervisor"], plant.persons["manager"]
    assert await told() == [(signer, "调岗"), (absent, "调岗")]
    heads = [
        (await words(plant, one)).head for one in await Notice.filter(kind="signing:voided").order_by("id")
    ]
    assert heads == [
        f"✍ 您在 {found.number} 上的签名已失效",
        f"✍ 李强 代 刘洋 在 {found.number} 上代您所签的签名已失效",
    ]

    with pytest.raises(Refusal):
        await plant.sign("responsible", PLAN, {"id": found.id})
    await plant.sign("manager2", PLAN, {"id": found.id})
    assert (await standing(plant, "capa", found.number))[PLAN] is None
    now = await capa.get(responsible, found.id)
    assert (now.state, now.plan_approved_by) == ("implementing", plant.persons["manager2"])
    with pytest.raises(WrongStep):
        await plant.sign("manager", PLAN, {"id": found.id})

    await capa.complete_action(responsible, action.id, note="已装", evidence_ids=[await photo(responsible)])
    await plant.sign("responsible", "capa:implementation:confirm", {"id": found.id})
    await story.judged(plant, found, "inconclusive", by="manager")
    assert (await standing(plant, "capa", found.number))[PLAN] == "14 批中 2 批剥落"
    [judgement] = [
        one
        for one in await signing.signatures_on("capa", found.number, plant_id=plant.id)
        if "Watched until" in {fact.label for fact in one.shown.facts}
    ]
    assert judgement.voided_at is None
    await story.judged(plant, found, "ineffective", by="manager2")
    assert (await standing(plant, "capa", found.number))[JUDGE] is None
    read = await signing.signatures_on("capa", found.number, plant_id=plant.id)
    assert [one.voided_at is None for one in read if one.id == judgement.id] == [False], "judged anew"
    with pytest.raises((WrongStep, OwnWork)):
        await plant.sign("manager", PLAN, {"id": found.id})
    assert await unvouched() == []
