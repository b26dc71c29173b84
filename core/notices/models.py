"""The outbox: what must be told, to whom, in which state."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Notice(Model):
    """One message to one person (or one chat). ``payload`` is the rendered message, stored before the first send."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    person_id = fields.BigIntField(null=True)
    channel = fields.CharField(max_length=20, null=True)
    chat_ref = fields.CharField(max_length=80, null=True)
    kind = fields.CharField(max_length=60)
    facts: dict[str, object] = fields.JSONField(default=dict)
    payload: dict[str, object] | None = fields.JSONField(null=True)
    priority = fields.SmallIntField()
    scope = fields.CharField(max_length=101, null=True)
    state = fields.CharField(max_length=20, default="pending")
    replaces_key = fields.CharField(max_length=80, null=True, db_index=True)
    edits_id = fields.BigIntField(null=True, db_index=True)
    wanted_while = fields.CharField(max_length=80, null=True)
    due_at = fields.DatetimeField()
    lease_until = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    doubts = fields.IntField(default=0)
    tried_channels: list[str] = fields.JSONField(default=list)
    unproven_channels: list[str] = fields.JSONField(default=list)
    copy_of = fields.BigIntField(null=True, db_index=True)
    message_ref: dict[str, object] | None = fields.JSONField(null=True)
    last_error = fields.CharField(max_length=300, null=True)
    case_number = fields.CharField(max_length=40, null=True)
    correlation = fields.CharField(max_length=40, default="")
    created_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    delivered_at = fields.DatetimeField(null=True)
    prove_by = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        table = "notices_notice"
        indexes = (
            ("state", "due_at", "priority", "id"),
            ("state", "priority", "due_at"),
            ("channel", "chat_ref", "id"),
            ("person_id", "id"),
            ("case_number", "id"),
        )


class Pace(Model):
    """How a chat, a group or a whole channel stands: how much was ever sent to it, and who waits first in it.

    Instants are microseconds since 1970 (``policy.instant``): they are counted with in plain SQL.
    """

    id = fields.BigIntField(primary_key=True)
    scope = fields.CharField(max_length=101, unique=True)
    total = fields.BigIntField(default=0)
    last_at = fields.BigIntField(default=0)
    rests_until = fields.BigIntField(default=0, db_index=True)
    first_priority = fields.SmallIntField(default=0)
    first_number = fields.BigIntField(default=0)
    first_until = fields.BigIntField(default=0, db_index=True)

    class Meta:
        table = "notices_pace"


class Spent(Model):
    """Messages counted at an instant; ``upto`` is the scope's total with them, so that a window is two look-ups."""

    id = fields.BigIntField(primary_key=True)
    scope = fields.CharField(max_length=101)
    at = fields.BigIntField(db_index=True)
    upto = fields.BigIntField()
    messages = fields.IntField()

    class Meta:
        table = "notices_spent"
        unique_together = (("scope", "upto"),)
        indexes = (("scope", "at", "upto"),)


class PageEvent(Model):
    """One thing that happened on a person's phone page, in order: shown, edited, removed, said by themselves."""

    id = fields.BigIntField(primary_key=True)
    person_id = fields.BigIntField()
    number = fields.BigIntField()
    what = fields.CharField(max_length=8)
    message = fields.BigIntField()
    payload: dict[str, object] | None = fields.JSONField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "notices_page_event"
        unique_together = (("person_id", "number"),)
