"""Cycles, waivers, scope and races of a CAPA, on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from core import anomalies, capa, lots, people, signing
from core.capa import EffectResult, errors, policy
from core.capa.models import Capa
from core.kit import NotFound, NotPermitted, Refusal, clock, system
from core.notices.models import Notice
from tests.core.anomalies.cases import confirmed, photo, reported, taken, unvouched
from tests.core.capa import story
from tests.plants import Plant, small_plant


async def told(plant: Plant, kind: str) -> set[str]:
    """Who was left a notice of a kind."""
    names = {person: name for name, person in plant.persons.items()}
    return {names[row.person_id] for row in await Notice.filter(kind=kind) if row.person_id is not None}


@pytest.mark.req("G-15")
async def test_an_ineffective_measure_reopens_the_case_keeps_its_history_and_needs_new_actions(
    database: str,
) -> None:
    """Cycle 2: the old action stays on record, counts for nothing, and cause, action and criterion come anew."""
    plant = await small_plant()
    first = await story.carried_out(plant, await story.submitted(plant, await story.opened(plant)))
    again = await story.judged(plant, first, "ineffective")
    assert (again.state, again.cycle, again.has_cause, again.has_effect_plan) == ("open", 2, False, False)
    assert (again.action_count, again.author_ids) == (0, ())
    assert [one.cycle for one in await capa.actions(again.id)] == [1]
    case = await story.case_of(plant, again)
    assert case.state == "investigating"
    assert case.due_at is not None
    assert case.due_at > clock.now() + dt.timedelta(days=13), "the plan's clock starts again"
    owner = await plant.actor("responsible")
    await story.cause(owner, again.id)
    await story.criterion(owner, again.id)
    with pytest.raises(errors.NoActions):
        await capa.submit_plan(owner, again.id)
    await story.add(plant, owner, again.id, "second")
    await capa.submit_plan(owner, again.id)
    second = await story.carried_out(plant, again, owner="second")
    assert (second.effect_result, second.effect_note) == (None, None), "the old judgement is history"
    with pytest.raises(errors.OwnWork):
        policy.judge(second, by=plant.persons["supplier"], result=EffectResult.EFFECTIVE, note="好")
    assert (await story.judged(plant, second, "effective")).state == "verified"
    assert await unvouched() == []


async def test_an_inconclusive_effect_is_watched_longer_and_asked_for_again(database: str) -> None:
    """The day moves 30 days on; those who may judge hear of it; the case stays where it is."""
    plant = await small_plant()
    watched = await story.carried_out(plant, await story.submitted(plant, await story.opened(plant)))
    assert watched.effect_due is not None
    await Notice.all().delete()
    longer = await story.judged(plant, watched, "inconclusive")
    assert (longer.state, longer.cycle) == ("verifying", 1)
    assert longer.effect_due == watched.effect_due + dt.timedelta(days=30)
    assert await told(plant, "capa:verify_wanted") == {"manager", "manager2"}
    assert (await story.judged(plant, longer, "effective")).state == "verified"


async def test_grade_c_may_be_waived_and_is_closed_by_signature(database: str) -> None:
    """A reason, a signature of somebody who neither reported nor owns it, decided holds, closure."""
    plant = await small_plant()
    case = await story.minor(plant)
    with pytest.raises(errors.NeedsReason):
        await plant.sign("manager", "capa:waive", {"anomaly_id": case.id, "reason": " "})
    with pytest.raises(NotPermitted):
        await plant.sign("responsible", "capa:waive", {"anomaly_id": case.id, "reason": "划痕"})
    await plant.sign("manager", "capa:waive", {"anomaly_id": case.id, "reason": "一次性划痕"})
    waived = await capa.of_anomaly(await plant.actor("manager"), case.id)
    assert waived is not None
    assert (waived.state, waived.waiver_reason) == ("waived", "一次性划痕")
    with pytest.raises(errors.HoldsUndecided):
        await plant.sign("manager2", "capa:close", {"id": waived.id})
    holds = [one.id for one in await lots.holds_of(await plant.actor("manager"), case.number)]
    await plant.sign("manager", lots.ACT, {"hold_ids": holds, "disposition": "release", "reason": "合格"})
    await plant.sign("manager2", "capa:close", {"id": waived.id})
    assert (await story.case_of(plant, waived)).state == "closed"


async def test_grade_a_opens_by_rule_b_asks_c_may_be_waived(database: str) -> None:
    """Only A opens a CAPA by itself; the owner hears what the others ask for."""
    plant = await small_plant()
    await story.minor(plant)
    assert await Capa.all().count() == 0
    assert await told(plant, "capa:may_waive") == {"responsible"}
    await confirmed(plant, await taken(plant, risk="line_down", lot="MC-001"))
    assert await Capa.all().count() == 0
    assert await told(plant, "capa:ask") == {"responsible"}
    await confirmed(plant, await taken(plant, risk="implant"))
    assert await Capa.all().count() == 1
    assert await told(plant, "capa:opened") == {"responsible"}


async def test_a_raised_grade_reaches_the_capa_that_is_being_planned(database: str) -> None:
    """B to A: the CAPA shows the grade of its case and its clock becomes shorter; nobody is asked again."""
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, risk="line_down"))
    owner = await plant.actor("responsible")
    before = await capa.open_capa(owner, case.id)
    await Notice.all().delete()
    await anomalies.raise_grade(owner, case.id, grade="A", reason="植入物")
    after = await capa.get(owner, before.id)
    assert (before.grade, after.grade) == ("B", "A")
    raised = await anomalies.get(owner, case.id)
    assert raised.due_at is not None
    assert case.due_at is not None
    assert raised.due_at < case.due_at
    assert not await Notice.filter(kind="capa:ask").exists()
    assert await unvouched() == []


async def test_an_action_goes_only_to_somebody_who_can_see_the_case_and_do_it(database: str) -> None:
    """Auditor, operator, another partner's people, the revoked and other plants' people are refused."""
    plant = await small_plant()
    found = await story.opened(plant)
    owner = await plant.actor("responsible")
    for name in ("auditor", "operator", "laboratory", "carrier", "administrator"):
        with pytest.raises(errors.CannotAct):
            await story.add(plant, owner, found.id, name)
    await people.revoke_person(system(plant.id), plant.persons["second"], "离职")
    other = await small_plant(code="ZZ", enrolled=False)
    plant.persons["stranger"] = other.persons["responsible"]
    for name in ("second", "stranger"):
        with pytest.raises(NotFound):
            await story.add(plant, owner, found.id, name)
    assert await capa.actions(found.id) == []


async def test_a_supplier_with_an_action_sees_its_own_case_and_no_other(database: str) -> None:
    """The action's owner reads the CAPA of the shared case; another case's CAPA does not exist for them."""
    plant = await small_plant()
    mine = await story.opened(plant, by="coater_operator")
    await story.submitted(plant, mine)
    hidden = await capa.open_capa(
        await plant.actor("responsible"),
        (await confirmed(plant, await taken(plant, risk="line_down", lot="MC-002"))).id,
    )
    supplier = await plant.actor("supplier")
    [action] = await capa.actions(mine.id)
    assert (await capa.action(supplier, action.id)).owner_id == supplier.person_id
    assert (await capa.get(supplier, mine.id)).number == mine.number
    for ask in (capa.get(supplier, hidden.id), capa.case_of(supplier, hidden.number)):
        with pytest.raises(NotFound):
            await ask
    assert await capa.case_of(supplier, mine.number) == mine.case_number
    assert await capa.to_decide(supplier) == []


async def test_a_number_belongs_to_its_plant(database: str) -> None:
    """Two plants have a CA-…-000001 each; each finds its own."""
    one = await small_plant()
    first = await story.opened(one)
    other = await small_plant(code="ZZ")
    second = await story.opened(other)
    assert first.number == second.number
    for plant, found in ((one, first), (other, second)):
        actor = await plant.actor("manager")
        assert await capa.case_of(actor, found.number) == found.case_number
        assert (await anomalies.get(actor, found.case_number)).id == found.anomaly_id


async def test_a_plan_changed_after_it_was_shown_is_not_signed(database: str) -> None:
    """Returned, changed and handed in again between display and answer: the old card signs nothing."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant))
    clock.shift(dt.timedelta(seconds=61))
    manager = await plant.actor("manager")
    shown = await signing.begin(manager, "capa:plan:approve", {"id": found.id}, "telegram", "1")
    await capa.return_plan(await plant.actor("manager2"), found.id, "还缺预防措施")
    owner = await plant.actor("responsible")
    await story.add(plant, owner, found.id, "second")
    await capa.submit_plan(owner, found.id)
    with pytest.raises(signing.Superseded):
        await signing.complete(
            manager, shown.id, f"{plant.code('manager')} {shown.check_word}", channel="telegram", chat_ref="1"
        )
    assert (await capa.get(manager, found.id)).state == "planned"
    assert {"responsible"} == await told(plant, "capa:returned")


