"""The duty plan in use: who gets the alert, gaps, absences, swaps, changes of hands; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from core import anomalies, calendars, duty, escalation
from core.duty import (
    AwayAlready,
    CannotServe,
    NotAsked,
    PeriodBroken,
    PlanMoved,
    RotationFacts,
    SwapExpired,
    SwapOver,
    Turn,
)
from core.escalation import handing_over
from core.kit import Actor, NotFound, NotPermitted, clock
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from tests.core.anomalies.cases import reported, taken, unvouched
from tests.plants import Plant, small_plant

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


async def told(plant: Plant, kind: str) -> list[str]:
    names = {person: name for name, person in plant.persons.items()}
    return [names[row.person_id or 0] for row in await Notice.filter(kind=kind).order_by("id")]


async def alerted(plant: Plant, case: anomalies.AnomalyFacts) -> list[tuple[int, str, str]]:
    names = {person: name for name, person in plant.persons.items()}
    run = (await escalation.runs_of(case.id))[-1]
    return [(one.tier, names[one.person_id], one.why) for one in run.tells]


async def rotation(plant: Plant, *names: str, tier: int = 2, **changes: object) -> RotationFacts:
    """A rotation that began today; the first of the names has the first turn."""
    facts: dict[str, object] = {
        "tier": tier,
        "order": tuple(plant.persons[one] for one in names),
        "reason": "三季度排班",
        "every": "day",
        "hand_over": dt.time(0),
    }
    return await duty.set_rotation(await plant.actor("administrator"), **{**facts, **changes})  # type: ignore[arg-type]


async def turns(plant: Plant, name: str) -> list[Turn]:
    return [one for one in await duty.next_turns(plant.id, plant.persons[name]) if one.since > clock.now()]


def at_noon() -> None:
    """Shanghai's noon, so that no test stands at a change of day."""
    now = clock.now()
    noon = now.replace(hour=4, minute=0, second=0, microsecond=0)
    clock.shift(noon + (DAY if noon <= now else 0 * DAY) - now)


async def test_the_alert_goes_to_whoever_is_on_duty_and_a_gap_is_passed_over_at_once(database: str) -> None:
    """Tier 2 by rotation, tier 3 on a night shift that does not run: tier 4 in its place, administrators told."""
    at_noon()
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    night = await calendars.add_shift(
        admin, "夜班", dt.time(22), dt.time(6), reason="三班", days=(1, 2, 3, 4, 5, 6, 7), holidays=True
    )
    await rotation(plant, "second", "supervisor")
    third = await rotation(plant, "manager", "manager2", tier=3, shift_id=night.id)
    case = await reported(plant, risk="implant")
    for wait in (15, 15):
        clock.shift(wait * MINUTE)
        assert await escalation.tick() == 1
    assert await alerted(plant, case) == [
        (1, "responsible", "start"),
        (2, "second", "unacknowledged"),
        (4, "site_head", "unacknowledged"),
    ]
    assert await told(plant, "escalation:nobody") == ["administrator"]
    standing = await duty.on_duty(
        plant.id, tier=3, category="P", site_id=None, partner_id=None, at=clock.now() + 11 * HOUR
    )
    assert standing.persons == (plant.persons["manager"],)
    await duty.end_rotation(admin, third.id, reason="取消")
    standing = await duty.on_duty(plant.id, tier=3, category="P", site_id=None, partner_id=None)
    assert standing.persons == (plant.persons["manager"],), "the responsibility table again"
    with pytest.raises(NotFound):
        await duty.end_rotation(admin, third.id, reason="再来")
    with pytest.raises(NotPermitted):
        await duty.set_rotation(
            await plant.actor("manager"), tier=2, order=(plant.persons["second"],), reason="x"
        )
    with pytest.raises(CannotServe):
        await rotation(plant, "operator")
    assert await unvouched() == []


