"""More time by two people, and what a partner owes by when; on both databases."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from core import anomalies, calendars, escalation, people
from core.anomalies.errors import (
    AlertRuns,
    AskedAlready,
    AskedYourself,
    ContainmentWaits,
    NeedsReason,
    NoClock,
    NoPartner,
    NotLater,
    NotWaiting,
)
from core.kit import NotFound, NotPermitted, clock, system
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from tests.core.anomalies.cases import confirmed, contained, facts, reported, taken, unvouched
from tests.plants import Plant, small_plant

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


async def told(plant: Plant, kind: str) -> set[str]:
    names = {person: name for name, person in plant.persons.items()}
    return {names[row.person_id or 0] for row in await Notice.filter(kind=kind)}


async def test_more_time_is_asked_for_and_given_by_two_people_on_the_record(database: str) -> None:
    plant = await small_plant(enrolled=False)
    owner, manager = await plant.actor("supervisor"), await plant.actor("manager")
    case = await reported(plant, risk="line_down")
    with pytest.raises(AlertRuns):
        await anomalies.ask_more_time(owner, case.id, until=clock.now() + 9 * DAY, reason="等样品")
    case = await anomalies.acknowledge(owner, case.id)
    assert case.due_at is not None
    until = case.due_at + 2 * DAY
    for refused, call in (
        (NeedsReason, anomalies.ask_more_time(owner, case.id, until=until, reason=" ")),
        (NotLater, anomalies.ask_more_time(owner, case.id, until=case.due_at, reason="等样品")),
        (NoClock, anomalies.ask_more_time(owner, case.id, until=until, reason="x", clock_name="partner:d4")),
    ):
        with pytest.raises(refused):
            await call
    asked = await anomalies.ask_more_time(owner, case.id, until=until, reason="等供方寄回样品")
    assert (await anomalies.get(owner, case.id)).due_at == case.due_at, "nothing changes by asking"
    assert await told(plant, "anomalies:more_time") == {"manager", "manager2", "site_head"}
    with pytest.raises(AskedAlready):
        await anomalies.ask_more_time(owner, case.id, until=until + DAY, reason="再多一天")
    with pytest.raises(AskedYourself):
        await anomalies.give_more_time(owner, asked.id)
    with pytest.raises(NotPermitted):
        await anomalies.give_more_time(await plant.actor("second"), asked.id)
    clock.shift(case.due_at + HOUR - clock.now())
    assert await escalation.tell_overdue() == 1
    await anomalies.give_more_time(manager, asked.id)
    after = await anomalies.get(owner, case.id)
    assert (after.due_at, after.extensions, after.revision) == (until, 1, case.revision)
    assert await told(plant, "anomalies:more_time_decided") == {"supervisor"}
    with pytest.raises(NotWaiting):
        await anomalies.give_more_time(manager, asked.id)
    clock.shift(until + HOUR - clock.now())
    assert await escalation.tell_overdue() == 1, "the new date is watched as the old one was"
    again = await anomalies.ask_more_time(owner, case.id, until=clock.now() + DAY, reason="还差一份报告")
    with pytest.raises(NeedsReason):
        await anomalies.decline_more_time(manager, again.id, reason="")
    assert (await anomalies.decline_more_time(manager, again.id, reason="先围堵")).state == "refused"
    assert [one.state for one in await anomalies.extensions_of(owner, case.id)] == ["granted", "refused"]
    entry = await LedgerEntry.get(kind="anomalies:clock:extend")
    assert "等供方寄回样品" in bytes(entry.body).decode()
    assert await unvouched() == []


async def test_a_request_is_void_when_its_step_is_done(database: str) -> None:
    plant = await small_plant()
    case = await taken(plant, risk="line_down")
    owner = await plant.actor("responsible")
    asked = await anomalies.ask_more_time(owner, case.id, until=clock.now() + 9 * DAY, reason="等样品")
    await confirmed(plant, case)
    with pytest.raises(NotWaiting):
        await anomalies.give_more_time(await plant.actor("manager"), asked.id)
    assert await unvouched() == []


async def test_containment_of_grade_a_waits_a_day_at_most_whoever_agrees(database: str) -> None:
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, risk="implant"))
    owner = await plant.actor("responsible")
    assert (case.state, case.due_since is not None) == ("graded", True)
    assert case.due_since is not None
    with pytest.raises(ContainmentWaits):
        await anomalies.ask_more_time(owner, case.id, until=case.due_since + 25 * HOUR, reason="夜里没人")
    asked = await anomalies.ask_more_time(owner, case.id, until=case.due_since + 24 * HOUR, reason="夜里没人")
    await anomalies.give_more_time(await plant.actor("manager"), asked.id)


async def steps(plant: Plant, case: anomalies.AnomalyFacts) -> dict[str, bool]:
    """The partner's steps and whether they are done."""
    found = await anomalies.partner_clocks(await plant.actor("responsible"), case.id)
    return {one.step: one.met_at is not None for one in found}


