"""Every stored update carries a MAC of this program: a row that somebody put into the table acts in nobody's name."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from decimal import Decimal

from core.inbox.models import Inbound

PURPOSE = "inbox:updates"
"""What the key is derived for; it comes from the oldest master key and outlives a rotation."""
NOT_OURS = "not stored by this program"

_given: list[bytes] = []


def use_key(key: bytes) -> None:
    """Give the room its key, once at assembly."""
    _given[:] = [key]


def _key() -> bytes:
    if not _given:
        msg = "inbox.use_key was not called at assembly"
        raise RuntimeError(msg)
    return _given[0]


def mac(
    channel: str, update_id: str, chat_ref: str, received_at: dt.datetime, body: dict[str, object]
) -> str:
    """Answer the HMAC-SHA-256 of an update: whose it is, when it came and what it says."""
    instant = received_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    said = json.dumps(
        [channel, update_id, chat_ref, instant, _plain(body)], sort_keys=True, separators=(",", ":")
    )
    return hmac.new(_key(), said.encode(), hashlib.sha256).hexdigest()


def fits(row: Inbound) -> bool:
    """Whether this program stored the row as it stands."""
    expected = mac(row.channel, row.update_id, row.chat_ref, row.received_at, row.body)
    return hmac.compare_digest(expected.encode(), str(row.mac).encode())


def _plain(value: object) -> object:
    """A JSON value as either database gives it back: PostgreSQL writes 1e16 as a whole number."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(Decimal(repr(value)))
    return value
