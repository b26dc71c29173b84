"""Tables of the lots room: lots and their serial numbers, what was done to them, what is held, what is shipped."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tortoise import fields

from core.kit.columns import (
    POSITIVE,
    CheckedDecimal,
    CheckedInstant,
    CheckedInt,
    CheckedText,
    FoldedIndex,
    among,
)
from core.kit.provenance import Provenanced
from core.kit.regulated import Regulated
from core.lots.rehearsal_terms import RehearsalFacts
from core.lots.terms import Disposition, HoldFacts, LotStatus, OperationKind, ShipmentFacts

if TYPE_CHECKING:
    from core.people.models import Organisation, Site
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
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT, description="Who made this lot"
    )
    organisation_id: int
    partner: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation",
        related_name=False,
        null=True,
        on_delete=fields.RESTRICT,
        description="Where it is now, or with whom it is shared",
    )
    partner_id: int | None
    site: fields.ForeignKeyNullableRelation[Site] = fields.ForeignKeyField(
        "core.Site", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    site_id: int | None
    place = fields.CharField(max_length=120, default="")
    quantity: Decimal = CheckedDecimal(max_digits=18, decimal_places=6, check=POSITIVE)
    unit = fields.CharField(max_length=20)
    status = CheckedText(max_length=12, default=LotStatus.AVAILABLE.value, check=among(LotStatus))
    made_at = fields.DatetimeField()
    expires_on = fields.DateField(null=True)
    process = fields.CharField(max_length=60, default="")
    import_id = fields.BigIntField(null=True, description="The import that brought it in")

    class Meta:
        """Storage of lots."""

        table = "lots_lot"
        unique_together = (("plant_id", "number"),)
        indexes = (
            ("plant_id", "made_at"),
            ("plant_id", "status", "id"),
            ("plant_id", "partner_id", "id"),
            ("plant_id", "organisation_id", "id"),
            ("product_id", "made_at"),
            FoldedIndex(fields=("plant_id", "number")),
        )


class Operation(Provenanced):
    """What was done to lots: split, merged, reworked, used, produced. Its links say which lots, and how much."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    kind = CheckedText(max_length=8, check=among(OperationKind))
    process = fields.CharField(max_length=60, default="")
    reason = fields.CharField(max_length=500, default="")
    at = fields.DatetimeField(description="When it was done")
    recorded_at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of operations."""

        table = "lots_operation"
        indexes = (("plant_id", "at"),)


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
    operation: fields.ForeignKeyNullableRelation[Operation] = fields.ForeignKeyField(
        "core.Operation", related_name="links", null=True, on_delete=fields.RESTRICT
    )
    operation_id: int | None
    quantity: Decimal = CheckedDecimal(max_digits=18, decimal_places=6, check=POSITIVE)
    unit = fields.CharField(max_length=20)
    process = fields.CharField(max_length=60, default="")
    at = fields.DatetimeField()
    import_id = fields.BigIntField(null=True, description="The import that brought it in")

    class Meta:
        """Storage of links."""

        table = "lots_link"
        indexes = (("parent_id", "child_id"), ("child_id", "parent_id"))


class Serial(Regulated):
    """A serial number of a product, and the lot that the piece belongs to now."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name=False, on_delete=fields.RESTRICT
    )
    product_id: int
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="serials", on_delete=fields.RESTRICT
    )
    lot_id: int
    number = fields.CharField(max_length=60)
    recorded_at = fields.DatetimeField()

    class Meta:
        """Storage of serial numbers."""

        table = "lots_serial"
        unique_together = (("plant_id", "product_id", "number"),)
        indexes = (("lot_id",),)


class Shipment(Provenanced):
    """A lot on its way to an organisation of the plant, or to a customer; received once, or never."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="shipments", on_delete=fields.RESTRICT
    )
    lot_id: int
    quantity: Decimal = CheckedDecimal(max_digits=18, decimal_places=6, check=POSITIVE)
    unit = fields.CharField(max_length=20)
    status_before = CheckedText(max_length=12, check=among(LotStatus))
    sender: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    sender_id: int
    from_place = fields.CharField(max_length=120, default="")
    receiver: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    receiver_id: int | None
    customer = CheckedText(max_length=120, default="", check="({c} = '') = (\"receiver_id\" IS NOT NULL)")
    carrier: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    carrier_id: int | None
    document = fields.CharField(max_length=60, default="", description="Waybill or delivery note")
    sent_at = fields.DatetimeField()
    sent_by = fields.BigIntField(null=True)
    due_at = CheckedInstant(null=True, check='{c} >= "sent_at"')
    received_at = CheckedInstant(null=True, check='{c} >= "sent_at"')
    received_by = fields.BigIntField(null=True)
    voided_at = CheckedInstant(
        null=True,
        check='{c} IS NULL OR "received_at" IS NULL',
        description="It did not happen",
    )
    received_quantity: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)

    class Meta:
        """Storage of shipments."""

        table = "lots_shipment"
        indexes = (("plant_id", "sent_at"), ("lot_id",), ("plant_id", "received_at", "due_at"))

    def facts(self, lot_number: str) -> ShipmentFacts:
        """Give the row as a frozen value, with the number of its lot."""
        return ShipmentFacts(
            id=self.id,
            lot_id=self.lot_id,
            lot_number=lot_number,
            quantity=self.quantity,
            unit=self.unit,
            sender_id=self.sender_id,
            from_place=self.from_place,
            receiver_id=self.receiver_id,
            customer=self.customer,
            carrier_id=self.carrier_id,
            document=self.document,
            sent_at=self.sent_at,
            due_at=self.due_at,
            received_at=self.received_at,
            received_quantity=self.received_quantity,
        )


class Rehearsal(Regulated):
    """A recall rehearsal: how much a lot reached when it began, how much of it was located when it ended."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    number = fields.CharField(max_length=40)
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name=False, on_delete=fields.RESTRICT
    )
    lot_id: int
    lots = fields.IntField()
    shipped = fields.IntField(description="Of them, lots that are away")
    located = CheckedInt(null=True, check='{c} >= 0 AND {c} <= "lots"')
    remark = fields.CharField(max_length=500, default="")
    begun_at = fields.DatetimeField()
    begun_by = fields.BigIntField(null=True)
    ended_at = CheckedInstant(null=True, check='{c} >= "begun_at"')
    ended_by = fields.BigIntField(null=True)

    class Meta:
        """Storage of rehearsals."""

        table = "lots_rehearsal"
        unique_together = (("plant_id", "number"),)
        indexes = (("plant_id", "lot_id"),)

    def facts(self, lot_number: str) -> RehearsalFacts:
        """Give the row as a frozen value, with the number of its lot."""
        return RehearsalFacts(
            id=self.id,
            number=self.number,
            lot_id=self.lot_id,
            lot_number=lot_number,
            lots=self.lots,
            shipped=self.shipped,
            located=self.located,
            remark=self.remark,
            begun_at=self.begun_at,
            ended_at=self.ended_at,
        )


class LinkVoid(Regulated):
    """A link that was recorded wrongly: no trace follows it any more."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    link_id = fields.BigIntField(unique=True)
    reason = fields.CharField(max_length=500)
    at = fields.DatetimeField()

    class Meta:
        """Storage of voided links."""

        table = "lots_link_void"
        indexes = (("plant_id",),)


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
