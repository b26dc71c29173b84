"""Cosignatures of witnesses in the public format C2SP tlog-cosignature, version 1 (Ed25519, type 0x04). Pure.

A cosignature says: at this second this was the largest tree that the witness has seen of this log, and it had
grown out of every smaller one that the witness has seen.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.ledger.checkpoint import Unreadable, decoded, key_hash, named, signature_of

_COSIGNATURE: Final = b"\x04"
_KEY_SIZE: Final = 32
_STAMP_SIZE: Final = 8
_SIZE: Final = _STAMP_SIZE + 64
_LATEST: Final = 2**63 - 1


@dataclass(frozen=True)
class WitnessLine:
    """A witness's public key and its name, written ``name+hash+key`` with key type 0x04."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, line: str) -> WitnessLine:
        """Read the line that the witness script prints.

        Raises:
            Unreadable: it is no witness key, or its hash belongs to another key.
        """
        name, _, rest = line.strip().partition("+")
        shown, _, key = rest.partition("+")
        raw = decoded(key, "witness key")
        if raw[:1] != _COSIGNATURE or len(raw) != 1 + _KEY_SIZE:
            msg = "this is no witness key of type 4 (Ed25519 cosignature)"
            raise Unreadable(msg)
        made = cls(named(name), raw[1:])
        if shown != made.hash.hex():
            msg = f"the hash of the witness key is {shown}, its key has {made.hash.hex()}"
            raise Unreadable(msg)
        return made

    @property
    def hash(self) -> bytes:
        """The key hash that the witness's signature lines begin with."""
        return key_hash(self.name, self.public, _COSIGNATURE)

    def __str__(self) -> str:
        """Write the line."""
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(_COSIGNATURE + self.public).decode()}"

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Answer whether the signature is this key's over the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def verify(self, text: str, line: str) -> int:
        """Hold a signature line to a checkpoint's text; answers the second (POSIX) at which it was made.

        Raises:
            Unreadable: it is not this witness's cosignature of this text.
        """
        name, hashed, signature = signature_of(line)
        if (name, hashed) != (self.name, self.hash) or len(signature) != _SIZE:
            msg = f"the line is no cosignature of {self.name}"
            raise Unreadable(msg)
        stamp = int.from_bytes(signature[:_STAMP_SIZE], "big")
        if stamp > _LATEST or not self.holds(message(text, stamp), signature[_STAMP_SIZE:]):
            msg = f"the cosignature of {name} does not belong to this checkpoint"
            raise Unreadable(msg)
        return stamp


def message(text: str, stamp: int) -> bytes:
    """Answer what a witness signs: a header, the second, and the checkpoint's whole text."""
    return f"cosignature/v1\ntime {stamp}\n{text}".encode()
