"""Working days with holidays and make-up days; shifts over midnight, in zones with and without DST."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import calendars
from core.calendars import BeyondCalendar, Calendar, DayFacts, ShiftBroken, ShiftFacts, Statutory, policy

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CHINA = Calendar()
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
BERLIN = Calendar(statutory="weekends", zone="Europe/Berlin")


def shanghai(year: int, month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def shift(start: int, end: int, *, days: tuple[int, ...] = (1, 2, 3, 4, 5), **changes: object) -> ShiftFacts:
    facts: dict[str, object] = {
        "id": 1, "site_id": None, "name": "白班", "start": dt.time(start), "end": dt.time(end), "days": days,
        "holidays": False, "zone": "Asia/Shanghai",
    }  # fmt: skip
    return ShiftFacts(**{**facts, **changes})  # type: ignore[arg-type]


def day(date: dt.date, *, working: bool, site_id: int | None = None) -> DayFacts:
    return DayFacts(id=1, day=date, working=working, site_id=site_id, reason="停电")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # Spring Festival 2026: off 15 to 23 February, Saturdays 14 and 28 February worked.
        (shanghai(2026, 2, 13), 1, shanghai(2026, 2, 14)),
        (shanghai(2026, 2, 13), 2, shanghai(2026, 2, 24)),
        (shanghai(2026, 2, 14), 1, shanghai(2026, 2, 24)),
        (shanghai(2026, 2, 24), 5, shanghai(2026, 3, 2)),
        (shanghai(2026, 2, 24), 4, shanghai(2026, 2, 28)),
        # National Day 2026: Sunday 20 September and Saturday 10 October worked, 25–27 September and 1–7 October off.
        (shanghai(2026, 9, 18), 1, shanghai(2026, 9, 20)),
        (shanghai(2026, 9, 30), 1, shanghai(2026, 10, 8)),
        (shanghai(2026, 9, 30), 3, shanghai(2026, 10, 10)),
        (shanghai(2026, 10, 3, 2), 1, shanghai(2026, 10, 8, 2)),
        # 2027 is not known: weekends only, also on 1 January.
        (shanghai(2026, 12, 31), 1, shanghai(2027, 1, 1)),
        (shanghai(2026, 12, 31), 2, shanghai(2027, 1, 4)),
    ],
)
def test_working_days_know_holidays_and_make_up_days(start: dt.datetime, days: int, end: dt.datetime) -> None:
    assert CHINA.later(start, days) == end


def test_the_plants_table_outweighs_the_law_and_a_site_outweighs_the_plant() -> None:
    """A power cut on a Wednesday, a worked Sunday, and one site that works all the same."""
    wednesday, sunday = dt.date(2026, 11, 25), dt.date(2026, 11, 29)
    table = [
        day(wednesday, working=True, site_id=7),
        day(wednesday, working=False),
        day(sunday, working=True),
    ]
    plant = policy.calendar("cn", "Asia/Shanghai", table)
    site = policy.calendar("cn", "Asia/Shanghai", table, site_id=7)
    assert [plant.works(wednesday), site.works(wednesday), CHINA.works(wednesday)] == [False, True, True]
    assert [plant.works(sunday), CHINA.works(sunday)] == [True, False]
    assert plant.later(shanghai(2026, 11, 24), 1) == shanghai(2026, 11, 26)
    assert plant.later(shanghai(2026, 11, 27), 1) == shanghai(2026, 11, 29)


def test_the_day_is_the_plants_not_utcs() -> None:
    """Friday 23:30 in Shanghai is Friday, though in UTC the afternoon; Monday 00:30 is still Sunday in UTC."""
    friday = dt.datetime(2026, 11, 27, 15, 30, tzinfo=dt.UTC)
    assert CHINA.later(friday, 1) == dt.datetime(2026, 11, 30, 15, 30, tzinfo=dt.UTC)
    monday = dt.datetime(2026, 11, 29, 16, 30, tzinfo=dt.UTC)
    assert CHINA.later(monday, 1) == dt.datetime(2026, 11, 30, 16, 30, tzinfo=dt.UTC)


@CALM
@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)),
    st.integers(1, 60),
    st.sampled_from([CHINA, BERLIN, Calendar(zone="America/New_York")]),
)
def test_working_days_end_on_a_working_day_with_as_many_between(
    start: dt.datetime, days: int, calendar: Calendar
) -> None:
    begin, end = calendar.local(start), calendar.local(calendar.later(start, days))
    passed = [begin.date() + DAY * n for n in range(1, (end.date() - begin.date()).days + 1)]
    assert calendar.works(end.date())
    assert sum(calendar.works(one) for one in passed) == days
    assert end.utcoffset() != begin.utcoffset() or end.timetz() == begin.timetz()


def test_a_calendar_without_any_working_day_is_refused_and_ends() -> None:
    never = Calendar(own={dt.date(2026, 1, 1) + DAY * n: False for n in range(900)})
    with pytest.raises(BeyondCalendar):
        never.later(shanghai(2026, 1, 1), 1)
    with pytest.raises(BeyondCalendar):
        never.morning(shanghai(2026, 1, 1))
    with pytest.raises(BeyondCalendar):
        calendars.next_shift_start([shift(8, 16)], never, shanghai(2026, 1, 1))
    with pytest.raises(BeyondCalendar):
        CHINA.later(dt.datetime(9999, 12, 28, tzinfo=dt.UTC), 9)


def test_administrators_are_told_two_months_before_the_known_holidays_end() -> None:
    end = policy.known_until()
    assert policy.unknown_year(end - 60 * DAY, Statutory.CHINA) is None
    assert policy.unknown_year(end - 59 * DAY, Statutory.CHINA) == end.year + 1
    assert policy.unknown_year(end + 330 * DAY, Statutory.CHINA) == end.year + 2, (
        "an old version warns every year"
    )
    assert policy.unknown_year(end, Statutory.WEEKENDS) is None


def test_a_night_shift_runs_over_midnight_and_rests_on_days_off() -> None:
    """22:00 to 06:00: the one that began on Friday is still there on Saturday morning; none begins on Saturday."""
    night = shift(22, 6)
    week = list(policy.times(night, CHINA, shanghai(2026, 11, 27, 12), shanghai(2026, 12, 1, 12)))
    assert [(one.since, one.until) for one in week] == [
        (shanghai(2026, 11, 27, 22), shanghai(2026, 11, 28, 6)),
        (shanghai(2026, 11, 30, 22), shanghai(2026, 12, 1, 6)),
    ]
    early = list(policy.times(night, CHINA, shanghai(2026, 11, 28, 5), shanghai(2026, 11, 28, 5) + HOUR / 2))
    assert [one.day for one in early] == [dt.date(2026, 11, 27)]


def test_a_shift_works_on_make_up_days_and_rests_on_holidays_unless_it_never_rests() -> None:
    days = (dt.date(2026, 10, 1), dt.date(2026, 10, 10))
    usual, always = shift(8, 16), shift(8, 16, holidays=True)
    assert [policy.runs_on(usual, one, CHINA) for one in days] == [False, True]
    assert [policy.runs_on(always, one, CHINA) for one in days] == [True, False]


@pytest.mark.parametrize(
    ("zone", "nights"),
    [("Europe/Berlin", [8, 8, 7, 8]), ("Asia/Shanghai", [8, 8, 8, 8]), ("America/New_York", [8, 8, 8, 8])],
)
def test_a_night_is_an_hour_shorter_when_clocks_go_forward(zone: str, nights: list[int]) -> None:
    """Nights from Thursday 26 March 2026 on; Berlin's clocks change on Sunday, New York's changed before."""
    one = shift(22, 6, days=(4, 5, 6, 7), zone=zone, holidays=True)
    found = [policy.slot(one, dt.date(2026, 3, 26) + DAY * n) for n in range(4)]
    assert [(each.until - each.since) / HOUR for each in found] == nights


def test_a_night_is_an_hour_longer_when_clocks_go_back() -> None:
    one = policy.slot(shift(22, 6, zone="Europe/Berlin"), dt.date(2026, 10, 24))
    assert one.until - one.since == 9 * HOUR


@CALM
@given(
    st.integers(0, 23),
    st.integers(0, 23),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]),
    st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)),
)
def test_two_shifts_back_to_back_leave_no_gap_and_no_overlap_in_any_zone(
    first: int, second: int, zone: str, date: dt.date
) -> None:
    """Where one ends the other begins, also on days when clocks change."""
    if first == second:
        with pytest.raises(ShiftBroken):
            policy.sound(dt.time(first), dt.time(second), (1,))
        return
    a, b = shift(first, second, zone=zone), shift(second, first, zone=zone)
    one = policy.slot(a, date)
    ends = date + DAY if a.over_midnight else date
    assert one.until == policy.slot(b, ends).since
    assert one.since <= one.until


def test_the_next_shift_is_found_over_a_long_holiday_and_without_shifts_it_is_the_morning() -> None:
    eve = shanghai(2026, 9, 30, 20)
    assert calendars.next_shift_start([shift(8, 16), shift(14, 22)], CHINA, eve) == shanghai(2026, 10, 8, 8)
    assert calendars.next_shift_start([], CHINA, eve) == shanghai(2026, 10, 8, 8)
    assert calendars.next_shift_start([shift(22, 6)], CHINA, eve) == shanghai(2026, 9, 30, 22)


@pytest.mark.parametrize("days", [(), (0,), (8,), (1, 1)])
def test_a_shift_without_weekdays_is_refused(days: tuple[int, ...]) -> None:
    with pytest.raises(ShiftBroken):
        policy.sound(dt.time(8), dt.time(16), days)
