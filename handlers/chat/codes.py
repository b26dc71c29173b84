"""Whether a message is a signing code: six digits as people type, dictate or paste them, with or without the word."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = r"[\s.,·・'’_。、‐-―−-]{0,3}"
_SIX = rf"[0-9](?:{_BETWEEN}[0-9]){{5}}"
_CLOSE = r"[0-9]{3}[\s-]?[0-9]{3}"
_WORD = r"(?=[0-9]*[A-Z])[0-9A-Z]{4}"
"""A check word always has a letter (``signing.policy``); a mistyped one of digits only counts beside a close code."""
_ALONE = re.compile(rf"\W*{_SIX}\W*")
_WITH = re.compile(
    rf"\W*(?:{_SIX}\W*{_WORD}|{_WORD}\W+{_SIX}|{_CLOSE}\W*[0-9A-Z]{{4}}|[0-9A-Z]{{4}}\W+{_CLOSE})\W*"
)
_SPACED = re.compile(r"(?<![0-9A-Z])([0-9]{3})[\s-]([0-9]{3})(?![0-9A-Z])")
_CODE = re.compile(r"[0-9]{6}")
_PIN = re.compile(r"[0-9]{6,12}")
"""As long as ``signing.pin`` takes."""


def _plain(text: str) -> str:
    """Full-width and other digits as plain ones, letters as capitals; what stands between stays."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char.upper()
        for char in unicodedata.normalize("NFKC", text)
    )


def is_alone(text: str) -> bool:
    """Whether this is a code whose word was left out."""
    return _ALONE.fullmatch(_plain(text)) is not None


def has_word(text: str) -> bool:
    """Whether this is a code and a check word, in either order."""
    return _WITH.fullmatch(_plain(text)) is not None


def with_pin(text: str) -> bool:
    """Whether this is a code and a PIN, in either order, with the check word or without."""
    parts = re.findall(r"\w+", _SPACED.sub(r"\1\2", _plain(text)))
    code = next((one for one in parts if _CODE.fullmatch(one)), None)
    if code is None:
        return False
    parts.remove(code)
    pins = [one for one in parts if _PIN.fullmatch(one)]
    words = [one for one in parts if re.fullmatch(_WORD, one)]
    return len(pins) == 1 and len(words) <= 1 and len(pins) + len(words) == len(parts)
