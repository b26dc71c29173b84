"""The methods that change what was sent, and the answer to a tap."""

from __future__ import annotations

from typing import Any

from tests.servers.telegram_limits import RefusedError
from tests.servers.telegram_markup import inline_keyboard, length
from tests.servers.telegram_rooms import CONTENT, Shown, Toast
from tests.servers.telegram_sending import caption_of, media_of, text_of
from tests.servers.telegram_spec import Call
from tests.servers.telegram_state import State

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def _own(state: State, call: Call) -> Shown:
    """The message to edit.

    Raises:
        RefusedError: 400 when it is unknown, deleted, or not the bot's own.
    """
    if "chat_id" not in call.values or "message_id" not in call.values:
        raise RefusedError.bad("message identifier is not specified")
    room = state.world.open_room(call.values["chat_id"])
    shown = room.message(call.values["message_id"])
    if shown is None or shown.deleted:
        raise RefusedError.bad("message to edit not found")
    if not shown.from_bot:
        raise RefusedError.bad("message can't be edited")
    return shown


def _comparable(shown: Shown) -> list[Any]:
    media = [one.unique_id for one in shown.photo] + [shown.document.unique_id if shown.document else None]
    return [shown.text, shown.entities, shown.caption, shown.caption_entities, media]


def _changed(state: State, shown: Shown, call: Call, content: dict[str, Any]) -> dict[str, Any]:
    """Applies new content and the new keyboard; an edit without a keyboard takes the old one away.

    Raises:
        RefusedError: 400 when nothing would change.
    """
    keyboard = inline_keyboard(call.values.get("reply_markup"), state.sizes)
    kept = {name: getattr(shown, name) for name in CONTENT}
    before = _comparable(shown)
    for name, value in content.items():
        setattr(shown, name, value)
    same_content = _comparable(shown) == before
    if same_content and keyboard == shown.keyboard:
        for name, value in kept.items():
            setattr(shown, name, value)
        raise RefusedError.bad(NOT_MODIFIED)
    if not same_content:
        shown.stamp = next(state.world.stamps)
    shown.keyboard = keyboard
    shown.edits += 1
    shown.edit_date = state.wall()
    state.world.changed()
    return shown.as_json()


async def edit_message_text(state: State, call: Call) -> object:
    """Replaces the text of a text message."""
    shown = _own(state, call)
    if "text" not in call.values:
        raise RefusedError.bad("message text is empty")
    if shown.text is None:
        raise RefusedError.bad("there is no text in the message to edit")
    return _changed(state, shown, call, text_of(state, call.values, "MESSAGE_TOO_LONG"))


async def edit_message_caption(state: State, call: Call) -> object:
    """Replaces or removes the caption of a photo or document."""
    shown = _own(state, call)
    if not shown.photo and shown.document is None:
        raise RefusedError.bad("there is no caption in the message to edit")
    return _changed(state, shown, call, caption_of(state, call.values))


async def edit_message_media(state: State, call: Call) -> object:
    """Replaces the photo or document together with the caption."""
    shown = _own(state, call)
    item = call.values["media"]
    if item["type"] not in {"photo", "document"}:
        raise RefusedError.bad(f"this test server shows photos and documents, not {item['type']}")
    if shown.media_group_id and (item["type"] == "photo") != bool(shown.photo):
        raise RefusedError.bad("message can't be edited: the type of an album item stays")
    content = media_of(state, call, item["type"], item["media"]) | caption_of(state, item)
    return _changed(state, shown, call, content | {"text": None, "entities": []})


async def edit_message_reply_markup(state: State, call: Call) -> object:
    """Replaces or removes the inline keyboard."""
    return _changed(state, _own(state, call), call, {})


async def delete_message(state: State, call: Call) -> object:
    """Takes a message away for everybody, while it is younger than 48 h."""
    room = state.world.open_room(call.values["chat_id"])
    shown = room.message(call.values["message_id"])
    if shown is None or shown.deleted:
        raise RefusedError.bad("message to delete not found")
    too_old = state.wall() - shown.date >= state.sizes.deletable_for
    foreign = not shown.from_bot and room.kind != "private" and not room.bot_is_admin
    if too_old or foreign:
        raise RefusedError.bad("message can't be deleted for everyone")
    shown.deleted = True
    state.world.changed()
    return True


async def answer_callback_query(state: State, call: Call) -> object:
    """Ends the waiting sign on a tapped button, perhaps with a short text."""
    tapped = state.world.taps.get(call.values["callback_query_id"])
    if tapped is None or state.wall() - tapped.made_at > state.callback_age:
        raise RefusedError.bad(TOO_OLD)
    text = call.values.get("text", "")
    if length(text) > state.sizes.callback_answer:
        raise RefusedError.bad("MESSAGE_TOO_LONG")
    if not tapped.answered:
        tapped.answered = True
        toast = Toast(tapped.query_id, text, bool(call.values.get("show_alert")), call.values.get("url"))
        state.world.accounts[tapped.person].toasts.append(toast)
        state.world.changed()
    return True
