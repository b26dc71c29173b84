"""Checkpoints are found in chats as messengers export them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ledger
from core.ledger import checkpoint
from handlers.witness import exports
from tests.core.ledger.test_pasted import KEY, NOTE

LATER = checkpoint.sign(checkpoint.Checkpoint("plant.example/log", 400, bytes(32)).text, [KEY])


def as_json() -> str:
    """The form of Telegram Desktop's result.json: a formatted message is a list of pieces."""
    lines = NOTE.rstrip("\n").split("\n")
    pieces: list[object] = []
    for line in lines:
        pieces += [{"type": "code", "text": line}, "\n"] if line else ["\n"]
    messages = [
        {"id": 1, "type": "message", "from": "Bihuan", "text": pieces, "text_entities": []},
        {"id": 2, "type": "message", "from": "Li", "text": "ok 312"},
        {"id": 3, "type": "message", "from": "Bihuan", "text": [{"type": "pre", "text": LATER}]},
    ]
    return json.dumps({"name": "Witnesses", "messages": messages})


def as_html() -> str:
    """The form of Telegram Desktop's messages.html."""

    def block(note: str) -> str:
        return (
            '<div class="text"><pre>'
            + note.rstrip("\n").replace("+", "&#43;").replace("\n", "<br>")
            + "</pre></div>"
        )

    return f"<!DOCTYPE html>\n<html><body>{block(NOTE)}<div class='text'>ok</div>{block(LATER)}</body></html>"


@pytest.mark.parametrize(
    "text", [as_json(), as_html(), NOTE + "\nok\n\n" + LATER], ids=["json", "html", "text"]
)
def test_both_checkpoints_of_an_export_come_back_whole(text: str) -> None:
    """With their signatures, in order, nothing between taken for one."""
    found = ledger.read_all(exports.plain(text))
    assert [one.note for one in found] == [NOTE, LATER]


@pytest.mark.parametrize("text", ["", "{", "[1,2", "<html", "{}", "[]", "312:00010203", "[" * 100_000])
def test_what_is_no_export_stays_readable(text: str) -> None:
    """Torn documents are read as they are."""
    assert isinstance(exports.plain(text), str)
    assert exports.plain("312:00010203") == "312:00010203"


@given(st.text(max_size=200))
def test_no_text_is_a_fault(text: str) -> None:
    assert isinstance(exports.plain(text), str)
