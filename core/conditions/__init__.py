"""Under which conditions things were made and moved: parameter readings, environment series.

Plant people see everything of their plant; a partner's see what they brought in themselves.
"""

from __future__ import annotations

from core.conditions.errors import (
    BeforeLoggers,
    FromTheFuture,
    Implausible,
    IntervalMalformed,
    NoReadings,
    NoSamples,
    ReadingTwice,
    TooManySamples,
    Unbound,
    UnitWanted,
)
from core.conditions.hooks import logged, measured
from core.conditions.policy import mkt
from core.conditions.queries import points_of, readings_of, series, series_of
from core.conditions.recording import bring_series, record_readings, record_series
from core.conditions.terms import (
    Excursion,
    Gap,
    Limits,
    NewReading,
    NewReadings,
    NewSeries,
    Point,
    Quantity,
    ReadingFacts,
    SeriesFacts,
    SpecSnapshot,
)

__all__ = [
    "BeforeLoggers",
    "Excursion",
    "FromTheFuture",
    "Gap",
    "Implausible",
    "IntervalMalformed",
    "Limits",
    "NewReading",
    "NewReadings",
    "NewSeries",
    "NoReadings",
    "NoSamples",
    "Point",
    "Quantity",
    "ReadingFacts",
    "ReadingTwice",
    "SeriesFacts",
    "SpecSnapshot",
    "TooManySamples",
    "Unbound",
    "UnitWanted",
    "bring_series",
    "logged",
    "measured",
    "mkt",
    "points_of",
    "readings_of",
    "record_readings",
    "record_series",
    "series",
    "series_of",
]
