"""Words and frozen values of the sensors room: sensors, readings, alarm rules, episodes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntFlag

from core.kit.said import Said


class Kind(Said):
    """What a sensor measures."""

    TEMPERATURE = "temperature", "temperature"
    HUMIDITY = "humidity", "relative humidity"
    PRESSURE = "pressure", "pressure"
    DIFFERENTIAL = "differential", "differential pressure"
    OTHER = "other", "something else"


class Format(Said):
    """How a sensor's messages are written."""

    JSON = "json", "JSON: value, unit, at, seq"
    SENML = "senml", "SenML JSON (RFC 8428)"
    BARE = "bare", "a bare number"


class Severity(Said):
    """How far out it is: a warning is shown, an alarm opens a case."""

    WARNING = "warning", "warning"
    ALARM = "alarm", "alarm"


class Trouble(Said):
    """What an episode is about."""

    HIGH = "high", "above the limit"
    LOW = "low", "below the limit"
    RATE = "rate", "changes too fast"
    STUCK = "stuck", "does not change any more"
    MISSING = "missing", "no readings"
    MKT = "mkt", "mean kinetic temperature above the limit"


class EpisodeState(Said):
    """Where an episode stands."""

    OPEN = "open", "going on"
    OVER = "over", "over"
    RETRACTED = "retracted", "not borne out by readings that came later"


class Why(Said):
    """Why a message is no reading and was put aside."""

    UNKNOWN = "unknown", "no sensor has this topic"
    LARGE = "large", "too large"
    ENCODING = "encoding", "not readable as UTF-8"
    SHAPE = "shape", "not in the sensor's format"
    NUMBER = "number", "no usable number"
    UNIT = "unit", "another unit than the sensor's"
    RANGE = "range", "physically impossible"
    OLD = "old", "too old"
    RETAINED = "retained", "kept by the broker and without a time: nobody knows when it was measured"
    DIFFERS = "differs", "another value for the same instant"
    FAILED = "failed", "could not be taken in"


class Doubt(IntFlag):
    """What is doubtful about one reading; none of them makes it disappear."""

    NONE = 0
    LATE = 1
    ORDER = 2
    CLOCK = 4
    UNIT = 8
    JUMP = 16
    STUCK = 32
    UNCALIBRATED = 64
    GAP = 128


class DoubtWord(Said):
    """The sentences of ``Doubt``, by the names of its members."""

    LATE = "LATE", "came in late"
    ORDER = "ORDER", "came in out of order"
    CLOCK = "CLOCK", "the sender's clock runs ahead: placed at the time of receipt"
    UNIT = "UNIT", "looks like another unit"
    JUMP = "JUMP", "implausible jump"
    STUCK = "STUCK", "the value does not change any more"
    UNCALIBRATED = "UNCALIBRATED", "calibration has expired"
    GAP = "GAP", "readings are missing before it"


def doubt_words(doubts: Doubt) -> list[DoubtWord]:
    """Answer the sentences of what is doubtful."""
    return [DoubtWord[one.name] for one in Doubt if one in doubts and one.name]


@dataclass(frozen=True, kw_only=True)
class Message:
    """What came over a wire: topic and payload as they were, whether delivered anew, whether kept by the broker."""

    topic: str
    payload: bytes
    packet: int = 0
    anew: bool = False
    retained: bool = False
    format: Format | None = None
    """None: as the sensor's messages are written."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One value of a message; ``unit`` empty and ``at`` None where the sender says nothing."""

    value: Decimal
    unit: str = ""
    at: dt.datetime | None = None
    seq: int | None = None


@dataclass(frozen=True, kw_only=True)
class Point:
    """One reading in its place."""

    at: dt.datetime
    value: Decimal
    received_at: dt.datetime
    doubts: Doubt = Doubt.NONE


@dataclass(frozen=True, kw_only=True)
class NewSensor:
    """A sensor as it is made known."""

    code: str
    kind: Kind
    unit: str
    topic: str
    format: Format = Format.JSON
    interval: dt.timedelta = dt.timedelta(minutes=1)
    place: str = ""
    equipment: str = ""
    organisation_id: int | None = None
    site_id: int | None = None
    calibrated_until: dt.date | None = None
    jump: Decimal | None = None
    """The largest believable difference from one reading to the next."""


@dataclass(frozen=True, kw_only=True)
class NewRule:
    """Limits as they are set; None watches for nothing."""

    warning_low: Decimal | None = None
    warning_high: Decimal | None = None
    alarm_low: Decimal | None = None
    alarm_high: Decimal | None = None
    delay: dt.timedelta = dt.timedelta(0)
    hysteresis: Decimal = Decimal(0)
    rate: Decimal | None = None
    """The largest change in an hour."""
    stuck: dt.timedelta | None = None
    missing: int | None = 5
    """So many intervals without a reading."""
    mkt: Decimal | None = None
    mkt_window: dt.timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Rule(NewRule):
    """A version of limits in force from an instant on."""

    version: int
    since: dt.datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One stretch of one trouble, as the series shows it; ``ends`` None while it goes on."""

    trouble: Trouble
    severity: Severity
    begins: dt.datetime
    noticed: dt.datetime
    """When the rule had seen enough."""
    ends: dt.datetime | None
    worst: Decimal
    version: int

    @property
    def key(self) -> tuple[Trouble, Severity]:
        """What it is an episode of."""
        return self.trouble, self.severity


@dataclass(frozen=True, kw_only=True)
class SensorFacts:
    """A sensor."""

    id: int
    plant_id: int
    organisation_id: int
    code: str
    kind: Kind
    unit: str
    topic: str
    format: Format
    interval: dt.timedelta
    place: str
    equipment: str
    site_id: int | None
    calibrated_until: dt.date | None
    jump: Decimal | None
    active: bool
    recorded_at: dt.datetime

    @property
    def patience(self) -> dt.timedelta:
        """After how long a reading counts as late: two intervals, at least five minutes."""
        return max(2 * self.interval, dt.timedelta(minutes=5))


@dataclass(frozen=True, kw_only=True)
class StandingFacts:
    """What stood under a sensor from when to when: a lot, or a stage with its lots."""

    id: int
    sensor_id: int
    lot_id: int | None
    stage_id: int | None
    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class EpisodeFacts:
    """An episode as it is recorded."""

    id: int
    sensor_id: int
    state: EpisodeState
    known_at: dt.datetime
    late: bool
    """Whether it was known only by readings that came late."""
    case_number: str
    episode: Episode


@dataclass(frozen=True, kw_only=True)
class Told:
    """What rooms above are told of an episode: sensor, episode, rule of that moment, lots under it, doubts in it."""

    sensor: SensorFacts
    episode: EpisodeFacts
    rule: Rule
    lot_ids: tuple[int, ...] = ()
    stage_id: int | None = None
    doubts: Doubt = Doubt.NONE


@dataclass(frozen=True, kw_only=True)
class AsideFacts:
    """Messages of one topic put aside for one reason."""

    topic: str
    why: Why
    count: int
    first_at: dt.datetime
    last_at: dt.datetime
    sample: str


@dataclass(frozen=True, kw_only=True)
class Now:
    """How a sensor stands: its last reading, what goes on, the readings of late."""

    sensor: SensorFacts
    last: Point | None
    rule: Rule | None
    open: tuple[EpisodeFacts, ...] = ()
    points: tuple[Point, ...] = field(default=(), repr=False)
