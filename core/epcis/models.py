"""Tables of the EPCIS room: captures, events as they were sent, what they name, what came of them, what holds what."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from core.epcis.terms import (
    Action,
    Behaviour,
    CaptureFacts,
    Deed,
    EventFacts,
    EventType,
    HeldFacts,
    Holding,
    Role,
)
from core.kit.columns import NOT_NEGATIVE, CheckedDecimal, CheckedInstant, CheckedInt, CheckedText, among
from core.kit.regulated import Regulated

if TYPE_CHECKING:
    from core.lots.models import Lot
    from core.people.models import Organisation, Site


class Capture(Regulated):
    """One document that came in: whose, which, how many events it brought."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT, description="Who sent it"
    )
    organisation_id: int
    number = fields.CharField(max_length=40)
    digest = fields.CharField(max_length=64, description="Over its content")
    behaviour = CheckedText(max_length=8, check=among(Behaviour))
    events = CheckedInt(check=NOT_NEGATIVE)
    known = CheckedInt(check=NOT_NEGATIVE, description="Events that had come before")
    errors: Any = fields.JSONField(default=list)
    channel = fields.CharField(max_length=20, default="")
    person_id = fields.BigIntField(null=True)
    made_at = fields.DatetimeField()

    class Meta:
        """Storage of captures."""

        table = "epcis_capture"
        unique_together = (("plant_id", "number"),)
        indexes = (("plant_id", "organisation_id"),)

    def facts(self) -> CaptureFacts:
        """Give the row as a frozen value."""
        return CaptureFacts(
            id=self.id,
            number=self.number,
            organisation_id=self.organisation_id,
            behaviour=Behaviour(self.behaviour),
            events=self.events,
            known=self.known,
            errors=tuple(self.errors),
            digest=self.digest,
            made_at=self.made_at,
        )


class CapturedEvent(Regulated):
    """An event as it was sent, or as we tell what was done here; an error declaration is one more row of the same id."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    capture: fields.ForeignKeyNullableRelation[Capture] = fields.ForeignKeyField(
        "core.Capture",
        related_name="captured",
        null=True,
        on_delete=fields.RESTRICT,
        description="None: it tells what was done here",
    )
    capture_id: int | None
    position = CheckedInt(check=NOT_NEGATIVE, description="Place in its document")
    event_id = fields.CharField(max_length=400)
    digest = fields.CharField(max_length=64)
    declared = fields.BooleanField(default=False, description="It declares the event of this id wrong")
    type = CheckedText(max_length=20, check=among(EventType))
    action = CheckedText(max_length=7, default="", check=among(["", *Action]))
    event_time = fields.DatetimeField()
    record_time = fields.DatetimeField()
    biz_step = fields.CharField(max_length=400, default="")
    disposition = fields.CharField(max_length=400, default="")
    read_point = fields.CharField(max_length=400, default="")
    biz_location = fields.CharField(max_length=400, default="")
    transformation = fields.CharField(max_length=400, default="")
    body = fields.TextField()
    context = fields.TextField(description="What its document said of the prefixes of extensions")

    class Meta:
        """Storage of events."""

        table = "epcis_event"
        unique_together = (("plant_id", "organisation_id", "event_id", "declared"),)
        indexes = (
            ("plant_id", "event_time"),
            ("plant_id", "record_time"),
            ("plant_id", "transformation"),
            ("event_id",),
        )

    def facts(self, *, voided: bool) -> EventFacts:
        """Give the row as a frozen value."""
        return EventFacts(
            id=self.id,
            event_id=self.event_id,
            organisation_id=self.organisation_id,
            type=EventType(self.type),
            action=Action(self.action) if self.action else None,
            event_time=self.event_time,
            record_time=self.record_time,
            biz_step=self.biz_step,
            disposition=self.disposition,
            body=self.body,
            context=self.context,
            digest=self.digest,
            voided=voided,
            told=self.capture_id is None,
        )


class Concern(Regulated):
    """A partner that an event told here concerns: it took part, or made or had every lot that the event names."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    event: fields.ForeignKeyRelation[CapturedEvent] = fields.ForeignKeyField(
        "core.CapturedEvent", related_name="concerns", on_delete=fields.RESTRICT
    )
    event_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int

    class Meta:
        """Storage of whom events concern."""

        table = "epcis_concern"
        unique_together = (("organisation_id", "event_id"),)
        indexes = (("event_id",),)


