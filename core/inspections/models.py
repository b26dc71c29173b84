"""Tables of the inspections room: methods and what they measure, results and their values, reference samples."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tortoise import fields

from core.inspections.report_terms import FindingFacts, Form, Single, Standing
from core.inspections.terms import CharacteristicFacts, SampleFacts, SampleKind, Verdict
from core.kit.columns import POSITIVE, CheckedDecimal, CheckedInstant, CheckedInt, CheckedText, among
from core.kit.provenance import Flag, Provenanced
from core.kit.regulated import Regulated

if TYPE_CHECKING:
    from core.lots.models import Lot
    from core.orders.models import Stage
    from core.people.models import Organisation
    from core.products.models import Product


class Method(Regulated):
    """A version of an inspection method."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    code = fields.CharField(max_length=40)
    version = CheckedInt(check="{c} > 0")
    name_zh = fields.CharField(max_length=120)
    name_en = fields.CharField(max_length=120)
    effective_from = fields.DatetimeField()
    published_by = fields.BigIntField(null=True)
    published_at = fields.DatetimeField()

    class Meta:
        """Storage of methods."""

        table = "inspections_method"
        unique_together = (("plant_id", "code", "version"),)


class Characteristic(Regulated):
    """What a version of a method measures, and within which limits."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    method: fields.ForeignKeyRelation[Method] = fields.ForeignKeyField(
        "core.Method", related_name="characteristics", on_delete=fields.RESTRICT
    )
    method_id: int
    position = CheckedInt(check="{c} > 0")
    key = fields.CharField(max_length=40)
    name_zh = fields.CharField(max_length=120)
    name_en = fields.CharField(max_length=120)
    unit = fields.CharField(max_length=20, default="")
    lower: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    target: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    upper: Decimal | None = CheckedDecimal(
        max_digits=18,
        decimal_places=6,
        null=True,
        check='({c} IS NULL OR "lower" IS NULL OR {c} + 0 >= "lower" + 0)'
        ' AND ("unit" = \'\' OR {c} IS NOT NULL OR "lower" IS NOT NULL OR "target" IS NOT NULL)',
    )
    uncertainty: Decimal | None = CheckedDecimal(max_digits=18, decimal_places=6, null=True, check=POSITIVE)
    coverage: Decimal = CheckedDecimal(
        max_digits=4, decimal_places=2, default=Decimal(2), check="{c} + 0 >= 1 AND {c} + 0 <= 4"
    )

    class Meta:
        """Storage of characteristics."""

        table = "inspections_characteristic"
        unique_together = (("method_id", "key"), ("method_id", "position"))

    def facts(self) -> CharacteristicFacts:
        """Give the row as a frozen value."""
        return CharacteristicFacts(
            id=self.id,
            key=self.key,
            name_zh=self.name_zh,
            name_en=self.name_en,
            unit=self.unit,
            lower=self.lower,
            target=self.target,
            upper=self.upper,
            uncertainty=self.uncertainty,
            coverage=self.coverage,
        )


class Result(Provenanced):
    """A laboratory's raw record of a lot; a correction is a new one that names the old one."""

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
        "core.Lot", related_name="results", on_delete=fields.RESTRICT
    )
    lot_id: int
    stage: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name="results", null=True, on_delete=fields.RESTRICT
    )
    stage_id: int | None
    method: fields.ForeignKeyRelation[Method] = fields.ForeignKeyField(
        "core.Method", related_name="results", on_delete=fields.RESTRICT
    )
    method_id: int
    laboratory: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    laboratory_id: int | None
    instrument = fields.CharField(max_length=80, default="")
    calibrated_until = fields.DateField(null=True)
    analyst = fields.CharField(max_length=80, default="")
    measured_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)
    verdict = CheckedText(max_length=14, check=among(Verdict))
    claims = fields.BooleanField(null=True)
    sample = fields.CharField(max_length=60, default="")
    sampled_at = CheckedInstant(null=True, check='{c} IS NULL OR {c} <= "measured_at"')
    remark = fields.CharField(max_length=500, default="")
    corrects: fields.OneToOneNullableRelation[Result] = fields.OneToOneField(
        "core.Result", related_name="corrected_by", null=True, on_delete=fields.RESTRICT
    )
    corrects_id: int | None

    class Meta:
        """Storage of results."""

        table = "inspections_result"
        indexes = (("lot_id", "measured_at"), ("plant_id", "organisation_id"), ("plant_id", "verdict", "id"))


