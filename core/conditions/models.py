"""Tables of the conditions room: parameter readings, environment series and their samples."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tortoise import fields

from core.conditions.terms import SpecSnapshot
from core.kit.columns import CheckedInstant, CheckedInt
from core.kit.provenance import Provenanced
from core.kit.regulated import Regulated

if TYPE_CHECKING:
    from core.lots.models import Lot
    from core.orders.models import Leg, Stage
    from core.people.models import Organisation
    from core.products.models import ParameterSpec


class Reading(Provenanced):
    """An actual value of a process parameter, with the specification of that moment beside it."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT, description="Who brought it in"
    )
    organisation_id: int
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="readings", on_delete=fields.RESTRICT
    )
    lot_id: int
    stage: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name="readings", null=True, on_delete=fields.RESTRICT
    )
    stage_id: int | None
    spec: fields.ForeignKeyNullableRelation[ParameterSpec] = fields.ForeignKeyField(
        "core.ParameterSpec", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    spec_id: int | None
    process = fields.CharField(max_length=60)
    name = fields.CharField(max_length=60)
    value: Decimal = fields.DecimalField(max_digits=18, decimal_places=6)
    unit = fields.CharField(max_length=20)
    compared: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    snapshot: dict[str, str | int | None] | None = fields.JSONField(null=True)
    within = fields.BooleanField(null=True)
    at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)
    equipment = fields.CharField(max_length=80, default="")

    class Meta:
        """Storage of readings."""

        table = "conditions_reading"
        indexes = (("lot_id", "at"), ("stage_id",), ("plant_id", "organisation_id"))

    def spec_then(self) -> SpecSnapshot | None:
        """Give the specification as it was."""
        kept = self.snapshot
        if kept is None:
            return None
        numbers = {
            key: None if kept[key] is None else Decimal(str(kept[key]))
            for key in ("target", "lower", "upper")
        }
        return SpecSnapshot(version=int(str(kept["version"])), unit=str(kept["unit"]), **numbers)


class Series(Provenanced):
    """A logger's record with what it says; the samples stand in chunks beside it."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT, description="Who brought it in"
    )
    organisation_id: int
    stage: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name="series", null=True, on_delete=fields.RESTRICT
    )
    stage_id: int | None
    leg: fields.ForeignKeyNullableRelation[Leg] = fields.ForeignKeyField(
        "core.Leg", related_name="series", null=True, on_delete=fields.RESTRICT
    )
    leg_id: int | None
    lot: fields.ForeignKeyNullableRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="series", null=True, on_delete=fields.RESTRICT
    )
    lot_id: int | None
    logger = fields.CharField(max_length=60)
    calibrated_until = fields.DateField(null=True)
    interval_seconds = CheckedInt(check="{c} > 0")
    begins = fields.DatetimeField()
    ends = CheckedInstant(check='{c} >= "begins"')
    count = CheckedInt(
        check='{c} > 0 AND ("stage_id" IS NOT NULL OR "leg_id" IS NOT NULL OR "lot_id" IS NOT NULL)'
    )
    limits: dict[str, str | None] = fields.JSONField()
    lowest: Decimal = fields.DecimalField(max_digits=10, decimal_places=3)
    highest: Decimal = fields.DecimalField(max_digits=10, decimal_places=3)
    mean: Decimal = fields.DecimalField(max_digits=10, decimal_places=3)
    mkt: Decimal = fields.DecimalField(max_digits=10, decimal_places=2)
    gaps: list[list[str]] = fields.JSONField()
    excursions: list[dict[str, str | bool]] = fields.JSONField()
    recorded_at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of series."""

        table = "conditions_series"
        indexes = (("lot_id",), ("stage_id",), ("leg_id",), ("plant_id", "logger", "begins"))


class Chunk(Regulated):
    """Samples of a series, packed (``policy.pack``)."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    series: fields.ForeignKeyRelation[Series] = fields.ForeignKeyField(
        "core.Series", related_name="chunks", on_delete=fields.RESTRICT
    )
    series_id: int
    position = CheckedInt(check="{c} > 0")
    begins = fields.DatetimeField()
    count = CheckedInt(check="{c} > 0")
    packed = fields.TextField()

    class Meta:
        """Storage of samples."""

        table = "conditions_chunk"
        unique_together = (("series_id", "position"),)
