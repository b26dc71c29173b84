"""Tables of webhooks: who wants to be told where, and what is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from core.kit.columns import CheckedInt, CheckedText, among
from core.kit.regulated import Regulated
from core.webhooks.terms import DeliveryState

if TYPE_CHECKING:
    from core.people.models import Organisation


class Subscription(Regulated):
    """Where an organisation's program wants to be told of which kinds; secrets are sealed, never plain."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    client = fields.CharField(max_length=40)
    url = CheckedText(max_length=500, check="{c} LIKE 'http%'")
    kinds: list[str] = fields.JSONField()
    secret = fields.BinaryField()
    secret_before = fields.BinaryField(null=True)
    secret_before_until = fields.DatetimeField(null=True)
    made_at = fields.DatetimeField()
    off_at = fields.DatetimeField(null=True)
    off_because = fields.CharField(max_length=200, default="")
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "webhooks_subscription"
        indexes = (("plant_id", "organisation_id"),)


class Delivery(Model):
    """One message to one subscription: written with its cause, sent until it is taken."""

    id = fields.BigIntField(primary_key=True)
    subscription: fields.ForeignKeyRelation[Subscription] = fields.ForeignKeyField(
        "core.Subscription", on_delete=fields.RESTRICT
    )
    subscription_id: int
    message = fields.CharField(max_length=40, unique=True)
    kind = fields.CharField(max_length=40)
    body = fields.TextField()
    state = CheckedText(max_length=10, check=among(DeliveryState))
    attempts = CheckedInt(default=0, check="{c} >= 0")
    lease_until = fields.DatetimeField(null=True)
    last_status = fields.SmallIntField(null=True)
    last_error = fields.CharField(max_length=200, default="")
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "webhooks_delivery"
        indexes = (("state", "due_at"), ("subscription_id", "id"))
