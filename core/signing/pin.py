"""The PIN of level S3: known to its owner alone, kept as a slow hash with a pepper from outside the database.

scrypt (RFC 7914) with N = 2^14, r = 8, p = 1 over an HMAC of the PIN: neither the database nor the key file alone
gives a way to guess it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import re
import secrets
import uuid

from core.signing import keys, policy
from core.signing.errors import WeakPin

SHORTEST, LONGEST = 6, 12
_COST, _BLOCK, _LANES = 2**14, 8, 1
_SALT = 16


def read_pin(text: str) -> str:
    """Read a PIN as typed, full-width digits and spaces included; empty when it is no PIN."""
    plain = policy.read_word(text)
    return plain if re.fullmatch(rf"[0-9]{{{SHORTEST},{LONGEST}}}", plain) else ""


def chosen(text: str) -> str:
    """Read a PIN that its owner chooses.

    Raises:
        WeakPin: not 6 to 12 digits, all the same, or counting up or down.
    """
    plain = read_pin(text)
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(plain)}
    if not plain or steps in ({0}, {1}, {9}):
        raise WeakPin(least=SHORTEST, most=LONGEST)
    return plain


def _hash(pin: str, factor_id: uuid.UUID, salt: bytes) -> bytes:
    keyed = hmac.digest(keys.pepper(), factor_id.bytes + pin.encode(), "sha256")
    return hashlib.scrypt(keyed, salt=salt, n=_COST, r=_BLOCK, p=_LANES)


async def hashed(pin: str, factor_id: uuid.UUID) -> str:
    """Answer what is kept of a PIN; it fits one authenticator only."""
    salt = secrets.token_bytes(_SALT)
    return f"{salt.hex()}:{(await asyncio.to_thread(_hash, pin, factor_id, salt)).hex()}"


async def fits(pin: str, factor_id: uuid.UUID, kept: str) -> bool:
    """Answer whether a PIN is the one that was chosen, in constant time."""
    salt, _, digest = kept.partition(":")
    made = await asyncio.to_thread(_hash, pin, factor_id, bytes.fromhex(salt))
    return hmac.compare_digest(made.hex().encode(), digest.encode())