async def test_a_partners_clocks_start_with_the_grade_and_are_met_by_the_case(database: str) -> None:
    """Received by the partner's tap, D3 with containment; what runs out is told once to both sides."""
    plant = await small_plant()
    case = await taken(plant, risk="line_down")
    assert await steps(plant, case) == {}
    case = await confirmed(plant, case)
    assert case.grade == "B"
    assert await steps(plant, case) == dict.fromkeys(("ack", "d3", "d4", "d5", "d8"), False)
    assert await told(plant, "anomalies:partner_asked") == {"supplier"}
    partner = await plant.actor("supplier")
    await anomalies.partner_did(partner, case.id, "ack")
    for step in ("ack", "cap", "tea"):
        with pytest.raises(NoPartner):
            await anomalies.partner_did(partner, case.id, step)
    with pytest.raises(NotFound):
        await anomalies.partner_did(await plant.actor("laboratory"), case.id, "d3")
    await contained(plant, case)
    assert [one for one, done in (await steps(plant, case)).items() if done] == ["ack", "d3"]
    clock.shift(15 * DAY)
    late = await anomalies.late_partner_steps()
    assert [one.step for one in late] == ["d4"]
    await escalation.tell_overdue()
    await escalation.tell_overdue()
    assert await told(plant, "anomalies:partner_late") == {"supplier", "responsible"}
    assert await Notice.filter(kind="anomalies:partner_late").count() == 2
    asked = await anomalies.ask_more_time(
        partner, case.id, until=clock.now() + 3 * DAY, reason="等实验室", clock_name="partner:d4"
    )
    await anomalies.give_more_time(await plant.actor("manager"), asked.id)
    found = {one.step: one for one in await anomalies.partner_clocks(partner, case.id)}
    assert (found["d4"].due_at, found["d4"].extensions) == (asked.until, 1)
    assert await anomalies.late_partner_steps() == []
    assert await unvouched() == []


async def test_a_partners_steps_follow_the_grade(database: str) -> None:
    """C asks for a plan only; raised to A the whole 8D, and the plan is not owed any more."""
    plant = await small_plant()
    case = await confirmed(plant, await taken(plant, detection="automatic"))
    assert (case.grade, await steps(plant, case)) == ("C", {"cap": False})
    await anomalies.raise_grade(await plant.actor("responsible"), case.id, grade="A", reason="植入物")
    assert set(await steps(plant, case)) == {"ack", "d3", "d4", "d5", "d8"}
    assert await Notice.filter(kind="anomalies:partner_asked").count() == 1
    assert await unvouched() == []


async def test_the_effect_is_judged_by_the_calendar_of_the_cases_site(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    site = await people.add_site(system(plant.id), plant.id, "S1", "一厂", "Plant 1")
    spans = {"A": "1 wd", "B": "60 d", "C": "–"}
    await anomalies.set_clocks(admin, dataclasses.replace(anomalies.Clocks(), window=spans), reason="快检")
    here = facts(plant_id=plant.id, grade="A", due_since=clock.now())
    usual = await anomalies.window_of(here)
    assert usual is not None
    day = clock.in_zone(usual, "Asia/Shanghai").date()
    await calendars.set_day(admin, day, working=False, reason="停电", site_id=site)
    later = await anomalies.window_of(dataclasses.replace(here, site_id=site))
    assert later is not None
    assert later > usual == await anomalies.window_of(here)