async def test_an_absent_owner_is_represented_and_without_anybody_the_alert_climbs_at_once(
    database: str,
) -> None:
    plant = await small_plant(enrolled=False)
    owner, admin = await plant.actor("responsible"), await plant.actor("administrator")
    until = clock.now() + 3 * DAY
    noted = await duty.be_away(owner, until=until, deputy_id=plant.persons["second"], reason="年假")
    first = await reported(plant, risk="implant")
    assert first.owner_id == plant.persons["second"], "whoever stands in gets the case"
    assert await told(plant, "duty:deputy") == ["second"]
    for who, name in (("second", "second"), ("supervisor", "supervisor"), ("manager", "manager")):
        await duty.be_away(admin, until=until, deputy_id=None, reason="团建", person_id=plant.persons[name])
        assert (await duty.absence_of(plant.persons[who])) is not None
    second = await reported(plant, risk="implant", lot="MC-001")
    assert await alerted(plant, second) == [(1, "site_head", "start")], "the first who is there owns it"
    await duty.be_away(
        admin, until=until, deputy_id=None, reason="团建", person_id=plant.persons["site_head"]
    )
    nobody = await reported(plant, risk="implant", lot="MC-002")
    assert await alerted(plant, nobody) == []
    assert len(await told(plant, "escalation:nobody")) >= 4, (
        "everybody is away: administrators hear of each tier"
    )
    for refused, call in (
        (AwayAlready, duty.be_away(owner, until=until + DAY, deputy_id=None, reason="x")),
        (
            duty.OwnDeputy,
            duty.be_away(
                owner, since=until, until=until + DAY, deputy_id=plant.persons["responsible"], reason="x"
            ),
        ),
        (
            CannotServe,
            duty.be_away(
                owner, since=until, until=until + DAY, deputy_id=plant.persons["operator"], reason="x"
            ),
        ),
        (PeriodBroken, duty.be_away(owner, until=clock.now() - DAY, deputy_id=None, reason="x")),
        (NotPermitted, duty.be_back(owner, person_id=plant.persons["second"])),
        (
            NotPermitted,
            duty.be_away(await plant.actor("auditor"), until=until, deputy_id=None, reason="x"),
        ),
    ):
        with pytest.raises(refused):
            await call
    back = await duty.be_back(owner)
    assert (back.id, await duty.absence_of(owner.identity)) == (noted.id, None)
    assert await duty.standing_in(plant.id, [owner.identity]) == (owner.identity,)
    with pytest.raises(NotFound):
        await duty.be_back(owner)
    assert await unvouched() == []


async def asked(plant: Plant) -> tuple[Actor, Actor, duty.SwapFacts]:
    """The supervisor asks the second engineer to take a turn for one of theirs."""
    at_noon()
    await rotation(plant, "supervisor", "second")
    one, other = await plant.actor("supervisor"), await plant.actor("second")
    mine, theirs = (await turns(plant, "supervisor"))[0], (await turns(plant, "second"))[1]
    made = await duty.ask_swap(one, mine, other_id=other.identity, instead=theirs)
    assert await told(plant, "duty:swap_asked") == ["second"]
    assert await duty.is_open(made.id)
    return one, other, made


async def test_a_swap_changes_both_turns_when_the_other_agrees(database: str) -> None:
    plant = await small_plant(enrolled=False)
    one, other, made = await asked(plant)
    with pytest.raises(NotAsked):
        await duty.accept_swap(one, made.id)
    with pytest.raises(NotFound):
        await duty.accept_swap(await plant.actor("manager"), made.id)
    before = await duty.next_turns(plant.id, one.identity)
    await duty.accept_swap(other, made.id)
    after = await duty.next_turns(plant.id, one.identity)
    assert made.return_since is not None
    assert made.since in {turn.since for turn in before} - {turn.since for turn in after}
    assert [turn.because for turn in after if turn.since == made.return_since] == ["swap"]
    with pytest.raises(SwapOver):
        await duty.accept_swap(other, made.id)
    assert await told(plant, "duty:swap_answered") == ["supervisor"]
    assert await unvouched() == []


async def test_a_swap_can_be_declined_withdrawn_or_expire_and_the_plan_stays(database: str) -> None:
    plant = await small_plant(enrolled=False)
    one, other, made = await asked(plant)
    before = await duty.next_turns(plant.id, one.identity)
    assert (await duty.refuse_swap(other, made.id)).state == "refused"
    again = await duty.ask_swap(one, (await turns(plant, "supervisor"))[0], other_id=other.identity)
    assert (await duty.refuse_swap(one, again.id)).state == "withdrawn"
    third = await duty.ask_swap(one, (await turns(plant, "supervisor"))[0], other_id=other.identity)
    assert await duty.next_turns(plant.id, one.identity) == before
    clock.shift(third.expires_at - clock.now())
    with pytest.raises(SwapExpired):
        await duty.accept_swap(other, third.id)
    assert await duty.expire_swaps() == 1
    assert await duty.expire_swaps() == 0
    with pytest.raises(SwapExpired):
        await duty.accept_swap(other, third.id)
    assert (await told(plant, "duty:swap_answered")) == ["supervisor", "second", "supervisor"]
    assert await unvouched() == []


async def test_a_swap_of_a_turn_that_moved_meanwhile_is_refused(database: str) -> None:
    """An administrator put somebody else in: agreeing would take the turn away from them."""
    plant = await small_plant(enrolled=False)
    _one, other, made = await asked(plant)
    admin = await plant.actor("administrator")
    found = (await duty.rotations(plant.id))[0]
    put = await duty.put_in(
        admin, found.id, plant.persons["manager"], since=made.since, until=made.until, reason="客户审核"
    )
    assert await told(plant, "duty:put_in") == ["manager"]
    with pytest.raises(PlanMoved):
        await duty.accept_swap(other, made.id)
    await duty.take_out(admin, put.id, reason="取消")
    assert (await duty.accept_swap(other, made.id)).state == "accepted"
    with pytest.raises(NotFound):
        await duty.take_out(admin, put.id, reason="再来")
    assert await unvouched() == []


