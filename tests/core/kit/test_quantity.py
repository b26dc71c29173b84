"""Quantities are read exactly, however they are typed, and never become floats."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit import quantity
from core.kit.canonical import decimal_text
from core.kit.quantity import NotAQuantity, NotPositive, Quantity, TooMuch

AMOUNTS = st.decimals(
    min_value=Decimal("0.000001"), max_value=Decimal("999999999999.999999"), places=6, allow_nan=False
)


@given(AMOUNTS)
def test_what_is_written_is_read(amount: Decimal) -> None:
    """Every amount a plant counts in comes back exactly."""
    assert quantity.parse(decimal_text(amount)) == amount


@pytest.mark.parametrize(("text", "amount"), [
    ("120", "120"), (" 3.5 ", "3.5"), ("１２０", "120"), ("３．５", "3.5"), ("1,200", "1200"), ("1，200", "1200"),
    ("0.000001", "0.000001"), ("007", "7"), ("1.10", "1.1"), ("1,234,567.5", "1234567.5"),
    ("12 件", "12"), ("12pcs", "12"), ("３ 个", "3"),
])  # fmt: skip
def test_people_type_in_many_ways(text: str, amount: str) -> None:
    """Full-width digits and thousands commas as on a Chinese keyboard."""
    assert quantity.parse(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "twelve",
        "NaN",
        "Infinity",
        "1e12",
        "1e3",
        "0.0000001",
        "1 2",
        "--1",
        "3,5",
        "0,5",
        "1_2",
        "1_000",
        "1.000,5",
        "12,00",
        "1,2345",
        ",5",
        ".5",
        "5.",
        "12 公斤",
        "１，２",
        "٣",
        "+1",
    ],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    """With the text shown back."""
    with pytest.raises(NotAQuantity) as refused:
        quantity.parse(text)
    assert refused.value.facts == {"text": text}


@pytest.mark.parametrize("text", ["1000000000000", "1,000,000,000,000", "1" + "0" * 30])
def test_more_than_can_be_recorded_is_said_so(text: str) -> None:
    """It is a number; to call it none would puzzle whoever typed it."""
    with pytest.raises(TooMuch) as refused:
        quantity.parse(text)
    assert refused.value.facts == {"text": text}


@pytest.mark.parametrize("text", ["0", "-1", "－３", "0.000", "-0"])
def test_nothing_and_less_is_refused(text: str) -> None:
    """A defect or lot has at least something."""
    with pytest.raises(NotPositive):
        quantity.parse(text)


def test_a_quantity_reads_with_its_unit() -> None:
    """Without trailing zeros or exponents."""
    assert str(Quantity(amount=Decimal("120.000"), unit="pcs")) == "120 pcs"
    assert str(Quantity(amount=Decimal("1E+3"), unit="kg")) == "1000 kg"
