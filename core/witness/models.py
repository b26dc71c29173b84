"""Tables of witnesses: who they are, their keys, what they acknowledged and cosigned, what was posted to them."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from core.kit.regulated import Regulated


class Witness(Regulated):
    """A person, or a chat, that keeps the checkpoints of this log for an organisation."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField(db_index=True)
    organisation_id = fields.BigIntField()
    person_id = fields.BigIntField(null=True)
    channel = fields.CharField(max_length=20, default="")
    chat_ref = fields.CharField(max_length=80, default="")
    named_by = fields.BigIntField(null=True)
    named_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "witness_witness"


class WitnessKey(Regulated):
    """The public key of a witness script, as the line that it prints."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    organisation_id = fields.BigIntField()
    line = fields.CharField(max_length=255)
    registered_by = fields.BigIntField(null=True)
    registered_at = fields.DatetimeField()
    retired_at = fields.DatetimeField(null=True)

    class Meta:
        table = "witness_key"
        unique_together = (("plant_id", "line"),)


class Acknowledgement(Regulated):
    """A person saw this size and root, after it was proven to continue what the same person saw before."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    organisation_id = fields.BigIntField()
    person_id = fields.BigIntField()
    size = fields.BigIntField()
    root = fields.CharField(max_length=64)
    after_size = fields.BigIntField(null=True)
    channel = fields.CharField(max_length=20)
    at = fields.DatetimeField()

    class Meta:
        table = "witness_acknowledgement"
        indexes = (("plant_id", "size"), ("person_id", "id"))


class Cosignature(Regulated):
    """A witness script's signature line under a checkpoint; ``stamped_at`` is the second that it carries."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    organisation_id = fields.BigIntField()
    key: fields.ForeignKeyRelation[WitnessKey] = fields.ForeignKeyField(
        "core.WitnessKey", on_delete=fields.RESTRICT
    )
    key_id: int
    size = fields.BigIntField()
    root = fields.CharField(max_length=64)
    line = fields.TextField()
    stamped_at = fields.DatetimeField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "witness_cosignature"
        unique_together = (("key_id", "size"),)
        indexes = (("plant_id", "size"),)


class Stamp(Regulated):
    """An outside authority's word (RFC 3161) that a checkpoint existed at an instant; ``answer`` is its response."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    size = fields.BigIntField(unique=True)
    root = fields.CharField(max_length=64)
    authority = fields.CharField(max_length=200)
    answer = fields.BinaryField()
    stamped_at = fields.DatetimeField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "witness_stamp"


class Posting(Model):
    """One round of messages to the witnesses; ``done_at`` is None while it waits for its seal."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    why = fields.CharField(max_length=12)
    case_number = fields.CharField(max_length=40, null=True)
    asked_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True, db_index=True)
    size = fields.BigIntField(null=True)

    class Meta:
        table = "witness_posting"
        indexes = (("plant_id", "why", "id"),)
