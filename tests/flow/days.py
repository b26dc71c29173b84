"""The plant's working days of these two months, as its calendar hangs on the wall (State Council notice for 2026)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = dt.date(2026, 9, 7), dt.date(2026, 11, 6)
OFF = {dt.date(2026, 9, 25)} | {dt.date(2026, 10, day) for day in (1, 2, 3, 4, 5, 6, 7)}
"""Mid-autumn festival; National Day."""
MADE_UP = {dt.date(2026, 9, 20), dt.date(2026, 10, 10)}
"""A Sunday and a Saturday that are worked instead."""
_FRIDAY = 4


def works(day: dt.date) -> bool:
    """Whether people are at work."""
    return day in MADE_UP or (day.weekday() <= _FRIDAY and day not in OFF)


DAYS = [one for n in range((LAST - FIRST).days + 1) if works(one := FIRST + dt.timedelta(days=n))]


def at(day: int, clock: str) -> dt.datetime:
    """The instant of a wall-clock time of the so-manyth working day, in UTC."""
    return dt.datetime.combine(DAYS[day], dt.time.fromisoformat(clock), HERE).astimezone(dt.UTC)
