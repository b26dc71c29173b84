"""Given back, expired, put off, acknowledged by several; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from core import anomalies, calendars, duty, escalation
from core.anomalies.errors import NeedsReason, NotYours, StepPassed, TakenAlready
from core.escalation import (
    AckedAlready,
    NeverGradeA,
    NoAlert,
    PutOffOften,
    RunFacts,
    Snooze,
    Step,
    TermsBroken,
)
from core.kit import clock
from core.ledger.models import LedgerEntry
from core.notices import Priority
from core.notices.models import Notice
from handlers.chat import wording
from tests.core.anomalies.cases import confirmed, reported, taken, unvouched
from tests.plants import Plant, small_plant

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MINOR = {"detection": "automatic"}


async def newest(case: anomalies.AnomalyFacts) -> RunFacts:
    return (await escalation.runs_of(case.id))[-1]


async def alerted(plant: Plant, case: anomalies.AnomalyFacts) -> list[tuple[int, str, str]]:
    names = {person: name for name, person in plant.persons.items()}
    return [(one.tier, names[one.person_id], one.why) for one in (await newest(case)).tells]


async def test_an_acknowledgement_taken_back_climbs_again_at_once(database: str) -> None:
    """The next tier is told at once; anybody can take the case up then, and the reason is on the record."""
    plant = await small_plant(enrolled=False)
    case = await taken(plant, risk="implant")
    owner = await plant.actor("responsible")
    with pytest.raises(NeedsReason):
        await anomalies.give_back(owner, case.id, reason=" ")
    with pytest.raises(NotYours):
        await anomalies.give_back(await plant.actor("second"), case.id, reason="我来")
    given = await anomalies.give_back(owner, case.id, reason="孩子生病，要马上走")
    assert given.state == "reported"
    run = await newest(case)
    assert (run.state, run.acknowledged_by) == ("running", None)
    assert (await alerted(plant, case))[-1] == (2, "supervisor", "given_back")
    entry = await LedgerEntry.get(kind="escalation:run:resume")
    assert "孩子生病" in bytes(entry.body).decode()
    await anomalies.acknowledge(await plant.actor("second"), case.id)
    assert (await newest(case)).acknowledged_by == plant.persons["second"]
    assert await unvouched() == []


async def test_a_graded_case_is_handed_over_not_given_back(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, risk="implant"))
    with pytest.raises(StepPassed):
        await anomalies.give_back(await plant.actor("responsible"), case.id, reason="走了")


async def test_an_acknowledgement_without_a_step_expires_and_says_so(database: str) -> None:
    """Grade A after four hours to the instant: the owner and the next tier are told, anybody can take it up."""
    plant = await small_plant(enrolled=False)
    case = await taken(plant, risk="implant")
    run = await newest(case)
    assert run.acknowledged_at is not None
    clock.shift(run.acknowledged_at + 4 * HOUR - clock.now() - MINUTE)
    assert await escalation.expire() == 0
    clock.shift(MINUTE)
    assert await escalation.expire() == 1
    assert await escalation.expire() == 0
    assert (await alerted(plant, case))[-2:] == [(1, "responsible", "expired"), (2, "supervisor", "expired")]
    assert (await anomalies.get(await plant.actor("second"), case.id)).state == "reported"
    assert await LedgerEntry.filter(kind="escalation:run:expire").count() == 1
    clock.shift(20 * MINUTE)
    assert await escalation.tick() == 1, "it climbs on"
    assert await unvouched() == []


async def test_whoever_goes_on_with_the_case_keeps_it(database: str) -> None:
    """A fact added counts as a step; the alert stays silent."""
    plant = await small_plant(enrolled=False)
    case = await taken(plant, risk="implant")
    owner = await plant.actor("responsible")
    await anomalies.supplement(
        owner, case.id, changes={"description": "剥落面积约 2 cm²"}, reason="复看", evidence_ids=[]
    )
    clock.shift(5 * HOUR)
    assert await escalation.expire() == 0
    clock.shift(24 * HOUR)
    assert await escalation.expire() == 0
    assert (await newest(case)).state == "acknowledged"
    assert await unvouched() == []


async def test_an_alert_put_off_sounds_again_at_the_same_tier_and_then_climbs(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="line_down")
    owner = await plant.actor("responsible")
    assert (await newest(case)).grade == "B"
    clock.shift(50 * MINUTE)
    until = await escalation.snooze(owner, case.id, Snooze.HALF_HOUR)
    clock.shift(20 * MINUTE)
    assert await escalation.tick() == 0, "its hour is over, but it is put off"
    clock.shift(until - clock.now())
    assert await escalation.tick() == 1
    assert (await alerted(plant, case))[-1] == (1, "responsible", "snoozed")
    assert (await newest(case)).snoozed_until is None
    clock.shift(HOUR)
    assert await escalation.tick() == 1
    assert (await alerted(plant, case))[-1] == (2, "supervisor", "unacknowledged")
    for _time in range(2):
        await escalation.snooze(owner, case.id, Snooze.TWO_HOURS)
    with pytest.raises(PutOffOften):
        await escalation.snooze(owner, case.id, Snooze.HALF_HOUR)
    await anomalies.acknowledge(owner, case.id)
    with pytest.raises(NoAlert):
        await escalation.snooze(owner, case.id, Snooze.HALF_HOUR)
    assert await unvouched() == []


async def test_the_next_shift_is_the_sites_and_grade_a_is_never_put_off(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    shift = await calendars.add_shift(
        admin, "早班", dt.time(6), dt.time(14), reason="三班", days=(1, 2, 3, 4, 5, 6, 7), holidays=True
    )
    case = await reported(plant, **MINOR)
    until = await escalation.snooze(await plant.actor("responsible"), case.id, Snooze.NEXT_SHIFT)
    assert clock.in_zone(until, shift.zone).time() == dt.time(6)
    await anomalies.supplement(
        await plant.actor("operator"), case.id, changes={"risk": "implant"}, reason="植入", evidence_ids=[]
    )
    run = await newest(case)
    assert (run.grade, run.snoozed_until) == ("A", None), "graver: it is not put off any more"
    assert run.next_due_at is not None
    assert run.next_due_at <= clock.now() + 15 * MINUTE
    with pytest.raises(NeverGradeA):
        await escalation.snooze(await plant.actor("responsible"), case.id, Snooze.HALF_HOUR)
    assert await unvouched() == []


async def test_a_critical_alert_goes_on_for_those_who_have_to_acknowledge_as_well(database: str) -> None:
    """Owner and quality manager by policy: the owner is spared after the tap, the manager is told until theirs."""
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    ladder = (
        Step(tier=1, after_minutes=0),
        Step(tier=2, after_minutes=15),
        Step(tier=3, after_minutes=15),
    )
    with pytest.raises(TermsBroken):
        await escalation.set_policy(admin, "A", ladder, "x", acks=(4,))
    made = await escalation.set_policy(admin, "A", ladder, "双重确认", acks=(1, 3))
    assert (made.acks, made.progress_minutes) == ((1, 3), 240)
    case = await taken(plant, risk="implant")
    run = await newest(case)
    assert (run.state, [one.tiers for one in run.acks]) == ("running", [(1,)])
    assert (await alerted(plant, case))[-1] == (3, "manager", "also")
    assert await wording.still_wanted(f"run:{run.id}:{plant.persons['manager']}")
    assert not await wording.still_wanted(f"run:{run.id}:{plant.persons['responsible']}")
    with pytest.raises(AckedAlready):
        await escalation.acknowledge_too(await plant.actor("responsible"), case.id)
    clock.shift(15 * MINUTE)
    assert await escalation.tick() == 1
    assert [who for _tier, who, why in await alerted(plant, case) if why == "also"] == ["manager", "manager"]
    assert await escalation.waits_for(case.id, plant.persons["manager"])
    left = await escalation.acknowledge_too(await plant.actor("manager"), case.id)
    assert not left
    run = await newest(case)
    assert (run.state, run.next_due_at) == ("acknowledged", None)
    assert (await anomalies.get(admin, case.id)).owner_id == plant.persons["responsible"]
    answered = await Notice.filter(kind="escalation:handled", state="pending").values_list(
        "person_id", flat=True
    )
    assert plant.persons["responsible"] in answered
    with pytest.raises(NoAlert):
        await escalation.acknowledge_too(await plant.actor("supervisor"), case.id)
    assert await unvouched() == []


async def test_a_number_of_people_can_be_asked_for_instead_of_tiers(database: str) -> None:
    """Two people whoever they are; one person on two tiers counts once."""
    plant = await small_plant(enrolled=False)
    ladder = (Step(tier=1, after_minutes=0), Step(tier=2, after_minutes=15))
    await escalation.set_policy(await plant.actor("administrator"), "A", ladder, "两人", people=2)
    case = await taken(plant, risk="implant")
    assert (await alerted(plant, case))[-1] == (2, "supervisor", "also")
    await escalation.acknowledge_too(await plant.actor("supervisor"), case.id)
    assert (await newest(case)).state == "acknowledged"
    await anomalies.give_back(await plant.actor("responsible"), case.id, reason="有急事")
    assert (await newest(case)).state == "running"
    await anomalies.acknowledge(await plant.actor("supervisor"), case.id)
    assert (await newest(case)).state == "running", "acknowledgements of the round before count for nothing"
    assert await unvouched() == []


async def test_an_alert_given_back_goes_on_by_the_graver_grade_proposed_meanwhile(database: str) -> None:
    """It was taken up as minor; what was added since makes it critical: nobody waits eight hours for the next tier."""
    plant = await small_plant(enrolled=False)
    case = await taken(plant, **MINOR)
    owner = await plant.actor("responsible")
    await anomalies.supplement(owner, case.id, changes={"risk": "implant"}, reason="植入", evidence_ids=[])
    assert (await newest(case)).grade == "C"
    await anomalies.give_back(owner, case.id, reason="孩子生病，要马上走")
    run = await newest(case)
    assert (run.grade, run.policy.grade) == ("A", "A")
    assert run.next_due_at is not None
    assert run.next_due_at <= clock.now() + 15 * MINUTE
    assert (await Notice.get(id=run.tells[-1].notice_id)).priority == Priority.CRITICAL
    assert await unvouched() == []


async def test_help_is_called_by_the_graver_grade_proposed_meanwhile(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await taken(plant, **MINOR)
    owner = await plant.actor("responsible")
    await anomalies.supplement(owner, case.id, changes={"risk": "implant"}, reason="植入", evidence_ids=[])
    await anomalies.ask_help(owner, case.id, reason="要人手")
    run = await newest(case)
    assert (run.grade, run.policy.grade) == ("A", "A")
    assert (await Notice.get(id=run.tells[-1].notice_id)).priority == Priority.CRITICAL
    assert await LedgerEntry.filter(kind="escalation:run:regrade").count() == 1
    assert await unvouched() == []


@pytest.mark.parametrize("what", ["help", "reassigned"])
async def test_whoever_is_told_while_an_alert_is_put_off_has_the_usual_time(database: str, what: str) -> None:
    """The alert is no longer put off then: the next tier hears when its time comes, not one wait later."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="line_down")
    owner = await plant.actor("responsible")
    await escalation.snooze(owner, case.id, Snooze.TWO_HOURS)
    if what == "help":
        await anomalies.ask_help(owner, case.id, reason="要人手")
    else:
        await anomalies.reassign(owner, case.id, to_person=plant.persons["second"], reason="换人")
    run = await newest(case)
    assert run.snoozed_until is None
    assert run.next_due_at is not None
    clock.shift(run.next_due_at - clock.now())
    assert await escalation.tick() == 1
    tier, _who, why = (await alerted(plant, case))[-1]
    assert (tier, why) == (run.tier + 1, "unacknowledged")
    assert await unvouched() == []


async def test_two_who_react_at_the_same_instant_never_block_each_other(database: str) -> None:
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    one, other = await plant.actor("responsible"), await plant.actor("second")
    said = await asyncio.gather(
        anomalies.acknowledge(one, case.id),
        escalation.acknowledge_too(other, case.id),
        return_exceptions=True,
    )
    assert [type(one) for one in said if isinstance(one, Exception)] in ([NoAlert], [TakenAlready])
    assert (await newest(case)).state == "acknowledged"


async def test_one_person_on_two_tiers_is_asked_once_and_is_no_gap(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    ladder = tuple(Step(tier=tier, after_minutes=15 * (tier > 1)) for tier in (1, 2, 3))
    await escalation.set_policy(admin, "A", ladder, "双重确认", acks=(2, 3))
    for tier in (2, 3):
        await duty.set_rotation(
            admin,
            tier=tier,
            order=(plant.persons["supervisor"],),
            hand_over=dt.time(0),
            reason="一人两岗",
        )
    case = await taken(plant, risk="implant")
    assert [(who, why) for _tier, who, why in await alerted(plant, case) if why == "also"] == [
        ("supervisor", "also")
    ]
    assert not await Notice.filter(kind="escalation:nobody").exists()
