"""Which days are worked and when shifts run: facts in, dates and instants out. No I/O, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar

from core.calendars import errors
from core.calendars.terms import WEEK, ZONE, DayFacts, ShiftFacts, Statutory

DAY = dt.timedelta(days=1)
FRIDAY = 4
LONGEST = 366
"""Days: a calendar in which so many days in a row are off has no working day."""
MORNING = dt.time(8)
"""When a plant without shifts begins its working days."""
EARLY = dt.timedelta(days=60)
"""How long before the end of the known holidays the administrators are told."""


def known_until() -> dt.date:
    """The last day whose statutory holidays the installed table knows: the end of a year."""
    return dt.date(max(chinese_calendar.holidays).year, 12, 31)


def statutory(day: dt.date, whose: str) -> bool:
    """Whether a day is worked by law. Outside the years of the table: Monday to Friday."""
    if whose == Statutory.CHINA:
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:  # no table for that year; administrators are told in time
            pass
    return day.weekday() <= FRIDAY


def unknown_year(today: dt.date, whose: str) -> int | None:
    """The year that is near, or has come, whose holidays are not known; None when all is well."""
    near, end = today + EARLY, known_until()
    return max(end.year + 1, near.year) if whose == Statutory.CHINA and near > end else None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The calendar of a plant or site: the law's days, the plant's own table over them, a wall clock."""

    statutory: str = Statutory.CHINA.value
    zone: str = ZONE
    own: Mapping[dt.date, bool] = field(default_factory=dict)

    def works(self, day: dt.date) -> bool:
        """Whether a day is a working day."""
        said = self.own.get(day)
        return statutory(day, self.statutory) if said is None else said

    def make_up(self, day: dt.date) -> bool:
        """Whether a Saturday or Sunday is worked."""
        return day.weekday() > FRIDAY and self.works(day)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """An instant on this calendar's wall clock."""
        return moment.astimezone(ZoneInfo(self.zone))

    def later(self, start: dt.datetime, working_days: int) -> dt.datetime:
        """The same wall-clock time so many working days later, in UTC.

        Raises:
            BeyondCalendar: no such day exists: everything is off, or time ends.
        """
        here = self.local(start)
        day, left, idle = here.date(), working_days, 0
        while left > 0:
            if idle > LONGEST or day > dt.date.max - 2 * DAY:
                raise errors.BeyondCalendar
            day += DAY
            worked = self.works(day)
            left -= worked
            idle = 0 if worked else idle + 1
        if not working_days:
            return start.astimezone(dt.UTC)
        return _instant(day, here.time(), self.zone)

    def morning(self, after: dt.datetime) -> dt.datetime:
        """The next beginning of a working day after an instant, for plants without shifts."""
        day = self.local(after).date()
        for _ in range(LONGEST + 1):
            begins = _instant(day, MORNING, self.zone)
            if begins > after and self.works(day):
                return begins
            day += DAY
        raise errors.BeyondCalendar


def calendar(whose: str, zone: str, days: Iterable[DayFacts], site_id: int | None = None) -> Calendar:
    """Put the plant's table over the law; a day of the site itself outweighs one of the whole plant."""
    rows = [one for one in days if one.site_id in (None, site_id)]
    rows.sort(key=lambda one: one.site_id is not None)
    return Calendar(statutory=whose, zone=zone, own={one.day: one.working for one in rows})


def _instant(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """A wall-clock time as an instant; one that the clock skips is read as if it had not been put forward."""
    return dt.datetime.combine(day, time.replace(fold=0), ZoneInfo(zone)).astimezone(dt.UTC)


class Slot(NamedTuple):
    """A stretch of time: from an instant on, until before another. ``day`` is the day on which it began."""

    since: dt.datetime
    until: dt.datetime
    day: dt.date


def runs_on(shift: ShiftFacts, day: dt.date, days: Calendar) -> bool:
    """Whether a shift begins on a day."""
    if shift.holidays:
        return day.isoweekday() in shift.days
    return days.works(day) and (day.isoweekday() in shift.days or days.make_up(day))


def times(shift: ShiftFacts, days: Calendar, since: dt.datetime, until: dt.datetime) -> Iterator[Slot]:
    """Every time a shift runs that touches a stretch of time, in order."""
    zone = ZoneInfo(shift.zone)
    day, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date()
    while day <= last:
        if runs_on(shift, day, days):
            found = slot(shift, day)
            if found.until > since and found.since < until:
                yield found
        day += DAY


def slot(shift: ShiftFacts, day: dt.date) -> Slot:
    """The stretch of time of a shift that begins on a day; on nights when clocks change it is shorter or longer."""
    ends = day + DAY if shift.over_midnight else day
    return Slot(_instant(day, shift.start, shift.zone), _instant(ends, shift.end, shift.zone), day)


def next_shift_start(shifts: Iterable[ShiftFacts], days: Calendar, after: dt.datetime) -> dt.datetime:
    """When the next shift begins; without any shift, the next working morning.

    Raises:
        BeyondCalendar: nobody works in the year that follows.
    """
    known = tuple(shifts)
    if not known:
        return days.morning(after)
    for week in range(LONGEST // 7 + 1):
        since = after + week * 7 * DAY
        begins = [
            one.since
            for each in known
            for one in times(each, days, since, since + 8 * DAY)
            if one.since > after
        ]
        if begins:
            return min(begins)
    raise errors.BeyondCalendar


def sound(start: dt.time, end: dt.time, days: tuple[int, ...]) -> None:
    """A shift has a length and days.

    Raises:
        ShiftBroken: it has none.
    """
    if start == end or not days or set(days) - set(WEEK) or len(set(days)) != len(days):
        raise errors.ShiftBroken
