"""What outputs take of the inputs that wait: never more than was told, in order, to the last piece."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.epcis.sharing import Need, Offer, drawn

AMOUNTS = st.integers(1, 10**9).map(lambda one: Decimal(one) / 1000)
FACTORS = st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(1000), Decimal("0.001")])


def offers(*told: tuple[str, str | None, int]) -> list[Offer]:
    return [
        Offer(
            lot_id=key,
            quantity=Decimal(quantity),
            counted=None if counted is None else Decimal(counted),
            need=need,
        )
        for key, (quantity, counted, need) in enumerate(told, 1)
    ]


@pytest.mark.parametrize(
    ("told", "needs", "taken"),
    [
        ([("100", "100", 0)], {0: Need(quantity=Decimal(60))}, {1: "60"}),
        ([("40", "40", 0), ("60", "60", 0)], {0: Need(quantity=Decimal(70))}, {1: "40", 2: "30"}),
        ([("40", "40", 0)], {0: Need(quantity=Decimal(70))}, {1: "40"}),
        ([("5", "5000", 0)], {0: Need(quantity=Decimal(1500))}, {1: "1.5"}),
        ([("5", None, 0), ("9", "9", 0)], {0: Need(quantity=Decimal(3))}, {1: "5", 2: "9"}),
        ([("1", "3", 0)], {0: Need(quantity=Decimal(1))}, {1: "1"}),
        ([("11", "11", 0)], {0: Need(quantity=Decimal(10), loss=Decimal("0.1"))}, {1: "11"}),
        ([("12", "12", 0)], {0: Need(quantity=Decimal(10), loss=Decimal("0.1"))}, {1: "10"}),
        (
            [("8", "8", 7), ("3", "3", 9), ("4", "4", 8)],
            {7: Need(quantity=Decimal(2)), 8: Need(quantity=Decimal(4))},
            {1: "2", 2: "3", 3: "4"},
        ),
    ],
    ids=[
        "part",
        "in-order",
        "too-little",
        "unit",
        "unclear",
        "no-decimals",
        "loss",
        "more-than-loss",
        "recipe",
    ],
)
def test_what_is_taken(
    told: list[tuple[str, str | None, int]], needs: dict[int, Need], taken: dict[int, str]
) -> None:
    assert drawn(offers(*told), needs) == {key: Decimal(one) for key, one in taken.items()}


@given(st.lists(st.tuples(AMOUNTS, FACTORS), min_size=1, max_size=6), AMOUNTS)
def test_outputs_take_what_they_need_and_no_more_than_there_is(
    told: list[tuple[Decimal, Decimal]], wanted: Decimal
) -> None:
    given_ = [
        Offer(lot_id=key, quantity=much, counted=much * factor) for key, (much, factor) in enumerate(told)
    ]
    found = drawn(given_, {0: Need(quantity=wanted)})
    assert all(0 < found[key] <= given_[key].quantity for key in found)
    whole = sum((one.quantity * factor for one, (_, factor) in zip(given_, told, strict=True)), Decimal(0))
    taken = sum((found.get(key, Decimal(0)) * factor for key, (_, factor) in enumerate(told)), Decimal(0))
    assert taken == min(wanted, whole) or found == {one.lot_id: one.quantity for one in given_}
    if all(factor == 1 for _, factor in told):
        assert taken == min(wanted, whole), "in one unit, never more"


@given(st.lists(AMOUNTS, min_size=1, max_size=5), st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_one_output_after_another_takes_everything_once(told: list[Decimal], parts: list[int]) -> None:
    """However the outputs are cut: together they take what one would."""
    whole = sum(told, Decimal(0))
    left = dict(enumerate(told))
    cuts = [(whole * part / sum(parts)).quantize(Decimal("0.000001")) for part in parts]
    cuts[-1] = whole - sum(cuts[:-1], Decimal(0))
    for cut in cuts:
        given_ = [Offer(lot_id=key, quantity=one, counted=one) for key, one in left.items() if one]
        for key, much in drawn(given_, {0: Need(quantity=cut)}).items() if cut > 0 else ():
            left[key] -= much
    assert set(left.values()) == {Decimal(0)}
