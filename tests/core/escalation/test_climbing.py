"""The alert of a case: who is told when, who stops it, and what the record shows; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from core import anomalies, escalation, notices, people, sop
from core.escalation import LadderBroken, NeedsReason, RunFacts, Step, Why
from core.escalation.models import EscalationRun
from core.kit import Malformed, NotPermitted, clock, system
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from tests.core.anomalies.cases import confirmed, photo, reported, taken, unvouched
from tests.plants import Plant, answers, small_plant

MINUTE = dt.timedelta(minutes=1)
MOMENT = dt.timedelta(microseconds=1)


async def newest(case: anomalies.AnomalyFacts) -> RunFacts:
    """The latest run of a case."""
    return (await escalation.runs_of(case.id))[-1]


def by_name(plant: Plant, run: RunFacts) -> list[tuple[int, str, str]]:
    """Everyone told: tier, name, why."""
    names = {person: name for name, person in plant.persons.items()}
    return [(one.tier, names[one.person_id], one.why) for one in run.tells]


def set_clock(moment: dt.datetime) -> None:
    """Let it be later."""
    clock.shift(moment - clock.now())


async def told(plant: Plant, kind: str) -> list[str]:
    """Who was left a notice of a kind, in order."""
    names = {person: name for name, person in plant.persons.items()}
    return [names[row.person_id or 0] for row in await Notice.filter(kind=kind).order_by("id")]


async def vacate(plant: Plant, tier: int) -> None:
    """Nobody answers at a tier any more."""
    from core.people.models import Responsibility

    for line in await Responsibility.filter(plant_id=plant.id, tier=tier, until=None):
        await people.end_responsibility(system(plant.id), line.id, "调岗")


@pytest.mark.req("G-20")
async def test_grade_a_climbs_after_15_minutes_to_the_instant_not_before(database: str) -> None:
    """One microsecond early nothing happens; at the due instant tier 2 is told, then 15 min and 1 h later 3 and 4."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    run = await newest(case)
    assert run.next_due_at == run.started_at + 15 * MINUTE
    seen = [1]
    for wait, tier in ((15, 2), (15, 3), (60, 4)):
        due = (await newest(case)).next_due_at
        assert due is not None
        set_clock(due - 2 * dt.timedelta(seconds=1))
        assert await escalation.tick() == 0
        assert await escalation.lateness_seconds() == 0
        set_clock(due)
        assert await escalation.tick() == 1
        now = await newest(case)
        assert now.tier == tier
        assert now.tells[-1].at - due < dt.timedelta(seconds=2)
        assert due - now.tells[-2].at == wait * MINUTE
        seen.append(now.tells[-1].tier)
    assert seen == [1, 2, 3, 4]
    assert [name for _tier, name, _why in by_name(plant, await newest(case))] == [
        "responsible",
        "supervisor",
        "manager",
        "site_head",
    ]
    assert await unvouched() == []


async def test_at_the_top_the_alert_sounds_again_until_somebody_reacts(database: str) -> None:
    """The last tier has its 4 hours; then it is told again, and again."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    for minutes in (15, 15, 60, 240, 240):
        clock.shift(minutes * MINUTE + MINUTE)
        assert await escalation.tick() == 1
    run = await newest(case)
    assert [one.tier for one in run.tells] == [1, 2, 3, 4, 4, 4]
    await anomalies.acknowledge(await plant.actor("site_head"), case.id)
    clock.shift(dt.timedelta(days=3))
    assert await escalation.tick() == 0


async def test_a_tier_where_nobody_stands_is_passed_over_at_once_and_the_administrators_hear(
    database: str,
) -> None:
    """Tier 2 empty: tier 3 is told at the instant of tier 2, with the gap on the record."""
    plant = await small_plant(enrolled=False)
    await vacate(plant, 2)
    case = await reported(plant, risk="implant")
    clock.shift(15 * MINUTE)
    assert await escalation.tick() == 1
    run = await newest(case)
    assert by_name(plant, run) == [(1, "responsible", "start"), (3, "manager", "unacknowledged")]
    assert run.next_due_at == run.tells[-1].at + 60 * MINUTE
    assert await told(plant, "escalation:nobody") == ["administrator"]
    kinds = [bytes(one.body) async for one in LedgerEntry.filter(kind="escalation:run:tell")]
    assert any(b'"administrators"' in body and b'"tier":2' in body for body in kinds)
    assert await unvouched() == []


async def test_when_nobody_stands_above_the_administrators_hear_again_and_again(database: str) -> None:
    """An alert without anybody above is not lost."""
    plant = await small_plant(enrolled=False)
    for tier in (2, 3, 4):
        await vacate(plant, tier)
    case = await reported(plant, risk="implant")
    clock.shift(15 * MINUTE)
    assert await escalation.tick() == 1
    assert await told(plant, "escalation:nobody") == ["administrator"] * 3
    clock.shift(240 * MINUTE)
    assert await escalation.tick() == 1
    assert await told(plant, "escalation:nobody") == ["administrator"] * 4
    assert (await newest(case)).state == "running"


async def test_the_acknowledgement_answers_every_alert_that_was_sent(database: str) -> None:
    """Each message of each person told before is replaced; the one who took it gets none."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    first = await plant.actor("supervisor")
    await anomalies.reassign(first, case.id, to_person=plant.persons["second"], reason="休假")
    await anomalies.reassign(first, case.id, to_person=plant.persons["responsible"], reason="回来了")
    clock.shift(15 * MINUTE)
    await escalation.tick()
    await anomalies.acknowledge(await plant.actor("supervisor"), case.id)
    run = await newest(case)
    assert (run.state, run.acknowledged_by, run.next_due_at) == (
        "acknowledged",
        plant.persons["supervisor"],
        None,
    )
    answered = {row.edits_id for row in await Notice.filter(kind="escalation:handled", state="pending")}
    assert answered == {one.notice_id for one in run.tells if one.person_id != first.person_id}
    assert len(answered) == 3
    assert not await escalation.is_running(run.id), "alerts not sent yet are dropped"
    assert await unvouched() == []


