"""Numbers and days as a workbook stores them: floats of 15 digits, days since an epoch told by the cell's format."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Final

from core.imports.errors import DayUnsure, NumberUnsure, WorkbookBroken
from core.imports.package import Package

DAY, LENGTH = "day", "length"
SINCE_1904: Final = 1462
"""Days by which the other epoch, of old Macintosh workbooks, comes later."""
_ZERO: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001  a sheet's days have no zone; the mapping adds it
_FIRST: Final = 61
"""1900-03-01: days before are counted wrongly by some programs."""
_LAST: Final = 2_958_466
_DIGITS: Final = 15
_BUILT_IN: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LENGTHS: Final = {45, 46, 47}
_QUIET: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
_ELAPSED: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_SECONDS: Final = 86_400
_LONGEST: Final = 40


def formats(package: Package, part: str) -> dict[int, str]:
    """Answer which styles of cells show a day (DAY) or a length of time (LENGTH), by the number of the style."""
    if not part:
        return {}
    shown: dict[int, str] = {one: LENGTH if one in _LENGTHS else DAY for one in _BUILT_IN}
    for kind, one in package.elements(part, level=3):
        code = one.get("numFmtId", "")
        if kind == "numFmt" and code.isdecimal():
            found = _shows(one.get("formatCode", ""))
            if found:
                shown[int(code)] = found
            else:
                shown.pop(int(code), None)
    styles: dict[int, str] = {}
    for kind, holder in package.elements(part, level=2):
        if kind == "cellXfs":
            for style, one in enumerate(holder):
                code = one.get("numFmtId", "0")
                if code.isdecimal() and int(code) in shown:
                    styles[style] = shown[int(code)]
    return styles


def _shows(form: str) -> str:
    bare = _QUIET.sub("", form)
    if _ELAPSED.search(bare):
        return LENGTH
    return DAY if re.search(r"[ymdhs]", bare.partition(";")[0], re.IGNORECASE) else ""


def number(said: str, place: str) -> str:
    """Write a stored number as it is shown, by its 15 digits.

    Raises:
        NumberUnsure: it has more digits before its point than a spreadsheet keeps.
        WorkbookBroken: it is no number.
    """
    stored = _stored(said, place)
    if stored and stored.adjusted() < -_DIGITS:
        raise NumberUnsure(place=place)
    if abs(stored) >= Decimal(10) ** _DIGITS:
        raise NumberUnsure(place=place)
    kept = Decimal(f"{stored:.{_DIGITS - 1}e}")
    return f"{kept.normalize():f}" if kept else "0"


def day(said: str, start: int, shown: str, form: str, place: str) -> str:
    """Write a stored day by a strptime form, or as ISO 8601: a whole day without a time.

    Raises:
        DayUnsure: it is a length of time, a time without a day, or a day out of range.
        WorkbookBroken: it is no number.
    """
    serial = _stored(said, place) + start
    if shown == LENGTH or not _FIRST <= serial < _LAST:
        raise DayUnsure(place=place)
    at = _ZERO + dt.timedelta(seconds=round(serial * _SECONDS))
    if form:
        return at.strftime(form)
    return at.date().isoformat() if at.time() == dt.time() else at.isoformat()


def _stored(said: str, place: str) -> Decimal:
    try:
        found = Decimal(said) if len(said) <= _LONGEST and "_" not in said else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise WorkbookBroken(part=f"cell {place}")
    return found