async def test_open_alerts_are_handed_over_once_when_the_duty_changes_hands(database: str) -> None:
    """The new one gets the alert that sounds and the list of open A and B cases; a restart repeats nothing."""
    at_noon()
    plant = await small_plant(enrolled=False)
    await rotation(plant, "supervisor", "second")
    assert await escalation.hand_over() == 0, "nothing is open as the plan begins"
    case = await reported(plant, risk="implant")
    minor = await reported(plant, lot="MC-001", detection="automatic")
    clock.shift(15 * MINUTE)
    await escalation.tick()
    assert await escalation.hand_over() == 0
    clock.shift(12 * HOUR)
    assert await escalation.hand_over() == 1
    assert await escalation.hand_over() == 0
    assert (2, "second", "shift") in await alerted(plant, case)
    notice = await Notice.get(kind="escalation:hand_over")
    assert (notice.person_id, notice.facts["cases"]) == (plant.persons["second"], [case.id])
    assert minor.id not in notice.facts["cases"]
    assert await LedgerEntry.filter(kind="duty:watch:change").count() == 2
    assert await unvouched() == []


async def test_an_alert_that_sounds_is_handed_over_however_many_older_cases_there_are(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a long history only what is still worked on counts; cases that the new one may not see keep nothing back."""
    at_noon()
    monkeypatch.setattr(handing_over, "MOST", 1)
    plant = await small_plant(enrolled=False)
    await rotation(plant, "supervisor", "second")
    await escalation.hand_over()
    case = await reported(plant, risk="line_down")
    over = await taken(plant, risk="implant", lot="MC-001")
    await anomalies.reject(await plant.actor("responsible"), over.id, reason="误报")
    clock.shift(HOUR)
    await escalation.tick()
    clock.shift(12 * HOUR)
    assert await escalation.hand_over() == 1
    assert (2, "second", "shift") in await alerted(plant, case)
    assert (await Notice.get(kind="escalation:hand_over")).facts["cases"] == [case.id]


async def test_the_rest_of_a_turn_that_somebody_else_began_can_be_swapped(database: str) -> None:
    plant = await small_plant(enrolled=False)
    at_noon()
    found = await rotation(plant, "second", "supervisor")
    whole = (await turns(plant, "supervisor"))[0]
    noon = whole.since + 12 * HOUR
    await duty.put_in(
        await plant.actor("administrator"),
        found.id,
        plant.persons["manager"],
        since=whole.since,
        until=noon,
        reason="客户审核",
    )
    rest = (await turns(plant, "supervisor"))[0]
    assert (rest.since, rest.until) == (noon, whole.until)
    one, other = await plant.actor("supervisor"), await plant.actor("second")
    made = await duty.ask_swap(one, rest, other_id=other.identity)
    assert (await duty.accept_swap(other, made.id)).state == "accepted"


async def test_of_two_swaps_of_one_turn_accepted_at_once_one_holds(database: str) -> None:
    plant = await small_plant(enrolled=False)
    at_noon()
    await rotation(plant, "second", "supervisor")
    mine = (await turns(plant, "supervisor"))[0]
    one, takers = await plant.actor("supervisor"), [await plant.actor(each) for each in ("second", "manager")]
    made = [await duty.ask_swap(one, mine, other_id=each.identity) for each in takers]
    said = await asyncio.gather(
        *(duty.accept_swap(each, swap.id) for each, swap in zip(takers, made, strict=True)),
        return_exceptions=True,
    )
    assert [type(each) for each in said if isinstance(each, Exception)] == [PlanMoved]
    assert len(await duty.overrides(plant.id, clock.now())) == 1


async def test_an_absence_that_was_cancelled_before_it_began_is_none(database: str) -> None:
    """It is not shown, not ended twice, and does not stand in the way of another."""
    plant = await small_plant(enrolled=False)
    owner, start = await plant.actor("responsible"), clock.now() + 5 * DAY
    await duty.be_away(owner, since=start, until=start + DAY, deputy_id=None, reason="年假")
    await duty.be_back(owner)
    assert await duty.absence_of(owner.identity) is None
    assert await duty.absences(plant.id, clock.now()) == []
    with pytest.raises(NotFound):
        await duty.be_back(owner)
    await duty.be_away(owner, until=start + 2 * DAY, deputy_id=None, reason="年假提前")
    assert await unvouched() == []
