"""Words of corrective and preventive action: states, cause categories, outcomes, frozen facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.kit.said import Said

LONGER = dt.timedelta(days=30)
"""How much longer an inconclusive effect is watched."""


class CapaState(Said):
    """Where a CAPA stands."""

    OPEN = "open", "Cause and plan are being worked out"
    PLANNED = "planned", "The plan waits for approval"
    IMPLEMENTING = "implementing", "Actions are being carried out"
    VERIFYING = "verifying", "The effect is being watched"
    VERIFIED = "verified", "Effective; waits for closure"
    CLOSED = "closed", "Closed"
    WAIVED = "waived", "Waived with a reason; waits for closure"


class CauseCategory(Said):
    """Six M and management (reference §7.1); every cause has an occurrence and an escape layer."""

    MAN = "man", "People"
    MACHINE = "machine", "Machine"
    MATERIAL = "material", "Material"
    METHOD = "method", "Method"
    ENVIRONMENT = "environment", "Environment"
    MEASUREMENT = "measurement", "Measurement"
    MANAGEMENT = "management", "Management"


class ActionKind(Said):
    """What an action is for."""

    CORRECTIVE = "corrective", "Corrective action"
    PREVENTIVE = "preventive", "Preventive action"


class EffectKind(Said):
    """How effectiveness will be judged (reference §7.4)."""

    UNITS = "units", "Units inspected without a failure"
    LOTS = "lots", "Clean lots in a row"
    KPI = "kpi", "A figure falls"
    AUDIT = "audit", "An audit on site"


class EffectResult(Said):
    """The three outcomes of an effectiveness check."""

    EFFECTIVE = "effective", "Effective"
    INEFFECTIVE = "ineffective", "Ineffective: the case goes back to its cause"
    INCONCLUSIVE = "inconclusive", "Inconclusive: keep watching"


@dataclass(frozen=True, kw_only=True)
class CapaFacts:
    """A CAPA as policy and doors see it."""

    id: int
    plant_id: int
    number: str
    anomaly_id: int
    case_number: str
    partner_id: int | None
    owner_id: int
    former_owner_ids: tuple[int, ...]
    """Who owned it before; they stay bound as persons: none of them approves, judges or closes it."""
    state: str
    cycle: int
    revision: int
    grade: str | None
    occurrence_category: str | None
    occurrence: str | None
    escape_category: str | None
    escape: str | None
    cause_by: int | None
    effect_kind: str | None
    effect_criterion: str | None
    effect_target: int | None
    effect_due: dt.date | None
    effect_result: str | None
    effect_note: str | None
    author_ids: tuple[int, ...]
    """Everyone who wrote on the plan of this cycle: cause, actions, criterion, handing in."""
    plan_submitted_by: int | None
    plan_approved_by: int | None
    waiver_reason: str | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    action_count: int
    open_action_count: int
    action_owner_ids: tuple[int, ...]
    """Everyone who has or had an action of it, in any cycle; none of them judges the effect."""

    def was_owned_by(self, person_id: int) -> bool:
        """Whether a person owns it or once did."""
        return person_id == self.owner_id or person_id in self.former_owner_ids

    @property
    def has_cause(self) -> bool:
        """Both layers of the cause are recorded."""
        return bool(self.occurrence and self.escape)

    @property
    def has_effect_plan(self) -> bool:
        """The criterion of effectiveness is fixed."""
        return bool(self.effect_kind and self.effect_criterion and self.effect_due)


@dataclass(frozen=True, kw_only=True)
class ActionFacts:
    """One planned action."""

    id: int
    capa_id: int
    case_number: str
    kind: str
    text: str
    owner_id: int
    due: dt.date
    done_at: dt.datetime | None
    done_by: int | None
    done_note: str | None
    cycle: int
