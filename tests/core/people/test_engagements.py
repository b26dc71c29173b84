"""An auditor is let in for a time, by an administrator, with a reason; before, after and without it nothing is read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from core import people
from core.kit import NotFound, NotPermitted, Refusal, clock
from core.people import EngagementState
from core.people.models import Engagement
from core.people.policy import LONGEST_ENGAGEMENT, MOST_NAMED, must_be_engagement
from tests.core.people.house import House, met, opened

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


async def let_in(house: House, auditor: int, **changes: Any) -> people.EngagementFacts:
    """An engagement of ten days from now."""
    now = clock.now()
    given: dict[str, Any] = {"opens_at": now, "closes_at": now + 10 * DAY, "reason": "customer audit"}
    return await people.engage(house.boss, auditor, **(given | changes))


@pytest.mark.req("G-46a")
async def test_an_auditor_reads_from_the_first_instant_to_the_last_and_not_beyond(house: House) -> None:
    auditor = await house.hire("周洁", "auditor")
    with pytest.raises(people.NotEngaged):
        people.must_be_let_in(await house.actor(auditor))
    with pytest.raises(NotPermitted):
        await people.accesses(await house.actor(auditor))
    opened = await let_in(house, auditor, opens_at=clock.now() + DAY, closes_at=clock.now() + 3 * DAY)
    assert opened.state(clock.now()) is EngagementState.COMING
    assert not (await house.actor(auditor)).permissions
    clock.shift(DAY)
    actor = await house.actor(auditor)
    people.must_be_let_in(actor)
    assert actor.engagement is not None
    assert actor.engagement.id == opened.id
    assert (await people.accesses(actor)).rows == []
    clock.shift(2 * DAY)
    late = await house.actor(auditor)
    assert late.engagement is None
    assert not late.permissions
    assert opened.state(clock.now()) is EngagementState.OVER


async def test_an_engagement_that_is_ended_closes_at_once_and_stays_on_record(house: House) -> None:
    auditor = await house.hire("周洁", "auditor")
    opened = await let_in(house, auditor)
    assert (await house.actor(auditor)).engagement is not None
    with pytest.raises(people.NeedsReason):
        await people.end_engagement(house.boss, opened.id, " ")
    ended = await people.end_engagement(house.boss, opened.id, "audit finished early")
    assert ended.state(clock.now()) is EngagementState.ENDED
    assert (await house.actor(auditor)).engagement is None
    with pytest.raises(people.EngagementOver):
        await people.end_engagement(house.boss, opened.id, "again")
    assert [one.id for one in await people.engagements(house.boss)] == [opened.id]
    again = await let_in(house, auditor)
    assert again.id != opened.id
    assert (await house.actor(auditor)).engagement is not None


async def test_everybody_else_keeps_the_rights_of_their_roles(house: House) -> None:
    for person in (house.li, house.wang, house.he):
        actor = await house.actor(person)
        assert actor.permissions
        assert actor.engagement is None
        people.must_be_let_in(actor)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"closes_at": NOON - DAY, "opens_at": NOON - 2 * DAY}, people.EngagementPeriod),
        ({"opens_at": NOON + 5 * DAY, "closes_at": NOON + 5 * DAY}, people.EngagementPeriod),
        ({"opens_at": NOON, "closes_at": NOON + LONGEST_ENGAGEMENT + DAY}, people.EngagementPeriod),
        ({"reported_since": NOON, "reported_until": NOON}, people.ReportDatesReversed),
        ({"cases": 201}, people.TooManyNamed),
    ],
)
def test_an_engagement_has_a_clear_and_limited_time(changes: dict[str, Any], refusal: type[Refusal]) -> None:
    given: dict[str, Any] = {
        "opens_at": NOON,
        "closes_at": NOON + LONGEST_ENGAGEMENT,
        "reported_since": None,
        "reported_until": None,
        "cases": MOST_NAMED,
        "now": NOON,
    }
    must_be_engagement(**given)
    with pytest.raises(refusal):
        must_be_engagement(**(given | changes))


async def test_what_cannot_be_opened_is_refused_and_nothing_is_written(house: House) -> None:
    auditor = await house.hire("周洁", "auditor")
    for refusal, changes in (
        (people.NeedsReason, {"reason": ""}),
        (NotFound, {"partner_id": 999_999}),
        (NotFound, {"partner_id": house.plant}),
        (people.CasesUnknown, {"cases": ["AN-2026-999999"]}),
        (people.EngagementPeriod, {"closes_at": clock.now() - DAY}),
    ):
        with pytest.raises(refusal):
            await let_in(house, auditor, **changes)
    with pytest.raises(people.NotAnAuditor):
        await let_in(house, house.li)
    with pytest.raises(NotFound):
        await let_in(house, 999_999)
    for person in (house.li, house.wang, house.he, auditor):
        with pytest.raises(NotPermitted):
            await people.engage(
                await house.actor(person),
                auditor,
                opens_at=clock.now(),
                closes_at=clock.now() + DAY,
                reason="mine",
            )
    assert not await Engagement.exists()


async def test_one_engagement_at_a_time_also_when_two_are_opened_at_once(house: House) -> None:
    auditor = await house.hire("周洁", "auditor")
    came = await met(let_in(house, auditor), let_in(house, auditor), let_in(house, auditor))
    assert came == {"in": 1, "EngagementOverlaps": 2}
    now = clock.now()
    await let_in(house, auditor, opens_at=now + 20 * DAY, closes_at=now + 30 * DAY)
    with pytest.raises(people.EngagementOverlaps):
        await let_in(house, auditor, opens_at=now + 25 * DAY, closes_at=now + 40 * DAY)


async def test_an_auditor_sees_the_own_engagements_only_and_no_other_plant_any(
    house: House,
) -> None:
    other = await opened()
    first, second = await house.hire("周洁", "auditor"), await house.hire("钱进", "auditor")
    mine, theirs = await let_in(house, first), await let_in(house, second)
    assert {one.id for one in await people.engagements(house.boss)} == {mine.id, theirs.id}
    assert [one.id for one in await people.engagements(await house.actor(first))] == [mine.id]
    assert await people.engagements(other.boss) == []
    with pytest.raises(NotFound):
        await people.end_engagement(other.boss, mine.id, "not ours")
    with pytest.raises(NotFound):
        await let_in(other, first)
    with pytest.raises(NotPermitted):
        await people.engagements(await house.actor(house.wang))
