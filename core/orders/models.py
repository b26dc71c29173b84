"""Tables of the orders room: outsourcing orders, stages, the lots of a stage, transport legs, handovers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tortoise import fields

from core.kit.columns import POSITIVE, CheckedDecimal, CheckedInstant, CheckedInt, CheckedText, among
from core.kit.provenance import Provenanced
from core.kit.regulated import Regulated
from core.orders.terms import Flow, HandoverFacts, LegFacts, OrderState, StageKind, StageState

if TYPE_CHECKING:
    from core.lots.models import Lot, Shipment
    from core.people.models import Organisation, Site
    from core.products.models import Product


class Order(Regulated):
    """An outsourcing order: so much of a product, made in stages by the plant and its partners."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    number = fields.CharField(max_length=40)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "core.Product", related_name="orders", on_delete=fields.RESTRICT
    )
    product_id: int
    quantity: Decimal = CheckedDecimal(max_digits=18, decimal_places=6, check=POSITIVE)
    unit = fields.CharField(max_length=20)
    state = CheckedText(max_length=12, check=among(OrderState))
    due_at = fields.DatetimeField(null=True)
    note = fields.CharField(max_length=500, default="")
    planned_by = fields.BigIntField(null=True)
    planned_at = fields.DatetimeField()
    ended_at = CheckedInstant(
        null=True, check="({c} IS NOT NULL) = (\"state\" IN ('completed', 'cancelled'))"
    )
    reason = fields.CharField(max_length=500, default="")

    class Meta:
        """Storage of orders."""

        table = "orders_order"
        unique_together = (("plant_id", "number"),)
        indexes = (("plant_id", "state", "id"), ("product_id",))


class Stage(Regulated):
    """A stage of an order: who does what, planned and in fact."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "core.Order", related_name="stages", on_delete=fields.RESTRICT
    )
    order_id: int
    position = CheckedInt(check="{c} > 0")
    kind = CheckedText(max_length=12, check=among(StageKind))
    process = CheckedText(max_length=24, default="", check="({c} <> '') = (\"kind\" = 'process')")
    partner: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    partner_id: int | None
    site: fields.ForeignKeyNullableRelation[Site] = fields.ForeignKeyField(
        "core.Site", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    site_id: int | None
    planned_start = fields.DatetimeField(null=True)
    planned_end = CheckedInstant(
        null=True, check='{c} IS NULL OR "planned_start" IS NULL OR {c} >= "planned_start"'
    )
    started_at = fields.DatetimeField(null=True)
    ended_at = CheckedInstant(null=True, check='{c} IS NULL OR "started_at" IS NULL OR {c} >= "started_at"')
    state = CheckedText(max_length=8, check=among(StageState))
    note = fields.CharField(max_length=500, default="")

    class Meta:
        """Storage of stages."""

        table = "orders_stage"
        unique_together = (("order_id", "position"),)
        indexes = (("plant_id", "partner_id", "state"), ("plant_id", "state", "planned_end"))


class StageLot(Provenanced):
    """A lot that went into a stage or came out of it."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    stage: fields.ForeignKeyRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name="lots", on_delete=fields.RESTRICT
    )
    stage_id: int
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="stages", on_delete=fields.RESTRICT
    )
    lot_id: int
    flow = CheckedText(max_length=3, check=among(Flow))
    quantity: Decimal = CheckedDecimal(max_digits=18, decimal_places=6, check=POSITIVE)
    unit = fields.CharField(max_length=20)
    at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)

    class Meta:
        """Storage of the lots of stages."""

        table = "orders_stage_lot"
        unique_together = (("stage_id", "lot_id", "flow"),)
        indexes = (("lot_id",),)