async def test_a_new_owner_gets_the_owners_full_time(database: str) -> None:
    """After a handover the clock starts at tier 1, by the same snapshot."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    clock.shift(15 * MINUTE)
    await escalation.tick()
    supervisor = await plant.actor("supervisor")
    await anomalies.reassign(supervisor, case.id, to_person=plant.persons["second"], reason="休假")
    run = await newest(case)
    assert (run.tier, by_name(plant, run)[-1]) == (1, (1, "second", "reassigned"))
    clock.shift(14 * MINUTE)
    assert await escalation.tick() == 0
    clock.shift(MINUTE)
    assert await escalation.tick() == 1
    assert by_name(plant, await newest(case))[-1] == (2, "supervisor", "unacknowledged")


async def test_a_case_handed_over_after_it_was_taken_up_can_be_acknowledged(database: str) -> None:
    """A second alert begins for the new owner; the tap stops it, and it does not climb over their head."""
    plant = await small_plant(enrolled=False)
    case = await taken(plant, risk="implant")
    await anomalies.reassign(
        await plant.actor("responsible"), case.id, to_person=plant.persons["second"], reason="休假"
    )
    run = await newest(case)
    assert (run.state, by_name(plant, run)) == ("running", [(1, "second", "reassigned")])
    await anomalies.acknowledge(await plant.actor("second"), case.id)
    assert [one.state for one in await escalation.runs_of(case.id)] == ["acknowledged", "acknowledged"]
    clock.shift(dt.timedelta(days=1))
    assert await escalation.tick() == 0


async def test_whoever_signs_the_grade_of_their_case_has_taken_it_up(database: str) -> None:
    """The alert of a handover ends with the new owner's signature."""
    plant = await small_plant()
    case = await taken(plant)
    await anomalies.reassign(
        await plant.actor("responsible"), case.id, to_person=plant.persons["second"], reason="休假"
    )
    await confirmed(plant, case, by="second")
    assert (await newest(case)).acknowledged_by == plant.persons["second"]


async def test_help_goes_one_tier_up_at_once_and_over_gaps(database: str) -> None:
    """Before an acknowledgement as an alert, after it as a request; nobody is asked for their own help."""
    plant = await small_plant(enrolled=False)
    await vacate(plant, 3)
    case = await reported(plant, risk="implant")
    owner = await plant.actor("responsible")
    await anomalies.ask_help(owner, case.id, reason="需要第二个人")
    assert by_name(plant, await newest(case))[-1] == (2, "supervisor", "help")
    await anomalies.acknowledge(owner, case.id)
    await anomalies.ask_help(owner, case.id, reason="还不够")
    run = await newest(case)
    assert (run.state, run.next_due_at) == ("acknowledged", None)
    assert by_name(plant, run)[-1] == (4, "site_head", "help")
    assert await told(plant, "escalation:help") == ["site_head"]
    assert await told(plant, "escalation:nobody") == ["administrator"]
    await anomalies.ask_help(await plant.actor("site_head"), case.id, reason="我也不行")
    assert await told(plant, "escalation:nobody") == ["administrator"] * 2, "nobody above, not oneself"
    assert await unvouched() == []


