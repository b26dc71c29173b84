"""What reading a row may raise that somebody has spoilt past the program, and how that is said in a line."""

from __future__ import annotations

from typing import Final

import msgspec
from tortoise.exceptions import FieldError, ValidationError

SPOILT: Final = (
    ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError,
    FieldError, ValidationError, msgspec.MsgspecError,
)  # fmt: skip
"""What reading a value that does not belong where it stands may raise."""
_LONG: Final = 160


def reason(wrong: BaseException) -> str:
    """Answer in one short line what was raised."""
    text = " ".join(f"{type(wrong).__name__}: {wrong}".split())
    return text if len(text) <= _LONG else text[:_LONG] + "…"
