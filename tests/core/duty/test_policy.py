"""Who is on duty: rotations, overrides, absences, gaps, swaps; without a database."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.calendars import Calendar, ShiftFacts
from core.duty import (
    AbsenceFacts,
    CannotServe,
    NotAsked,
    NotYourTurn,
    OverrideFacts,
    OwnDeputy,
    PeriodBroken,
    RotationBroken,
    RotationFacts,
    SwapExpired,
    SwapFacts,
    SwapOver,
    SwapWithSelf,
    Turn,
    TurnBegan,
    policy,
)

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 11, 23, 8, tzinfo=ZONE)
ANY = Calendar(statutory="weekends")
A, B, C = 1, 2, 3


def rotation(**changes: object) -> RotationFacts:
    facts: dict[str, object] = {
        "id": 9, "tier": 2, "category": None, "site_id": None, "partner_id": None, "shift_id": None,
        "every": "week", "order": (A, B), "starts_on": dt.date(2026, 11, 23), "hand_over": dt.time(8),
        "zone": "Asia/Shanghai",
    }  # fmt: skip
    return RotationFacts(**{**facts, **changes})  # type: ignore[arg-type]


def night(**changes: object) -> ShiftFacts:
    facts: dict[str, object] = {
        "id": 4, "site_id": None, "name": "夜班", "start": dt.time(22), "end": dt.time(6),
        "days": (1, 2, 3, 4, 5, 6, 7), "holidays": True, "zone": "Asia/Shanghai",
    }  # fmt: skip
    return ShiftFacts(**{**facts, **changes})  # type: ignore[arg-type]


def absence(
    person: int, deputy: int | None, since: dt.datetime, until: dt.datetime, key: int = 1
) -> AbsenceFacts:
    return AbsenceFacts(id=key, person_id=person, deputy_id=deputy, since=since, until=until, reason="年假")


def override(person: int, since: dt.datetime, until: dt.datetime, key: int = 1) -> OverrideFacts:
    return OverrideFacts(
        id=key, rotation_id=9, person_id=person, since=since, until=until, swap=False, reason="替"
    )


def on(at: dt.datetime, **given_: object) -> int | None:
    one = given_.pop("one", rotation())
    found = policy.turns(
        one,  # type: ignore[arg-type]
        given_.pop("shift", None),  # type: ignore[arg-type]
        ANY,
        given_.pop("overrides", ()),  # type: ignore[arg-type]
        given_.pop("absences", ()),  # type: ignore[arg-type]
        at,
        at + policy.MOMENT,
        **given_,  # type: ignore[arg-type]
    )
    turn = policy.at(found, at)
    return None if turn is None else turn.person_id


def test_a_weekly_rotation_changes_hands_on_its_weekday_at_its_hour() -> None:
    assert [on(MONDAY + 7 * DAY * n) for n in range(4)] == [A, B, A, B]
    assert on(MONDAY + 7 * DAY - policy.MOMENT) == A
    assert on(MONDAY - policy.MOMENT) is None, "before it starts nobody is on duty"


def test_a_daily_rotation_in_a_night_shift_belongs_to_whoever_it_began_with() -> None:
    """03:00 on Tuesday is still Monday's night; at noon there is a gap."""
    one = rotation(every="day", shift_id=4, order=(A, B, C))
    assert on(MONDAY + 19 * HOUR, one=one, shift=night()) == A
    assert on(MONDAY + 14 * HOUR, one=one, shift=night()) == A
    assert on(MONDAY + 38 * HOUR, one=one, shift=night()) == B
    assert on(MONDAY + 28 * HOUR, one=one, shift=night()) is None


def test_an_override_outweighs_the_rotation_and_fills_a_gap() -> None:
    put_in = [
        override(C, MONDAY + HOUR, MONDAY + 3 * HOUR),
        override(B, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, 2),
    ]
    assert [on(MONDAY + n * HOUR, overrides=put_in) for n in range(5)] == [A, C, B, B, A]
    one = rotation(every="day", shift_id=4)
    noon = MONDAY + 4 * HOUR
    assert on(noon, one=one, shift=night(), overrides=[override(C, noon, noon + HOUR)]) == C


@pytest.mark.parametrize(
    ("deputies", "expected"),
    [
        ({}, A),
        ({A: None}, None),
        ({A: B}, B),
        ({A: B, B: C}, C),
        ({A: B, B: None}, None),
        ({A: B, B: A}, None),
        ({A: B, B: C, C: None}, None),
        ({A: B, B: C, C: A}, None),
    ],
)
def test_an_absence_hands_over_to_the_deputy_and_theirs(
    deputies: dict[int, int | None], expected: int | None
) -> None:
    """Everybody away, or away in a circle, is nobody: the alert goes to the next tier."""
    gone = [absence(who, deputy, MONDAY, MONDAY + DAY) for who, deputy in deputies.items()]
    assert on(MONDAY + HOUR, absences=gone) == expected
    assert on(MONDAY + DAY, absences=gone) == A


def test_whoever_lost_access_leaves_a_gap() -> None:
    assert on(MONDAY, able=frozenset({B, C})) is None
    assert on(MONDAY, able=frozenset({B}), absences=[absence(A, B, MONDAY, MONDAY + DAY)]) == B


def test_the_plan_says_why_and_instead_of_whom() -> None:
    found = policy.turns(
        rotation(), None, ANY, [override(C, MONDAY + 2 * DAY, MONDAY + 3 * DAY)],
        [absence(A, B, MONDAY, MONDAY + DAY)], MONDAY, MONDAY + 4 * DAY,
    )  # fmt: skip
    assert [(one.person_id, one.because, one.instead_of) for one in found] == [
        (B, "deputy", A),
        (A, "rotation", None),
        (C, "override", None),
        (A, "rotation", None),
    ]