class Value(Regulated):
    """One value of a result, as given and as compared, with our judgement."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    result: fields.ForeignKeyRelation[Result] = fields.ForeignKeyField(
        "core.Result", related_name="values_given", on_delete=fields.RESTRICT
    )
    result_id: int
    characteristic: fields.ForeignKeyRelation[Characteristic] = fields.ForeignKeyField(
        "core.Characteristic", related_name=False, on_delete=fields.RESTRICT
    )
    characteristic_id: int
    piece = CheckedInt(check="{c} > 0")
    value: Decimal | None = CheckedDecimal(
        max_digits=18, decimal_places=6, null=True, check='({c} IS NULL) = ("passed" IS NOT NULL)'
    )
    operator = CheckedText(max_length=2, default="", check=among(("", "<", "<=", ">", ">=")))
    unit = fields.CharField(max_length=20, default="")
    uncertainty: Decimal | None = CheckedDecimal(max_digits=18, decimal_places=6, null=True, check=POSITIVE)
    coverage: Decimal | None = CheckedDecimal(
        max_digits=4, decimal_places=2, null=True, check="{c} IS NULL OR ({c} + 0 >= 1 AND {c} + 0 <= 4)"
    )
    passed = fields.BooleanField(null=True)
    compared: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    within = fields.BooleanField()

    class Meta:
        """Storage of values."""

        table = "inspections_value"
        unique_together = (("result_id", "characteristic_id", "piece"),)


class TestReport(Provenanced):
    """A document of results of a lot as its sender made it: certificate or measuring file, with our verdict."""

    append_only = True
    __test__ = False

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
        "core.Lot", related_name="reports", on_delete=fields.RESTRICT
    )
    lot_id: int
    form = CheckedText(max_length=12, check=among(Form))
    number = fields.CharField(max_length=80)
    said_lot = fields.CharField(max_length=120, default="")
    standard = fields.CharField(max_length=120, default="")
    issuer = fields.CharField(max_length=160, default="")
    product = fields.CharField(max_length=200, default="")
    issued_on = fields.DateField(null=True)
    measured_at = fields.DatetimeField(null=True)
    instrument = fields.CharField(max_length=120, default="")
    analyst = fields.CharField(max_length=120, default="")
    statement = fields.CharField(max_length=1000, default="")
    claims = fields.BooleanField(null=True)
    verdict = CheckedText(max_length=14, check=among(Verdict))
    evidence_ids: list[int] = fields.JSONField(default=list)
    recorded_at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)
    import_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of test reports."""

        table = "inspections_report"
        indexes = (("lot_id",), ("plant_id", "form", "number"), ("plant_id", "organisation_id"))


class Finding(Regulated):
    """What a test report says of one characteristic; figures are texts, with the digits they came with."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    report: fields.ForeignKeyRelation[TestReport] = fields.ForeignKeyField(
        "core.TestReport", related_name="findings", on_delete=fields.RESTRICT
    )
    report_id: int
    position = CheckedInt(check="{c} > 0")
    code = fields.CharField(max_length=60, default="")
    name = fields.CharField(max_length=160)
    method = fields.CharField(max_length=160, default="")
    condition = fields.CharField(max_length=200, default="")
    unit = fields.CharField(max_length=30, default="")
    value = fields.CharField(max_length=130, default="")
    operator = CheckedText(max_length=2, default="", check=among(("", "=", "<", "<=", ">", ">=")))
    text = fields.CharField(max_length=500, default="")
    lower = fields.CharField(max_length=130, default="")
    lower_open = fields.BooleanField(default=False)
    upper = fields.CharField(max_length=130, default="")
    upper_open = fields.BooleanField(default=False)
    nominal = fields.CharField(max_length=130, default="")
    uncertainty = fields.CharField(max_length=130, default="")
    own = CheckedText(max_length=8, check=among(Standing))
    ours = CheckedText(max_length=8, check=among(Standing))
    our_limits = fields.CharField(max_length=200, default="")
    count = CheckedInt(check="{c} >= 0")
    out = CheckedInt(check='{c} >= 0 AND {c} <= "count"')
    singles: list[list[str]] = fields.JSONField(default=list)
    flags: list[str] = fields.JSONField(default=list)
    place = fields.CharField(max_length=200, default="")

    class Meta:
        """Storage of findings."""

        table = "inspections_finding"
        unique_together = (("report_id", "position"),)

    def facts(self) -> FindingFacts:
        """Give the row as a frozen value."""
        return FindingFacts(
            position=self.position,
            code=self.code,
            name=self.name,
            method=self.method,
            condition=self.condition,
            unit=self.unit,
            value=self.value,
            operator=self.operator,
            text=self.text,
            lower=self.lower,
            lower_open=self.lower_open,
            upper=self.upper,
            upper_open=self.upper_open,
            nominal=self.nominal,
            uncertainty=self.uncertainty,
            own=Standing(self.own),
            ours=Standing(self.ours),
            our_limits=self.our_limits,
            count=self.count,
            out=self.out,
            singles=tuple(Single(Decimal(one[0]), one[1], one[2]) for one in self.singles),
            flags=tuple(Flag(one) for one in self.flags),
            place=self.place,
        )


class Sample(Regulated):
    """A version of a golden or limit sample (电子样板): pictures, what they show, signed."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name="samples", on_delete=fields.RESTRICT
    )
    product_id: int
    code = fields.CharField(max_length=40)
    version = CheckedInt(check="{c} > 0")
    kind = CheckedText(max_length=12, check=among(SampleKind))
    title = fields.CharField(max_length=120)
    shows = fields.CharField(max_length=500)
    digests: list[str] = fields.JSONField()
    evidence_ids: list[int] = fields.JSONField()
    made_by = fields.BigIntField(null=True)
    made_at = fields.DatetimeField()
    valid_until = CheckedInstant(null=True, check='{c} IS NULL OR {c} > "made_at"')
    approved_by = fields.BigIntField(null=True)
    approved_at = fields.DatetimeField(null=True)
    signature_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of samples."""

        table = "inspections_sample"
        unique_together = (("plant_id", "code", "version"),)
        indexes = (("product_id",),)

    def facts(self) -> SampleFacts:
        """Give the row as a frozen value."""
        return SampleFacts(
            id=self.id,
            product_id=self.product_id,
            code=self.code,
            version=self.version,
            kind=SampleKind(self.kind),
            title=self.title,
            shows=self.shows,
            digests=tuple(self.digests),
            evidence_ids=tuple(self.evidence_ids),
            made_by=self.made_by,
            made_at=self.made_at,
            valid_until=self.valid_until,
            approved_by=self.approved_by,
            approved_at=self.approved_at,
            signature_id=self.signature_id,
        )
