"""Corrective and preventive action: cause, plan, approval, implementation, effect, closure."""

from core import anomalies, people
from core.capa import acts
from core.capa.approval import approve_plan, approves_again, plans_to_approve_again, return_plan
from core.capa.closure import close
from core.capa.handing_over import hand_over_action, left, reassigned
from core.capa.implementing import complete_action, confirm_implementation
from core.capa.opening import contained, open_capa, regraded, waive
from core.capa.planning import add_action, plan_effect, record_cause, submit_plan
from core.capa.policy import cause_text
from core.capa.queries import (
    able_to_take,
    action,
    actions,
    case_of,
    get,
    is_at,
    movable_actions,
    of_anomaly,
    open_actions_for,
    owned_by,
    to_decide,
)
from core.capa.terms import (
    ActionFacts,
    ActionKind,
    CapaFacts,
    CapaState,
    CauseCategory,
    EffectKind,
    EffectResult,
)
from core.capa.verifying import judge_effect

acts.register()
anomalies.contained.join(contained)
anomalies.graded.join(regraded)
anomalies.reassigned.join(reassigned)
people.left.join(left)

__all__ = [
    "ActionFacts",
    "ActionKind",
    "CapaFacts",
    "CapaState",
    "CauseCategory",
    "EffectKind",
    "EffectResult",
    "able_to_take",
    "action",
    "actions",
    "add_action",
    "approve_plan",
    "approves_again",
    "case_of",
    "cause_text",
    "close",
    "complete_action",
    "confirm_implementation",
    "get",
    "hand_over_action",
    "is_at",
    "judge_effect",
    "movable_actions",
    "of_anomaly",
    "open_actions_for",
    "open_capa",
    "owned_by",
    "plan_effect",
    "plans_to_approve_again",
    "record_cause",
    "return_plan",
    "submit_plan",
    "to_decide",
    "waive",
]
