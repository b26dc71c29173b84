"""A CAPA never gets stuck with somebody who is gone, and changing hands makes nobody judge of their own work."""

from __future__ import annotations

import pytest

from core import anomalies, capa, escalation, ledger, people
from core.anomalies import errors as anomaly_errors
from core.capa import errors
from core.kit import NotFound, NotPermitted
from core.notices.models import Notice
from tests.core.anomalies.cases import photo, unvouched
from tests.core.capa import story
from tests.plants import Plant, small_plant


async def handed(plant: Plant, found: capa.CapaFacts, to: str, *, by: str = "responsible") -> capa.CapaFacts:
    """The case given to somebody else."""
    actor = await plant.actor(by)
    await anomalies.reassign(actor, found.anomaly_id, to_person=plant.persons[to], reason="岗位调整")
    return await capa.get(actor, found.id)


async def colleague(plant: Plant) -> str:
    """A second person of the coater, who can act as the first can; partners see none but their own."""
    admin = await plant.actor("administrator")
    person = await people.add_person(admin, plant.partners["supplier"], "镀层 赵工", ["supplier"])
    plant.persons["supplier2"] = person
    return "supplier2"


async def test_the_capa_goes_with_its_case_and_the_work_goes_on(database: str) -> None:
    """New owner, new alert with its clock, both on the record; the new owner finishes what the old one began."""
    plant = await small_plant()
    found = await story.opened(plant)
    await story.cause(await plant.actor("responsible"), found.id)
    moved = await handed(plant, found, "second")
    assert (moved.owner_id, moved.former_owner_ids) == (
        plant.persons["second"],
        (plant.persons["responsible"],),
    )
    kinds = [str(line.kind) for line in await ledger.timeline(found.case_number, plant_id=found.plant_id)]
    assert kinds[-4:].count("anomalies:anomaly:reassign") == 1
    assert "capa:capa:handover" in kinds
    assert (await escalation.runs_of(found.anomaly_id))[-1].state == "running"
    new = await plant.actor("second")
    await anomalies.acknowledge(new, found.anomaly_id)
    assert (await escalation.runs_of(found.anomaly_id))[-1].state == "acknowledged"
    await story.add(plant, new, found.id)
    await story.criterion(new, found.id)
    assert (await capa.submit_plan(new, found.id)).state == "planned"
    assert await unvouched() == []


@pytest.mark.req("G-20")
async def test_nothing_is_stuck_when_the_owners_access_ends(database: str) -> None:
    """Implementing, owner and action owner gone: a manager hands both over, and the case comes to its end."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant))
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    admin = await plant.actor("administrator")
    for name in ("responsible", "supplier"):
        await people.revoke_person(admin, plant.persons[name], "离职")
    [action] = await capa.actions(found.id)
    manager = await plant.actor("manager2")
    told = {(row.kind, row.person_id, row.facts.get("why")) for row in await Notice.filter(state="pending")}
    assert ("escalation:alert", plant.persons["supervisor"], "left") in told
    assert ("capa:action_left", plant.persons["manager2"], None) in told
    assert (await escalation.runs_of(found.anomaly_id))[-1].tier == 2
    await handed(plant, found, "second", by="manager2")
    assert (await escalation.runs_of(found.anomaly_id))[-1].tier == 1, (
        "the new owner has the owner's full time"
    )
    await capa.hand_over_action(manager, action.id, to_person=plant.persons["supervisor"], reason="离职")
    hand = await plant.actor("supervisor")
    await capa.complete_action(hand, action.id, note="已装", evidence_ids=[await photo(hand)])
    await plant.sign("second", "capa:implementation:confirm", {"id": found.id})
    assert (await capa.get(manager, found.id)).state == "verifying"
    assert not await Notice.exists(person_id=plant.persons["responsible"], kind="capa:taken_over")


async def test_who_approved_the_plan_cannot_own_it_and_the_case_stays_where_it_was(database: str) -> None:
    """Refused whole: neither the case nor its CAPA changes hands."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant))
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    with pytest.raises(errors.ApprovedIt):
        await handed(plant, found, "manager")
    assert (await story.case_of(plant, found)).owner_id == plant.persons["responsible"]
    assert (await capa.get(await plant.actor("manager"), found.id)).owner_id == plant.persons["responsible"]


