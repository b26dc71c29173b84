"""Frozen values of the labels room."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from core.kit.said import Said


class Scheme(Said):
    """Whose rules the text of a code follows; the values are those of the issuing agencies of identifiers."""

    GS1 = "gs1", "GS1"
    HIBCC = "hibcc", "HIBCC"
    ICCBBA = "iccbba", "ICCBBA"
    MA = "ma", "MA (IDcode)"
    PLAIN = "plain", "Plain text"
    """No rules: the text may be a lot number, a serial number or a device identifier as printed."""


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """The text of one code. ``symbology`` is its ISO/IEC 15424 identifier (``]d2``), empty where a person typed it."""

    text: str
    symbology: str = ""


@dataclass(frozen=True, kw_only=True)
class LabelDate:
    """A date of a label; ``day`` is None where the label names only the month."""

    year: int
    month: int
    day: int | None = None

    @property
    def last(self) -> dt.date:
        """Answer the last day that it can mean: what holds until a month holds until its end."""
        return dt.date(self.year, self.month, self.day or calendar.monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        """Give it as far as it is known: 2028-06-30 or 2028-06."""
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"


@dataclass(frozen=True, kw_only=True)
class LabelFacts:
    """What a label says: empty and None where it says nothing.

    ``fields`` holds every element in its own scheme's name and value, in the order read. ``content`` says that the
    device identifier is of the packed goods, as a carton's label names it. ``link`` is the check character
    of the primary code that a secondary HIBC code belongs to.
    """

    scheme: Scheme
    device: str = ""
    lot: str = ""
    serial: str = ""
    made_on: LabelDate | None = None
    expires_on: LabelDate | None = None
    sterilisation_lot: str = ""
    content: bool = False
    link: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def expired(self, today: dt.date) -> bool:
        """Whether its date has passed; the named day itself is still good."""
        return self.expires_on is not None and self.expires_on.last < today
