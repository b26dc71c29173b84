"""What is stored is an update as described, in a form every database takes; anything else is refused whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import reading, wire
from bot.adapters.telegram.receiving import arrived

CHAT = {"id": 77, "type": "private"}
SENDER = {"id": 77, "is_bot": False, "first_name": "Op"}
MESSAGE = {"message_id": 5, "date": 1, "chat": CHAT, "from": SENDER, "text": "hello"}
TAP = {"id": "900", "from": SENDER, "data": "x", "message": MESSAGE, "chat_instance": "1"}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)


def update(**parts: Any) -> dict[str, Any]:
    return {"update_id": 1, **parts}


@pytest.mark.parametrize(
    "whole",
    [
        update(message=MESSAGE),
        update(callback_query=TAP),
        update(edited_message=MESSAGE),
        update(message={**MESSAGE, "photo": [{"file_id": "a", "width": 3, "height": 4}]}),
        update(message={**MESSAGE, "future_field": {"deep": [1, 2.5, None]}}),
        update(callback_query={**TAP, "message": {"chat": CHAT, "message_id": 5, "date": 0}}),
    ],
)
def test_what_the_bot_api_describes_is_taken(whole: dict[str, Any]) -> None:
    assert wire.understood(whole) == whole


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "update",
        {},
        {"update_id": "1", "message": MESSAGE},
        {"update_id": True, "message": MESSAGE},
        {"update_id": -1},
        {"update_id": 2**63},
        update(message=[]),
        update(message="hello"),
        update(message={key: one for key, one in MESSAGE.items() if key != "chat"}),
        update(message={**MESSAGE, "chat": 77}),
        update(message={**MESSAGE, "chat": {"type": "private"}}),
        update(message={**MESSAGE, "chat": {"id": "77", "type": "private"}}),
        update(message={**MESSAGE, "chat": {"id": 2**80, "type": "private"}}),
        update(message={**MESSAGE, "text": 5}),
        update(message={**MESSAGE, "text": {"a": 1}}),
        update(message={**MESSAGE, "text": "x" * 70_000}),
        update(message={**MESSAGE, "from": {"id": 1e999}}),
        update(message={**MESSAGE, "photo": "a"}),
        update(message={**MESSAGE, "photo": [{"file_id": 5, "width": 1, "height": 1}]}),
        update(callback_query={**TAP, "from": None}),
        update(callback_query={**TAP, "id": 900}),
        update(callback_query={**TAP, "data": ["x"]}),
    ],
)
def test_anything_else_is_refused_whole(broken: object) -> None:
    assert wire.understood(broken) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"NaN",
        b'{"update_id": NaN}',
        b'{"update_id": 1, "x": Infinity}',
        b'{"update_id": 1, "x": 1e999}',
        b'{"update_id": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"update_id": ' + b"9" * 10_000 + b"}",
        b"[" * 200_000,
    ],
)
def test_a_body_that_is_no_update_is_refused(body: bytes) -> None:
    assert wire.parsed(body) is None


def test_nul_and_half_characters_become_readable_signs() -> None:
    taken = wire.parsed(json.dumps(update(message={**MESSAGE, "text": "a\x00b\ud83dc"})).encode())
    assert taken is not None
    assert taken["message"]["text"] == "a\ufffdb\ufffdc"


@given(JSON, st.sampled_from(["message", "callback_query"]), st.text(max_size=10), JSON)
def test_no_json_whatever_breaks_the_reader(whole: object, part: str, key: str, value: object) -> None:
    """Taken, it is storable text and can be read; refused, it is None; nothing is ever raised."""
    known = MESSAGE if part == "message" else TAP
    for one in (whole, update(**{part: {**known, key: value}}), update(**{part: {**known, "chat": value}})):
        taken = wire.understood(one)
        if taken is not None:
            stored = json.dumps(taken, allow_nan=False, ensure_ascii=False)
            stored.encode()
            assert "\\u0000" not in stored
            assert arrived(taken).update_id == str(taken["update_id"])
            reading.read(taken)
