"""A forum group's topics are chats of their own; a mere thread of replies is not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.telegram import reading
from handlers.chat.vocabulary import Outgoing
from tests.bot.adapters.telegram.conftest import Line
from tests.bot.adapters.telegram.test_wire import MESSAGE, TAP, update

FORUM = {"id": -1001, "type": "supergroup", "is_forum": True}


def in_topic(**more: Any) -> dict[str, Any]:
    return {**MESSAGE, "chat": FORUM, **more}


@pytest.mark.parametrize(
    ("message", "chat_ref"),
    [
        (in_topic(message_thread_id=7, is_topic_message=True), "-1001:7"),
        (in_topic(message_thread_id=7), "-1001"),
        (in_topic(), "-1001"),
        (in_topic(message_thread_id=0, is_topic_message=True), "-1001"),
    ],
)
def test_words_and_taps_in_a_topic_belong_to_the_topic(message: dict[str, Any], chat_ref: str) -> None:
    for whole in (update(message=message), update(callback_query={**TAP, "message": message})):
        read = reading.read(whole)
        assert read is not None
        assert read.chat_ref == reading.chat_ref_of(whole) == chat_ref
        assert read.private is False


async def test_the_answer_goes_into_the_topic_it_was_asked_in(line: Line) -> None:
    line.server.group(-1001, "Forum", line.server.person(77))
    sent = await line.messenger.send("-1001:7", Outgoing(body="here"), {})
    assert sent.message_ref is not None
    await line.messenger.edit("-1001:7", sent.message_ref, Outgoing(body="changed"))
    await line.messenger.remove("-1001:7", sent.message_ref)
    [call] = line.server.calls_of("sendMessage")
    assert (call.values["chat_id"], call.values["message_thread_id"]) == (-1001, 7)
    for method in ("editMessageText", "deleteMessage"):
        [other] = line.server.calls_of(method)
        assert other.values["chat_id"] == -1001
