"""Which tier is told next, and when: pure arithmetic over the snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core.escalation.errors import LadderBroken, NeverGradeA, NoAlert, PutOffOften, TermsBroken
from core.escalation.terms import Ack, Missing, Policy, RunState, Step

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


PUT_OFF = 3
"""How often one alert can be put off."""
MOST_PEOPLE = 5
SOONEST_EXPIRY = 15


def terms_checked(policy: Policy) -> Policy:
    """Acknowledgements that are asked for can be given.

    Raises:
        TermsBroken: they cannot.
    """
    tiers = {one.tier for one in policy.steps}
    progress = policy.progress_minutes
    if (
        set(policy.acks) - tiers
        or len(set(policy.acks)) != len(policy.acks)
        or not 1 <= policy.people <= MOST_PEOPLE
        or not (progress == 0 or SOONEST_EXPIRY <= progress <= LONGEST_WAIT)
        or not 1 <= policy.repeat_minutes <= LONGEST_WAIT
    ):
        raise TermsBroken
    return policy


def missing(policy: Policy, acks: Iterable[Ack]) -> Missing:
    """Whose acknowledgement is still wanted: each tier that the policy names, and enough different people.

    One person stands for all tiers that are theirs, but counts as one.
    """
    given = tuple(acks)
    stood = {tier for one in given for tier in one.tiers}
    persons = {one.person_id for one in given}
    return Missing(
        tiers=tuple(tier for tier in policy.acks if tier not in stood),
        people=max(0, policy.people - len(persons)),
    )


def expires(policy: Policy, acknowledged_at: dt.datetime) -> dt.datetime | None:
    """When an acknowledgement without any step is void; None when never."""
    minutes = policy.progress_minutes
    return acknowledged_at + dt.timedelta(minutes=minutes) if minutes else None


def put_off(*, state: str, grade: str, times: int, number: str) -> None:
    """An alert that sounds can be put off a few times, but never one of grade A.

    Raises:
        NoAlert, NeverGradeA, PutOffOften: why not.
    """
    if state != RunState.RUNNING:
        raise NoAlert(number=number)
    if grade == "A":
        raise NeverGradeA(number=number)
    if times >= PUT_OFF:
        raise PutOffOften(number=number, n=times)


def after_putting_off(
    policy: Policy, tier: int, *, planned: dt.datetime | None, now: dt.datetime
) -> dt.datetime:
    """When the alert climbs after it sounded again: as planned before, or after the tier's full time."""
    return planned if planned is not None and planned > now else next_due(policy, tier, now)
