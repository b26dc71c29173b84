"""Anomalies from report to closure: what was found, how bad it is, whether it is contained, where it stands."""

import datetime as dt

from core.anomalies import acts, policy
from core.anomalies.advancing import advance, mark_closed, mark_overdue, reopen
from core.anomalies.containing import complete_containment, contains_again, hold_affected
from core.anomalies.ending import cancel, reject
from core.anomalies.errors import MissingFields, TakenAlready, WrongStage
from core.anomalies.grading import (
    approve_lower,
    ask_lower,
    confirm_grade,
    grade_unsigned,
    raise_grade,
    set_rules,
)
from core.anomalies.hooks import (
    acknowledged,
    contained,
    ended,
    graded,
    help_asked,
    proposed,
    reassigned,
    reported,
)
from core.anomalies.policy import OVERRIDE_WORDS
from core.anomalies.queries import (
    Filters,
    able_to_own,
    counts,
    get,
    gradings,
    lower_asked,
    lower_waiting,
    may_hand_over,
    oldest_open,
    open_for,
    overdue,
    overdue_count,
    owned_by,
    page,
    pressing,
    reported_between,
    reported_by,
    rules_for,
)
from core.anomalies.reporting import report
from core.anomalies.responding import acknowledge, ask_help, reassign
from core.anomalies.supplementing import supplement
from core.anomalies.terms import (
    ENDED,
    AnomalyFacts,
    Grade,
    Rules,
    Stage,
    State,
    category_name,
    interface_name,
    stage_name,
    stage_of,
)
from core.anomalies.weighing import grade_for

acts.register()


def plan_due(grade: str | None, now: dt.datetime) -> dt.datetime | None:
    """When the plan of a case of this grade is due (reference §7.3)."""
    return policy.due(State.INVESTIGATING, grade, now)


__all__ = [
    "ENDED",
    "OVERRIDE_WORDS",
    "AnomalyFacts",
    "Filters",
    "Grade",
    "MissingFields",
    "Rules",
    "Stage",
    "State",
    "TakenAlready",
    "WrongStage",
    "able_to_own",
    "acknowledge",
    "acknowledged",
    "advance",
    "approve_lower",
    "ask_help",
    "ask_lower",
    "cancel",
    "category_name",
    "complete_containment",
    "confirm_grade",
    "contained",
    "contains_again",
    "counts",
    "ended",
    "get",
    "grade_for",
    "grade_unsigned",
    "graded",
    "gradings",
    "help_asked",
    "hold_affected",
    "interface_name",
    "lower_asked",
    "lower_waiting",
    "mark_closed",
    "mark_overdue",
    "may_hand_over",
    "oldest_open",
    "open_for",
    "overdue",
    "overdue_count",
    "owned_by",
    "page",
    "plan_due",
    "pressing",
    "proposed",
    "raise_grade",
    "reassign",
    "reassigned",
    "reject",
    "reopen",
    "report",
    "reported",
    "reported_between",
    "reported_by",
    "rules_for",
    "set_rules",
    "stage_name",
    "stage_of",
    "supplement",
]