class Leg(Regulated):
    """A leg of a transport."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    stage: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name="legs", null=True, on_delete=fields.RESTRICT
    )
    stage_id: int | None
    shipment: fields.ForeignKeyNullableRelation[Shipment] = fields.ForeignKeyField(
        "core.Shipment", related_name="legs", null=True, on_delete=fields.RESTRICT
    )
    shipment_id: int | None
    carrier: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    carrier_id: int | None
    vehicle = fields.CharField(max_length=40, default="")
    from_place = fields.CharField(max_length=120)
    to_place = CheckedText(max_length=120, check='"stage_id" IS NOT NULL OR "shipment_id" IS NOT NULL')
    planned_departure = fields.DatetimeField(null=True)
    planned_arrival = CheckedInstant(
        null=True, check='{c} IS NULL OR "planned_departure" IS NULL OR {c} >= "planned_departure"'
    )
    departed_at = fields.DatetimeField(null=True)
    arrived_at = CheckedInstant(
        null=True, check='{c} IS NULL OR ("departed_at" IS NOT NULL AND {c} >= "departed_at")'
    )
    seal = fields.CharField(max_length=40, default="")
    seal_found = fields.CharField(max_length=40, default="")

    class Meta:
        """Storage of legs."""

        table = "orders_leg"
        indexes = (("stage_id",), ("shipment_id",), ("plant_id", "carrier_id"))

    def facts(self) -> LegFacts:
        """Give the row as a frozen value."""
        return LegFacts(
            id=self.id,
            stage_id=self.stage_id,
            shipment_id=self.shipment_id,
            carrier_id=self.carrier_id,
            vehicle=self.vehicle,
            from_place=self.from_place,
            to_place=self.to_place,
            planned_departure=self.planned_departure,
            planned_arrival=self.planned_arrival,
            departed_at=self.departed_at,
            arrived_at=self.arrived_at,
            seal=self.seal,
            seal_found=self.seal_found,
        )


class Handover(Provenanced):
    """Goods given from one party to another, recorded by one of them, confirmed by the other."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    stage: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name="handovers", null=True, on_delete=fields.RESTRICT
    )
    stage_id: int | None
    leg: fields.ForeignKeyNullableRelation[Leg] = fields.ForeignKeyField(
        "core.Leg", related_name="handovers", null=True, on_delete=fields.RESTRICT
    )
    leg_id: int | None
    lot: fields.ForeignKeyNullableRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name="handovers", null=True, on_delete=fields.RESTRICT
    )
    lot_id: int | None
    giver: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    giver_id: int
    giver_name = fields.CharField(max_length=80)
    taker: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    taker_id: int
    taker_name = CheckedText(max_length=80, check='"giver_id" <> "taker_id"')
    at = fields.DatetimeField()
    place = fields.CharField(max_length=120)
    quantity: Decimal | None = CheckedDecimal(max_digits=18, decimal_places=6, null=True, check=POSITIVE)
    unit = fields.CharField(max_length=20, default="")
    seal = fields.CharField(max_length=40, default="")
    condition = fields.CharField(max_length=500, default="")
    recorded_by = fields.BigIntField(null=True)
    recorded_for = fields.BigIntField(description="The party whose word this is")
    recorded_at = fields.DatetimeField()
    confirmed_by = fields.BigIntField(null=True)
    confirmed_at = CheckedInstant(null=True, check='{c} IS NULL OR {c} >= "recorded_at"')

    class Meta:
        """Storage of handovers."""

        table = "orders_handover"
        indexes = (("plant_id", "at"), ("stage_id",), ("leg_id",), ("lot_id",))

    def facts(self) -> HandoverFacts:
        """Give the row as a frozen value."""
        return HandoverFacts(
            id=self.id,
            stage_id=self.stage_id,
            leg_id=self.leg_id,
            lot_id=self.lot_id,
            giver_id=self.giver_id,
            giver_name=self.giver_name,
            taker_id=self.taker_id,
            taker_name=self.taker_name,
            at=self.at,
            place=self.place,
            quantity=self.quantity,
            unit=self.unit,
            seal=self.seal,
            condition=self.condition,
            recorded_by=self.recorded_by,
            recorded_for=self.recorded_for,
            confirmed_by=self.confirmed_by,
            confirmed_at=self.confirmed_at,
        )
