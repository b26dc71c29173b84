"""Tables of anomalies: the case, its gradings and supplements, the rule table by version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields

from core.anomalies.terms import AnomalyFacts, ExtensionFacts, PartnerClock
from core.kit.regulated import Regulated

if TYPE_CHECKING:
    from core.orders.models import Stage


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
    reporter_client = fields.CharField(
        max_length=40, default="", description="The program that reported it, if one did"
    )
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
    stage_from: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    stage_from_id: int | None
    stage_to: fields.ForeignKeyNullableRelation[Stage] = fields.ForeignKeyField(
        "core.Stage", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    stage_to_id: int | None
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
    due_since = fields.DatetimeField(null=True)
    extensions = fields.IntField(default=0)
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
            ("stage_to_id",),
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
            reporter_client=self.reporter_client,
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
            stage_from_id=self.stage_from_id,
            stage_to_id=self.stage_to_id,
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
            due_since=self.due_since,
            extensions=self.extensions,
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


class ClockRules(Regulated):
    """A version of the stage clocks and a partner's clocks."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    version = fields.IntField()
    content: dict[str, object] = fields.JSONField()
    effective_from = fields.DatetimeField()
    set_by = fields.BigIntField(null=True)

    class Meta:
        table = "anomalies_clocks"
        unique_together = (("plant_id", "version"),)


class SupplierClock(Regulated):
    """One step that a partner owes for a case, and when it was done."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    anomaly_id = fields.BigIntField()
    case_number = fields.CharField(max_length=40)
    partner_id = fields.BigIntField()
    step = fields.CharField(max_length=4)
    started_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    met_at = fields.DatetimeField(null=True)
    met_by = fields.BigIntField(null=True)
    late_told = fields.BooleanField(default=False)
    ended_at = fields.DatetimeField(null=True)
    extensions = fields.IntField(default=0)

    class Meta:
        table = "anomalies_supplier_clock"
        unique_together = (("anomaly_id", "step"),)
        indexes = (("late_told", "due_at"),)

    def facts(self) -> PartnerClock:
        """The step as doors see it."""
        return PartnerClock(
            id=self.id,
            plant_id=self.plant_id,
            anomaly_id=self.anomaly_id,
            case_number=self.case_number,
            partner_id=self.partner_id,
            step=self.step,
            started_at=self.started_at,
            due_at=self.due_at,
            met_at=self.met_at,
            extensions=self.extensions,
        )


class Extension(Regulated):
    """A request for more time: who asked why, who decided."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    anomaly_id = fields.BigIntField(db_index=True)
    case_number = fields.CharField(max_length=40)
    clock = fields.CharField(max_length=20)
    before = fields.DatetimeField()
    until = fields.DatetimeField()
    reason = fields.CharField(max_length=500)
    asked_by = fields.BigIntField()
    asked_at = fields.DatetimeField()
    state = fields.CharField(max_length=8)
    decided_by = fields.BigIntField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decision = fields.CharField(max_length=500, default="")

    class Meta:
        table = "anomalies_extension"

    def facts(self) -> ExtensionFacts:
        """The request as doors see it."""
        return ExtensionFacts(
            id=self.id,
            anomaly_id=self.anomaly_id,
            case_number=self.case_number,
            clock=self.clock,
            before=self.before,
            until=self.until,
            reason=self.reason,
            asked_by=self.asked_by,
            state=self.state,
            decided_by=self.decided_by,
            decision=self.decision,
        )
