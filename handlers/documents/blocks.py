"""The pieces a document is made of, as the sheet reads them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Block = dict[str, object]
Pair = tuple[str, str]


def section(title: str) -> Block:
    """A new part with a heading."""
    return {"kind": "section", "text": title}


def part(title: str) -> Block:
    """A smaller heading."""
    return {"kind": "part", "text": title}


def text(words: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": words}


def soft(words: str) -> Block:
    """A paragraph in small grey letters."""
    return {"kind": "soft", "text": words}


def facts(rows: Iterable[Pair | None]) -> Block:
    """Labels and values, one a line; None is left out."""
    return {"kind": "facts", "rows": [list(row) for row in rows if row is not None]}


def table(head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]) -> Block:
    """A table with its widths in parts."""
    return {
        "kind": "table",
        "head": list(head),
        "widths": list(widths),
        "rows": [list(row) for row in rows],
    }


def chip(words: str, tone: str = "plain") -> Block:
    """A short word in a coloured field; tones: plain, good, warn, bad."""
    return {"text": words, "tone": tone}
