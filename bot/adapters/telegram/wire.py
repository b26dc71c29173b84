"""What an update must look like before it is stored: as the Bot API describes the parts that we read."""

from __future__ import annotations

import json
import math
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

DEEPEST = 64
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Words = Annotated[str, Field(max_length=65_536)]
Reference = Annotated[str, Field(min_length=1, max_length=512)]


class _Part(BaseModel):
    """Types are taken as they are written; what we do not read may be anything."""

    model_config = ConfigDict(strict=True, extra="ignore", populate_by_name=True)


class _Chat(_Part):
    id: Number
    type: Words


class _Account(_Part):
    id: Number
    is_bot: bool = False
    language_code: Words | None = None


class _File(_Part):
    file_id: Reference
    file_size: Number | None = None
    file_name: Words | None = None
    mime_type: Words | None = None


class _Size(_Part):
    file_id: Reference
    file_size: Number | None = None
    width: Number
    height: Number


class _Message(_Part):
    message_id: Number
    chat: _Chat
    sender: _Account | None = Field(default=None, alias="from")
    text: Words | None = None
    caption: Words | None = None
    media_group_id: Reference | None = None
    message_thread_id: Number | None = None
    is_topic_message: bool = False
    photo: list[_Size] | None = None
    document: _File | None = None


class _Tap(_Part):
    id: Reference
    sender: _Account = Field(alias="from")
    data: Words | None = None
    message: _Message | None = None


class _Update(_Part):
    update_id: Annotated[int, Field(ge=0, lt=2**63)]
    message: _Message | None = None
    callback_query: _Tap | None = None


def understood(update: object) -> dict[str, Any] | None:
    """The update in a form every database stores, or None when it is not one."""
    stored = _storable(update, 0)
    try:
        _Update.model_validate(stored)
    except ValidationError:
        return None
    return stored if isinstance(stored, dict) else None


def parsed(body: bytes) -> dict[str, Any] | None:
    """The update in a request body; None for what is no JSON (NaN and endless numbers included) or no update."""
    try:
        return understood(json.loads(body.decode(), parse_constant=_refused, parse_float=_finite))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None


def _refused(name: str) -> None:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        _refused(written)
    return number


def _storable(value: object, depth: int) -> object:
    """The same without what a database refuses: NUL, halves of characters, bottomless nesting."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        if depth >= DEEPEST:
            return {}
        return {str(_storable(key, depth)): _storable(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [] if depth >= DEEPEST else [_storable(one, depth + 1) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
