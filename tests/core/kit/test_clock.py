"""One source of time: always UTC, always with a zone, movable for rehearsals."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit import clock


def test_now_is_utc() -> None:
    """No instant without a zone leaves the clock."""
    assert clock.now().utcoffset() == dt.timedelta(0)


def test_the_clock_is_put_back_after_a_block_that_fails() -> None:
    """A rehearsal never leaves the process in another time."""
    before = clock._shift[0]
    with pytest.raises(ZeroDivisionError), clock.unshifted():
        clock.shift(dt.timedelta(days=3))
        clock.shift(dt.timedelta(hours=1))
        assert clock._shift[0] - before == dt.timedelta(days=3, hours=1)
        raise ZeroDivisionError
    assert clock._shift[0] == before


def test_time_goes_on_while_shifted() -> None:
    """A shifted clock answers later instants than before the shift."""
    before = clock.now()
    clock.shift(dt.timedelta(hours=5))
    assert clock.now() - before >= dt.timedelta(hours=5)


@given(
    st.datetimes(
        min_value=dt.datetime(1971, 1, 1), max_value=dt.datetime(2100, 1, 1), timezones=st.timezones()
    )
)
def test_the_same_instant_in_any_zone(moment: dt.datetime) -> None:
    """Converting changes the writing, not the instant."""
    there = clock.utc(moment)
    assert there.tzinfo is dt.UTC
    assert there.timestamp() == moment.timestamp()
    assert clock.in_zone(moment, "Asia/Shanghai") == there


def test_an_instant_without_a_zone_is_refused() -> None:
    """Nobody guesses which midnight was meant."""
    naive = dt.datetime(2026, 11, 23)
    with pytest.raises(ValueError, match="needs a time zone"):
        clock.utc(naive)
    with pytest.raises(ValueError, match="needs a time zone"):
        clock.in_zone(naive, "Asia/Shanghai")


def test_shanghai_is_eight_hours_ahead() -> None:
    """The wall clock of the plant."""
    shown = clock.in_zone(dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC), "Asia/Shanghai")
    assert shown.strftime("%Y-%m-%d %H:%M") == "2026-11-24 04:00"
