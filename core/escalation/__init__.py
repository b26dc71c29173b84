"""Alerts that climb until somebody reacts, overdue stages, and the rule that opens a CAPA."""

from core import anomalies, people
from core.escalation.acknowledging import acknowledge_too, acknowledged, given_back
from core.escalation.climbing import begin
from core.escalation.errors import (
    AckedAlready,
    LadderBroken,
    NeedsReason,
    NeverGradeA,
    NoAlert,
    PutOffOften,
    TermsBroken,
)
from core.escalation.handing_over import hand_over
from core.escalation.policies import policy_for, set_policy
from core.escalation.putting_off import snooze
from core.escalation.queries import is_running, lateness_seconds, runs_of, steps_late, waits_for
from core.escalation.reacting import ended, graded, help_asked, left, reassigned, regraded
from core.escalation.terms import Ack, Missing, Policy, RunFacts, RunState, Snooze, Step, TellFacts, Why
from core.escalation.ticking import expire, tell_overdue, tick

anomalies.reported.join(begin)
anomalies.acknowledged.join(acknowledged)
anomalies.given_back.join(given_back)
anomalies.reassigned.join(reassigned)
anomalies.help_asked.join(help_asked)
anomalies.proposed.join(regraded)
anomalies.graded.join(graded)
anomalies.ended.join(ended)
people.left.join(left)

__all__ = [
    "Ack",
    "AckedAlready",
    "LadderBroken",
    "Missing",
    "NeedsReason",
    "NeverGradeA",
    "NoAlert",
    "Policy",
    "PutOffOften",
    "RunFacts",
    "RunState",
    "Snooze",
    "Step",
    "TellFacts",
    "TermsBroken",
    "Why",
    "acknowledge_too",
    "expire",
    "hand_over",
    "is_running",
    "lateness_seconds",
    "policy_for",
    "runs_of",
    "set_policy",
    "snooze",
    "steps_late",
    "tell_overdue",
    "tick",
    "waits_for",
]
