"""Days of a plant with people who act by dice, messengers on bad days and a process that dies.

What must hold is looked at in the evening of each day. ``make test`` plays two days, ``SOAK_DAYS=30`` a month;
``SOAK_SEED`` plays another month.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import defaultdict

import pytest
from tortoise.expressions import Q

from core import anomalies, inbox, notices, people, watch
from core.anomalies.models import Anomaly
from core.escalation.models import EscalationRun, EscalationTell
from core.kit import clock
from core.notices.carrying import DOUBT
from core.notices.models import Notice
from core.notices.terms import WAITING
from tests.scenarios.conftest import Begin
from tests.scenarios.monkey import Crowd, Weather
from tests.scenarios.scene import Scene
from tests.scenarios.test_duty import DAY, NIGHT, rotation, shift

DAYS = int(os.environ.get("SOAK_DAYS", "2"))
SEED = int(os.environ.get("SOAK_SEED", "7"))
ACTS = 120 if DAYS > 2 else 50
"""Of a day."""
REPEATED = "↻"
OPEN = [one.value for one in anomalies.State if one not in anomalies.ENDED]


async def prepared(scene: Scene, weather: Weather) -> None:
    """Two shifts at tier 2, a second messenger for some; then the weather turns."""
    day, night = (
        await shift(scene, "白班", DAY, holidays=True),
        await shift(scene, "夜班", NIGHT, holidays=True),
    )
    await rotation(scene, "supervisor", "second", shift_id=day)
    await rotation(scene, "second", "supervisor", shift_id=night)
    for name in ("responsible", "manager"):
        await scene.joins(name, "wecom")
    for messenger in scene.messengers.values():
        messenger.weather = weather


@pytest.mark.parametrize("seed", [SEED])
async def test_whatever_people_and_messengers_do_nothing_is_lost_doubled_or_forgotten(
    begin: Begin, seed: int
) -> None:
    scene = await begin("there")
    dice = random.Random(seed)
    weather = Weather(dice)
    await prepared(scene, weather)
    crowd = Crowd(scene, dice, weather)
    for day in range(DAYS):
        for _act in range(ACTS):
            await crowd.acts_somehow()
        weather.calm = True
        await held_back(scene, weather)
        await evening(scene, seed, day)
        weather.calm = False
        await to_the_next_morning(scene)
    await scene.verified()
    cases = await Anomaly.all().count()
    closed = await Anomaly.exclude(state__in=OPEN).count()
    print(
        f"\n{DAYS} days, seed {seed}: {crowd.acts} acts, {crowd.restarts} restarts, {weather.repeated} repeated updates, "
        f"{sum(len(one.sends) for one in scene.messengers.values())} sends, {cases} cases, {closed} ended"
    )
    for phone in scene.phones.values():
        for one in phone.unread():
            one.read = True


async def held_back(scene: Scene, weather: Weather) -> None:
    """What was on its way arrives; what was put back is sent."""
    waiting, weather.held = weather.held, []
    for messenger, late in waiting:
        assert messenger._intake is not None
        await messenger._intake([late], None)
    await scene.passes(dt.timedelta(minutes=20))


async def to_the_next_morning(scene: Scene) -> None:
    """The night, with everything that it brings about."""
    local = scene.time.now + dt.timedelta(hours=8)
    morning = local.replace(hour=7, minute=0, second=0, microsecond=0)
    morning += dt.timedelta(days=morning <= local)
    await scene.passes(morning - local)


async def evening(scene: Scene, seed: int, day: int) -> None:
    """What must hold whatever happened."""
    where = f"seed {seed}, day {day + 1}"
    assert not scene.errors.said, f"{where}: {scene.errors.said[:3]}"
    await cases_are_in_hands(where)
    await alerts_reached_somebody(where)
    await nothing_is_stuck(where)
    await nobody_was_told_twice(scene, where)
    for messenger in scene.messengers.values():
        assert not messenger.over_the_limit(), f"{where}: {messenger.over_the_limit()[:3]}"
    await scene.jobs["audit"].run()
    found = await watch.last()
    assert found is not None
    assert found.clean, f"{where}: {found.faults}"
    await scene.verified()


async def cases_are_in_hands(where: str) -> None:
    """Every open case has an owner who still works here, a grade, a clock; numbers have no gap."""
    for case in await Anomaly.filter(state__in=OPEN):
        owner = await people.person(case.owner_id)
        assert owner.active, f"{where}: {case.number} is owned by somebody who left"
        assert case.grade or case.proposed_grade, f"{where}: {case.number} has no grade"
        assert case.due_at is not None, f"{where}: {case.number} ({case.state}) has no clock"
    numbers = sorted(int(one[-6:]) for one in await Anomaly.all().values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)), f"{where}: {numbers}"


async def alerts_reached_somebody(where: str) -> None:
    """Each alert of grade A came to somebody's screen, or the administrators heard of the gap; what sounds goes on."""
    arrived = set(await Notice.filter(message_ref__isnull=False).values_list("id", flat=True))
    gaps = set(
        await Notice.filter(kind="escalation:nobody", message_ref__isnull=False).values_list(
            "case_number", flat=True
        )
    )
    for run in await EscalationRun.filter(grade="A"):
        told = await EscalationTell.filter(run_id=run.id).values_list("notice_id", flat=True)
        reached = bool(arrived & set(told)) or run.case_number in gaps
        assert reached, f"{where}: nobody was reached by the alert of {run.case_number}"
    for run in await EscalationRun.filter(state="running"):
        assert run.next_due_at is not None, f"{where}: {run.case_number} sounds and climbs no more"
        assert run.next_due_at > clock.now() - dt.timedelta(minutes=1), f"{where}: {run.case_number} is stuck"


async def nothing_is_stuck(where: str) -> None:
    """No update waits, none was set aside; no message is due and not sent, none in a dead sender's hand."""
    counts = await inbox.counts()
    assert (counts["waiting"], counts["aside"]) == (0, 0), f"{where}: {counts}"
    late = Q(state__in=WAITING, due_at__lte=clock.now()) | Q(state="sending")
    late |= Q(state="unknown", doubts__lte=len(DOUBT), due_at__lte=clock.now())
    stuck = await Notice.filter(late).values_list("id", "kind", "state", "last_error")
    assert not stuck, f"{where}: {stuck[:3]} of {await notices.depth()}"


async def nobody_was_told_twice(scene: Scene, where: str) -> None:
    """One message comes once to a chat; where nobody could know, the repeat says so."""
    for name, phone in scene.phones.items():
        seen: defaultdict[str, int] = defaultdict(int)
        for post in phone.messenger.posts[phone.account]:
            stamp = post.shown.outgoing.stamp
            if post.changed or not stamp:
                continue
            seen[stamp] += 1
            marked = REPEATED in post.text or phone.messenger.capabilities.drops_repeats
            assert seen[stamp] == 1 or marked, f"{where}: {name} was told twice: {post.in_words()}"