async def test_of_two_managers_who_approve_at_once_one_does(database: str) -> None:
    """Both have the card, both answer in the same instant: one signature, one approval, one refusal."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant))
    clock.shift(dt.timedelta(seconds=61))
    cards = []
    for name in ("manager", "manager2"):
        actor = await plant.actor(name)
        card = await signing.begin(actor, "capa:plan:approve", {"id": found.id}, "telegram", name)
        cards.append((name, actor, card))
    outcomes = await asyncio.gather(
        *(
            signing.complete(
                actor, card.id, f"{plant.code(name)} {card.check_word}", channel="telegram", chat_ref=name
            )
            for name, actor, card in cards
        ),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert len(refused) == 1, outcomes
    assert isinstance(refused[0], Refusal)
    assert (await capa.get(cards[0][1], found.id)).state == "implementing"
    assert await unvouched() == []


async def test_of_two_people_who_open_at_once_one_does(database: str) -> None:
    """The second learns the number of the first; no number is lost."""
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, risk="line_down"))
    actors = [await plant.actor(name) for name in ("responsible", "supervisor")]
    outcomes = await asyncio.gather(
        *(capa.open_capa(actor, case.id) for actor in actors), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyOpen", "CapaFacts"]
    assert (await Capa.get(anomaly_id=case.id)).number.endswith("-000001")


async def test_what_was_written_by_a_manager_is_approved_by_another(database: str) -> None:
    """A manager who added only one action cannot approve the plan, is not asked to, and sees no such task."""
    plant = await small_plant()
    found = await story.opened(plant)
    owner, manager = await plant.actor("responsible"), await plant.actor("manager")
    await story.cause(owner, found.id)
    await story.add(plant, manager, found.id)
    await story.criterion(owner, found.id)
    await capa.submit_plan(owner, found.id)
    assert await told(plant, "capa:approval_wanted") == {"manager2"}
    assert await capa.to_decide(manager) == []
    assert [one.id for one in await capa.to_decide(await plant.actor("manager2"))] == [found.id]
    with pytest.raises(errors.OwnWork):
        await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    await plant.sign("manager2", "capa:plan:approve", {"id": found.id})


async def test_nobody_is_shown_a_card_that_they_could_not_sign(database: str) -> None:
    """A person without the right is refused before display, and nothing is shown."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant))
    for name in ("second", "supplier"):
        for act in ("capa:plan:approve", "capa:effectiveness:result", "capa:close"):
            with pytest.raises(NotPermitted):
                await signing.begin(await plant.actor(name), act, {"id": found.id}, "telegram", "1")


