"""Text that people type: cleaned of what cannot be seen, kept within bounds, never silently cut."""

from __future__ import annotations

import unicodedata

from core.kit.refusal import Refusal

_JOINERS = {"\u200c", "\u200d"}  # needed by some scripts and emoji
_KEEP = {"\n", "\t"}
_BLANK = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"}
"""Letters and marks by their category that show nothing (Unicode TR 36; Default_Ignorable_Code_Point)."""


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
        if char in _KEEP
        or char in _JOINERS
        or (char not in _BLANK and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))
    ]
    joined = "".join(kept).strip().strip("".join(_JOINERS)).strip()
    return joined if any(_shows(char) for char in joined) else ""


def _shows(char: str) -> bool:
    """Whether something can be seen where this character stands alone: no space, joiner or variation selector."""
    return not (char.isspace() or char in _JOINERS or unicodedata.category(char) == "Mn")


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
