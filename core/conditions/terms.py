"""Words and frozen values of the conditions room: parameter readings and environment series."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kit.provenance import BY_HAND, Provenance
from core.kit.said import Said


class Quantity(Said):
    """What a logger measures."""

    TEMPERATURE = "temperature", "temperature"
    HUMIDITY = "humidity", "relative humidity"


@dataclass(frozen=True, kw_only=True)
class NewReading:
    """An actual value of a process parameter; without a unit it is the specification's."""

    name: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class NewReadings:
    """Parameters of one run: which lot, which process, when, on which equipment."""

    lot: str
    process: str
    values: tuple[NewReading, ...]
    at: dt.datetime | None = None
    stage_id: int | None = None
    equipment: str = ""
    provenance: Provenance = BY_HAND


@dataclass(frozen=True, kw_only=True)
class SpecSnapshot:
    """The specification that held at the moment of a reading, kept with it."""

    version: int
    unit: str
    target: Decimal | None
    lower: Decimal | None
    upper: Decimal | None


@dataclass(frozen=True, kw_only=True)
class ReadingFacts:
    """A parameter snapshot: the value as given, as compared, the specification of that moment, our judgement."""

    id: int
    lot_id: int
    stage_id: int | None
    process: str
    name: str
    value: Decimal
    unit: str
    compared: Decimal | None
    spec: SpecSnapshot | None
    within: bool | None
    """None: nothing was specified at that moment."""
    at: dt.datetime
    recorded_at: dt.datetime
    equipment: str
    organisation_id: int
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class Point:
    """One sample of a logger; ``humidity`` None where it measures none."""

    at: dt.datetime
    temperature: Decimal
    humidity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the goods stand: None means no limit. Every maker sets its own."""

    temperature_lower: Decimal | None = None
    temperature_upper: Decimal | None = None
    humidity_lower: Decimal | None = None
    humidity_upper: Decimal | None = None

    def of(self, quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
        """Answer lower and upper limit of a quantity."""
        if quantity is Quantity.TEMPERATURE:
            return self.temperature_lower, self.temperature_upper
        return self.humidity_lower, self.humidity_upper


@dataclass(frozen=True, kw_only=True)
class Excursion:
    """A stretch out of limits, from crossing to crossing; ``minutes_beyond`` sums how far times how long."""

    quantity: Quantity
    above: bool
    begins: dt.datetime
    ends: dt.datetime
    worst: Decimal
    minutes_beyond: Decimal
    """Degree-minutes, or per cent times minutes."""

    @property
    def lasted(self) -> dt.timedelta:
        """How long it was."""
        return self.ends - self.begins


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A stretch without samples, longer than twice the interval."""

    begins: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, kw_only=True)
class NewSeries:
    """A logger's record, for a stage, a transport leg or a lot."""

    logger: str
    interval: dt.timedelta
    points: tuple[Point, ...]
    limits: Limits = Limits()
    stage_id: int | None = None
    leg_id: int | None = None
    lot: str = ""
    calibrated_until: dt.date | None = None
    evidence_ids: tuple[int, ...] = ()
    provenance: Provenance = BY_HAND


@dataclass(frozen=True, kw_only=True)
class SeriesFacts:
    """What is known of a series without opening its samples."""

    id: int
    plant_id: int
    logger: str
    interval: dt.timedelta
    begins: dt.datetime
    ends: dt.datetime
    count: int
    stage_id: int | None
    leg_id: int | None
    lot_id: int | None
    limits: Limits
    lowest: Decimal
    highest: Decimal
    mean: Decimal
    mkt: Decimal
    """Mean kinetic temperature in °C."""
    gaps: tuple[Gap, ...]
    excursions: tuple[Excursion, ...]
    calibrated_until: dt.date | None
    organisation_id: int
    recorded_at: dt.datetime
    provenance: Provenance
