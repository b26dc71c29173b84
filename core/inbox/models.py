"""The inbox: every update, committed before the messenger gets its answer."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Inbound(Model):
    """One update. (channel, update_id) is unique, so a repeated update has no second effect."""

    id = fields.BigIntField(primary_key=True)
    channel = fields.CharField(max_length=20)
    update_id = fields.CharField(max_length=120)
    chat_ref = fields.CharField(max_length=80)
    body: dict[str, object] = fields.JSONField()
    mac = fields.CharField(max_length=64)
    """HMAC-SHA-256 over what names the update, when it came and what it says (vouching.py)."""
    state = fields.CharField(max_length=10, default="waiting")
    attempts = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=300, null=True)

    class Meta:
        table = "inbox_inbound"
        unique_together = (("channel", "update_id"),)
        indexes = (("state", "chat_ref", "id"), ("state", "id"))


class PollCursor(Model):
    """How far a polling channel has been read; moved in the transaction that stores the updates."""

    channel = fields.CharField(max_length=20, primary_key=True)
    next_offset = fields.BigIntField()

    class Meta:
        table = "inbox_cursor"
