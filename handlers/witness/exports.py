"""Chats as messengers export them (Telegram: JSON and HTML), turned into plain text that holds their checkpoints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

_BREAK = re.compile(r"<br\s*/?>|</(?:div|p|pre|li)>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def plain(text: str) -> str:
    """Answer a text as it is, or the messages of an export, one behind the other."""
    head = text.lstrip()[:200].casefold()
    if head.startswith(("{", "[")):
        try:
            return "\n\n".join(_strings(json.loads(text)))
        except (ValueError, RecursionError):
            return text
    if head.startswith(("<!doctype html", "<html")):
        return unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return text


def _strings(value: object) -> Iterator[str]:
    """Every text of a document in order; a message in pieces (text and formatted parts) is put together."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        pieces = [_piece(one) for one in value]
        if value and all(one is not None for one in pieces):
            yield "".join(one or "" for one in pieces)
        else:
            for one in value:
                yield from _strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)


def _piece(value: object) -> str | None:
    """A piece of a message: bare text, or an object of a type and its text."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and set(value) >= {"type", "text"} and isinstance(value["text"], str):
        return value["text"]
    return None
