"""Tables of anomalies: the case, its gradings and supplements, the rule table by version."""

from __future__ import annotations

from tortoise import fields

from core.anomalies.terms import AnomalyFacts
from core.kit.regulated import Regulated


class Anomaly(Regulated):
    """One case from report to closure."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    number = fields.CharField(max_length=40)
    category = fields.CharField(max_length=4)
    subcode = fields.CharField(max_length=8, null=True)
    template_id = fields.BigIntField()
    answers: dict[str, str] = fields.JSONField()
    state = fields.CharField(max_length=16)
    reporter_id = fields.BigIntField()
    owner_id = fields.BigIntField()
    partner_id = fields.BigIntField(null=True)
    site_id = fields.BigIntField(null=True)
    place = fields.CharField(max_length=120)
    lot_id = fields.BigIntField(null=True)
    lot_number = fields.CharField(max_length=60, null=True)
    product_id = fields.BigIntField(null=True)
    quantity = fields.DecimalField(max_digits=20, decimal_places=6, null=True)
    unit = fields.CharField(max_length=12, default="")
    interface_from = fields.CharField(max_length=24)
    interface_to = fields.CharField(max_length=24)
    detection = fields.CharField(max_length=24)
    description = fields.TextField()
    occurred_at = fields.DatetimeField()
    reported_at = fields.DatetimeField()
    channel = fields.CharField(max_length=20)
    grade = fields.CharField(max_length=1, null=True)
    proposed_grade = fields.CharField(max_length=1, null=True)
    s = fields.SmallIntField()
    o = fields.SmallIntField()
    d = fields.SmallIntField()
    reasons: list[str] = fields.JSONField(default=list)
    evidence_ids: list[int] = fields.JSONField(default=list)
    reused_photo_of: list[str] = fields.JSONField(default=list)
    due_at = fields.DatetimeField(null=True)
    overdue_told = fields.BooleanField(default=False)
    revision = fields.IntField(default=1)
    cycle = fields.IntField(default=1)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "anomalies_anomaly"
        unique_together = (("plant_id", "number"),)
        indexes = (
            ("plant_id", "id"),
            ("plant_id", "state", "id"),
            ("plant_id", "grade", "id"),
            ("owner_id", "state"),
            ("reporter_id", "id"),
            ("state", "due_at"),
            ("overdue_told", "due_at"),
            ("plant_id", "partner_id", "id"),
            ("plant_id", "category", "reported_at"),
        )

    def facts(self) -> AnomalyFacts:
        """The case as policy and doors see it."""
        return AnomalyFacts(
            id=self.id,
            plant_id=self.plant_id,
            number=self.number,
            category=self.category,
            subcode=self.subcode,
            template_id=self.template_id,
            answers=dict(self.answers),
            state=self.state,
            reporter_id=self.reporter_id,
            owner_id=self.owner_id,
            partner_id=self.partner_id,
            site_id=self.site_id,
            place=self.place,
            lot_id=self.lot_id,
            lot_number=self.lot_number,
            quantity=self.quantity,
            unit=self.unit,
            interface_from=self.interface_from,
            interface_to=self.interface_to,
            detection=self.detection,
            description=self.description,
            occurred_at=self.occurred_at,
            reported_at=self.reported_at,
            channel=self.channel,
            grade=self.grade,
            proposed_grade=self.proposed_grade,
            s=self.s,
            o=self.o,
            d=self.d,
            reasons=tuple(self.reasons),
            evidence_ids=tuple(self.evidence_ids),
            reused_photo_of=tuple(self.reused_photo_of),
            due_at=self.due_at,
            revision=self.revision,
            cycle=self.cycle,
            closed_at=self.closed_at,
        )


class Grading(Regulated):
    """One step of grading: proposed, confirmed, raised, lower asked for, lowered."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    anomaly: fields.ForeignKeyRelation[Anomaly] = fields.ForeignKeyField(
        "core.Anomaly", on_delete=fields.RESTRICT
    )
    anomaly_id: int
    cycle = fields.IntField()
    step = fields.CharField(max_length=12)
    s = fields.SmallIntField()
    o = fields.SmallIntField()
    d = fields.SmallIntField()
    grade = fields.CharField(max_length=1)
    reason = fields.TextField(null=True)
    by_id = fields.BigIntField(null=True)
    rules_version = fields.IntField()
    signature_id = fields.BigIntField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "anomalies_grading"


class Supplement(Regulated):
    """Facts added or corrected later; the old value stays legible (G-45b)."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    anomaly: fields.ForeignKeyRelation[Anomaly] = fields.ForeignKeyField(
        "core.Anomaly", on_delete=fields.RESTRICT
    )
    anomaly_id: int
    before: dict[str, str | None] = fields.JSONField()
    after: dict[str, str] = fields.JSONField()
    evidence_ids: list[int] = fields.JSONField()
    reason = fields.TextField()
    by_id = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "anomalies_supplement"


class GradeRules(Regulated):
    """A version of the rule table."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    version = fields.IntField()
    content: dict[str, object] = fields.JSONField()
    effective_from = fields.DatetimeField()
    set_by = fields.BigIntField(null=True)

    class Meta:
        table = "anomalies_rules"
        unique_together = (("plant_id", "version"),)
