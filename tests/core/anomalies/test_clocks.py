"""The clocks of the stages (reference §7.3) and working days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.anomalies import Clocks, Colour, PartnerStep, State, timing
from core.anomalies.errors import ClocksBroken, ContainmentWaits, NoClock, NotLater
from core.anomalies.terms import ENDED
from core.calendars import Calendar
from tests.core.anomalies.cases import NOW

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CLOCKS, DAYS = Clocks(), Calendar()


def due(state: State, grade: str | None) -> dt.datetime | None:
    return timing.due(state, grade, NOW, CLOCKS, DAYS)


@pytest.mark.parametrize(
    ("state", "grade", "after"),
    [
        (State.REPORTED, "A", dt.timedelta(minutes=15)),
        (State.REPORTED, "B", HOUR),
        (State.REPORTED, "C", 8 * HOUR),
        (State.COLLECTING, "A", 4 * HOUR),
        (State.COLLECTING, "B", 24 * HOUR),
        (State.COLLECTING, "C", 3 * DAY),
        (State.GRADED, "A", 4 * HOUR),
        (State.GRADED, "B", 48 * HOUR),
        (State.GRADED, "C", 7 * DAY),
        (State.INVESTIGATING, "A", 14 * DAY),
        (State.INVESTIGATING, "B", 21 * DAY),
        (State.INVESTIGATING, "C", 42 * DAY),
        (State.IMPLEMENTING, "A", 30 * DAY),
        (State.IMPLEMENTING, "C", 90 * DAY),
        (State.VERIFYING, "A", 90 * DAY),
        (State.VERIFYING, "B", 180 * DAY),
    ],
)
def test_each_stage_has_the_clock_of_the_reference_table(
    state: State, grade: str, after: dt.timedelta
) -> None:
    """NOW is a Monday, so five working days end on the Monday after and ten the Monday after that."""
    assert due(state, grade) == NOW + after


def test_an_ended_case_has_no_clock() -> None:
    assert [due(state, "A") for state in ENDED] == [None, None, None]


def test_a_case_without_any_grade_runs_on_the_slowest_clock() -> None:
    assert due(State.COLLECTING, None) == due(State.COLLECTING, "C")


@given(st.sampled_from([one for one in State if one not in ENDED]))
def test_a_graver_grade_never_has_more_time(state: State) -> None:
    a, b, c = (due(state, grade) for grade in "ABC")
    assert a is not None
    assert b is not None
    assert c is not None
    assert a <= b <= c


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        ("A", {"ack": DAY, "d3": DAY, "d4": 7 * DAY, "d5": 14 * DAY, "d8": 42 * DAY}),
        ("B", {"ack": 2 * DAY, "d3": 3 * DAY, "d4": 14 * DAY, "d5": 28 * DAY, "d8": 63 * DAY}),
        ("C", {"cap": 21 * DAY}),
    ],
)
def test_a_partner_owes_the_steps_of_the_reference_table(
    grade: str, expected: dict[str, dt.timedelta]
) -> None:
    found = timing.partner_dues(grade, NOW, CLOCKS, DAYS)
    assert {step.value: end - NOW for step, end in found.items()} == expected
    assert set(found) <= set(PartnerStep)


def test_the_effect_is_watched_in_a_window() -> None:
    assert timing.window_opens("A", NOW, CLOCKS, DAYS) == NOW + 30 * DAY
    assert timing.window_opens("C", NOW, CLOCKS, DAYS) is None


@pytest.mark.parametrize(
    ("total", "left", "colour"),
    [
        (30 * DAY, 73 * HOUR, Colour.GREEN),
        (30 * DAY, 72 * HOUR, Colour.AMBER),
        (4 * HOUR, HOUR + dt.timedelta(seconds=1), Colour.GREEN),
        (4 * HOUR, HOUR, Colour.AMBER),
        (4 * HOUR, dt.timedelta(microseconds=1), Colour.AMBER),
        (4 * HOUR, dt.timedelta(0), Colour.RED),
        (30 * DAY, -HOUR, Colour.RED),
    ],
)
def test_a_clock_turns_amber_before_it_turns_red(
    total: dt.timedelta, left: dt.timedelta, colour: Colour
) -> None:
    """72 hours before the end, of a short clock in its last quarter."""
    assert timing.colour(NOW + left - total, NOW + left, NOW) is colour


@pytest.mark.parametrize(
    "spans",
    [
        {"A": "5 h", "B": "4 h", "C": "3 wd"},
        {"A": "soon", "B": "48 h", "C": "5 wd"},
        {"A": "0 h", "B": "48 h", "C": "5 wd"},
        {"A": "25 h", "B": "48 h", "C": "5 wd"},
        {"A": "1 wd", "B": "48 h", "C": "5 wd"},
        {"A": "4 h", "B": "48 h"},
        {"A": "4 h", "B": "48 h", "C": "–"},
        {"A": "4 h", "B": "48 h", "C": "99999 d"},
    ],
)
def test_clocks_that_do_not_fit_are_refused(spans: dict[str, str]) -> None:
    """Falling, unreadable, nothing, containment of A over a day, a grade missing, no clock at all, endless."""
    timing.sound(Clocks())
    with pytest.raises(ClocksBroken):
        timing.sound(Clocks(stages={**timing.STAGES, "graded": spans}))


def test_more_time_is_later_and_containment_of_a_waits_a_day_at_most() -> None:
    def ask(until: dt.datetime, present: dt.datetime | None = NOW + HOUR, latest: object = None) -> None:
        timing.may_extend(present=present, until=until, now=NOW, latest=latest, number="AN-1")  # type: ignore[arg-type]

    ask(NOW + 2 * HOUR)
    with pytest.raises(NoClock):
        ask(NOW + 2 * HOUR, present=None)
    for until in (NOW + HOUR, NOW, NOW - DAY, NOW + 4000 * DAY):
        with pytest.raises(NotLater):
            ask(until)
    with pytest.raises(NotLater):
        ask(NOW, present=NOW - DAY)
    ask(NOW + DAY, latest=NOW + DAY)
    with pytest.raises(ContainmentWaits):
        ask(NOW + DAY + HOUR, latest=NOW + DAY)


def test_clocks_are_read_back_as_they_were_stored() -> None:
    assert Clocks.from_json(CLOCKS.to_json()) == CLOCKS
