"""The sealed secrets of authenticators: opened only where a code is checked, never kept open."""

from __future__ import annotations

import uuid

from core.kit.keys import KeyRing
from core.signing.models import Factor

_given: list[KeyRing] = []
_window: list[int] = [1]


def use_keys(ring: KeyRing, *, window: int = 1) -> None:
    """Give the room its keys, once at assembly; a code may be ``window`` time steps old (0 or 1)."""
    _given[:] = [ring]
    _window[:] = [window]


def window() -> int:
    """Answer how many past time steps a code may come from (0 or 1 by policy)."""
    return _window[0]


def _ring() -> KeyRing:
    if not _given:
        msg = "signing.use_keys was not called at assembly"
        raise RuntimeError(msg)
    return _given[0]


def pepper() -> bytes:
    """Answer what is mixed into every PIN before it is hashed; it is nowhere in the database."""
    return _ring().derive("signing:pin")


def ticket() -> bytes:
    """Answer what makes challenges for adding passkeys; it is nowhere in the database."""
    return _ring().derive("signing:passkey")


def _place(person_id: int, factor_id: uuid.UUID, key_id: str) -> bytes:
    return f"signing:factor\x1f{person_id}\x1f{factor_id}\x1f{key_id}".encode()


def sealed(secret: str, *, organisation_id: int, person_id: int, factor_id: uuid.UUID) -> tuple[bytes, str]:
    """Seal a secret for one person's authenticator, openable in no other row; answers it and the key's id."""
    ring = _ring()
    place = _place(person_id, factor_id, ring.key_id)
    return ring.for_organisation(organisation_id).seal(secret.encode(), place), ring.key_id


def opened(factor: Factor) -> str:
    """Open an authenticator's secret; the caller uses it at once and keeps it nowhere.

    Raises:
        SealBroken: the row was changed or its key is not in the ring.
    """
    place = _place(factor.person_id, factor.id, factor.key_id)
    return _ring().for_organisation(factor.organisation_id).open(factor.sealed_secret, place).decode()
