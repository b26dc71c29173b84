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
    effective_from = fields.DatetimeField()
    set_by = fields.BigIntField(null=True)

    class Meta:
        table = "escalation_policy"
        unique_together = (("plant_id", "grade", "version"),)


class EscalationRun(Regulated):
    """One alert climbing the ladder. ``policy`` is the snapshot from its start."""

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

    class Meta:
        table = "escalation_run"
        indexes = (("state", "next_due_at"),)


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
