"""Tables of corrective and preventive action."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tortoise import fields

from core.capa.terms import ActionFacts, CapaFacts
from core.kit.regulated import Regulated

if TYPE_CHECKING:
    from collections.abc import Sequence


class Capa(Regulated):
    """One corrective and preventive action per case; an ineffective one begins a new cycle."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    number = fields.CharField(max_length=40)
    anomaly_id = fields.BigIntField(unique=True)
    case_number = fields.CharField(max_length=40, db_index=True)
    partner_id = fields.BigIntField(null=True)
    owner_id = fields.BigIntField()
    former_owner_ids: list[int] = fields.JSONField(default=list)
    state = fields.CharField(max_length=12)
    cycle = fields.IntField(default=1)
    revision = fields.IntField(default=1)
    grade = fields.CharField(max_length=1, null=True)
    occurrence_category = fields.CharField(max_length=12, null=True)
    occurrence = fields.TextField(null=True)
    escape_category = fields.CharField(max_length=12, null=True)
    escape = fields.TextField(null=True)
    cause_by = fields.BigIntField(null=True)
    effect_kind = fields.CharField(max_length=8, null=True)
    effect_criterion = fields.TextField(null=True)
    effect_target = fields.IntField(null=True)
    effect_due = fields.DateField(null=True)
    effect_result = fields.CharField(max_length=12, null=True)
    effect_note = fields.TextField(null=True)
    effect_by = fields.BigIntField(null=True)
    author_ids: list[int] = fields.JSONField(default=list)
    plan_submitted_by = fields.BigIntField(null=True)
    plan_signature_id = fields.BigIntField(null=True)
    plan_approved_by = fields.BigIntField(null=True)
    waiver_reason = fields.TextField(null=True)
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "capa_capa"
        unique_together = (("plant_id", "number"),)
        indexes = (("plant_id", "state"), ("owner_id", "state"))

    def written_by(self, person_id: int) -> None:
        """Count somebody among the authors of the present cycle's plan; they cannot approve it."""
        self.author_ids = sorted({*self.author_ids, person_id})

    def facts(self, actions: Sequence[CapaAction]) -> CapaFacts:
        """The CAPA with its actions counted, as policy sees it."""
        present = [one for one in actions if one.cycle == self.cycle]
        return CapaFacts(
            id=self.id,
            plant_id=self.plant_id,
            number=self.number,
            anomaly_id=self.anomaly_id,
            case_number=self.case_number,
            partner_id=self.partner_id,
            owner_id=self.owner_id,
            former_owner_ids=tuple(self.former_owner_ids),
            state=self.state,
            cycle=self.cycle,
            revision=self.revision,
            grade=self.grade,
            occurrence_category=self.occurrence_category,
            occurrence=self.occurrence,
            escape_category=self.escape_category,
            escape=self.escape,
            cause_by=self.cause_by,
            effect_kind=self.effect_kind,
            effect_criterion=self.effect_criterion,
            effect_target=self.effect_target,
            effect_due=self.effect_due,
            effect_result=self.effect_result,
            effect_note=self.effect_note,
            author_ids=tuple(self.author_ids),
            plan_submitted_by=self.plan_submitted_by,
            plan_approved_by=self.plan_approved_by,
            waiver_reason=self.waiver_reason,
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            action_count=len(present),
            open_action_count=sum(one.done_at is None for one in present),
            action_owner_ids=tuple(
                sorted({who for one in actions for who in (one.owner_id, *one.former_owner_ids)})
            ),
        )


class CapaAction(Regulated):
    """One action of a plan: what, by whom, until when, and the proof that it was done."""

    id = fields.BigIntField(primary_key=True)
    capa: fields.ForeignKeyRelation[Capa] = fields.ForeignKeyField("core.Capa", on_delete=fields.RESTRICT)
    capa_id: int
    case_number = fields.CharField(max_length=40)
    kind = fields.CharField(max_length=12)
    text = fields.TextField()
    owner_id = fields.BigIntField()
    former_owner_ids: list[int] = fields.JSONField(default=list)
    due = fields.DateField()
    done_at = fields.DatetimeField(null=True)
    done_by = fields.BigIntField(null=True)
    done_note = fields.TextField(null=True)
    cycle = fields.IntField()

    class Meta:
        table = "capa_action"
        indexes = (("owner_id", "done_at"),)

    def facts(self) -> ActionFacts:
        """The action as policy sees it."""
        due = self.due if isinstance(self.due, dt.date) else dt.date.fromisoformat(str(self.due))
        return ActionFacts(
            id=self.id,
            capa_id=self.capa_id,
            case_number=self.case_number,
            kind=self.kind,
            text=self.text,
            owner_id=self.owner_id,
            due=due,
            done_at=self.done_at,
            done_by=self.done_by,
            done_note=self.done_note,
            cycle=self.cycle,
        )
