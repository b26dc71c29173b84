"""From our message to Telegram's HTML and keyboards, within its limits."""

from __future__ import annotations

import re
from html import escape, unescape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.chat.vocabulary import Button, Outgoing

TEXT_MAX = 4096
CAPTION_MAX = 1024
BUTTON_TEXT_MAX = 60
_TAGS = re.compile(r"</?(?:b|i|code)>")


def html(outgoing: Outgoing) -> str:
    """The whole message as Telegram HTML; everything from people is escaped."""
    return "\n\n".join(_parts(outgoing)) or "…"


def _parts(outgoing: Outgoing) -> list[str]:
    """The message's blocks as HTML; no tag reaches over a line end, so that a cut between lines tears none."""
    parts: list[str] = []
    if outgoing.head:
        parts.append(_tagged("b", outgoing.head))
    if outgoing.body:
        parts.append(escape(outgoing.body))
    if outgoing.facts:
        parts.append("\n".join(f"{_tagged('b', label)}: {escape(value)}" for label, value in outgoing.facts))
    if outgoing.code:
        parts.append(_tagged("code", outgoing.code))
    if outgoing.hint:
        parts.append(_tagged("i", outgoing.hint))
    links = [button for row in outgoing.buttons for button in row if button.url and not _linkable(button.url)]
    return [*parts, *(f"{escape(button.text)}: {escape(button.url)}" for button in links)]


def _tagged(tag: str, words: str) -> str:
    return "\n".join(f"<{tag}>{escape(line)}</{tag}>" if line else "" for line in words.split("\n"))


def _linkable(url: str) -> bool:
    """Telegram takes buttons to public https addresses only."""
    return url.startswith("https://")


def keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """The buttons, or None."""
    rows = [[made for button in row if (made := _button(button)) is not None] for row in outgoing.buttons]
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton | None:
    label = button.text[:BUTTON_TEXT_MAX]
    if button.url:
        return InlineKeyboardButton(label, url=button.url) if _linkable(button.url) else None
    return InlineKeyboardButton(label, callback_data=button.data)


def pieces(text: str, limit: int = TEXT_MAX) -> list[str]:
    """Split a long text at line ends, so that nothing is cut away and no tag is torn.

    A single line longer than the limit is shortened, with a mark that says so. Telegram counts UTF-16 units.
    """
    if _units(text) <= limit:
        return [text]
    found: list[str] = []
    held = ""
    for line in text.split("\n"):
        kept = line if _units(line) <= limit else _shortened(line, limit)
        if held and _units(held) + 1 + _units(kept) > limit:
            found.append(held)
            held = kept
        else:
            held = f"{held}\n{kept}" if held else kept
    return [one for one in (*found, held) if one.strip()]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _shortened(line: str, limit: int) -> str:
    """A single endless line: its words without tags, cut where no entity is torn."""
    plain = unescape(_TAGS.sub("", line))
    cut = plain[: limit // 2]
    while len(cut) < len(plain) and _units(escape(cut + plain[len(cut) : len(cut) + 64])) <= limit - 2:
        cut += plain[len(cut) : len(cut) + 64]
    while _units(escape(cut)) > limit - 2:
        cut = cut[: len(cut) * 9 // 10]
    return escape(cut) + " …"
