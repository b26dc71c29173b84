"""Texts and keyboards keep Telegram's limits and lose nothing, whatever people write."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import layout
from handlers.chat.vocabulary import Button, Outgoing
from tests.servers.telegram_markup import formatted

LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=1500)
TEXTS = st.lists(
    st.one_of(LINES, st.sampled_from(["字" * 5000, "😀" * 3000, "a b " * 2000])), max_size=8
).map("\n".join)


def plain(html: str) -> str:
    return unescape(re.sub(r"</?(?:b|i|code)>", "", html))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(head=TEXTS, body=TEXTS, hint=TEXTS)
def test_a_split_text_loses_nothing_fits_and_tears_no_tag(head: str, body: str, hint: str) -> None:
    html = layout.html(Outgoing(head=head, body=body, hint=hint))
    parts = layout.pieces(html)
    for part in parts:
        assert len(plain(part).encode("utf-16-le")) // 2 <= layout.TEXT_MAX
        for tag in ("b", "i", "code"):
            assert part.count(f"<{tag}>") == part.count(f"</{tag}>")
        assert plain(part).strip()
    if html != layout.NOTHING:
        assert squeezed("".join(plain(one) for one in parts)) == squeezed(head + body + hint)


@pytest.mark.parametrize("nothing", ["", " ", "\n\n", "\u3000"])
def test_a_message_of_nothing_is_still_one_that_telegram_takes(nothing: str) -> None:
    assert layout.html(Outgoing(body=nothing)) == layout.NOTHING


def rows(*counts: int) -> Outgoing:
    return Outgoing(
        body="?",
        buttons=tuple(
            tuple(Button(text=f"{row}.{at}", data=f"{row}.{at}") for at in range(count))
            for row, count in enumerate(counts)
        ),
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3,), [3]),
        ((8,), [8]),
        ((9,), [8, 1]),
        ((20, 2), [8, 8, 4, 2]),
        ((60, 60), [8] * 7 + [4] + [8] * 5),
    ],
)
def test_a_keyboard_has_eight_in_a_row_and_a_hundred_at_most(
    counts: tuple[int, ...], expected: list[int]
) -> None:
    made = layout.keyboard(rows(*counts))
    assert made is not None
    assert [len(row) for row in made.inline_keyboard] == expected


def test_a_link_that_telegram_refuses_as_a_button_is_written_out() -> None:
    shown = Outgoing(body="Open", buttons=((Button(text="Page", url="http://10.0.0.7:8080/chat#t&k"),),))
    assert layout.keyboard(shown) is None
    assert "http://10.0.0.7:8080/chat#t&amp;k" in layout.html(shown)


def test_a_checkpoint_alone_is_one_block_that_keeps_its_line_ends() -> None:
    """What the reader copies is the signed note: em dash, empty line and all; beside words it stays line by line."""
    note = "bihuan/ledger\n312\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n\N{EM DASH} bihuan/ledger Az3grl+/="
    shown = formatted(layout.html(Outgoing(code=note)), "HTML", None)
    assert shown.text == note
    assert [one["type"] for one in shown.entities] == ["pre"]
    assert "<pre>" not in layout.html(Outgoing(head="!", code=note))
    assert "<pre>" not in layout.html(Outgoing(code="x\n" * 3000))
