"""How wide text gets, and how it is shortened, without opening a font. Estimates lie on the wide side."""

from __future__ import annotations

import unicodedata

_WIDTHS = (
    (0.28, " |"),
    (0.33, "',.:;Iijl"),
    (0.37, "!()-[]f{}"),
    (0.42, "/\\rt"),
    (0.48, "*s"),
    (0.54, "?Jcxz"),
    (0.58, '"#$+0123456789<=>FLY^_aegkvy~'),
    (0.62, "AESTVXZ`bdhnopqu"),
    (0.66, "BCKPR"),
    (0.71, "&DG"),
    (0.76, "HNOQU"),
    (0.85, "Mw"),
    (0.96, "%@Wm"),
)
_NAMED = {char: width for width, chars in _WIDTHS for char in chars}
_BOLD = 1.06
_LATIN_END = 0x24F


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Answer the width in logical pixels that a text needs, a little on the wide side."""
    total = sum(_NAMED.get(char) or _unnamed(char) for char in text)
    return total * size * (_BOLD if bold else 1.0)


def _unnamed(char: str) -> float:
    """Measure what is not in the table: accented letters like their base, everything else a full square."""
    base = unicodedata.normalize("NFD", char)[0]
    return _NAMED.get(base, 1.0) if ord(char) <= _LATIN_END else 1.0


def fit(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Shorten a text at its end until it fits."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def fit_middle(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Shorten a number in its middle, since its ends tell it from its neighbours."""
    if width(text, size, bold=bold) <= room:
        return text
    keep = len(text) - 1
    while keep > 2:  # noqa: PLR2004  one character at either end
        head, tail = text[: (keep + 1) // 2], text[len(text) - keep // 2 :]
        if width(f"{head}…{tail}", size, bold=bold) <= room:
            return f"{head}…{tail}"
        keep -= 1
    return fit(text, size, room, bold=bold)
