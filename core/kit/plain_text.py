"""Text that people type: cleaned of what cannot be seen, kept within bounds, never silently cut."""

from __future__ import annotations

import unicodedata

from core.kit.refusal import Refusal

_JOINERS = {"\u200c", "\u200d"}  # needed by some scripts and emoji
_KEEP = {"\n", "\t"}


class TooLong(Refusal):
    """The text is longer than its field."""

    says = "That is {length} characters; please keep it within {limit}."


class Empty(Refusal):
    """Nothing readable was given where something is required."""

    says = "Please write something here; an empty answer cannot be recorded."


def clean(text: str) -> str:
    """Normalise to NFC and drop control, bidirectional and zero-width characters.

    Right-to-left letters stay; only the invisible marks that could reorder or hide other text go.
    """
    kept = [
        char
        for char in unicodedata.normalize("NFC", text)
        if char in _KEEP or char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    ]
    joined = "".join(kept).strip().strip("".join(_JOINERS))
    return joined.strip()


def checked(text: str, *, limit: int, required: bool = True) -> str:
    """Clean a text and hold it to its bounds.

    Raises:
        TooLong: more than ``limit`` characters remain.
        Empty: nothing remains and an answer is required.
    """
    cleaned = clean(text)
    if len(cleaned) > limit:
        raise TooLong(length=len(cleaned), limit=limit)
    if required and not cleaned:
        raise Empty
    return cleaned