class ToldTo(Model):
    """Up to which place of the log what was done here is told; one row."""

    id = fields.IntField(primary_key=True, generated=False)
    position = fields.BigIntField(default=0)

    class Meta:
        """Storage of the place."""

        table = "epcis_told_to"


class Mention(Regulated):
    """Something that an event names: in the one form of its identifier, and the lot that it led to."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    event: fields.ForeignKeyRelation[CapturedEvent] = fields.ForeignKeyField(
        "core.CapturedEvent", related_name="mentions", on_delete=fields.RESTRICT
    )
    event_id: int
    role = CheckedText(max_length=6, check=among(Role))
    uri = fields.CharField(max_length=400)
    lot: fields.ForeignKeyNullableRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    lot_id: int | None
    quantity: Decimal | None = fields.DecimalField(
        max_digits=18, decimal_places=6, null=True, description="In the lot's unit"
    )

    class Meta:
        """Storage of mentions."""

        table = "epcis_mention"
        indexes = (("uri",), ("lot_id",), ("event_id",))


class Done(Regulated):
    """What came of an event: a deed in our records."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    event: fields.ForeignKeyRelation[CapturedEvent] = fields.ForeignKeyField(
        "core.CapturedEvent", related_name="deeds", on_delete=fields.RESTRICT
    )
    event_id: int
    deed = CheckedText(max_length=12, check=among(Deed))
    lot: fields.ForeignKeyNullableRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    lot_id: int | None
    row_id = fields.BigIntField(null=True, description="Operation, shipment, series or holding that it made")
    quantity: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=6, null=True)
    note = fields.CharField(max_length=200, default="")
    flags: list[str] = fields.JSONField(default=list)

    class Meta:
        """Storage of deeds."""

        table = "epcis_deed"
        indexes = (("event_id",), ("lot_id",))


class Held(Regulated):
    """Something inside a logistic unit or attached to something, from when to when."""

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    holding = CheckedText(max_length=10, check=among(Holding))
    parent = fields.CharField(max_length=400)
    child = fields.CharField(max_length=400)
    lot: fields.ForeignKeyNullableRelation[Lot] = fields.ForeignKeyField(
        "core.Lot", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    lot_id: int | None
    serial = fields.CharField(max_length=60, default="")
    quantity: Decimal | None = CheckedDecimal(
        max_digits=18, decimal_places=6, null=True, check="{c} IS NULL OR {c} + 0 > 0"
    )
    unit = fields.CharField(max_length=20, default="")
    since = fields.DatetimeField()
    until = CheckedInstant(null=True, check='{c} >= "since"')
    event: fields.ForeignKeyRelation[CapturedEvent] = fields.ForeignKeyField(
        "core.CapturedEvent", related_name=False, on_delete=fields.RESTRICT
    )
    event_id: int
    ended_by = fields.BigIntField(null=True, description="The event that says so")

    class Meta:
        """Storage of what holds what."""

        table = "epcis_held"
        indexes = (("plant_id", "parent"), ("plant_id", "child"), ("lot_id",))

    def facts(self, *, lot_number: str, event_id: str) -> HeldFacts:
        """Give the row as a frozen value."""
        return HeldFacts(
            holding=Holding(self.holding),
            parent=self.parent,
            child=self.child,
            lot_id=self.lot_id,
            lot_number=lot_number,
            serial=self.serial,
            quantity=self.quantity,
            unit=self.unit,
            since=self.since,
            until=self.until,
            event_id=event_id,
        )


class Location(Regulated):
    """Whose place or party an identifier is."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    plant_id: int
    uri = fields.CharField(max_length=400)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    site: fields.ForeignKeyNullableRelation[Site] = fields.ForeignKeyField(
        "core.Site", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    site_id: int | None
    name = fields.CharField(max_length=120, default="")
    recorded_at = fields.DatetimeField()

    class Meta:
        """Storage of places."""

        table = "epcis_location"
        unique_together = (("plant_id", "uri"),)
