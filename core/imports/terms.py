"""Words and frozen values of imports: what a file holds, how its columns are read, what was wrong in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from core.conditions import SeriesFacts
from core.inspections import ReportFacts
from core.kit.refusal import Refusal
from core.kit.said import Said


class Subject(Said):
    """What the rows of a file are."""

    PRODUCTS = "products", "Products"
    PARTNERS = "partners", "Partners"
    LOTS = "lots", "Lots"
    LINKS = "links", "Genealogy links"
    SERIES = "series", "Logger record (temperature, humidity)"
    CERTIFICATES = "certificates", "Certificate of tests"
    EPCIS = "epcis", "EPCIS events"


EVIDENCE: frozenset[Subject] = frozenset({Subject.CERTIFICATES})
"""Subjects whose file is itself evidence, and stays."""
HANDED_IN: frozenset[Subject] = EVIDENCE | {Subject.SERIES, Subject.EPCIS}
"""What whoever records facts of lots may hand in, a partner's people too; all else is for who sets up the plant."""


class Column(NamedTuple):
    """A field of a subject: its most characters (0: no text), and whether every row must have it."""

    name: str
    longest: int
    required: bool


COLUMNS: dict[Subject, tuple[Column, ...]] = {
    Subject.PRODUCTS: (
        Column("code", 60, required=True),
        Column("name_zh", 120, required=True),
        Column("name_en", 120, required=False),
        Column("unit", 20, required=False),
        Column("sterile", 0, required=False),
        Column("implant", 0, required=False),
        Column("label_critical", 0, required=False),
    ),
    Subject.PARTNERS: (
        Column("code", 24, required=True),
        Column("name_zh", 120, required=True),
        Column("name_en", 120, required=False),
        Column("kind", 20, required=True),
    ),
    Subject.LOTS: (
        Column("number", 60, required=True),
        Column("product", 60, required=True),
        Column("organisation", 24, required=False),
        Column("partner", 24, required=False),
        Column("quantity", 0, required=True),
        Column("unit", 20, required=False),
        Column("made_at", 0, required=True),
        Column("place", 120, required=False),
        Column("process", 60, required=False),
        Column("status", 12, required=False),
    ),
    Subject.LINKS: (
        Column("parent", 60, required=True),
        Column("child", 60, required=True),
        Column("quantity", 0, required=True),
        Column("unit", 20, required=False),
        Column("at", 0, required=True),
        Column("process", 60, required=False),
    ),
    Subject.SERIES: (
        Column("lot", 60, required=True),
        Column("logger", 60, required=True),
        Column("at", 0, required=True),
        Column("zone", 40, required=False),
        Column("temperature", 0, required=True),
        Column("humidity", 0, required=False),
        Column("interval", 0, required=False),
        Column("calibrated_until", 0, required=False),
        Column("temperature_lower", 0, required=False),
        Column("temperature_upper", 0, required=False),
        Column("humidity_lower", 0, required=False),
        Column("humidity_upper", 0, required=False),
    ),
}


INSTANTS: frozenset[str] = frozenset({"made_at", "at", "calibrated_until"})
"""Fields that hold a day or time; in a workbook, no other may hold a date."""
LIMITS: tuple[str, ...] = ("temperature_lower", "temperature_upper", "humidity_lower", "humidity_upper")
"""Fields of a logger's record that say what the goods stand."""
MEASURED: frozenset[str] = frozenset({"temperature", "humidity", *LIMITS})
"""Fields that hold a measured value, which may be zero or below."""


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """How a file is read: which head stands for which field, what is the same in all rows, how days are written."""

    subject: Subject
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """For a field: what stands in the file → what is meant."""
    zone: str = "Asia/Shanghai"
    dates: str = ""
    """A strptime form; without one, ISO 8601."""
    encoding: str = ""
    delimiter: str = ","
    sheet: str = ""
    """Of a workbook: the sheet; without one, the first visible one."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong in a file: the line it stands in, the head of its column (none for a whole row), and why."""

    line: int
    column: str
    why: Refusal


@dataclass(kw_only=True)
class Profile:
    """What a column of a file holds."""

    head: str
    filled: int = 0
    empty: int = 0
    longest: int = 0
    samples: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """An import as its readers see it."""

    id: int
    number: str
    subject: Subject
    file_name: str
    file_digest: str
    rows: int
    person_id: int | None
    made_at: dt.datetime
    undone_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an import came to. ``run`` is None for one that was only tried; ``before`` says it was done earlier."""

    run: RunFacts | None
    rows: int
    columns: list[Profile]
    encoding: str
    before: bool = False
    series: SeriesFacts | None = None
    """Of a logger's record: what it says."""
    reports: tuple[ReportFacts, ...] = ()
    """Of a certificate or measuring file: what it says of each lot, with our verdict."""
