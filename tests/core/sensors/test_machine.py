"""The alarm rules as a machine: no chatter, no two episodes of one stretch, and the order of arrival changes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sensors import policy
from core.sensors.kinetic import Window
from core.sensors.policy import State
from core.sensors.terms import Episode, EpisodeFacts, EpisodeState, Point, Rule, Severity, Trouble

START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
RULE = Rule(
    version=1,
    since=START,
    warning_high=Decimal(7),
    alarm_high=Decimal(8),
    alarm_low=Decimal(2),
    delay=2 * MINUTE,
    hysteresis=Decimal(1),
    rate=Decimal(300),
    stuck=6 * MINUTE,
    missing=4,
    mkt=Decimal(7),
    mkt_window=dt.timedelta(hours=1),
)
LATER = replace(RULE, version=2, since=START + 40 * MINUTE, alarm_high=Decimal(9), stuck=None)
ONLY_HIGH = Rule(
    version=1, since=START, alarm_high=Decimal(8), delay=2 * MINUTE, hysteresis=Decimal(1), missing=None
)


def point(minute: int, value: str | Decimal) -> Point:
    at = START + minute * MINUTE
    return Point(at=at, value=Decimal(value), received_at=at)


def found(points: list[Point], rules: list[Rule], *, until: int = 90) -> list[Episode]:
    window = Window(points, points[0].at if points else None)
    state, ended = policy.fold(State(), points, rules, MINUTE, window.mean)
    return ended + policy.going_on(state, rules, MINUTE, START + until * MINUTE)


def high(values: str) -> list[tuple[int, int | None]]:
    """Begins and ends, in minutes, of the episodes above the limit that values a minute apart show."""
    points = [point(n, one) for n, one in enumerate(values.split())]
    return [
        (int((one.begins - START) / MINUTE), None if one.ends is None else int((one.ends - START) / MINUTE))
        for one in found(points, [ONLY_HIGH])
        if one.trouble is Trouble.HIGH
    ]


@pytest.mark.parametrize(
    ("values", "episodes"),
    [
        ("5 9 9 9 5", [(1, 4)]),
        ("5 9 9 5 9 9 5", []),  # never beyond for long enough
        (
            "5 9 9 9 7.5 9 7.5 9 7.0 5",
            [(1, 8)],
        ),  # around the limit: one episode, ended by the hysteresis alone
        ("5 8 8 8 8", []),  # at the limit is within
        ("5 9 9 9", [(1, None)]),
        ("9 9 9 7 9 9 9 7", [(0, 3), (4, 7)]),
    ],
)
def test_an_episode_begins_after_the_delay_and_ends_by_the_hysteresis(
    values: str, episodes: list[tuple[int, int | None]]
) -> None:
    assert high(values) == episodes


def test_silence_stuckness_pace_and_mkt_are_episodes_too() -> None:
    """Each is told with where it begins, when it was noticed and where it ends."""
    silent = found([point(0, "5"), point(10, "5.1")], [RULE], until=11)
    [missing] = [one for one in silent if one.trouble is Trouble.MISSING]
    assert (missing.begins, missing.noticed, missing.ends) == (START, START + 4 * MINUTE, START + 10 * MINUTE)
    gone = found([point(0, "5")], [RULE], until=5)
    assert [(one.trouble, one.ends) for one in gone] == [(Trouble.MISSING, None)]
    never = found([], [RULE], until=5)
    assert [(one.trouble, one.begins) for one in never] == [(Trouble.MISSING, START)]
    still = found([point(n, "5") for n in range(8)] + [point(8, "5.1")], [RULE], until=8)
    assert [(one.trouble, one.begins, one.ends) for one in still] == [
        (Trouble.STUCK, START, START + 8 * MINUTE)
    ]
    steep = found([point(0, "3"), point(1, "7"), point(2, "7.1")], [RULE], until=2)
    assert steep == []  # 240 in an hour
    fast = found([point(0, "2"), point(1, "7.5"), point(2, "7.6")], [RULE], until=2)
    assert [(one.trouble, one.worst) for one in fast] == [(Trouble.RATE, Decimal(330))]
    warm = found(
        [point(n, "5") for n in range(30)] + [point(30 + n, f"{7.2 + n % 2 / 10}") for n in range(60)],
        [replace(RULE, stuck=None, warning_high=None)],
    )
    [mkt] = [one for one in warm if one.trouble is Trouble.MKT]
    assert mkt.begins > START + 60 * MINUTE
    assert mkt.worst > 7


values = st.sampled_from(["1", "1.5", "2.5", "5", "6.5", "7", "7.5", "8.5", "9.5", "12"]).map(Decimal)
series = st.dictionaries(st.integers(0, 80), values, min_size=1, max_size=40)


@given(data=series, seed=st.randoms(use_true_random=False), versions=st.sampled_from([[RULE], [RULE, LATER]]))
@settings(max_examples=120, deadline=None)
def test_any_order_with_duplicates_records_the_same_episodes(
    data: dict[int, Decimal], seed, versions: list[Rule]
) -> None:
    """Read on from a state before each late reading; what is recorded ends as the sorted series says."""
    minutes = list(data) + seed.choices(list(data), k=5)
    seed.shuffle(minutes)
    got: dict[int, Point] = {}
    states: list[State] = [State()]
    known: list[EpisodeFacts] = []
    cases = 0
    for minute in minutes:
        if minute in got:
            continue
        new = point(minute, data[minute])
        got[minute] = new
        states = [one for one in states if one.at is None or one.at < new.at]
        start = states[-1]
        every = [got[key] for key in sorted(got)]
        points = [one for one in every if start.at is None or one.at > start.at]
        window = Window(every, every[0].at)
        after, ended = policy.fold(start, points, versions, MINUTE, window.mean)
        states.append(after)
        shown = ended + policy.going_on(after, versions, MINUTE, START + 90 * MINUTE)
        looked = [
            one
            for one in known
            if start.at is None or one.episode.ends is None or one.episode.ends > start.at
        ]
        for change in policy.changes(looked, shown, start.at):
            cases += change.known is None and change.of is None
            known = kept(known, change, len(known) + 1, every[-1].at)
    truth = found([got[key] for key in sorted(got)], versions)
    live = [one.episode for one in known if one.state is not EpisodeState.RETRACTED]
    assert sorted(live, key=repr) == sorted(truth, key=repr)
    assert cases <= len(known)


def kept(
    known: list[EpisodeFacts], change: policy.Change, number: int, last: dt.datetime
) -> list[EpisodeFacts]:
    """The record after a change, as the room writes it."""
    if change.found is None:
        state = EpisodeState.RETRACTED
    else:
        state = EpisodeState.OPEN if change.found.ends is None else EpisodeState.OVER
    if change.known is None:
        assert change.found is not None
        made = EpisodeFacts(
            id=number,
            sensor_id=1,
            state=state,
            known_at=START,
            late=False,
            case_number="",
            episode=change.found,
        )
        return [*known, made]
    return [
        replace(one, state=state, episode=change.found or policy.withdrawn(one.episode, last))
        if one.id == change.known.id
        else one
        for one in known
    ]


@given(data=series)
@settings(max_examples=60, deadline=None)
def test_episodes_of_one_trouble_never_overlap_and_never_chatter(data: dict[int, Decimal]) -> None:
    """Between two episodes of one limit lies a reading that is inside by the hysteresis."""
    points = [point(key, data[key]) for key in sorted(data)]
    episodes = [one for one in found(points, [RULE]) if one.key == (Trouble.HIGH, Severity.ALARM)]
    for before, after in pairwise(episodes):
        assert before.ends is not None
        assert before.ends < after.begins
        [end] = [one for one in points if one.at == before.ends]
        assert end.value <= RULE.alarm_high - RULE.hysteresis
    for one in episodes:
        assert one.noticed - one.begins >= RULE.delay


def test_a_late_reading_that_splits_an_episode_opens_no_second_case() -> None:
    """The part that is left over belongs to the case that was opened for the whole."""
    whole = found([point(0, "9"), point(9, "9"), point(20, "9")], [ONLY_HIGH])
    facts = EpisodeFacts(
        id=1,
        sensor_id=1,
        state=EpisodeState.OPEN,
        known_at=START,
        late=False,
        case_number="AN-1",
        episode=whole[0],
    )
    parts = found([point(0, "9"), point(9, "9"), point(10, "5"), point(12, "9"), point(20, "9")], [ONLY_HIGH])
    first, second = policy.changes([facts], parts, None)
    assert (first.known, first.found) == (facts, parts[0])
    assert (second.known, second.of) == (None, facts)
