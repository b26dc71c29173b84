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
    RESULTS = "results", "Laboratory results"
    PROGRESS = "progress", "Progress of stages (supplier)"
    LEGS = "legs", "Transport legs (carrier)"
    READINGS = "readings", "Readings of sensors"
    CERTIFICATES = "certificates", "Certificate of tests"
    MEASUREMENTS = "measurements", "Measured results (QIF, Q-DAS)"
    EPCIS = "epcis", "EPCIS events"


EVIDENCE: frozenset[Subject] = frozenset({Subject.CERTIFICATES, Subject.MEASUREMENTS})
"""Subjects whose file is itself evidence, and stays."""
REPORTED: frozenset[Subject] = EVIDENCE | {
    Subject.RESULTS,
    Subject.PROGRESS,
    Subject.LEGS,
    Subject.READINGS,
}
"""What laboratories, suppliers, carriers and gateways report; whoever only sets up the plant reports nothing."""
HANDED_IN: frozenset[Subject] = REPORTED | {Subject.SERIES, Subject.EPCIS}
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
    Subject.RESULTS: (
        Column("lot", 60, required=True),
        Column("method", 40, required=True),
        Column("version", 6, required=False),
        Column("characteristic", 40, required=True),
        Column("value", 60, required=True),
        Column("unit", 20, required=False),
        Column("uncertainty", 40, required=False),
        Column("coverage", 10, required=False),
        Column("instrument", 80, required=False),
        Column("analyst", 80, required=False),
        Column("sampled_at", 0, required=False),
        Column("tested_at", 0, required=True),
        Column("sample", 60, required=False),
        Column("remark", 500, required=False),
    ),
    Subject.PROGRESS: (
        Column("order", 40, required=True),
        Column("stage", 4, required=True),
        Column("lot", 60, required=True),
        Column("good", 0, required=False),
        Column("scrap", 0, required=False),
        Column("unit", 20, required=False),
        Column("started_at", 0, required=False),
        Column("finished_at", 0, required=False),
        Column("parameter", 60, required=False),
        Column("value", 60, required=False),
        Column("parameter_unit", 20, required=False),
        Column("equipment", 80, required=False),
    ),
    Subject.LEGS: (
        Column("order", 40, required=True),
        Column("stage", 4, required=True),
        Column("from", 120, required=True),
        Column("to", 120, required=True),
        Column("carrier", 24, required=False),
        Column("vehicle", 40, required=False),
        Column("seal", 40, required=False),
        Column("planned_departure", 0, required=False),
        Column("planned_arrival", 0, required=False),
        Column("departed_at", 0, required=False),
        Column("arrived_at", 0, required=False),
        Column("seal_found", 40, required=False),
        Column("lot", 60, required=False),
        Column("counted", 0, required=False),
    ),
    Subject.READINGS: (
        Column("sensor", 60, required=True),
        Column("at", 0, required=True),
        Column("value", 60, required=True),
        Column("unit", 20, required=False),
    ),
}


INSTANTS: frozenset[str] = frozenset(
    {
        "made_at",
        "at",
        "calibrated_until",
        "sampled_at",
        "tested_at",
        "started_at",
        "finished_at",
        "planned_departure",
        "planned_arrival",
        "departed_at",
        "arrived_at",
    }
)
"""Fields that hold a day or time; in a workbook, no other may hold a date."""
AMOUNTS: frozenset[str] = frozenset({"quantity", "good", "scrap", "counted"})
"""Fields that hold an amount."""
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
