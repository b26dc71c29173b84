"""The sealed secrets of authenticators: opened only where a code is checked, never kept open."""

from __future__ import annotations

import uuid
from typing import Protocol

from core.signing.models import Factor


class SealingKey(Protocol):
    """Seals with AES-256-GCM; ``aad`` binds the sealed bytes to their place."""

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Encrypt and authenticate."""
        ...

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt; raises when the bytes, the place or the key are not those of the sealing."""
        ...


class KeyRing(Protocol):
    """The keys of all organisations."""

    def for_organisation(self, organisation_id: int) -> SealingKey:
        """Give the organisation's own key."""
        ...


_given: list[KeyRing] = []
_window: list[int] = [1]


def use_keys(ring: KeyRing, *, window: int = 1) -> None:
    """Give the room its keys, once at assembly; ``window`` is how many past time steps a code may come from."""
    _given[:] = [ring]
    _window[:] = [window]


def window() -> int:
    """Answer how many past time steps a code may come from (0 or 1 by policy)."""
    return _window[0]


def key_name(organisation_id: int) -> str:
    """Name the key that seals an organisation's secrets."""
    return f"organisation:{organisation_id}:1"


def _key(organisation_id: int) -> SealingKey:
    if not _given:
        msg = "signing.use_keys was not called at assembly"
        raise RuntimeError(msg)
    return _given[0].for_organisation(organisation_id)


def _place(person_id: int, factor_id: uuid.UUID, key_id: str) -> bytes:
    return f"signing:factor\x1f{person_id}\x1f{factor_id}\x1f{key_id}".encode()


def sealed(secret: str, *, organisation_id: int, person_id: int, factor_id: uuid.UUID) -> bytes:
    """Seal a secret for one person's authenticator; in any other row it cannot be opened."""
    place = _place(person_id, factor_id, key_name(organisation_id))
    return _key(organisation_id).seal(secret.encode(), place)


def opened(factor: Factor) -> str:
    """Open an authenticator's secret; the caller uses it at once and keeps it nowhere."""
    place = _place(factor.person_id, factor.id, factor.key_id)
    return _key(factor.organisation_id).open(factor.sealed_secret, place).decode()
