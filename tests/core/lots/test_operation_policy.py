"""Quantities through operations, for all numbers: nothing appears, nothing disappears, shares add up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product as every

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kit import Refusal
from core.lots import STATES, LotStatus, Made, Step, operation_policy, state_policy
from core.lots.errors import NotConserved, TooMuchTaken
from core.lots.terms import LotFacts, Take
from core.products.terms import Factor, ProductFacts

AMOUNTS = st.decimals(min_value="0.000001", max_value=10**9, places=6)
PRODUCT = ProductFacts(
    id=1,
    plant_id=1,
    code="P",
    name_zh="品",
    name_en="P",
    unit="pcs",
    sterile=False,
    implant=False,
    label_critical=False,
)


def lot(number: int = 0, status: LotStatus = LotStatus.AVAILABLE, unit: str = "pcs") -> LotFacts:
    """Some lot."""
    return LotFacts(
        id=number,
        plant_id=1,
        number=f"L{number}",
        product=PRODUCT,
        organisation_id=1,
        organisation_zh="",
        organisation_en="",
        partner_id=None,
        site_id=None,
        place="",
        quantity=Decimal(1),
        unit=unit,
        status=status,
        made_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        process="",
    )


def takes_of(amounts: list[Decimal], unit: str = "pcs") -> list[Take]:
    """Takes of so much of each of several lots, all of it left."""
    return [Take(lot=lot(n, unit=unit), left=one, quantity=one) for n, one in enumerate(amounts)]


@settings(max_examples=80, deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=5), st.lists(AMOUNTS, min_size=1, max_size=5))
def test_shares_use_every_taken_lot_to_the_last_millionth(taken: list[Decimal], out: list[Decimal]) -> None:
    """However amounts fall, what the links take from a lot is exactly what was taken from it, and never negative."""
    takes = takes_of(taken)
    made = [Made(number=f"M{n}", quantity=one) for n, one in enumerate(out)]
    found = operation_policy.shares(takes, made)
    assert all(share > 0 for _take, _made, share in found)
    for take in takes:
        assert sum(share for one, _made, share in found if one is take) == take.quantity


@settings(max_examples=80, deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=5), AMOUNTS, st.sampled_from([1, -1]))
def test_a_balance_holds_exactly_and_only_exactly(taken: list[Decimal], change: Decimal, sign: int) -> None:
    """The sum passes, a millionth more or less does not; scrap counts as coming out."""
    takes, total = takes_of(taken), sum(taken)
    operation_policy.conserve(takes, [Made(number="M", quantity=total)], "pcs", ())
    off = total + sign * change
    with pytest.raises(NotConserved):
        operation_policy.conserve(takes, [Made(number="M", quantity=off)], "pcs", ())
    if off < total:
        scrap = Made(number="X", quantity=total - off, scrap=True)
        operation_policy.conserve(takes, [Made(number="M", quantity=off), scrap], "pcs", ())


@settings(max_examples=40, deadline=None)
@given(st.decimals(min_value=1, max_value=10**6, places=3))
def test_units_are_converted_by_the_declared_factor_both_ways(kilos: Decimal) -> None:
    """Kilograms and grams balance; without the factor nothing does."""
    factor = Factor(product_id=None, unit="kg", into="g", factor=Decimal(1000))
    grams = Made(number="M", quantity=kilos * 1000)
    operation_policy.conserve(takes_of([kilos], "kg"), [grams], "g", [factor])
    back = Made(number="M", quantity=kilos)
    operation_policy.conserve(takes_of([kilos * 1000], "g"), [back], "kg", [factor])
    with pytest.raises(Refusal):
        operation_policy.conserve(takes_of([kilos], "kg"), [grams], "g", [])


@settings(max_examples=40, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_more_than_is_left_is_never_drawn(left: Decimal, asked: Decimal) -> None:
    """Exactly the amounts up to what is left pass."""
    take = [Take(lot=lot(), left=left, quantity=asked)]
    if asked <= left:
        operation_policy.draw(take)
    else:
        with pytest.raises(TooMuchTaken):
            operation_policy.draw(take)


@pytest.mark.req("G-88")
def test_every_step_is_allowed_from_exactly_its_states() -> None:
    """The table is the whole truth: each other pair of step and status is refused, a held or scrapped lot by all."""
    for step, status in every(Step, LotStatus):
        rule = STATES[step]
        if status in rule.of:
            assert state_policy.may(step, lot(status=status)) is (rule.to or status)
        else:
            with pytest.raises(Refusal):
                state_policy.may(step, lot(status=status))
    assert not any({LotStatus.ON_HOLD, LotStatus.SCRAPPED} & rule.of for rule in STATES.values())
