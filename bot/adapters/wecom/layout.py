"""From our message to WeCom's texts: within 2,048 bytes each, and with people's words kept from acting as marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from handlers.chat.vocabulary import Button, Outgoing
from handlers.text import WIDE, colon

TEXT_MAX = 2048
"""Bytes of a text or markdown message; what is longer is cut off without a word."""
SHORT = 200
"""Bytes of a line that may stand in a mark of its own: a cut never falls into it."""
NOTHING = "…"
_LINKS = re.compile(r"<(?=\s*/?\s*(?:a|font)\b)", re.IGNORECASE)
_LINE_MARKS = re.compile(r"(?m)^(\s*)(?=[#>])")
_BORDERS = (re.compile(r"\n+"), re.compile(r"[。！？；!?;]+\s*|\.\s+"), re.compile(r"[，、,\s]+"))


@dataclass(frozen=True)
class Words:
    """One message of words."""

    kind: Literal["text", "markdown"]
    content: str


def words(outgoing: Outgoing, *, links: tuple[Button, ...] = ()) -> list[Words]:
    """The message as texts: structure by markdown, a plain sentence or something to copy as plain text."""
    marked = bool(outgoing.head or outgoing.facts)
    blocks = _marked(outgoing) if marked else [plain(outgoing.body), outgoing.code, plain(outgoing.hint)]
    for button in links:
        label = plain(button.text)
        blocks.append(f"[{label}]({button.url})" if marked else f'<a href="{button.url}">{label}</a>')
    whole = "\n".join(one for one in blocks if one.strip()) or NOTHING
    return [Words("markdown" if marked else "text", one) for one in pieces(whole)]


def _marked(outgoing: Outgoing) -> list[str]:
    lines = [_each(outgoing.head, "**{}**"), _safe(outgoing.body)]
    lines += [f"> {_safe(label)}{colon(label)}{_safe(value)}" for label, value in outgoing.facts]
    return [
        *lines,
        _each(outgoing.code, "`{}`", safe=False),
        _each(outgoing.hint, '<font color="comment">{}</font>'),
    ]


def _each(said: str, mark: str, *, safe: bool = True) -> str:
    lines = (_safe(line) if safe else line for line in said.split("\n"))
    return "\n".join(mark.format(line) if 0 < len(line.encode()) <= SHORT else line for line in lines)


def plain(said: str) -> str:
    """People's words as they are, but for what a client would take for a link."""
    return _LINKS.sub("＜", said)


def _safe(said: str) -> str:
    """The same for markdown, which knows no escape: an invisible character parts what would be a mark."""
    parted = plain(said).replace("](", "]\u200b(").replace("**", "*\u200b*").replace("`", "ˋ")
    return _LINE_MARKS.sub("\\1\u200b", parted)


def width(said: str) -> int:
    """How wide a text is in half characters: a Chinese one counts two."""
    return len(said) + len(WIDE.findall(said))


def pieces(whole: str, limit: int = TEXT_MAX) -> list[str]:
    """Cut a long text at line ends, else after sentences, else between words, so that each part fits in bytes."""
    found: list[str] = []
    left = whole
    while len(left.encode()) > limit:
        most = left.encode()[:limit].decode(errors="ignore")
        cut = _border(most)
        found.append(left[:cut].rstrip())
        left = left[cut:].lstrip("\n")
    return [one for one in (*found, left) if one.strip()] or [NOTHING]


def _border(most: str) -> int:
    """Where to cut a part that is full: at the last good border of its second half."""
    for border in _BORDERS:
        ends = [one.end() for one in border.finditer(most) if one.end() > len(most) // 2]
        if ends:
            return ends[-1]
    return len(most)
