"""What people type is kept as it reads: nothing hidden, nothing cut, nothing refused that can be read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit import plain_text
from core.kit.plain_text import Empty, TooLong

HIDDEN = ("\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b", "\u00ad", "\ue000", "\x7f")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_cannot_be_seen_is_dropped(hidden: str) -> None:
    """Marks that reorder or hide other text never reach a record."""
    assert plain_text.clean(f"批{hidden}号 A{hidden}1") == "批号 A1"


@pytest.mark.parametrize("text", ["划伤 3 处", "a\nb\tc", "שלום", "مرحبا", "👩\u200d🔧", "Größe µm ≤ 5 %"])
def test_readable_text_stays(text: str) -> None:
    """Every script, lines, tabs and joined emoji."""
    assert plain_text.clean(text) == text


@given(st.text())
def test_cleaning_is_stable_and_hides_nothing(text: str) -> None:
    """Clean text stays as it is, in the normal form, without control characters."""
    once = plain_text.clean(text)
    assert plain_text.clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert not {unicodedata.category(char) for char in once if char not in "\n\t\u200c\u200d"} & {
        "Cc", "Cf", "Cs", "Co",
    }  # fmt: skip


def test_too_long_is_refused_not_cut() -> None:
    """The writer is told both figures and shortens the text; characters count after cleaning."""
    assert plain_text.checked("é" * 5, limit=5) == "é" * 5
    assert plain_text.checked("e\u0301" * 5, limit=5) == "é" * 5
    with pytest.raises(TooLong) as refused:
        plain_text.checked("字" * 6, limit=5)
    assert refused.value.facts == {"length": 6, "limit": 5}
    assert str(refused.value) == "That is 6 characters; please keep it within 5."


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u202e", "\u200d"])
def test_an_answer_with_nothing_to_read_is_no_answer(text: str) -> None:
    """Spaces and hidden marks do not satisfy a question that needs one."""
    with pytest.raises(Empty):
        plain_text.checked(text, limit=10)
    assert plain_text.checked(text, limit=10, required=False) == ""


@pytest.mark.parametrize(
    "text",
    [
        "\u3164",
        "\u2800\u2800",
        "\u115f",
        "\u1160",
        "\uffa0",
        "\ufe0f",
        "\u034f",
        "\u00ad",
        "\u180e",
        "\U000e0041",
        "\u200d\u200d",
    ],
)
def test_what_shows_nothing_is_no_answer(text: str) -> None:
    """Blank letters, fillers, selectors and tags: a required field stays empty."""
    assert plain_text.clean(f" {text} ") == ""
    with pytest.raises(Empty):
        plain_text.checked(text, limit=100)


def test_what_joins_visible_characters_stays() -> None:
    """Emoji of several people, and letters of scripts that need joiners or marks."""
    for said in ("👨‍👩‍👧", "می‌خواهم", "café", "हिन्दी"):
        assert plain_text.clean(said) == said