instants = st.integers(0, 14 * 24).map(lambda hours: MONDAY + hours * HOUR)
spans = st.tuples(instants, st.integers(1, 90)).map(lambda pair: (pair[0], pair[0] + pair[1] * HOUR))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from([A, B, C]), spans), max_size=4),
    st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from([A, B, C, None]), spans), max_size=4),
    st.sampled_from([("day", 4), ("day", None), ("week", None), ("week", 4)]),
    st.lists(instants, min_size=1, max_size=6),
)
def test_the_plan_of_two_weeks_and_the_answer_for_one_instant_are_the_same(
    puts: list, gone: list, rhythm: tuple, moments: list[dt.datetime]
) -> None:
    """Turns follow one another without overlap, and each instant's own answer is the plan's."""
    every, shift_id = rhythm
    one = rotation(every=every, shift_id=shift_id, order=(A, B, C))
    shift = night() if shift_id else None
    overrides = [override(who, *span, key=key) for key, (who, span) in enumerate(puts)]
    absences = [absence(who, deputy, *span, key=key) for key, (who, deputy, span) in enumerate(gone)]
    plan = policy.turns(one, shift, ANY, overrides, absences, MONDAY, MONDAY + 15 * DAY)
    assert all(first.until <= second.since for first, second in itertools.pairwise(plan))
    for moment in moments:
        turn = policy.at(plan, moment)
        own = on(moment, one=one, shift=shift, overrides=overrides, absences=absences)
        assert own == (None if turn is None else turn.person_id)
        if own is not None:
            assert policy.away(own, moment, absences) is None


def test_the_rotation_that_names_most_decides() -> None:
    plain, by_category, by_site = rotation(id=1), rotation(id=2, category="P"), rotation(id=3, site_id=5)
    every = [plain, by_category, by_site, rotation(id=4, partner_id=8)]

    def chosen(category: str, site: int | None, partner: int | None) -> list[int]:
        found = policy.most_specific(every, category=category, site_id=site, partner_id=partner)
        return [one.id for one in found]

    assert chosen("K", None, None) == [1]
    assert chosen("P", None, None) == [2]
    assert chosen("P", 5, None) == [3]
    assert chosen("P", 5, 8) == [4]
    assert policy.most_specific([by_site], category="P", site_id=None, partner_id=None) == []


@pytest.mark.parametrize(
    ("order", "tier", "refusal"),
    [((), 2, RotationBroken), ((A,), 5, RotationBroken), ((A,), 0, RotationBroken), ((A, 7), 2, CannotServe)],
)
def test_a_rotation_nobody_could_serve_is_refused(
    order: tuple[int, ...], tier: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        policy.sound(order, tier, (A, B))


def test_a_stretch_of_time_lies_ahead_and_ends() -> None:
    policy.lasting(MONDAY - DAY, MONDAY + HOUR, MONDAY)
    for since, until in (
        (MONDAY, MONDAY),
        (MONDAY + DAY, MONDAY),
        (MONDAY - 2 * DAY, MONDAY - DAY),
        (MONDAY, MONDAY + 367 * DAY),
    ):
        with pytest.raises(PeriodBroken):
            policy.lasting(since, until, MONDAY)
    with pytest.raises(OwnDeputy):
        policy.deputise(A, A, (A, B))
    with pytest.raises(CannotServe):
        policy.deputise(A, C, (A, B))


def turn(person: int | None = A, begins: dt.datetime = MONDAY + DAY) -> Turn:
    return Turn(9, begins, begins + 8 * HOUR, person, "rotation")


@pytest.mark.parametrize(
    ("offered", "other", "refusal"),
    [
        (None, B, NotYourTurn),
        (turn(B), B, NotYourTurn),
        (turn(A, MONDAY), B, TurnBegan),
        (turn(), A, SwapWithSelf),
        (turn(), 7, CannotServe),
    ],
)
def test_only_an_own_coming_turn_is_swapped_with_somebody_able(
    offered: Turn | None, other: int, refusal: type[Exception]
) -> None:
    policy.ask_swap(turn(), asker=A, other=B, able=(A, B), now=MONDAY)
    with pytest.raises(refusal):
        policy.ask_swap(offered, asker=A, other=other, able=(A, B), now=MONDAY)


@pytest.mark.parametrize(
    ("state", "by", "now", "refusal"),
    [
        ("asked", C, MONDAY, NotAsked),
        ("asked", A, MONDAY, NotAsked),
        ("asked", B, MONDAY + DAY, SwapExpired),
        ("expired", B, MONDAY, SwapExpired),
        ("accepted", B, MONDAY, SwapOver),
        ("refused", B, MONDAY, SwapOver),
        ("withdrawn", B, MONDAY, SwapOver),
    ],
)
def test_a_swap_is_answered_once_in_time_by_the_one_asked(
    state: str, by: int, now: dt.datetime, refusal: type[Exception]
) -> None:
    swap = SwapFacts(
        id=1, rotation_id=9, asker_id=A, other_id=B, since=MONDAY + 2 * DAY, until=MONDAY + 3 * DAY,
        return_rotation_id=None, return_since=None, return_until=None, state=state,
        expires_at=policy.swap_expires(MONDAY, MONDAY + 2 * DAY),
    )  # fmt: skip
    assert swap.expires_at == MONDAY + DAY
    assert policy.swap_expires(MONDAY, MONDAY + HOUR) == MONDAY + HOUR
    with pytest.raises(refusal):
        policy.answer_swap(swap, by=by, now=now)
