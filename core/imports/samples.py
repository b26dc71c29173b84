"""Reading what loggers write: moments whose zone is stated, figures whose decimal mark is beyond doubt. Pure."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.imports.errors import (
    Absurd,
    MarksMixed,
    MarkUnsure,
    NotAnInstant,
    NotMeasured,
    TimeTwice,
    ZoneMissing,
    ZoneUnknown,
)

_WIDTHS: Final = str.maketrans("０１２３４５６７８９．，－：／＋\u2212", "0123456789.,-:/+-")
_MOMENT: Final = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_FIGURE: Final = re.compile(r"-?\d{1,6}(?:([.,])(\d{1,6}))?", re.ASCII)
_THOUSANDS: Final = 3
_FURTHEST: Final = 14 * 60
_SHOWN: Final = 40
COLDEST, HOTTEST = Decimal(-200), Decimal(200)
"""°C; what lies beyond is a logger's way of saying that its probe is broken."""


def zone(said: str) -> dt.tzinfo:
    """Read a time zone: an offset such as +08:00 or UTC+8, or a name such as Asia/Shanghai.

    Raises:
        ZoneUnknown: it is none.
    """
    plain = said.strip().translate(_WIDTHS)
    if plain.upper() in ("UTC", "GMT", "Z"):
        return dt.UTC
    read = _OFFSET.fullmatch(plain)
    if read is not None:
        minutes = int(read[2]) * 60 + int(read[3] or 0)
        if int(read[3] or 0) < 60 and minutes <= _FURTHEST:  # noqa: PLR2004  minutes of an hour
            return dt.timezone(dt.timedelta(minutes=minutes if read[1] == "+" else -minutes))
        raise ZoneUnknown(text=said[:_SHOWN])
    try:
        return ZoneInfo(plain)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknown(text=said[:_SHOWN]) from None


def moment(cell: str, of: dt.tzinfo | None) -> dt.datetime:
    """Read when a sample was taken, in UTC to the second: year first, with an offset of its own or in the zone stated.

    Raises:
        NotAnInstant: no day and time.
        ZoneMissing: neither the cell nor the file says the zone.
        TimeTwice: the clocks were put back: that time was there twice, or never.
    """
    read = _MOMENT.fullmatch(cell.strip().translate(_WIDTHS))
    if read is None:
        raise NotAnInstant(text=cell[:_SHOWN])
    own = None if read[7] is None else zone(read[7])
    try:
        naive = dt.datetime(*(int(one or 0) for one in read.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001
        stated = own or of
        if stated is None:
            raise ZoneMissing
        first, again = (naive.replace(tzinfo=stated, fold=fold) for fold in (0, 1))
        if first.utcoffset() != again.utcoffset():
            raise TimeTwice(text=cell[:_SHOWN])
        return first.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise NotAnInstant(text=cell[:_SHOWN]) from None


class Figures:
    """Reads the figures of one file: one decimal mark from its first to its last."""

    def __init__(self) -> None:
        """Begin with no mark seen."""
        self._mark = ""

    def read(self, cell: str) -> Decimal:
        """Read a figure.

        Raises:
            NotMeasured: no figure; NaN, infinity and words for a broken probe are none.
            MarkUnsure: a comma before three digits can part thousands or decimals.
            MarksMixed: the file writes point and comma.
        """
        plain = cell.strip().translate(_WIDTHS)
        found = _FIGURE.fullmatch(plain)
        if found is None:
            raise NotMeasured(text=cell[:_SHOWN])
        mark = found[1] or ""
        if mark == "," and len(found[2]) == _THOUSANDS:
            raise MarkUnsure(text=cell[:_SHOWN])
        if mark and self._mark and mark != self._mark:
            raise MarksMixed(text=cell[:_SHOWN])
        self._mark = self._mark or mark
        return Decimal(plain.replace(",", "."))

    def temperature(self, cell: str) -> Decimal:
        """Read a temperature in °C.

        Raises:
            Absurd: nothing that goods with a logger are exposed to; and as ``read``.
        """
        found = self.read(cell)
        if not COLDEST <= found <= HOTTEST:
            raise Absurd(text=cell[:_SHOWN])
        return found

    def humidity(self, cell: str) -> Decimal:
        """Read a relative humidity in %.

        Raises:
            Absurd: below 0 or above 100; and as ``read``.
        """
        found = self.read(cell)
        if not 0 <= found <= 100:  # noqa: PLR2004  per cent
            raise Absurd(text=cell[:_SHOWN])
        return found
