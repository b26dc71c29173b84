"""Tables of escalation: policies by version, runs with their snapshot, everyone who was told."""

from __future__ import annotations

from tortoise import fields

from core.kit.regulated import Regulated


class EscalationPolicy(Regulated):
    """The ladder of a grade from a version on; never changed, only followed by the next version."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    grade = fields.CharField(max_length=1)
    version = fields.IntField()
    steps: list[dict[str, int]] = fields.JSONField()
    repeat_minutes = fields.IntField()
    acks: list[int] = fields.JSONField(default=list)
    people = fields.IntField(default=1)
    progress_minutes = fields.IntField(default=0)
    effective_from = fields.DatetimeField()
    set_by = fields.BigIntField(null=True)

    class Meta:
        table = "escalation_policy"
        unique_together = (("plant_id", "grade", "version"),)


class EscalationRun(Regulated):
    """One alert climbing the ladder. ``policy`` is the snapshot from its start.

    ``round`` counts how often it sounded anew after an acknowledgement; ``expires_at`` follows from policy and
    acknowledgement and is cleared once a step was done.
    """

    unvouched = frozenset({"expires_at"})

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    anomaly_id = fields.BigIntField(db_index=True)
    case_number = fields.CharField(max_length=40)
    grade = fields.CharField(max_length=1)
    policy: dict[str, object] = fields.JSONField()
    state = fields.CharField(max_length=12)
    tier = fields.IntField()
    started_at = fields.DatetimeField()
    next_due_at = fields.DatetimeField(null=True)
    acknowledged_by = fields.BigIntField(null=True)
    acknowledged_at = fields.DatetimeField(null=True)
    round = fields.IntField(default=1)
    seen_revision = fields.IntField(null=True)
    expires_at = fields.DatetimeField(null=True)
    snoozed_until = fields.DatetimeField(null=True)
    resumes_at = fields.DatetimeField(null=True)
    snoozes = fields.IntField(default=0)

    class Meta:
        table = "escalation_run"
        indexes = (("state", "next_due_at"), ("state", "expires_at"), ("plant_id", "state", "grade"))


class EscalationTell(Regulated):
    """One person told at one tier, with the notice that carried it."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    run: fields.ForeignKeyRelation[EscalationRun] = fields.ForeignKeyField(
        "core.EscalationRun", on_delete=fields.RESTRICT, related_name="tells"
    )
    run_id: int
    tier = fields.IntField()
    person_id = fields.BigIntField()
    why = fields.CharField(max_length=16)
    notice_id = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "escalation_tell"


class EscalationAcknowledgement(Regulated):
    """One person's acknowledgement in one round of an alert, and the tiers that person stood for."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    run: fields.ForeignKeyRelation[EscalationRun] = fields.ForeignKeyField(
        "core.EscalationRun", on_delete=fields.RESTRICT, related_name="acknowledgements"
    )
    run_id: int
    round = fields.IntField()
    person_id = fields.BigIntField()
    tiers: list[int] = fields.JSONField()
    at = fields.DatetimeField()

    class Meta:
        table = "escalation_acknowledgement"
        unique_together = (("run_id", "person_id", "round"),)
