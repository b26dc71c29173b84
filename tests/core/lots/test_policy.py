"""The rules of the lots room, without any database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.quantity import NotAQuantity, NotPositive
from core.lots import Disposition, HoldFacts, LotOnHold, LotScrapped, LotStatus, policy

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def hold(decision: Disposition | None, before: LotStatus = LotStatus.ON_HOLD) -> HoldFacts:
    """Answer a hold with a decision."""
    return HoldFacts(
        id=1,
        plant_id=1,
        lot_id=1,
        lot_number="A",
        case_number="AN-1",
        reason="x",
        placed_by=1,
        placed_at=NOW,
        status_before=before,
        decision=decision,
    )


@given(
    before=st.sampled_from([status for status in LotStatus if status is not LotStatus.ON_HOLD]),
    decisions=st.lists(st.sampled_from(list(Disposition)), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_decisions_does_not_matter(
    before: LotStatus, decisions: list[Disposition], order: object
) -> None:
    """However several holds are decided, the lot ends where the strictest decision puts it."""
    shuffled = list(decisions)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    def after(some: list[Disposition]) -> LotStatus:
        return policy.status_after([hold(some[0], before), *(hold(decision) for decision in some[1:])])

    assert after(decisions) is after(shuffled)
    if Disposition.SCRAP in decisions or before is LotStatus.SCRAPPED:
        assert after(decisions) is LotStatus.SCRAPPED
    elif set(decisions) <= {Disposition.RELEASE, Disposition.USE_AS_IS}:
        assert after(decisions) is before
    else:
        assert after(decisions) is LotStatus.QUARANTINED


@given(
    decisions=st.lists(st.sampled_from([*Disposition, None]), min_size=1, max_size=5),
    before=st.sampled_from([LotStatus.AVAILABLE, LotStatus.RELEASED, LotStatus.SHIPPED]),
)
def test_a_lot_with_an_open_hold_is_held(decisions: list[Disposition | None], before: LotStatus) -> None:
    """No decision on one hold frees a lot that another hold stops."""
    after = policy.status_after([hold(decisions[0], before), *(hold(one) for one in decisions[1:])])
    assert (after is LotStatus.ON_HOLD) == (None in decisions)


def test_only_free_lots_leave() -> None:
    """Held and scrapped lots stay; the others may go."""
    with pytest.raises(LotOnHold):
        policy.may_leave("A", LotStatus.ON_HOLD)
    with pytest.raises(LotScrapped):
        policy.may_leave("A", LotStatus.SCRAPPED)
    for status in set(LotStatus) - {LotStatus.ON_HOLD, LotStatus.SCRAPPED}:
        policy.may_leave("A", status)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1E+12", "0.0000001"])
def test_quantities_that_cannot_be_kept_exactly_are_refused(text: str) -> None:
    """Not finite, too large or too fine."""
    with pytest.raises(NotAQuantity):
        policy.amount(Decimal(text))


def test_quantities_are_above_zero_and_exact() -> None:
    """Zero and less are refused; everything else comes back as it was."""
    for text in ("0", "-3", "-0.000001"):
        with pytest.raises(NotPositive):
            policy.amount(Decimal(text))
    assert policy.amount(Decimal("3.250000")) == Decimal("3.25")
    assert policy.amount(Decimal("1E+3")) == Decimal(1000)
