"""Tables of the products room: products, their identifiers, what they are made of, how they should be made."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tortoise import fields

from core.kit.columns import POSITIVE, CheckedDecimal, CheckedInstant, CheckedInt, CheckedText, among
from core.kit.regulated import Regulated
from core.products.terms import Agency, IdentifierFacts, ProductFacts, SpecFacts

if TYPE_CHECKING:
    from core.people.models import Organisation


class Product(Regulated):
    """A kind of article or material that lots are made of."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    code = fields.CharField(max_length=60)
    name_zh = fields.CharField(max_length=120)
    name_en = fields.CharField(max_length=120)
    unit = fields.CharField(max_length=20)
    sterile = fields.BooleanField(default=False)
    implant = fields.BooleanField(default=False)
    label_critical = fields.BooleanField(default=False)

    class Meta:
        """Storage of products."""

        table = "products_product"
        unique_together = (("plant_id", "code"),)

    def facts(self) -> ProductFacts:
        """Give the row as a frozen value."""
        return ProductFacts(
            id=self.id,
            plant_id=self.plant_id,
            code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            unit=self.unit,
            sterile=self.sterile,
            implant=self.implant,
            label_critical=self.label_critical,
        )


class Identifier(Regulated):
    """A UDI-DI: what an issuing agency calls the product in one unit of sale."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name="identifiers", on_delete=fields.RESTRICT
    )
    product_id: int
    agency = CheckedText(max_length=8, check=among(Agency))
    code = fields.CharField(max_length=60)
    contains = CheckedInt(default=1, check="{c} > 0", description="Pieces in one unit of sale")
    since = fields.DatetimeField()
    until = CheckedInstant(null=True, check='{c} >= "since"')

    class Meta:
        """Storage of device identifiers."""

        table = "products_identifier"
        unique_together = (("plant_id", "agency", "code"),)
        indexes = (("plant_id", "code"),)

    def facts(self) -> IdentifierFacts:
        """Give the row as a frozen value."""
        return IdentifierFacts(
            id=self.id,
            product_id=self.product_id,
            agency=Agency(self.agency),
            code=self.code,
            contains=self.contains,
            since=self.since,
            until=self.until,
        )


class UnitFactor(Regulated):
    """How two units compare, from a moment on; of one product, or of all (None). The newest one holds."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    product: fields.ForeignKeyNullableRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    product_id: int | None
    unit = fields.CharField(max_length=20)
    into = CheckedText(max_length=20, check='{c} <> "unit"')
    factor: Decimal = CheckedDecimal(max_digits=24, decimal_places=9, check=POSITIVE)
    since = fields.DatetimeField()

    class Meta:
        """Storage of factors."""

        table = "products_factor"
        indexes = (("plant_id", "product_id"),)


class Bom(Regulated):
    """A version of a product's bill of materials."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name="boms", on_delete=fields.RESTRICT
    )
    product_id: int
    version = CheckedInt(check="{c} > 0")
    effective_from = fields.DatetimeField()
    note = fields.CharField(max_length=500, default="")
    published_by = fields.BigIntField(null=True)
    published_at = fields.DatetimeField()

    class Meta:
        """Storage of bills of materials."""

        table = "products_bom"
        unique_together = (("product_id", "version"),)


class BomLine(Regulated):
    """So much of a component in one unit of the product."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    bom: fields.ForeignKeyRelation[Bom] = fields.ForeignKeyField(
        "core.Bom", related_name="lines", on_delete=fields.RESTRICT
    )
    bom_id: int
    position = CheckedInt(check="{c} > 0")
    component: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name="used_in", on_delete=fields.RESTRICT
    )
    component_id: int
    quantity: Decimal = CheckedDecimal(max_digits=18, decimal_places=6, check=POSITIVE)
    unit = fields.CharField(max_length=20)
    loss: Decimal = CheckedDecimal(
        max_digits=8, decimal_places=6, default=Decimal(0), check="{c} + 0 >= 0 AND {c} + 0 < 1"
    )

    class Meta:
        """Storage of lines."""

        table = "products_bom_line"
        unique_together = (("bom_id", "position"), ("bom_id", "component_id"))


class ParameterSpec(Regulated):
    """A version of what a process parameter of a product should be."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name="parameters", on_delete=fields.RESTRICT
    )
    product_id: int
    process = fields.CharField(max_length=60)
    name = fields.CharField(max_length=60)
    version = CheckedInt(check="{c} > 0")
    unit = fields.CharField(max_length=20)
    lower: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    target: Decimal | None = CheckedDecimal(
        max_digits=18,
        decimal_places=6,
        null=True,
        check='{c} IS NULL OR "lower" IS NULL OR {c} + 0 >= "lower" + 0',
    )
    upper: Decimal | None = CheckedDecimal(
        max_digits=18,
        decimal_places=6,
        null=True,
        check='({c} IS NULL OR "lower" IS NULL OR {c} + 0 >= "lower" + 0)'
        ' AND ({c} IS NULL OR "target" IS NULL OR {c} + 0 >= "target" + 0)'
        ' AND ({c} IS NOT NULL OR "target" IS NOT NULL OR "lower" IS NOT NULL)',
    )
    effective_from = fields.DatetimeField()
    published_by = fields.BigIntField(null=True)
    published_at = fields.DatetimeField()

    class Meta:
        """Storage of parameter specifications."""

        table = "products_parameter"
        unique_together = (("product_id", "process", "name", "version"),)

    def facts(self) -> SpecFacts:
        """Give the row as a frozen value."""
        return SpecFacts(
            id=self.id,
            product_id=self.product_id,
            process=self.process,
            name=self.name,
            version=self.version,
            unit=self.unit,
            target=self.target,
            lower=self.lower,
            upper=self.upper,
            effective_from=self.effective_from,
        )
