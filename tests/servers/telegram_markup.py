"""Reads what the bot formats: HTML into text and entities, keyboards; refuses what the real server refuses."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.servers.telegram_limits import RefusedError, Sizes

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_PIECE = re.compile(
    r"<(/?)([^\s<>/]*)((?:\"[^\"]*\"|'[^']*'|[^<>\"'])*)>|<|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);"
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+)))?")
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?")
_HOST = re.compile(r"^[^\s.]+(\.[^\s.]+)+$")


@dataclass(frozen=True)
class Formatted:
    """Text as a person sees it, with its entities (offsets in UTF-16 units)."""

    text: str
    entities: list[dict[str, Any]]


def length(text: str) -> int:
    """In UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def formatted(text: str, mode: str | None, entities: list[dict[str, Any]] | None) -> Formatted:
    """The text as shown.

    Raises:
        RefusedError: 400 when the markup does not parse or the mode is not known here (Markdown is not).
    """
    if entities is not None:
        if any(one["offset"] < 0 or one["offset"] + one["length"] > length(text) for one in entities):
            raise RefusedError.bad("entity beyond the end of the text")
        return Formatted(text, entities)
    if not mode:
        return Formatted(text.strip(), [])
    if mode.lower() != "html":
        raise RefusedError.bad("unsupported parse_mode")
    return _from_html(text)


def commands(text: str) -> list[dict[str, Any]]:
    """The bot_command entities of what a person typed."""
    return [
        {"type": "bot_command", "offset": length(text[: found.start()]), "length": length(found.group())}
        for found in _COMMAND.finditer(text)
    ]


def _unparsable(reason: str) -> RefusedError:
    return RefusedError.bad(f"can't parse entities: {reason}")


def _from_html(source: str) -> Formatted:
    shown = ""
    entities: list[dict[str, Any]] = []
    open_tags: list[tuple[str, int, dict[str, str]]] = []
    position = 0
    for piece in _PIECE.finditer(source):
        shown += source[position : piece.start()]
        position = piece.end()
        at = len(source[: piece.start()].encode())
        if piece.group().startswith("&"):
            shown += html.unescape(piece.group())
        elif piece.group(2) is None:
            raise _unparsable(f"Unsupported start tag at byte offset {at}")
        elif piece.group(1):
            entities += _closed(piece.group(2).lower(), shown, open_tags, at)
        else:
            open_tags.append((*_opened(piece.group(2).lower(), piece.group(3), at, shown),))
    shown += source[position:]
    if open_tags:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    lead = length(shown) - length(shown.lstrip())
    stripped = shown.strip()
    inside = []
    for one in entities:
        start = max(one["offset"] - lead, 0)
        end = min(one["offset"] + one["length"] - lead, length(stripped))
        if end > start:
            inside.append(one | {"offset": start, "length": end - start})
    return Formatted(stripped, sorted(inside, key=lambda one: (one["offset"], -one["length"])))


def _opened(tag: str, rest: str, at: int, shown: str) -> tuple[str, int, dict[str, str]]:
    attributes = {
        found[0].lower(): html.unescape(found[1] or found[2] or found[3])
        for found in _ATTRIBUTE.findall(rest)
    }
    if tag not in ENTITY_OF_TAG:
        raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {at}')
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    if tag == "tg-emoji" and "emoji-id" not in attributes:
        raise _unparsable(f'Tag "tg-emoji" must have attribute "emoji-id" at byte offset {at}')
    return tag, length(shown), attributes


def _closed(
    tag: str, shown: str, open_tags: list[tuple[str, int, dict[str, str]]], at: int
) -> list[dict[str, Any]]:
    if not open_tags:
        raise _unparsable(f"Unexpected end tag at byte offset {at}")
    opened, start, attributes = open_tags.pop()
    if tag != opened:
        raise _unparsable(f'Unmatched end tag at byte offset {at}, expected "</{opened}>", found "</{tag}>"')
    size = length(shown) - start
    if size == 0:
        return []
    entity: dict[str, Any] = {"type": ENTITY_OF_TAG[tag], "offset": start, "length": size}
    if tag == "a":
        if "href" not in attributes:
            return []
        entity["url"] = attributes["href"]
    if tag == "tg-emoji":
        entity["custom_emoji_id"] = attributes["emoji-id"]
    if tag == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return [entity]


def inline_keyboard(markup: Mapping[str, Any] | None, sizes: Sizes) -> list[list[dict[str, Any]]] | None:
    """The rows of an inline keyboard, None when the markup holds none.

    Raises:
        RefusedError: 400 for a button without or with two actions, with bad data, or too many of them.
    """
    if not markup or "inline_keyboard" not in markup:
        return None
    rows: list[list[dict[str, Any]]] = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > sizes.buttons:
        raise RefusedError.bad("REPLY_MARKUP_TOO_LONG")
    if any(len(row) > sizes.buttons_in_row for row in rows):
        raise RefusedError.bad("too many buttons in a row of the inline keyboard")
    for row in rows:
        for button in row:
            _judge(button, sizes)
    return rows or None


def _judge(button: Mapping[str, Any], sizes: Sizes) -> None:
    if not button["text"].strip():
        raise RefusedError.bad("can't parse inline keyboard button: text must be non-empty")
    actions = set(button) - {"text", "style", "icon_custom_emoji_id"}
    if not actions:
        raise RefusedError.bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise RefusedError.bad("can't parse inline keyboard button: exactly one optional field must be used")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= sizes.callback_data:
        raise RefusedError.bad("BUTTON_DATA_INVALID")
    address = button.get("url")
    if address is not None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https", "tg"} or (
            parts.scheme != "tg" and not _HOST.match(parts.hostname or "")
        ):
            raise RefusedError.bad(f"inline keyboard button URL '{address}' is invalid: Wrong HTTP URL")
