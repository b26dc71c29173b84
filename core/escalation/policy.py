"""Which tier is told next, and when: pure arithmetic over the snapshot."""

from __future__ import annotations

import datetime as dt

from core.escalation.errors import LadderBroken
from core.escalation.terms import Policy, Step

TOP = 4
"""The highest tier of the responsibility matrix: the site head."""
LONGEST_WAIT = 30 * 24 * 60
"""Minutes; a longer wait is no escalation."""


def step_after(policy: Policy, tier: int) -> Step | None:
    """The next step above a tier, or None at the top."""
    return next((one for one in policy.steps if one.tier > tier), None)


def next_due(policy: Policy, tier: int, told_at: dt.datetime) -> dt.datetime:
    """When the tier above is told if nobody acknowledges, or the top again: an alert never falls silent."""
    step = step_after(policy, tier)
    return told_at + dt.timedelta(minutes=policy.repeat_minutes if step is None else step.after_minutes)


def checked(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """A ladder begins at tier 1 at once and climbs.

    Raises:
        LadderBroken: it does not.
    """
    tiers = [one.tier for one in steps]
    if not steps or tiers != sorted(set(tiers)) or tiers[0] != 1 or tiers[-1] > TOP:
        raise LadderBroken
    if steps[0].after_minutes != 0 or any(not 1 <= one.after_minutes <= LONGEST_WAIT for one in steps[1:]):
        raise LadderBroken
    return steps
