"""Tables of the lots room: lots, what went into what, and what is held."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tortoise import fields

from core.kit.regulated import Regulated
from core.lots.terms import Disposition, HoldFacts, LotStatus

if TYPE_CHECKING:
    from core.products.models import Product


class Lot(Regulated):
    """A quantity of one product made under uniform conditions. Its number is unique in the plant."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    number = fields.CharField(max_length=60)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name="lots", on_delete=fields.RESTRICT
    )
    product_id: int
    organisation_id = fields.BigIntField(description="Who made this lot")
    partner_id = fields.BigIntField(null=True, description="Where it is now, or with whom it is shared")
    site_id = fields.BigIntField(null=True)
    place = fields.CharField(max_length=120, default="")
    quantity: Decimal = fields.DecimalField(max_digits=18, decimal_places=6)
    unit = fields.CharField(max_length=20)
    status = fields.CharField(max_length=12, default=LotStatus.AVAILABLE.value)
    made_at = fields.DatetimeField()
    process = fields.CharField(max_length=60, default="")

    class Meta:
        """Storage of lots."""

        table = "lots_lot"
        unique_together = (("plant_id", "number"),)
        indexes = (("plant_id", "made_at"), ("plant_id", "partner_id"), ("plant_id", "status"))


class LotLink(Regulated):
    """So much of the parent (input) went into the child (output)."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    parent: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="outputs", on_delete=fields.RESTRICT
    )
    parent_id: int
    child: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="inputs", on_delete=fields.RESTRICT
    )
    child_id: int
    quantity: Decimal = fields.DecimalField(max_digits=18, decimal_places=6)
    unit = fields.CharField(max_length=20)
    process = fields.CharField(max_length=60, default="")
    at = fields.DatetimeField()

    class Meta:
        """Storage of links."""

        table = "lots_link"
        indexes = (("parent_id", "child_id"), ("child_id", "parent_id"))


class Hold(Regulated):
    """A stop on a lot for a case, until a second person decides what becomes of it."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="holds", on_delete=fields.RESTRICT
    )
    lot_id: int
    case_number = fields.CharField(max_length=40)
    reason = fields.CharField(max_length=500)
    placed_by = fields.BigIntField(null=True)
    placed_at = fields.DatetimeField()
    status_before = fields.CharField(max_length=12)
    decision = fields.CharField(max_length=12, null=True)
    decision_reason = fields.CharField(max_length=500, default="")
    decided_by = fields.BigIntField(null=True)
    decided_at = fields.DatetimeField(null=True)
    signature_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of holds."""

        table = "lots_hold"
        indexes = (("case_number",), ("lot_id",))

    def facts(self, lot_number: str) -> HoldFacts:
        """Give the row as a frozen value, with the number of its lot."""
        return HoldFacts(
            id=self.id,
            plant_id=self.plant_id,
            lot_id=self.lot_id,
            lot_number=lot_number,
            case_number=self.case_number,
            reason=self.reason,
            placed_by=self.placed_by,
            placed_at=self.placed_at,
            status_before=LotStatus(self.status_before),
            decision=Disposition(self.decision) if self.decision else None,
            decision_reason=self.decision_reason,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
            signature_id=self.signature_id,
        )