async def test_a_graver_proposal_goes_on_by_the_graver_ladder(database: str) -> None:
    """C becomes A before anybody reacts: new snapshot, alert sent again as A, the clock only shorter."""
    plant = await small_plant(enrolled=False)
    operator = await plant.actor("operator")
    template = await sop.current_template(plant.id, "P")
    case = await anomalies.report(
        operator,
        template_id=template.id,
        answers=answers("P", detection="automatic"),
        evidence_ids=[await photo(operator)],
        channel="telegram",
    )
    before = await newest(case)
    assert before.grade == "C"
    clock.shift(100 * MINUTE)
    await anomalies.supplement(
        operator, case.id, changes={"risk": "implant"}, reason="看清楚了", evidence_ids=[]
    )
    after = await newest(case)
    assert (after.id, after.grade, after.policy.grade) == (before.id, "A", "A")
    assert after.next_due_at == after.tells[-1].at + 15 * MINUTE
    assert by_name(plant, after)[-1] == (1, "responsible", "regraded")
    assert await LedgerEntry.filter(kind="escalation:run:regrade").count() == 1
    clock.shift(15 * MINUTE)
    assert await escalation.tick() == 1
    assert await unvouched() == []


async def test_the_graver_ladder_never_gives_more_time(database: str) -> None:
    """One minute before C's tier 2 the case becomes A: tier 2 is still told in a minute."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, detection="automatic")
    due = (await newest(case)).next_due_at
    clock.shift(479 * MINUTE)
    await anomalies.supplement(
        await plant.actor("operator"), case.id, changes={"risk": "implant"}, reason="植入", evidence_ids=[]
    )
    assert (await newest(case)).next_due_at == due


@pytest.mark.parametrize("end", ["cancel", "reject"])
async def test_an_ended_case_alerts_nobody_any_more(database: str, end: str) -> None:
    """Withdrawn or rejected: no further tier, unsent alerts dropped, everybody told learns that it is over."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    if end == "cancel":
        await anomalies.cancel(await plant.actor("operator"), case.id, reason="看错了")
    else:
        await anomalies.reject(await plant.actor("supervisor"), case.id, reason="不是异常")
    run = await newest(case)
    assert (run.state, run.next_due_at) == ("ended", None)
    assert not await escalation.is_running(run.id)
    assert await told(plant, "escalation:over") == ["responsible"]
    clock.shift(dt.timedelta(days=2))
    assert await escalation.tick() == 0
    assert await unvouched() == []


async def test_a_run_keeps_the_ladder_it_began_with(database: str) -> None:
    """A new version applies to new runs only, and says who set it and why."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    admin = await plant.actor("administrator")
    quick = (Step(tier=1, after_minutes=0), Step(tier=4, after_minutes=1))
    made = await escalation.set_policy(admin, "A", quick, "夜班无主管")
    assert made.version == 1
    later = await reported(plant, risk="implant", lot="MC-001")
    assert (await newest(case)).policy.version == 0
    assert (await newest(later)).policy == made
    clock.shift(MINUTE)
    assert await escalation.tick() == 1
    assert by_name(plant, await newest(later))[-1][1] == "site_head"
    with pytest.raises(NeedsReason):
        await escalation.set_policy(admin, "A", quick, " ")
    with pytest.raises(LadderBroken):
        await escalation.set_policy(admin, "A", quick[1:], "因为")
    with pytest.raises(Malformed):
        await escalation.set_policy(admin, "Z", quick, "因为")
    with pytest.raises(NotPermitted):
        await escalation.set_policy(await plant.actor("manager"), "A", quick, "因为")
    assert (await escalation.policy_for(plant.id, "A")).version == 1
    assert await unvouched() == []


async def test_after_a_long_stop_each_step_is_taken_once_and_each_tier_gets_its_time(database: str) -> None:
    """Down for a day: the next tier at once, the one above it only after the time it is due."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk="implant")
    clock.shift(dt.timedelta(days=1))
    assert await escalation.lateness_seconds() > 80_000
    assert [await escalation.tick() for _ in range(3)] == [1, 0, 0]
    assert (await newest(case)).tier == 2
    assert await escalation.lateness_seconds() == 0


