"""From a stored update to what a person did."""

from __future__ import annotations

from typing import Any

from handlers.chat.vocabulary import Came, Incoming, Media

CHANNEL = "telegram"


def chat_ref_of(update: dict[str, Any]) -> str:
    """The chat (with its topic) that an update belongs to; updates of no chat share one queue."""
    message = update.get("message") or (update.get("callback_query") or {}).get("message") or {}
    chat = message.get("chat") or {}
    if not chat:
        return "none"
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    return f"{chat['id']}:{topic}" if topic else str(chat["id"])


def _media(message: dict[str, Any]) -> tuple[Came, Media | None]:
    group = message.get("media_group_id")
    if message.get("photo"):
        largest = max(message["photo"], key=lambda one: one.get("width", 0) * one.get("height", 0))
        return Came.PHOTO, Media(ref=largest["file_id"], size=largest.get("file_size"), group=group)
    document = message.get("document")
    if document:
        came = Came.PHOTO if str(document.get("mime_type", "")).startswith("image/") else Came.FILE
        return came, Media(
            ref=document["file_id"],
            size=document.get("file_size"),
            name=document.get("file_name"),
            group=group,
        )
    return Came.OTHER, None


def read(update: dict[str, Any]) -> Incoming | None:
    """Understand an update; None for what asks for no answer (edits, joins, posts of channels)."""
    update_id = str(update.get("update_id"))
    tapped = update.get("callback_query")
    if tapped:
        message = tapped.get("message") or {}
        if "chat" not in message:
            return None
        return Incoming(
            channel=CHANNEL,
            update_id=update_id,
            chat_ref=chat_ref_of(update),
            account=str(tapped["from"]["id"]),
            came=Came.BUTTON,
            data=str(tapped.get("data", "")),
            message_ref={"id": message.get("message_id")},
            answer_ref=str(tapped["id"]),
            language=tapped["from"].get("language_code"),
            private=message["chat"].get("type") == "private",
        )
    message = update.get("message")
    if not message or "from" not in message or message["from"].get("is_bot"):
        return None
    text = message.get("text")
    came, media = (Came.TEXT, None) if text is not None else _media(message)
    if text is not None and text.startswith("/"):
        came = Came.COMMAND
    if message.get("location"):
        came = Came.LOCATION
    elif came is Came.OTHER and _is_service(message):
        return None
    return Incoming(
        channel=CHANNEL,
        update_id=update_id,
        chat_ref=chat_ref_of(update),
        account=str(message["from"]["id"]),
        came=came,
        text=text if text is not None else str(message.get("caption") or ""),
        media=media,
        message_ref={"id": message["message_id"]},
        language=message["from"].get("language_code"),
        private=message["chat"].get("type") == "private",
    )


_CONTENT = (
    "sticker",
    "voice",
    "video",
    "video_note",
    "audio",
    "animation",
    "contact",
    "poll",
    "dice",
    "venue",
    "story",
    "live_photo",
    "paid_media",
    "rich_message",
    "checklist",
    "game",
    "invoice",
    "giveaway",
    "giveaway_winners",
)


def _is_service(message: dict[str, Any]) -> bool:
    return not any(kind in message for kind in _CONTENT)
