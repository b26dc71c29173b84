"""The methods that send: text, photos, documents, albums, what the bot seems to be doing."""

from __future__ import annotations

import secrets
from typing import Any

from tests.servers.telegram_limits import RefusedError
from tests.servers.telegram_markup import formatted, inline_keyboard, length
from tests.servers.telegram_rooms import Room, Shown
from tests.servers.telegram_spec import Call
from tests.servers.telegram_state import State

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def text_of(state: State, values: dict[str, Any], too_long: str = "message is too long") -> dict[str, Any]:
    """Text and entities as shown.

    Raises:
        RefusedError: 400 when it is empty, over 4096 characters, or does not parse.
    """
    made = formatted(values["text"], values.get("parse_mode"), values.get("entities"))
    if not made.text.strip():
        raise RefusedError.bad("message text is empty")
    if length(made.text) > state.sizes.text:
        raise RefusedError.bad(too_long)
    return {"text": made.text, "entities": made.entities}


def caption_of(state: State, values: dict[str, Any]) -> dict[str, Any]:
    """Caption and its entities as shown.

    Raises:
        RefusedError: 400 over 1024 characters, or when it does not parse.
    """
    if not values.get("caption"):
        return {"caption": None, "caption_entities": []}
    made = formatted(values["caption"], values.get("parse_mode"), values.get("caption_entities"))
    if length(made.text) > state.sizes.caption:
        raise RefusedError.bad("message caption is too long")
    return {"caption": made.text or None, "caption_entities": made.entities}


def media_of(state: State, call: Call, kind: str, value: str) -> dict[str, Any]:
    """The photo or document meant by ``attach://name`` or a file id.

    Raises:
        RefusedError: 400 for an unknown id (addresses are not fetched here), 400 or 413 for a bad upload.
    """
    if value.startswith("attach://"):
        upload = call.uploads[value.removeprefix("attach://")]
        if kind == "photo":
            return {"photo": state.files.uploaded_photo(upload.content), "document": None}
        stored = state.files.uploaded_document(upload.content, upload.name, upload.mime)
        return {"document": stored, "photo": []}
    if kind == "photo":
        return {"photo": state.files.known_photo(value), "document": None}
    return {"document": state.files.known_document(value), "photo": []}


def _replied(room: Room, values: dict[str, Any]) -> Shown | None:
    wanted = values.get("reply_parameters")
    if not wanted:
        return None
    found = room.message(wanted["message_id"])
    if found is None or found.deleted:
        if wanted.get("allow_sending_without_reply"):
            return None
        raise RefusedError.bad("message to be replied not found")
    return found


def _keyboards(state: State, room: Room, values: dict[str, Any]) -> list[list[dict[str, Any]]] | None:
    """The inline keyboard; a reply keyboard is laid under the chat instead."""
    markup = values.get("reply_markup")
    rows = inline_keyboard(markup, state.sizes)
    if markup and "keyboard" in markup:
        room.reply_keyboard = [[key["text"] for key in row] for row in markup["keyboard"]]
    if markup and "remove_keyboard" in markup:
        room.reply_keyboard = None
    return rows


def _posted(state: State, call: Call, content: dict[str, Any]) -> dict[str, Any]:
    room = state.world.open_room(call.values["chat_id"])
    reply = _replied(room, call.values)
    inline_keyboard(call.values.get("reply_markup"), state.sizes)
    state.limits.admit(room.id)
    keyboard = _keyboards(state, room, call.values)
    shown = state.world.post(
        room, state.world.bot, state.wall(), keyboard=keyboard, reply_to=reply, **content
    )
    return shown.as_json()


async def send_message(state: State, call: Call) -> object:
    """Sends text."""
    state.world.open_room(call.values["chat_id"])
    return _posted(state, call, text_of(state, call.values))


async def send_photo(state: State, call: Call) -> object:
    """Sends a photo, uploaded or known."""
    state.world.open_room(call.values["chat_id"])
    media = media_of(state, call, "photo", call.values["photo"])
    return _posted(state, call, media | caption_of(state, call.values))


async def send_document(state: State, call: Call) -> object:
    """Sends a file, uploaded or known."""
    state.world.open_room(call.values["chat_id"])
    media = media_of(state, call, "document", call.values["document"])
    return _posted(state, call, media | caption_of(state, call.values))


async def send_media_group(state: State, call: Call) -> object:
    """Sends 2-10 photos or 2-10 documents as one album; each item counts as a message."""
    room = state.world.open_room(call.values["chat_id"])
    items = call.values["media"]
    if not state.sizes.album_least <= len(items) <= state.sizes.album_most:
        raise RefusedError.bad(
            "Too much messages to send as an album" if items[1:] else "media group is too short"
        )
    kinds = {one["type"] for one in items}
    if not kinds <= {"photo", "document"}:
        raise RefusedError.bad(f"this test server sends albums of photos or documents, not {sorted(kinds)}")
    if len(kinds) > 1:
        raise RefusedError.bad("document can't be mixed with other media types")
    contents = [media_of(state, call, one["type"], one["media"]) | caption_of(state, one) for one in items]
    reply = _replied(room, call.values)
    state.limits.admit(room.id, len(items))
    album = str(secrets.randbelow(10**17) + 10**16)
    return [
        state.world.post(
            room, state.world.bot, state.wall(), media_group_id=album, reply_to=reply, **content
        ).as_json()
        for content in contents
    ]


async def send_chat_action(state: State, call: Call) -> object:
    """Shows what the bot is doing; kept in ``actions``."""
    room = state.world.open_room(call.values["chat_id"])
    if call.values["action"] not in ACTIONS:
        raise RefusedError.bad("wrong parameter action in request")
    state.actions.append((room.id, call.values["action"]))
    return True