async def test_two_clocks_at_once_take_no_step_twice(database: str) -> None:
    """Twelve due alerts, four ticks at the same moment: each alert climbs exactly one tier."""
    plant = await small_plant(enrolled=False)
    for _ in range(12):
        await reported(plant, risk="implant")
    clock.shift(15 * MINUTE)
    climbed = await asyncio.gather(*(escalation.tick() for _ in range(4)))
    assert sum(climbed) == 12
    for run in await EscalationRun.all().prefetch_related("tells"):
        assert [one.tier for one in sorted(run.tells, key=lambda tell: tell.id)] == [1, 2]
    assert await unvouched() == []


async def test_the_clock_and_an_acknowledgement_at_once_leave_one_truth(database: str) -> None:
    """Whoever is first, the alert ends acknowledged, and nothing climbs after it."""
    plant = await small_plant(enrolled=False)
    cases = [await reported(plant, risk="implant") for _ in range(6)]
    owner = await plant.actor("responsible")
    clock.shift(15 * MINUTE)
    await asyncio.gather(
        escalation.tick(), *(anomalies.acknowledge(owner, one.id) for one in cases), escalation.tick()
    )
    for case in cases:
        run = await newest(case)
        assert (run.state, run.next_due_at) == ("acknowledged", None)
        assert run.tier == run.tells[-1].tier
    assert await unvouched() == []


async def test_one_alert_that_cannot_climb_does_not_silence_the_others(database: str) -> None:
    """A run whose snapshot is unreadable is logged; the one behind it climbs."""
    plant = await small_plant(enrolled=False)
    broken = await newest(await reported(plant, risk="implant"))
    sound = await reported(plant, risk="implant", lot="MC-001")
    await EscalationRun.filter(id=broken.id).update(policy={"version": "?"})
    clock.shift(15 * MINUTE)
    assert await escalation.tick() == 1
    assert by_name(plant, await newest(sound))[-1][2] == Why.UNACKNOWLEDGED.value


async def test_a_partners_person_is_never_alerted_of_what_they_may_not_see(database: str) -> None:
    """Even a matrix line that points to them: no alert, no entry that says they were told."""
    plant = await small_plant(enrolled=False)
    from core.people.models import Responsibility

    await vacate(plant, 2)
    await Responsibility.create(plant_id=plant.id, tier=2, person_id=plant.persons["supplier"])
    case = await reported(plant, lot="MC-002", risk="implant")
    assert case.partner_id is None
    clock.shift(15 * MINUTE)
    await escalation.tick()
    assert by_name(plant, await newest(case))[-1][1] == "manager"
    assert "supplier" not in await told(plant, "escalation:alert")


@pytest.mark.req("G-20")
async def test_every_overdue_case_is_told_once_however_many_there_are(database: str) -> None:
    """More cases than one round takes: each is told once a stage; a new stage can be told again."""
    plant = await small_plant(enrolled=False)
    cases = [await taken(plant) for _ in range(5)]
    clock.shift(dt.timedelta(days=10))
    assert [await escalation.tell_overdue(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert sorted(await told(plant, "escalation:overdue")) == ["responsible"] * 5 + ["supervisor"] * 5
    owner = await plant.actor("responsible")
    await anomalies.reject(await plant.actor("supervisor"), cases[0].id, reason="不是异常")
    assert await anomalies.overdue(clock.now()) == []
    assert await anomalies.overdue_count(owner) == 4, "told or not, they stay overdue in the lists"
    assert await unvouched() == []


async def test_two_overdue_rounds_at_once_tell_nobody_twice(database: str) -> None:
    """Three rounds in the same moment over four late cases: four told."""
    plant = await small_plant(enrolled=False)
    for _ in range(4):
        await taken(plant)
    clock.shift(dt.timedelta(days=10))
    assert sum(await asyncio.gather(*(escalation.tell_overdue() for _ in range(3)))) == 4
    assert len(await told(plant, "escalation:overdue")) == 8


@pytest.mark.parametrize(("risk", "grade"), [("implant", "A"), ("none", "C")])
async def test_an_overdue_stage_of_grade_a_is_told_at_night_too(database: str, risk: str, grade: str) -> None:
    """Quiet hours hold back what is not critical, so what is late with the gravest cases is critical."""
    plant = await small_plant(enrolled=False)
    case = await reported(plant, risk=risk)
    await anomalies.acknowledge(await plant.actor("responsible"), case.id)
    clock.shift(dt.timedelta(days=10))
    assert await escalation.tell_overdue() == 1
    found = await Notice.filter(kind="escalation:overdue")
    wanted = notices.Priority.CRITICAL if grade == "A" else notices.Priority.ALERT
    assert {(one.priority, one.facts["grade"]) for one in found} == {(wanted, grade)}
