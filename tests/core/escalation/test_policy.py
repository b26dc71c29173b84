"""Ladders: the clocks of reference 7.3, and what a ladder must look like."""

from __future__ import annotations

import datetime as dt

import pytest

from core.escalation import LadderBroken, Policy, Step, policy
from core.escalation.terms import DEFAULTS, REPEAT

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("grade", "minutes"),
    [("A", [0, 15, 30, 90, 330]), ("B", [0, 60, 180, 660]), ("C", [0, 480, 1920])],
)
def test_each_tier_is_told_when_the_one_before_had_its_time(grade: str, minutes: list[int]) -> None:
    """Minutes from the report at which tiers 1, 2, … are told and, last, the top again (reference 7.3)."""
    ladder = Policy(version=0, grade=grade, steps=DEFAULTS[grade], repeat_minutes=REPEAT[grade])
    tier, at, told = 1, NOW, [0]
    while len(told) < len(minutes):
        at = policy.next_due(ladder, tier, at)
        told.append(int((at - NOW).total_seconds() // 60))
        step = policy.step_after(ladder, tier)
        tier = tier if step is None else step.tier
    assert told == minutes


@pytest.mark.parametrize(
    "steps",
    [
        (),
        ((2, 0),),
        ((1, 5), (2, 5)),
        ((1, 0), (2, 0)),
        ((1, 0), (3, 5), (2, 5)),
        ((1, 0), (2, 5), (2, 5)),
        ((1, 0), (5, 5)),
        ((1, 0), (2, 43201)),
        ((1, 0), (2, -1)),
    ],
)
def test_a_ladder_that_does_not_climb_is_refused(steps: tuple[tuple[int, int], ...]) -> None:
    """Empty, without tier 1, late at tier 1, at once above, out of order, twice, too high, too long, negative."""
    with pytest.raises(LadderBroken):
        policy.checked(tuple(Step(tier=tier, after_minutes=minutes) for tier, minutes in steps))


def test_tiers_may_be_left_out() -> None:
    """From the owner straight to the site head is a ladder."""
    steps = (Step(tier=1, after_minutes=0), Step(tier=4, after_minutes=43200))
    assert policy.checked(steps) == steps
