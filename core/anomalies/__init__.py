"""Anomalies from report to closure: what was found, how bad it is, whether it is contained, where it stands."""

from core import conditions as _conditions
from core import inspections as _inspections
from core import sensors as _sensors
from core.anomalies import acts, hooks
from core.anomalies import partner_clocks as _partner
from core.anomalies.advancing import advance, mark_closed, mark_overdue, reopen
from core.anomalies.clocks import clocks_for, set_clocks, window_of
from core.anomalies.containing import complete_containment, contains_again, hold_affected
from core.anomalies.ending import cancel, reject
from core.anomalies.errors import MissingFields, TakenAlready, WrongStage
from core.anomalies.extending import (
    ask_more_time,
    decline_more_time,
    extension,
    extensions_of,
    give_more_time,
    waits,
)
from core.anomalies.from_loggers import logged as _logged
from core.anomalies.from_loggers import open_for_series
from core.anomalies.from_reports import open_for_report
from core.anomalies.from_reports import recorded as _recorded
from core.anomalies.from_reports import reported as _reported
from core.anomalies.from_sensors import alarmed as _alarmed
from core.anomalies.from_sensors import moved as _moved
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
    given_back,
    graded,
    help_asked,
    proposed,
    reassigned,
    reported,
)
from core.anomalies.partner_clocks import (
    cause_found,
    late_partner_steps,
    mark_partner_late,
    partner_clocks,
    partner_did,
)
from core.anomalies.policy import OVERRIDE_WORDS
from core.anomalies.proofs import Proofs, proofs_of_lot
from core.anomalies.queries import (
    Filters,
    able_to_own,
    counts,
    get,
    gradings,
    in_states,
    lower_asked,
    lower_waiting,
    may_hand_over,
    moved_since,
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
from core.anomalies.reporting import check_affected, report
from core.anomalies.responding import acknowledge, ask_help, give_back, reassign
from core.anomalies.signing_again import containments_to_sign_again, grades_to_sign_again
from core.anomalies.stopping import open_about, stop_lot
from core.anomalies.supplementing import supplement
from core.anomalies.terms import (
    ENDED,
    ITSELF,
    AnomalyFacts,
    Colour,
    ExtensionFacts,
    ExtensionState,
    Grade,
    PartnerClock,
    PartnerStep,
    Rules,
    Stage,
    State,
    category_name,
    interface_name,
    stage_name,
    stage_of,
)
from core.anomalies.timing import Clocks, colour
from core.anomalies.weighing import grade_for

acts.register()


hooks.graded.join(_partner.follow)
hooks.ended.join(_partner.stop)
_conditions.logged.join(_logged)
_sensors.alarmed.join(_alarmed)
_sensors.moved.join(_moved)
_inspections.recorded.join(_recorded)
_inspections.reported.join(_reported)

__all__ = [
    "ENDED",
    "ITSELF",
    "OVERRIDE_WORDS",
    "AnomalyFacts",
    "Clocks",
    "Colour",
    "ExtensionFacts",
    "ExtensionState",
    "Filters",
    "Grade",
    "MissingFields",
    "PartnerClock",
    "PartnerStep",
    "Proofs",
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
    "ask_more_time",
    "cancel",
    "category_name",
    "cause_found",
    "check_affected",
    "clocks_for",
    "colour",
    "complete_containment",
    "confirm_grade",
    "contained",
    "containments_to_sign_again",
    "contains_again",
    "counts",
    "decline_more_time",
    "ended",
    "extension",
    "extensions_of",
    "get",
    "give_back",
    "give_more_time",
    "given_back",
    "grade_for",
    "grade_unsigned",
    "graded",
    "grades_to_sign_again",
    "gradings",
    "help_asked",
    "hold_affected",
    "in_states",
    "interface_name",
    "late_partner_steps",
    "lower_asked",
    "lower_waiting",
    "mark_closed",
    "mark_overdue",
    "mark_partner_late",
    "may_hand_over",
    "moved_since",
    "oldest_open",
    "open_about",
    "open_for",
    "open_for_report",
    "open_for_series",
    "overdue",
    "overdue_count",
    "owned_by",
    "page",
    "partner_clocks",
    "partner_did",
    "pressing",
    "proofs_of_lot",
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
    "set_clocks",
    "set_rules",
    "stage_name",
    "stage_of",
    "stop_lot",
    "supplement",
    "waits",
    "window_of",
]
