"""Mean kinetic temperature by its check values; excursions and packing for all series."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conditions import Limits, Point, policy

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SPAN = dt.timedelta(minutes=5)
TEMPERATURES = st.decimals(min_value=-80, max_value=60, places=3)


@pytest.mark.parametrize(
    ("temperatures", "expected"),
    [
        ([5] * 96, "5.00"),
        ([5] * 88 + [15] * 8, "6.46"),
        ([5] * 84 + [20] * 12, "8.99"),
        ([20, 25, 30], "25.86"),
        ([-273, -273], "-273.00"),
        ([-273, -260], "-260.01"),
    ],
)
def test_mkt_has_its_published_values(temperatures: list[int], expected: str) -> None:
    """Reference §7.9."""
    assert policy.mkt([Decimal(one) for one in temperatures]) == Decimal(expected)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEMPERATURES, st.none() | st.decimals(0, 100, places=3)), min_size=1, max_size=50))
def test_packing_loses_nothing(samples: list[tuple[Decimal, Decimal | None]]) -> None:
    """Every sample in thousandths comes back at its second."""
    points = [
        Point(at=START + n * SPAN, temperature=one, humidity=two) for n, (one, two) in enumerate(samples)
    ]
    assert policy.unpack(policy.pack(points), START) == points


@settings(max_examples=80, deadline=None)
@given(st.lists(TEMPERATURES, min_size=1, max_size=40))
def test_every_sample_out_of_limits_lies_in_an_excursion_and_no_other_does(
    temperatures: list[Decimal],
) -> None:
    """Stretches do not overlap, and their worst value is the worst sample in them."""
    limits = Limits(temperature_lower=Decimal(2), temperature_upper=Decimal(8))
    points = [Point(at=START + n * SPAN, temperature=one) for n, one in enumerate(temperatures)]
    found = policy.excursions(points, limits, SPAN)
    for one in points:
        inside = [e for e in found if e.begins <= one.at <= e.ends and e.above is (one.temperature > 8)]
        if not 2 <= one.temperature <= 8:
            assert len(inside) == 1
    for before, after in pairwise(found):
        assert before.ends <= after.begins
    for e in found:
        within = [p.temperature for p in points if e.begins <= p.at <= e.ends]
        assert e.worst == (max(within) if e.above else min(within))
        assert e.minutes_beyond >= 0


def test_a_gap_ends_an_excursion() -> None:
    """Nobody knows what happened without samples."""
    points = [Point(at=START, temperature=Decimal(9)), Point(at=START + 10 * SPAN, temperature=Decimal(9))]
    found = policy.excursions(points, Limits(temperature_upper=Decimal(8)), SPAN)
    assert [one.lasted for one in found] == [dt.timedelta(0)] * 2
    assert len(policy.gaps(points, SPAN)) == 1