async def test_past_dates_and_strangers_photos_change_nothing(database: str) -> None:
    """A due day that has passed, a target of zero, another partner's photo as proof."""
    plant = await small_plant()
    found = await story.opened(plant)
    owner = await plant.actor("responsible")
    with pytest.raises(errors.DuePast):
        await capa.add_action(
            owner,
            found.id,
            kind=capa.ActionKind.CORRECTIVE,
            text="测",
            owner_id=owner.identity,
            due=story.in_days(-2),
        )
    with pytest.raises(errors.NoTarget):
        await capa.plan_effect(
            owner, found.id, kind=capa.EffectKind.LOTS, criterion="批", target=0, due=story.in_days(9)
        )
    await story.submitted(plant, found)
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    [action] = await capa.actions(found.id)
    foreign = await photo(await plant.actor("laboratory"))
    supplier = await plant.actor("supplier")
    with pytest.raises(NotFound):
        await capa.complete_action(supplier, action.id, note="", evidence_ids=[foreign])
    with pytest.raises(errors.EvidenceMissing):
        await capa.complete_action(supplier, action.id, note="", evidence_ids=[])
    assert (await capa.get(owner, found.id)).open_action_count == 1


async def test_only_the_clock_notes_that_a_stage_is_overdue(database: str) -> None:
    """A person cannot; the clock notes it once and leaves the revision alone."""
    plant = await small_plant()
    case = await taken(plant)
    with pytest.raises(NotPermitted):
        await anomalies.mark_overdue(await plant.actor("responsible"), case.id)
    assert await anomalies.mark_overdue(system(plant.id), case.id) is None
    clock.shift(dt.timedelta(days=30))
    marked = await anomalies.mark_overdue(system(plant.id), case.id)
    assert marked is not None
    assert marked.revision == case.revision
    assert await anomalies.mark_overdue(system(plant.id), case.id) is None
    waiting = await reported(plant, lot="MC-002")
    clock.shift(dt.timedelta(days=30))
    assert await anomalies.mark_overdue(system(plant.id), waiting.id) is None, "its alert climbs already"
    assert await unvouched() == []
