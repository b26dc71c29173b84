"""Canonical JSON (RFC 8785 for the values we allow) and digests over it.

Allowed: None, bool, int within ±(2^53-1), str, lists, dicts with keys ``[a-z0-9_]+``. Decimals and instants are
written as text, enums as their value; floats are refused, since their text differs between languages.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
import uuid
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec

_KEY = re.compile(r"[a-z0-9_]+")
_SAFE = 2**53 - 1
_encode: Final = msgspec.json.Encoder(order="sorted").encode


def decimal_text(value: Decimal) -> str:
    """Write a decimal the same way whatever its trailing zeros or exponent: 9.000 → ``9``."""
    if not value.is_finite():
        msg = "only finite decimals can be recorded"
        raise ValueError(msg)
    plain = format(value.normalize(), "f")
    return "0" if plain in ("-0", "") else plain


def instant_text(value: dt.datetime) -> str:
    """Write an aware instant as UTC with microseconds: ``2026-11-23T21:46:00.000000Z``."""
    if value.tzinfo is None:
        msg = "an instant needs a time zone"
        raise ValueError(msg)
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _scalar(value: object) -> object:  # noqa: PLR0911  one line per kind of value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _scalar(value.value)
    if isinstance(value, int):
        return value if -_SAFE <= value <= _SAFE else str(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, dt.datetime):
        return instant_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    msg = f"{type(value).__name__} cannot be recorded canonically"
    raise TypeError(msg)


def plain(value: object) -> Any:
    """Turn facts into the allowed JSON values.

    Raises:
        TypeError: a value (a float, say) has no canonical form.
        ValueError: a key holds other characters, or an instant has no zone.
    """
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                msg = f"key {key!r} is not allowed in a record"
                raise ValueError(msg)
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return _scalar(value)


def encode(value: object) -> bytes:
    """Give the canonical bytes of facts; equal facts give equal bytes in every process and release."""
    return _encode(plain(value))


def digest_of_plain(value: object) -> str:
    """SHA-256 over the canonical bytes of what ``plain`` answered already; nothing is looked at again."""
    return hashlib.sha256(_encode(value)).hexdigest()


def digest(value: object) -> str:
    """SHA-256 over the canonical bytes, lower-case hex (64 characters)."""
    return hashlib.sha256(encode(value)).hexdigest()
