"""Tables of clients: who they are, digests of their secrets and tokens, how fast they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from core.kit.columns import CheckedInt, CheckedText
from core.kit.regulated import Regulated

if TYPE_CHECKING:
    from core.people.models import Organisation


class Client(Regulated):
    """A program of an organisation; ``public_id`` is what it calls itself (``client_id`` in OAuth)."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField(db_index=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    public_id = CheckedText(max_length=40, unique=True, check="{c} LIKE 'bhc_%'")
    name = fields.CharField(max_length=80)
    scopes: list[str] = fields.JSONField()
    sandbox = fields.BooleanField(default=False)
    made_by = fields.BigIntField(null=True)
    made_at = fields.DatetimeField()
    valid_until = fields.DatetimeField()
    revoked_by = fields.BigIntField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "clients_client"


class ClientSecret(Regulated):
    """The digest of a secret; two overlap while a client changes over."""

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "core.Client", on_delete=fields.RESTRICT, related_name="secrets"
    )
    client_id: int
    secret_hash = CheckedText(max_length=64, unique=True, check="length({c}) = 64")
    made_by = fields.BigIntField(null=True)
    made_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(null=True)

    class Meta:
        table = "clients_secret"


class ClientToken(Regulated):
    """The digest of an access token, good until it expires or its client or secret ends."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    token_hash = CheckedText(max_length=64, unique=True, check="length({c}) = 64")
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "core.Client", on_delete=fields.RESTRICT
    )
    client_id: int
    secret: fields.ForeignKeyRelation[ClientSecret] = fields.ForeignKeyField(
        "core.ClientSecret", on_delete=fields.RESTRICT
    )
    secret_id: int
    scopes: list[str] = fields.JSONField()
    issued_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "clients_token"
        indexes = (("client_id", "id"),)


class ClientPace(Model):
    """How much of a client's allowance of one kind is used in the present window."""

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "core.Client", on_delete=fields.RESTRICT
    )
    client_id: int
    kind = fields.CharField(max_length=12)
    began_at = fields.DatetimeField()
    used = CheckedInt(check="{c} >= 0")

    class Meta:
        table = "clients_pace"
        unique_together = (("client_id", "kind"),)


class Sandbox(Regulated):
    """A plant apart for an organisation's programs, with its twin in it; a new one ends the one before."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    world: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    world_id: int
    twin: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    twin_id: int
    made_by = fields.BigIntField(null=True)
    made_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "clients_sandbox"
        indexes = (("plant_id", "organisation_id"),)
