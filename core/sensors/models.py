"""Tables of the sensors room: sensors, what stood under them, rules, readings in chunks, episodes; and work in hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from core.kit.columns import CheckedInstant, CheckedInt, CheckedText, among
from core.kit.regulated import Regulated
from core.sensors.terms import (
    AsideFacts,
    Doubt,
    Episode,
    EpisodeFacts,
    EpisodeState,
    Format,
    Kind,
    Point,
    Rule,
    SensorFacts,
    Severity,
    StandingFacts,
    Trouble,
    Why,
)

if TYPE_CHECKING:
    from core.lots.models import Lot
    from core.orders.models import Stage
    from core.people.models import Organisation, Site


class Sensor(Regulated):
    """A sensor: what it measures, where, how its messages are written and when the next one is expected."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT, description="Where it hangs"
    )
    organisation_id: int
    site: fields.ForeignKeyNullableRelation[Site] = fields.ForeignKeyField(
        "core.Site", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    site_id: int | None
    code = fields.CharField(max_length=60)
    kind = CheckedText(max_length=12, check=among(Kind))
    unit = fields.CharField(max_length=20)
    topic = fields.CharField(max_length=200, unique=True)
    format = CheckedText(max_length=6, check=among(Format))
    interval_seconds = CheckedInt(check="{c} > 0 AND {c} <= 86400")
    place = fields.CharField(max_length=120, default="")
    equipment = fields.CharField(max_length=80, default="")
    calibrated_until = fields.DateField(null=True)
    jump: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    active = fields.BooleanField(default=True)
    recorded_at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of sensors."""

        table = "sensors_sensor"
        unique_together = (("plant_id", "code"),)

    def facts(self) -> SensorFacts:
        """Give the row as a frozen value."""
        return SensorFacts(
            id=self.id,
            plant_id=self.plant_id,
            organisation_id=self.organisation_id,
            code=self.code,
            kind=Kind(self.kind),
            unit=self.unit,
            topic=self.topic,
            format=Format(self.format),
            interval=dt.timedelta(seconds=self.interval_seconds),
            place=self.place,
            equipment=self.equipment,
            site_id=self.site_id,
            calibrated_until=self.calibrated_until,
            jump=self.jump,
            active=self.active,
            recorded_at=self.recorded_at,
        )


class Standing(Regulated):
    """What stood under a sensor: a lot, or a stage of an order with its lots; it ends once."""

    id = fields.BigIntField(primary_key=True)
    sensor: fields.ForeignKeyRelation[Sensor] = fields.ForeignKeyField(
        "core.Sensor", related_name=False, on_delete=fields.RESTRICT
    )
    sensor_id: int
    lot: fields.ForeignKeyNullableRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    lot_id: int | None
    stage: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    stage_id: int | None
    since = CheckedInstant(check='("lot_id" IS NULL) <> ("stage_id" IS NULL)')
    until = CheckedInstant(null=True, check='{c} >= "since"')
    person_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of what stood where."""

        table = "sensors_standing"
        indexes = (("sensor_id", "since"), ("lot_id",), ("stage_id",))

    def facts(self) -> StandingFacts:
        """Give the row as a frozen value."""
        return StandingFacts(
            id=self.id,
            sensor_id=self.sensor_id,
            lot_id=self.lot_id,
            stage_id=self.stage_id,
            since=self.since,
            until=self.until,
        )


class SensorRule(Regulated):
    """A version of the limits of a sensor; what it held is never changed."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    sensor: fields.ForeignKeyRelation[Sensor] = fields.ForeignKeyField(
        "core.Sensor", related_name=False, on_delete=fields.RESTRICT
    )
    sensor_id: int
    version = CheckedInt(check="{c} > 0")
    since = fields.DatetimeField()
    warning_low: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    warning_high: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    alarm_low: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    alarm_high: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    delay_seconds = CheckedInt(check="{c} >= 0")
    hysteresis: Decimal = fields.DecimalField(max_digits=18, decimal_places=6)
    rate: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    stuck_seconds = CheckedInt(null=True, check="{c} > 0")
    missing = CheckedInt(null=True, check="{c} > 0")
    mkt: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    mkt_seconds = CheckedInt(null=True, check='({c} IS NULL) = ("mkt" IS NULL)')
    reason = fields.CharField(max_length=500, default="")
    person_id = fields.BigIntField(null=True)
    set_at = fields.DatetimeField()

    class Meta:
        """Storage of rules."""

        table = "sensors_rule"
        unique_together = (("sensor_id", "version"),)

    def facts(self) -> Rule:
        """Give the row as a frozen value."""
        return Rule(
            version=self.version,
            since=self.since,
            warning_low=self.warning_low,
            warning_high=self.warning_high,
            alarm_low=self.alarm_low,
            alarm_high=self.alarm_high,
            delay=dt.timedelta(seconds=self.delay_seconds),
            hysteresis=self.hysteresis,
            rate=self.rate,
            stuck=None if self.stuck_seconds is None else dt.timedelta(seconds=self.stuck_seconds),
            missing=self.missing,
            mkt=self.mkt,
            mkt_window=None if self.mkt_seconds is None else dt.timedelta(seconds=self.mkt_seconds),
            reason=self.reason,
        )


class SensorChunk(Regulated):
    """Readings of a sensor, packed (``packing``); those of late stand in chunks of their own."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    sensor: fields.ForeignKeyRelation[Sensor] = fields.ForeignKeyField(
        "core.Sensor", related_name=False, on_delete=fields.RESTRICT
    )
    sensor_id: int
    position = CheckedInt(check="{c} > 0")
    begins = fields.DatetimeField()
    ends = CheckedInstant(check='{c} >= "begins"')
    count = CheckedInt(check="{c} > 0")
    doubts = fields.IntField(description="Every doubt of any of them")
    packed = fields.TextField()
    packed_at = fields.DatetimeField()

    class Meta:
        """Storage of readings."""

        table = "sensors_chunk"
        unique_together = (("sensor_id", "position"),)
        indexes = (("sensor_id", "ends"),)


