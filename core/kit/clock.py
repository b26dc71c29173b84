"""The one source of time. Tests and rehearsals may set it forward; nothing else reads a clock."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.kit.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

_shift: list[dt.timedelta] = [dt.timedelta(0)]


def now() -> dt.datetime:
    """Answer this instant, UTC-aware, with microseconds."""
    return dt.datetime.now(dt.UTC) + _shift[0]


class MomentUnfit(Refusal):
    """No calendar holds the instant in UTC."""

    says = "{text} is no moment that can be recorded. Please check the date."


def utc(moment: dt.datetime) -> dt.datetime:
    """Convert an aware instant to UTC, as every filter and every stored value needs it.

    SQLite compares instants as text, so a filter value in another zone would match wrong rows.

    Raises:
        ValueError: the instant carries no zone.
        MomentUnfit: it lies before the year 1 or after 9999 in UTC.
    """
    if moment.tzinfo is None:
        msg = "an instant needs a time zone"
        raise ValueError(msg)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise MomentUnfit(text=moment.isoformat()) from None


def moment(stored: dt.datetime | str) -> dt.datetime:
    """Read an instant as a database gives it: aware, or the text that SQLite keeps; UTC when it names no zone."""
    at = stored if isinstance(stored, dt.datetime) else dt.datetime.fromisoformat(stored)
    return at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)


def in_zone(moment: dt.datetime, zone: str) -> dt.datetime:
    """Show a UTC instant on the wall clock of an IANA zone such as ``Asia/Shanghai``."""
    return utc(moment).astimezone(ZoneInfo(zone))


def shift(by: dt.timedelta) -> None:
    """Move this process's clock forward by a duration; used by rehearsals and tests only."""
    _shift[0] += by


@contextmanager
def unshifted() -> Iterator[None]:
    """Put the clock back to real time when the block ends, whatever happened inside."""
    before = _shift[0]
    try:
        yield
    finally:
        _shift[0] = before
