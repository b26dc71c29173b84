"""Which tier is told next, and when: pure arithmetic over the snapshot."""

from __future__ import annotations

import datetime as dt

from core.escalation.errors import LadderBroken
from core.escalation.terms import Policy, Step

LONGEST_LADDER = 6


def step_after(policy: Policy, tier: int) -> Step | None:
    """The next step above a tier, or None at the top."""
    return next((one for one in policy.steps if one.tier > tier), None)


def next_due(policy: Policy, tier: int, told_at: dt.datetime) -> dt.datetime | None:
    """When the tier above will be told if nobody acknowledges; None at the top."""
    step = step_after(policy, tier)
    return None if step is None else told_at + dt.timedelta(minutes=step.after_minutes)


def checked(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """A ladder begins at tier 1 at once and climbs.

    Raises:
        LadderBroken: it does not.
    """
    tiers = [one.tier for one in steps]
    if not 1 <= len(steps) <= LONGEST_LADDER or tiers != sorted(set(tiers)) or tiers[0] != 1:
        raise LadderBroken
    if steps[0].after_minutes != 0 or any(one.after_minutes <= 0 for one in steps[1:]):
        raise LadderBroken
    return steps