class SensorEpisode(Regulated):
    """An episode: it goes on, ends, or is not borne out by readings that came later."""

    id = fields.BigIntField(primary_key=True)
    sensor: fields.ForeignKeyRelation[Sensor] = fields.ForeignKeyField(
        "core.Sensor", related_name=False, on_delete=fields.RESTRICT
    )
    sensor_id: int
    trouble = CheckedText(max_length=8, check=among(Trouble))
    severity = CheckedText(max_length=8, check=among(Severity))
    state = CheckedText(max_length=10, check=among(EpisodeState))
    begins = fields.DatetimeField()
    noticed = CheckedInstant(check='{c} >= "begins"')
    ends = CheckedInstant(
        null=True, check='({c} IS NULL OR {c} >= "begins") AND ("state" <> \'over\' OR {c} IS NOT NULL)'
    )
    worst: Decimal = fields.DecimalField(max_digits=18, decimal_places=6)
    version = fields.IntField()
    known_at = fields.DatetimeField()
    late = fields.BooleanField(default=False)
    told_at = fields.DatetimeField(null=True)
    case_number = fields.CharField(max_length=40, default="")

    class Meta:
        """Storage of episodes."""

        table = "sensors_episode"
        indexes = (("sensor_id", "state"), ("sensor_id", "begins"), ("case_number",))

    def facts(self) -> EpisodeFacts:
        """Give the row as a frozen value."""
        return EpisodeFacts(
            id=self.id,
            sensor_id=self.sensor_id,
            state=EpisodeState(self.state),
            known_at=self.known_at,
            late=self.late,
            case_number=self.case_number,
            episode=Episode(
                trouble=Trouble(self.trouble),
                severity=Severity(self.severity),
                begins=self.begins,
                noticed=self.noticed,
                ends=self.ends,
                worst=self.worst,
                version=self.version,
            ),
        )


class Arrival(Model):
    """A message as it came, committed before the broker is answered; gone a day after it was taken in."""

    id = fields.BigIntField(primary_key=True)
    topic = fields.CharField(max_length=200, db_index=True)
    payload = fields.BinaryField()
    digest = fields.CharField(max_length=64, db_index=True)
    packet = fields.IntField(default=0)
    format = fields.CharField(
        max_length=6, default="", description="Of a message in another format than its sensor's"
    )
    retained = fields.BooleanField(default=False)
    received_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    done_at = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        """Storage of what waits."""

        table = "sensors_arrival"


class Fresh(Model):
    """A reading in its place that no chunk holds yet."""

    id = fields.BigIntField(primary_key=True)
    sensor_id = fields.BigIntField()
    at = fields.DatetimeField()
    value: Decimal = fields.DecimalField(max_digits=18, decimal_places=6)
    received_at = fields.DatetimeField()
    doubts = fields.IntField()

    class Meta:
        """Storage of the readings of late."""

        table = "sensors_fresh"
        unique_together = (("sensor_id", "at"),)

    def point(self) -> Point:
        """Give the row as a reading."""
        return Point(at=self.at, value=self.value, received_at=self.received_at, doubts=Doubt(self.doubts))


class Mark(Model):
    """Where the machine of a sensor stood after a reading; what was left out of account is thrown away and made anew."""

    id = fields.BigIntField(primary_key=True)
    sensor_id = fields.BigIntField()
    at = fields.DatetimeField()
    state: dict[str, object] = fields.JSONField()

    class Meta:
        """Storage of states."""

        table = "sensors_mark"
        unique_together = (("sensor_id", "at"),)


class Aside(Model):
    """Messages put aside: one row for each topic and reason, with how many there were and what the last one was."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField(null=True)
    topic = fields.CharField(max_length=200)
    why = CheckedText(max_length=10, check=among(Why))
    count = fields.BigIntField(default=0)
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField()
    sample = fields.CharField(max_length=200, default="")

    class Meta:
        """Storage of what was put aside."""

        table = "sensors_aside"
        unique_together = (("topic", "why"),)

    def facts(self) -> AsideFacts:
        """Give the row as a frozen value."""
        return AsideFacts(
            topic=self.topic,
            why=Why(self.why),
            count=self.count,
            first_at=self.first_at,
            last_at=self.last_at,
            sample=self.sample,
        )
