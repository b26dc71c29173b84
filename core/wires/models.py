"""The notes of the wires."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class WireNote(Model):
    """One note of one channel, good until it expires."""

    id = fields.BigIntField(primary_key=True)
    channel = fields.CharField(max_length=20)
    name = fields.CharField(max_length=120)
    value: dict[str, object] = fields.JSONField(default=dict)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "wires_note"
        unique_together = (("channel", "name"),)
