"""Taking a case up, handing it over, asking for help, ending it early; the reporter hears of it."""

from __future__ import annotations

import asyncio

import pytest

from core import anomalies, ledger, people
from core.anomalies import errors
from core.kit import NotFound, NotPermitted, clock
from core.notices.models import Notice
from tests.core.anomalies.cases import confirmed, reported, taken, unvouched
from tests.plants import Plant, small_plant


async def news(plant: Plant, name: str = "operator") -> list[tuple[str, str]]:
    """What a person was told about their own reports: state of the notice and who caused it."""
    rows = await Notice.filter(person_id=plant.persons[name], kind="anomalies:news").order_by("id")
    return [(row.state, str(row.facts["by"])) for row in rows]


async def test_who_acknowledges_owns_the_case_and_the_reporter_hears_of_it(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant)
    owner = await plant.actor("second")
    mine = await anomalies.acknowledge(owner, case.id, revision=case.revision)
    assert (mine.state, mine.owner_id, mine.revision) == ("collecting", plant.persons["second"], 2)
    assert mine.due_at is not None
    assert mine.due_at > clock.now()
    assert await news(plant) == [("pending", "陈静")]
    assert (await anomalies.acknowledge(owner, case.id)).revision == 2, "a second tap changes nothing"
    assert await unvouched() == []


async def test_of_two_who_acknowledge_the_first_has_it_and_the_other_is_told_who(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant)
    both = [await plant.actor(name) for name in ("responsible", "supervisor")]
    done = await asyncio.gather(
        *(anomalies.acknowledge(one, case.id) for one in both), return_exceptions=True
    )
    won = [one for one in done if isinstance(one, anomalies.AnomalyFacts)]
    lost = [one for one in done if isinstance(one, anomalies.TakenAlready)]
    assert (len(won), len(lost)) == (1, 1)
    winner = await people.person(won[0].owner_id)
    assert winner.printed_name in str(lost[0])


async def test_only_who_works_on_cases_acknowledges(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, by="supplier")
    for name in ("operator", "supplier", "auditor", "administrator"):
        with pytest.raises(NotPermitted):
            await anomalies.acknowledge(await plant.actor(name), case.id)


async def test_a_case_is_handed_to_somebody_who_can_take_it(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    owner = await plant.actor("responsible")
    able = {one.id for one in await anomalies.able_to_own(owner, case.id)}
    assert able == {
        plant.persons[name] for name in ("second", "supervisor", "manager", "manager2", "site_head")
    }
    for person, why in (
        (plant.persons["operator"], errors.CannotOwn),
        (plant.persons["supplier"], errors.CannotOwn),
        (plant.persons["responsible"], errors.OwnsAlready),
        (10**9, NotFound),
    ):
        with pytest.raises(why):
            await anomalies.reassign(owner, case.id, to_person=person, reason="换班")
    with pytest.raises(errors.NeedsReason):
        await anomalies.reassign(owner, case.id, to_person=plant.persons["second"], reason=" \u200b")
    moved = await anomalies.reassign(owner, case.id, to_person=plant.persons["second"], reason="换班")
    assert (moved.owner_id, moved.state) == (plant.persons["second"], "collecting")


async def test_a_graded_case_is_handed_over_by_its_owner_or_an_approver_only(database: str) -> None:
    """Anybody at work may pass an alert on; work in hand is passed on by whoever has it, or above."""
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant))
    second = plant.persons["second"]
    with pytest.raises(errors.OwnerHandsOver):
        await anomalies.reassign(await plant.actor("second"), case.id, to_person=second, reason="我来")
    moved = await anomalies.reassign(
        await plant.actor("responsible"), case.id, to_person=second, reason="换班"
    )
    assert (moved.owner_id, moved.state) == (second, "graded")
    back = plant.persons["responsible"]
    moved = await anomalies.reassign(await plant.actor("manager"), case.id, to_person=back, reason="回来了")
    assert moved.owner_id == back


async def test_an_ended_case_is_not_handed_over(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    owner = await plant.actor("responsible")
    await anomalies.reject(owner, case.id, reason="量具读错")
    assert not anomalies.may_hand_over(owner, await anomalies.get(owner, case.id))
    with pytest.raises(errors.EndedAlready):
        await anomalies.reassign(owner, case.id, to_person=plant.persons["second"], reason="换班")


async def test_help_can_be_asked_for_until_the_end_with_a_reason(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    owner = await plant.actor("responsible")
    with pytest.raises(errors.NeedsReason):
        await anomalies.ask_help(owner, case.id, reason="")
    await anomalies.ask_help(owner, case.id, reason="需要灭菌工程师")
    assert "anomalies:anomaly:help" in [
        str(line.kind) for line in await ledger.timeline(case.number, plant_id=case.plant_id)
    ]
    await anomalies.reject(owner, case.id, reason="量具读错")
    with pytest.raises(errors.EndedAlready):
        await anomalies.ask_help(owner, case.id, reason="again")


async def test_a_report_is_rejected_by_another_person_and_the_reporter_reads_why(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, by="second")
    with pytest.raises(errors.SamePerson):
        await anomalies.reject(await plant.actor("second"), case.id, reason="my mistake")
    ended = await anomalies.reject(await plant.actor("responsible"), case.id, reason="量具读错")
    assert (ended.state, ended.due_at) == ("rejected", None)
    assert ended.closed_at is not None
    row = await Notice.get(person_id=plant.persons["second"], kind="anomalies:news")
    assert row.facts["reason"] == "量具读错"
    with pytest.raises(errors.EndedAlready):
        await anomalies.acknowledge(await plant.actor("responsible"), case.id)


async def test_newer_news_replace_what_was_not_sent_yet(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant)
    await anomalies.reject(await plant.actor("responsible"), case.id, reason="量具读错")
    assert [state for state, _by in await news(plant)] == ["superseded", "pending"]


async def test_only_the_reporter_withdraws_and_only_before_somebody_took_it_up(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant)
    with pytest.raises(errors.NotReporter):
        await anomalies.cancel(await plant.actor("responsible"), case.id, reason="no")
    with pytest.raises(errors.NeedsReason):
        await anomalies.cancel(await plant.actor("operator"), case.id, reason="")
    assert (
        await anomalies.cancel(await plant.actor("operator"), case.id, reason="重复")
    ).state == "cancelled"
    other = await taken(plant)
    with pytest.raises(errors.StepPassed):
        await anomalies.cancel(await plant.actor("operator"), other.id, reason="too late")


async def test_a_case_moves_on_only_in_order_and_only_by_who_works_on_capas(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant))
    owner = await plant.actor("responsible")
    for to in ("investigating", "action_planned", "implementing", "verifying", "verified"):
        with pytest.raises(anomalies.WrongStage):
            await anomalies.advance(owner, case.id, to=to)
    with pytest.raises(NotPermitted):
        await anomalies.advance(await plant.actor("operator"), case.id, to="investigating")
    with pytest.raises(anomalies.WrongStage):
        await anomalies.mark_closed(await plant.actor("manager"), case.id, signature_id=None)
    with pytest.raises(anomalies.WrongStage):
        await anomalies.reopen(await plant.actor("manager"), case.id, reason="not effective")
