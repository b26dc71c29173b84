"""Buttons that cannot be forged: action, object, revision, person and expiry under a 80-bit MAC, 42 characters."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import struct
from dataclasses import dataclass

from core.kit import Refusal, clock

_LAYOUT = struct.Struct(">BHQIHHI")
_MAC = 10
LIFETIME = dt.timedelta(days=14)


class ForgedButton(Refusal):
    """The token was not made by us, or for another person."""

    says = "This button is not yours to press. Please open your own message or send /start."


class OldButton(Refusal):
    """The token is past its time."""

    says = "This button has expired. Send /start to see what is open now."


@dataclass(frozen=True, kw_only=True)
class Tap:
    """What a button means: an action on an object at a revision, with a small argument."""

    action: int
    object_id: int
    revision: int
    argument: int


class ButtonPress:
    """Makes and reads button tokens with one secret key."""

    def __init__(self, key: bytes) -> None:
        """Keep the key (32 bytes derived from the master key)."""
        self._key = key

    def token(
        self,
        *,
        action: int,
        object_id: int,
        person_id: int,
        revision: int = 0,
        argument: int = 0,
        lifetime: dt.timedelta = LIFETIME,
    ) -> str:
        """Make the token of a button for one person."""
        expires = int((clock.now() + lifetime).timestamp())
        body = _LAYOUT.pack(1, action, object_id, person_id, revision % 65536, argument, expires)
        return base64.urlsafe_b64encode(body + self._mac(body)).decode().rstrip("=")

    def read(self, token: str, *, person_id: int) -> Tap:
        """Read a token back.

        Raises:
            ForgedButton: the MAC is wrong or the button belongs to someone else.
            OldButton: it expired.
        """
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError) as unreadable:
            raise ForgedButton from unreadable
        if len(raw) != _LAYOUT.size + _MAC or not hmac.compare_digest(
            raw[_LAYOUT.size :], self._mac(raw[: _LAYOUT.size])
        ):
            raise ForgedButton
        _version, action, object_id, owner, revision, argument, expires = _LAYOUT.unpack(raw[: _LAYOUT.size])
        if owner != person_id:
            raise ForgedButton
        if expires < clock.now().timestamp():
            raise OldButton
        return Tap(action=action, object_id=object_id, revision=revision, argument=argument)

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self._key, b"button" + body, hashlib.sha256).digest()[:_MAC]
