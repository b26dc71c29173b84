"""Closed lists of words: each member is a code that is stored and a sentence that people read."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Said(StrEnum):
    """A list whose members are written ``NAME = "code", "Sentence in English"``; the sentence is a msgid."""

    says: str

    def __new__(cls, value: str, says: str = "") -> Self:
        """Make a member of its code and its sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member
