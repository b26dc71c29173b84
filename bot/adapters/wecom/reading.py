"""From a stored callback to what a person did."""

from __future__ import annotations

from typing import Any

from bot.adapters.wecom import wire
from bot.adapters.wecom.names import CHANNEL, account_of, root_of
from bot.adapters.wecom.wire import Message
from core.inbox import Arrived
from handlers.chat.vocabulary import Came, Incoming, Media

CARD_EVENTS = ("template_card_event", "template_card_menu_event")
SCANNED = ("scancode_push", "scancode_waitmsg")
SUBMIT = "submit"
"""Key of the button below a list of choices; what was chosen is the token."""


def arrived(message: Message) -> Arrived:
    """A callback as the inbox takes it; the waiting picture is named, so that it is fetched at once."""
    number = wire.number_of(message)
    raw = {**message.model_dump(mode="json"), "update_id": number}
    return Arrived(update_id=number, chat_ref=account_of(message.sender), raw=raw)


def read(raw: dict[str, Any]) -> Incoming | None:
    """Understand a callback; None for what asks for no answer (a link opened, a place reported, a member leaving)."""
    kind, event = str(raw["kind"]), str(raw["event"])
    said = _of_event(raw, event.lower()) if kind == "event" else _of_message(raw, kind)
    if said is None:
        return None
    came, text, data, media = said
    sender = account_of(str(raw["sender"]))
    return Incoming(
        channel=CHANNEL,
        update_id=str(raw["update_id"]),
        chat_ref=sender,
        account=sender,
        came=came,
        text=text,
        data=data,
        media=media,
        message_ref={"task": raw["task"], "id": root_of(str(raw["task"]))} if raw["task"] else None,
        answer_ref=str(raw["code"]) or None,
        language="zh",
    )


_Said = tuple[Came, str, str, Media | None]


def _of_message(raw: dict[str, Any], kind: str) -> _Said:
    if kind == "text":
        return _words(str(raw["content"]))
    if kind == "image" and raw["media"]:
        return Came.PHOTO, "", "", Media(ref=str(raw["media"]))
    if kind == "file" and raw["media"]:
        return Came.FILE, "", "", Media(ref=str(raw["media"]))
    if kind == "location":
        return Came.LOCATION, "", "", None
    return Came.OTHER, "", "", None


def _words(said: str) -> _Said:
    return Came.COMMAND if said.startswith("/") else Came.TEXT, said, "", None


def _of_event(raw: dict[str, Any], event: str) -> _Said | None:
    if event in CARD_EVENTS:
        options = [option for question in raw["chosen"] for option in question]
        if options or raw["key"] != SUBMIT:
            return Came.BUTTON, "", str(options[0] if options else raw["key"]), None
        return Came.OTHER, "", "", None
    if event == "click":
        key = str(raw["key"])
        return Came.COMMAND, key if key.startswith("/") else f"/{key}", "", None
    if event in wire.COMING_IN:
        return Came.COMMAND, "/start", "", None
    if event in SCANNED and raw["scanned"]:
        # a barcode comes as its kind and its content: "CODE_128,L2025-07"
        scanned = str(raw["scanned"])
        kind, comma, content = scanned.partition(",")
        return _words(content if comma and kind.isupper() else scanned)
    return None
