"""Table of the products room."""

from __future__ import annotations

from tortoise import fields

from core.kit.regulated import Regulated
from core.products.terms import ProductFacts


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
