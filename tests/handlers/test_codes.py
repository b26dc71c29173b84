"""A signing code is recognised however it is typed, dictated or pasted; lots, dates and quantities are none."""

from __future__ import annotations

import pytest

from core import signing
from handlers.chat import codes

CODE = (
    "945600",
    "945 600",
    "945-600",
    "945.600",
    "945–600",
    "945—600",
    "９４５６００",
    "９４５．６００",
    "9 4 5 6 0 0",
)
MORE = ("945，600", "945、600", "945。600", " 945600 。", "94 56 00", "945\u00a0600", "٩٤٥٦٠٠")


@pytest.mark.parametrize("typed", CODE + MORE)
def test_a_code_is_one_in_any_width_and_spacing_and_reads_the_same_with_its_word(typed: str) -> None:
    assert codes.is_alone(typed)
    assert not codes.has_word(typed)
    for answer in (f"{typed} K7Q2", f"k7q2 {typed}", f"{typed.strip()}Ｋ７Ｑ２"):
        assert codes.has_word(answer), answer
        read = signing.read_answer(answer)
        assert read is not None
        assert (read.code, read.word) == ("945600", "K7Q2")


@pytest.mark.parametrize(
    "typed",
    [
        "94560",
        "9456001",
        "945600 件",
        "945.600 kg",
        "2026-11-30",
        "2026-11-30 10",
        "2026-11-30 08:15",
        "CT-001",
        "AN-2026-000001",
        "每班 945600",
        "+86 138 0013 8000",
        "",
    ],
)
def test_what_is_no_code_is_left_alone(typed: str) -> None:
    assert not codes.is_alone(typed)
    assert not codes.has_word(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "945600 K7Q2 204816",
        "204816 945 600 k7q2",
        "945600 204816 K7Q2",
        "９４５６００，２０４８１６",
        "945-600 12345678",
    ],
)
def test_a_pin_sent_along_with_a_code_is_noticed(typed: str) -> None:
    assert codes.with_pin(typed)
    assert not codes.is_alone(typed)
    assert not codes.has_word(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "945600",
        "945600 K7Q2",
        "12345678 87654321",
        "PK-0932 123456",
        "945600 204816 138001",
        "945600 204816 件",
        "",
    ],
)
def test_other_numbers_are_no_pin(typed: str) -> None:
    assert not codes.with_pin(typed)
