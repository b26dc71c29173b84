"""The ledger's signing keys: a file of its own, readable by its owner only, outside the database.

The lines are those of the signed-note tools (``PRIVATE+KEY+name+hash+key``). Two lines mean a change of key: once two
people have taken the new one up, checkpoints carry both signatures until two people retire the old one (key_changes).
"""

from __future__ import annotations

import base64
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.kit.keys import KeyExists, KeyFault, read_private, write_private
from core.ledger.checkpoint import Checkpoint, SigningKey, Unreadable, Verifier, sign

if TYPE_CHECKING:
    from pathlib import Path

_PREFIX: Final = "PRIVATE+KEY+"
_SEED_SIZE: Final = 32


@dataclass(frozen=True)
class Signer:
    """What the sealer signs with, and where it notes every checkpoint outside the database."""

    keys: tuple[SigningKey, ...]
    checkpoint_file: Path

    @property
    def origin(self) -> str:
        """The log's name: that of its first key."""
        return self.keys[0].name

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """The public keys, for verification and for auditors."""
        return tuple(key.verifier for key in self.keys)

    def checkpoint(self, size: int, root: bytes, keys: tuple[SigningKey, ...] = ()) -> str:
        """Sign a statement of the log's size and root, with these keys or with all."""
        return sign(Checkpoint(self.origin, size, root).text, keys or self.keys)


def checkpoint_file(key_file: Path) -> Path:
    """Name the file of noted checkpoints beside a ledger key file."""
    return key_file.with_name(key_file.name + ".checkpoints")


def create(key_file: Path, origin: str) -> Signer:
    """Make a new key in a new file of mode 600. ``origin`` names the log, e.g. ``plant.example/bihuan``.

    Raises:
        KeyExists: the file is there already.
        KeyFault: the file cannot be written.
        Unreadable: the origin cannot name a key.
    """
    key = SigningKey(origin, Ed25519PrivateKey.generate())
    write_private(key_file, _line(key))
    return Signer((key,), checkpoint_file(key_file))


def load(key_file: Path) -> Signer:
    """Read the key file.

    Raises:
        KeyFault: it is missing, readable by others, or holds no key that can be read.
    """
    lines = [line for line in read_private(key_file).splitlines() if line.strip() and line[0] != "#"]
    if not lines:
        msg = f"{key_file} holds no key"
        raise KeyFault(msg)
    try:
        return Signer(tuple(map(_parsed, lines)), checkpoint_file(key_file))
    except ValueError as wrong:
        msg = f"{key_file} holds a line that is no ledger key: {wrong}"
        raise KeyFault(msg) from None


def add(key_file: Path) -> Verifier:
    """Put a new key into the file, behind those there; it signs nothing until two people take it up.

    The file is never half written, and its earlier lines stay.

    Raises:
        KeyFault: the file cannot be read or replaced; it is then as it was.
    """
    present = load(key_file)
    made = SigningKey(present.origin, Ed25519PrivateKey.generate())
    fresh = key_file.with_name(key_file.name + ".new")
    text = read_private(key_file)
    write_private(fresh, text + ("" if text.endswith("\n") else "\n") + _line(made))
    try:
        fresh.replace(key_file)
    except OSError as fault:
        msg = f"the key file {key_file} cannot be replaced: {fault}"
        raise KeyFault(msg) from None
    return made.verifier


def _line(key: SigningKey) -> str:
    encoded = base64.b64encode(b"\x01" + key.key.private_bytes_raw()).decode()
    return f"{_PREFIX}{key.name}+{key.verifier.hash.hex()}+{encoded}\n"


def load_or_create(key_file: Path, origin: str) -> Signer:
    """Read the key file, or make it when there is none yet; of several processes at once, one makes it."""
    if not key_file.exists():
        with contextlib.suppress(KeyExists):
            return create(key_file, origin)
    return load(key_file)


def _parsed(line: str) -> SigningKey:
    name, _, rest = line.removeprefix(_PREFIX).partition("+")
    shown, _, encoded = rest.partition("+")
    raw = base64.b64decode(encoded, validate=True)
    if not line.startswith(_PREFIX) or raw[:1] != b"\x01" or len(raw) != 1 + _SEED_SIZE:
        msg = "not an Ed25519 signing key"
        raise Unreadable(msg)
    key = SigningKey(name, Ed25519PrivateKey.from_private_bytes(raw[1:]))
    if key.verifier.hash.hex() != shown:
        msg = "its hash belongs to another key"
        raise Unreadable(msg)
    return key
