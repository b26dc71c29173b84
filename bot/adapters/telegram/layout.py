"""From our message to Telegram's HTML and keyboards, within its limits."""

from __future__ import annotations

import re
from html import escape, unescape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.chat.vocabulary import Button, Outgoing
from handlers.text import colon

TEXT_MAX = 4096
CAPTION_MAX = 1024
BUTTON_TEXT_MAX = 60
BLOCK_MAX = 1000
BUTTONS_IN_ROW = 8
BUTTONS_MAX = 100
NOTHING = "…"
_TAGS = re.compile(r"</?(?:b|i|code)>")
_WHOLE = re.compile(r"<(b|i|code)>([^<]*)</\1>")


def html(outgoing: Outgoing) -> str:
    """The whole message as Telegram HTML; everything from people is escaped."""
    made = "\n\n".join(_parts(outgoing))
    return made if _plain(made).strip() else NOTHING


def _parts(outgoing: Outgoing) -> list[str]:
    """The message's blocks as HTML; no tag reaches over a line end, so that a cut between lines tears none."""
    parts: list[str] = []
    if outgoing.head:
        parts.append(_tagged("b", outgoing.head))
    if outgoing.body:
        parts.append(escape(outgoing.body))
    if outgoing.facts:
        parts.append(
            "\n".join(
                f"{_tagged('b', label)}{colon(label)}{escape(value)}" for label, value in outgoing.facts
            )
        )
    if outgoing.code:
        parts.append(_block(outgoing))
    if outgoing.hint:
        parts.append(_tagged("i", outgoing.hint))
    links = [button for row in outgoing.buttons for button in row if button.url and not _linkable(button.url)]
    return [*parts, *(f"{escape(button.text)}: {escape(button.url)}" for button in links)]


def _tagged(tag: str, words: str) -> str:
    return "\n".join(f"<{tag}>{escape(line)}</{tag}>" if line else "" for line in words.split("\n"))


def _block(outgoing: Outgoing) -> str:
    """Text to copy; where it is the whole message, one block that a tap copies with its line ends."""
    alone = not (outgoing.head or outgoing.body or outgoing.facts or outgoing.hint)
    if alone and "\n" in outgoing.code and len(outgoing.code) <= BLOCK_MAX:
        return f"<pre>{escape(outgoing.code)}</pre>"
    return _tagged("code", outgoing.code)


def _linkable(url: str) -> bool:
    """Telegram takes buttons to public https addresses only."""
    return url.startswith("https://")


def keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """The buttons, eight in a row and a hundred in all at most, or None."""
    rows = [[made for button in row if (made := _button(button)) is not None] for row in outgoing.buttons]
    rows = [row[at : at + BUTTONS_IN_ROW] for row in rows for at in range(0, len(row), BUTTONS_IN_ROW)]
    left = BUTTONS_MAX
    kept: list[list[InlineKeyboardButton]] = []
    for row in rows:
        kept += [row[:left]] if left else []
        left -= len(row[:left])
    return InlineKeyboardMarkup(kept) if kept else None


def _button(button: Button) -> InlineKeyboardButton | None:
    label = button.text[:BUTTON_TEXT_MAX]
    if button.url:
        return InlineKeyboardButton(label, url=button.url) if _linkable(button.url) else None
    return InlineKeyboardButton(label, callback_data=button.data)


def pieces(text: str, limit: int = TEXT_MAX) -> list[str]:
    """Split a long text at line ends, so that nothing is cut away and no tag is torn.

    A single line longer than the limit is split at a space or, without one, anywhere. Telegram counts UTF-16
    units of what is shown.
    """
    if length(text) <= limit:
        return [text]
    found: list[str] = []
    held = ""
    for line in (part for whole in text.split("\n") for part in _parted(whole, limit)):
        if held and length(held) + 1 + length(line) > limit:
            found.append(held)
            held = line
        else:
            held = f"{held}\n{line}" if held else line
    return [one for one in (*found, held) if _plain(one).strip()] or [NOTHING]


def captions(text: str) -> bool:
    """Whether a text is short enough to stand under its picture, with room to grow by an edit."""
    return length(text) <= CAPTION_MAX // 2


def length(text: str) -> int:
    """How long Telegram finds an HTML text: UTF-16 units without tags and entities."""
    return _units(_plain(text))


def _plain(text: str) -> str:
    return unescape(_TAGS.sub("", text))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parted(line: str, limit: int) -> list[str]:
    """A line in parts that fit, each in the tag that the whole line had."""
    if length(line) <= limit:
        return [line]
    tagged = _WHOLE.fullmatch(line)
    before, after = (f"<{tagged[1]}>", f"</{tagged[1]}>") if tagged else ("", "")
    left = _plain(line)
    found: list[str] = []
    while left:
        part = left[:limit]
        while _units(part) > limit:
            part = part[: len(part) - (_units(part) - limit + 1) // 2]
        space = part.rfind(" ")
        if len(part) < len(left) and space > len(part) // 2:
            part = part[: space + 1]
        left = left[len(part) :]
        found.append(f"{before}{escape(part)}{after}")
    return found