async def test_a_former_owner_stays_bound(database: str) -> None:
    """Handing over does not turn the author into an approver, nor into a judge of the effect or of closure."""
    plant = await small_plant()
    found = await story.opened(plant)
    await handed(plant, found, "manager2")
    await handed(plant, found, "responsible", by="manager")
    found = await story.submitted(plant, await capa.get(await plant.actor("responsible"), found.id))
    with pytest.raises(errors.OwnWork):
        await plant.sign("manager2", "capa:plan:approve", {"id": found.id})
    watched = await story.carried_out(plant, found)
    with pytest.raises(errors.OwnWork):
        await story.judged(plant, watched, "effective", by="manager2")


@pytest.mark.parametrize("by", ["supplier", "responsible", "manager"])
async def test_an_action_is_handed_over_by_its_owner_the_capas_owner_or_an_approver(
    database: str, by: str
) -> None:
    """The new one can report it done, the old one cannot; a partner's people pass it on among themselves."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant))
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    [action] = await capa.actions(found.id)
    await Notice.all().delete()
    actor = await plant.actor(by)
    assert [one.id for one in await capa.movable_actions(actor, found.id)] == [action.id]
    to = "second"
    if by == "supplier":
        with pytest.raises(NotFound):
            await capa.hand_over_action(actor, action.id, to_person=plant.persons["second"], reason="出差")
        to = await colleague(plant)
    moved = await capa.hand_over_action(actor, action.id, to_person=plant.persons[to], reason="出差")
    assert moved.owner_id == plant.persons[to]
    told = {(row.kind, row.person_id) for row in await Notice.all()}
    assert ("capa:action_assigned", plant.persons[to]) in told
    assert (("capa:action_moved", plant.persons["supplier"]) in told) is (by != "supplier")
    with pytest.raises(errors.NotYourAction):
        old = await plant.actor("supplier")
        await capa.complete_action(old, action.id, note="", evidence_ids=[await photo(old)])
    assert await unvouched() == []


async def test_an_action_does_not_go_to_nobody_nor_without_a_reason(database: str) -> None:
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant))
    [action] = await capa.actions(found.id)
    owner, second = await plant.actor("responsible"), plant.persons["second"]
    with pytest.raises(errors.WrongStep):
        await capa.hand_over_action(owner, action.id, to_person=second, reason="未批准")
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    for person, reason, why in (
        (second, " \u200b", errors.NeedsReason),
        (plant.persons["supplier"], "同一人", errors.HasItAlready),
        (plant.persons["operator"], "不办措施", NotFound),
        (10**9, "查无此人", NotFound),
    ):
        with pytest.raises(why):
            await capa.hand_over_action(owner, action.id, to_person=person, reason=reason)
    with pytest.raises((errors.NotYourAction, NotPermitted)):
        await capa.hand_over_action(await plant.actor("second"), action.id, to_person=second, reason="我来")
    with pytest.raises(anomaly_errors.OwnerHandsOver):
        await handed(plant, found, "second", by="second")
    hand = await plant.actor("supplier")
    await capa.complete_action(hand, action.id, note="", evidence_ids=[await photo(hand)])
    with pytest.raises(errors.ActionIsDone):
        await capa.hand_over_action(owner, action.id, to_person=second, reason="太晚")


async def test_who_had_an_action_and_passed_it_on_does_not_judge_its_effect(database: str) -> None:
    """Handing work over is no way to become its judge."""
    plant = await small_plant()
    found = await story.submitted(plant, await story.opened(plant), owner="manager2")
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    [action] = await capa.actions(found.id)
    had = await plant.actor("manager2")
    await capa.hand_over_action(had, action.id, to_person=plant.persons["supplier"], reason="供应商来做")
    hand = await plant.actor("supplier")
    await capa.complete_action(hand, action.id, note="已装", evidence_ids=[await photo(hand)])
    await plant.sign("responsible", "capa:implementation:confirm", {"id": found.id})
    watched = await capa.get(had, found.id)
    with pytest.raises(errors.OwnWork):
        await story.judged(plant, watched, "effective", by="manager2")
    assert (await story.judged(plant, watched, "effective", by="manager")).state == "verified"
