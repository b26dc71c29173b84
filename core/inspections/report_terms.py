"""Words and frozen values of test reports: what a sender's document of results says, and what we say of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.inspections.terms import Verdict
from core.kit.canonical import decimal_text
from core.kit.provenance import BY_HAND, Flag, Provenance
from core.kit.said import Said


class Form(Said):
    """What kind of document a test report is."""

    COA = "coa", "Certificate of analysis"
    EN10168 = "en10168", "Inspection certificate by EN 10168"
    ECOC = "ecoc", "Certificate of conformity"
    QIF = "qif", "QIF measurement results"
    QDAS = "qdas", "Q-DAS measurement results"


class Standing(Said):
    """Where a value stands to limits."""

    WITHIN = "within", "within limits"
    OUT = "out", "out of limits"
    UNPROVEN = "unproven", "not shown to be within limits"
    NONE = "none", "no limits"

    @property
    def bad(self) -> bool:
        """Whether conformity is not shown (ISO/IEC 17025:2017, 7.8.6)."""
        return self in (Standing.OUT, Standing.UNPROVEN)


class Bound(NamedTuple):
    """A limit; ``open`` excludes the limit itself."""

    value: Decimal
    open: bool = False


class Single(NamedTuple):
    """One of several values of a characteristic: when it was measured, of which piece."""

    value: Decimal
    at: str = ""
    piece: str = ""


@dataclass(frozen=True, kw_only=True)
class NewFinding:
    """What a document says of one characteristic.

    ``operator`` tells a value from a bound of it ("<" 0.01: below detection). ``failed`` is the sender's own word.
    """

    name: str
    code: str = ""
    method: str = ""
    condition: str = ""
    unit: str = ""
    value: Decimal | None = None
    operator: str = ""
    text: str = ""
    lower: Bound | None = None
    upper: Bound | None = None
    nominal: Decimal | None = None
    uncertainty: Decimal | None = None
    singles: tuple[Single, ...] = ()
    failed: bool = False
    unclear: bool = False
    """A limit of it cannot be read: nothing shows that the value keeps it."""
    flags: tuple[Flag, ...] = ()
    place: str = ""
    """Where it stands in the document."""


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A document of results of one lot as it comes in."""

    form: Form
    lot: str
    number: str
    findings: tuple[NewFinding, ...]
    said_lot: str = ""
    """The number of the lot as the document has it."""
    standard: str = ""
    issuer: str = ""
    product: str = ""
    issued_on: dt.date | None = None
    measured_at: dt.datetime | None = None
    instrument: str = ""
    analyst: str = ""
    statement: str = ""
    claims: bool | None = None
    import_id: int | None = None
    evidence_ids: tuple[int, ...] = ()
    provenance: Provenance = BY_HAND


@dataclass(frozen=True, kw_only=True)
class JudgedFinding:
    """A finding with our judgement: by the document's own limits, and by ours where we have some."""

    given: NewFinding
    own: Standing
    ours: Standing
    our_limits: str = ""
    out: int = 0
    """How many of its values are not within."""
    flags: tuple[Flag, ...] = ()

    @property
    def bad(self) -> bool:
        """Whether it opens a case."""
        return self.own.bad or self.ours.bad or self.out > 0


@dataclass(frozen=True, kw_only=True)
class FindingFacts:
    """A recorded finding; figures are as they were written."""

    position: int
    code: str
    name: str
    method: str
    condition: str
    unit: str
    value: str
    operator: str
    text: str
    lower: str
    lower_open: bool
    upper: str
    upper_open: bool
    nominal: str
    uncertainty: str
    own: Standing
    ours: Standing
    our_limits: str
    count: int
    out: int
    singles: tuple[Single, ...]
    flags: tuple[Flag, ...]
    place: str

    @property
    def bad(self) -> bool:
        """Whether it is not shown to be within limits."""
        return self.own.bad or self.ours.bad or self.out > 0

    @property
    def said(self) -> str:
        """The value as a reader knows it: with its operator and unit, or its text."""
        if self.value:
            return " ".join(one for one in (f"{self.operator}{self.value}", self.unit) if one)
        return self.text or f"n = {self.count}"

    @property
    def limits(self) -> str:
        """The document's own limits, as an interval or a bound; empty where it has none."""
        return written(self.lower, self.upper, lower_open=self.lower_open, upper_open=self.upper_open)


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """A recorded test report with our verdict."""

    id: int
    plant_id: int
    organisation_id: int
    lot_id: int
    lot_number: str
    form: Form
    number: str
    said_lot: str
    standard: str
    issuer: str
    product: str
    issued_on: dt.date | None
    measured_at: dt.datetime | None
    instrument: str
    analyst: str
    statement: str
    claims: bool | None
    verdict: Verdict
    recorded_at: dt.datetime
    person_id: int | None
    import_id: int | None
    evidence_ids: tuple[int, ...]
    """The document as it came."""
    provenance: Provenance
    findings: tuple[FindingFacts, ...]

    @property
    def out(self) -> tuple[FindingFacts, ...]:
        """The findings that are not shown to be within limits."""
        return tuple(one for one in self.findings if one.bad)


def written(lower: str, upper: str, *, lower_open: bool = False, upper_open: bool = False) -> str:
    """Write limits so that no reader takes one for the other."""
    low = f"{'>' if lower_open else '≥'} {lower}" if lower else ""
    high = f"{'<' if upper_open else '≤'} {upper}" if upper else ""
    return ", ".join(one for one in (low, high) if one)


def figure(value: Decimal | None) -> str:
    """Write a figure with the digits it came with, never in powers of ten."""
    return "" if value is None else format(value, "f") if value.is_finite() else decimal_text(value)
