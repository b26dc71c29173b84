"""Dates as labels write them: two-digit years by the sliding window of GS1, day 00 as the month. Pure."""

from __future__ import annotations

import calendar
import datetime as dt

from core.labels.errors import LabelDateImpossible
from core.labels.terms import LabelDate

_WINDOW = 50
_MONTHS = 12


def full_year(short: int, today: dt.date) -> int:
    """Answer which year two digits mean: at most 49 years back and 50 years ahead of today (GenSpecs 7.12)."""
    century, now = divmod(today.year, 100)
    apart = short - now
    if apart > _WINDOW:
        century -= 1
    elif apart < -_WINDOW + 1:
        century += 1
    return century * 100 + short


def yymmdd(field: str, value: str, today: dt.date) -> LabelDate:
    """Read YYMMDD; day 00 is the month as a whole.

    Raises:
        LabelDateImpossible: it is none.
    """
    if len(value) != 6 or not _digits(value):  # noqa: PLR2004  the form's own length
        raise LabelDateImpossible(field=field, value=value[:20])
    return made(
        field, value, full_year(int(value[:2]), today), int(value[2:4]), int(value[4:]), may_lack_day=True
    )


def yyyymmdd(field: str, value: str) -> LabelDate:
    """Read YYYYMMDD.

    Raises:
        LabelDateImpossible: it is none.
    """
    if len(value) != 8 or not _digits(value):  # noqa: PLR2004  the form's own length
        raise LabelDateImpossible(field=field, value=value[:20])
    return made(field, value, int(value[:4]), int(value[4:6]), int(value[6:]))


def day_of_year(field: str, value: str, year: int, day: int) -> LabelDate:
    """Read a year and the number of the day in it.

    Raises:
        LabelDateImpossible: the year has no such day.
    """
    if not 1 <= day <= 365 + calendar.isleap(year):
        raise LabelDateImpossible(field=field, value=value[:20])
    found = dt.date(year, 1, 1) + dt.timedelta(days=day - 1)
    return LabelDate(year=found.year, month=found.month, day=found.day)


def made(field: str, value: str, year: int, month: int, day: int, *, may_lack_day: bool = False) -> LabelDate:
    """Put a date together.

    Raises:
        LabelDateImpossible: the calendar has no such day.
    """
    if year < 1 or not 1 <= month <= _MONTHS or day > calendar.monthrange(year, month)[1]:
        raise LabelDateImpossible(field=field, value=value[:20])
    if day == 0 and not may_lack_day:
        raise LabelDateImpossible(field=field, value=value[:20])
    return LabelDate(year=year, month=month, day=day or None)


def _digits(value: str) -> bool:
    return value.isascii() and value.isdigit()
