"""The clocks of the stages (reference §7.3) and working days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import anomalies
from core.anomalies import State, policy
from core.anomalies.terms import ENDED
from tests.core.anomalies.cases import NOW

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


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
    assert policy.due(state, grade, NOW) == NOW + after


def test_an_ended_case_has_no_clock() -> None:
    assert [policy.due(state, "A", NOW) for state in ENDED] == [None, None, None]


def test_a_case_without_any_grade_runs_on_the_slowest_clock() -> None:
    assert policy.due(State.COLLECTING, None, NOW) == policy.due(State.COLLECTING, "C", NOW)


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)),
    st.integers(1, 60),
)
def test_working_days_end_on_a_working_day_at_the_same_time(start: dt.datetime, days: int) -> None:
    end = policy.working_days_later(start, days)
    between = [start + DAY * step for step in range(1, (end - start).days + 1)]
    assert end.weekday() < 5
    assert end.timetz() == start.timetz()
    assert sum(one.weekday() < 5 for one in between) == days


@given(st.sampled_from([one for one in State if one not in ENDED]))
def test_a_graver_grade_never_has_more_time(state: State) -> None:
    a, b, c = (policy.due(state, grade, NOW) for grade in "ABC")
    assert a is not None
    assert b is not None
    assert c is not None
    assert a <= b <= c


def test_the_plan_of_a_critical_case_is_due_in_ten_working_days() -> None:
    assert anomalies.plan_due("A", NOW) == NOW + 14 * DAY
