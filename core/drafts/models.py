"""Dialogues in progress: the state that survives any restart."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Draft(Model):
    """One running dialogue of a person in a chat; at most one per chat."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    person_id = fields.BigIntField()
    channel = fields.CharField(max_length=20)
    chat_ref = fields.CharField(max_length=80)
    flow = fields.CharField(max_length=40)
    context: dict[str, object] = fields.JSONField(default=dict)
    answers: dict[str, object] = fields.JSONField(default=dict)
    asked: list[str] = fields.JSONField(default=list)
    step = fields.CharField(max_length=40)
    revision = fields.IntField(default=1)
    started_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "drafts_draft"
        unique_together = (("channel", "chat_ref"),)


class Preference(Model):
    """Small facts a person should not type twice: the last-used lot, supplier, site."""

    id = fields.BigIntField(primary_key=True)
    person_id = fields.BigIntField()
    name = fields.CharField(max_length=40)
    used: list[str] = fields.JSONField(default=list)

    class Meta:
        table = "drafts_preference"
        unique_together = (("person_id", "name"),)
