"""Whatever a sensor or a stranger sends: samples that can be stored, or a reason; nothing else."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sensors import packing, payloads, units
from core.sensors.payloads import Unreadable
from core.sensors.terms import Doubt, Format, Kind, Message, Point, Why

NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["value", "unit", "at", "seq", "v", "bt", "bv", "bu", "t", "u", "x_"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def read(payload: bytes, form: Format) -> list[object] | Why:
    try:
        samples = payloads.read(Message(topic="t", payload=payload), form, received=NOW)
    except Unreadable as refused:
        return refused.why
    for one in samples:
        assert one.value.is_finite()
        assert abs(one.value) <= Decimal(10) ** 12
        assert one.at is None or one.at.tzinfo is not None
        assert "\0" not in one.unit or one.unit not in units.UNITS[Kind.TEMPERATURE]
    return list(samples)


@given(
    payload=st.binary(max_size=60) | anything.map(lambda said: json.dumps(said).encode()),
    form=st.sampled_from(list(Format)),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_samples_or_a_reason(payload: bytes, form: Format) -> None:
    read(payload, form)


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9),
            st.decimals(-(10**11), 10**11, places=6),
            st.integers(-(10**6), 10**9),
            st.integers(0, 255),
        ),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_is_packed_comes_back(rows: list[tuple[int, Decimal, int, int]]) -> None:
    """To the millisecond and the millionth, with when it was received and what was doubtful."""
    milli = dt.timedelta(milliseconds=1)
    points = [
        Point(at=NOW + at * milli, value=value, received_at=NOW + (at + later) * milli, doubts=Doubt(doubts))
        for at, value, later, doubts in rows
    ]
    assert packing.unpack(packing.pack(points), points[0].at) == points


@pytest.mark.parametrize(
    ("value", "kind", "unit", "usual", "trapped"),
    [
        ("68", Kind.TEMPERATURE, "°C", "20", True),  # °F
        ("293.2", Kind.TEMPERATURE, "°C", "20", True),  # K
        ("20", Kind.TEMPERATURE, "°F", "68", True),
        ("0.45", Kind.HUMIDITY, "%RH", "45", True),
        ("0.15", Kind.DIFFERENTIAL, "Pa", "15", True),  # mbar
        ("1013", Kind.PRESSURE, "Pa", "101300", True),
        ("101300", Kind.PRESSURE, "hPa", "1013", True),
        ("26", Kind.TEMPERATURE, "°C", "20", False),
        ("35", Kind.TEMPERATURE, "°C", "20", False),
        ("60", Kind.HUMIDITY, "%RH", "45", False),
        ("15.2", Kind.DIFFERENTIAL, "Pa", "15", False),
    ],
)
def test_units_that_are_mistaken_for_one_another_are_seen(
    value: str, kind: Kind, unit: str, usual: str, trapped: bool
) -> None:
    assert units.trap(Decimal(value), kind, unit, [Decimal(usual)] * 6) is trapped
