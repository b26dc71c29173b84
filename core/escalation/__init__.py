"""Alerts that climb until somebody reacts, overdue stages, and the rule that opens a CAPA."""

from core import anomalies, people
from core.escalation.climbing import (
    acknowledged,
    begin,
    ended,
    graded,
    help_asked,
    left,
    reassigned,
    regraded,
)
from core.escalation.errors import LadderBroken, NeedsReason
from core.escalation.policies import policy_for, set_policy
from core.escalation.queries import is_running, lateness_seconds, runs_of
from core.escalation.terms import Policy, RunFacts, RunState, Step, TellFacts, Why
from core.escalation.ticking import tell_overdue, tick

anomalies.reported.join(begin)
anomalies.acknowledged.join(acknowledged)
anomalies.reassigned.join(reassigned)
anomalies.help_asked.join(help_asked)
anomalies.proposed.join(regraded)
anomalies.graded.join(graded)
anomalies.ended.join(ended)
people.left.join(left)

__all__ = [
    "LadderBroken",
    "NeedsReason",
    "Policy",
    "RunFacts",
    "RunState",
    "Step",
    "TellFacts",
    "Why",
    "is_running",
    "lateness_seconds",
    "policy_for",
    "runs_of",
    "set_policy",
    "tell_overdue",
    "tick",
]
