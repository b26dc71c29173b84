"""Checkpoints in the public formats C2SP tlog-checkpoint and signed-note, signed with Ed25519. Pure.

Any tool that reads these formats can check ours: the text names the log, its size and its root.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.ledger.merkle import HASH_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable

_ED25519: Final = b"\x01"
_KEY_SIZE: Final = 32
_HASH_SIZE: Final = 4
_DASH: Final = "\N{EM DASH} "
_SIGNATURES: Final = 64
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Unreadable(ValueError):  # noqa: N818  read by an auditor as a sentence
    """A checkpoint, note or key is not what it should be; the text gives the exact reason."""


class UnknownSigner(Unreadable):
    """No known key signed a note."""


def decoded(text: str, what: str) -> bytes:
    """Read standard base64, padding and all.

    Raises:
        Unreadable: it is none; ``what`` says of what.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if base64.b64encode(raw).decode() != text:
        msg = f"the {what} is not standard base64"
        raise Unreadable(msg)
    return raw


def named(name: str) -> str:
    """Answer a key's name as it is.

    Raises:
        Unreadable: it cannot name a key.
    """
    if not name or "+" in name or any(char.isspace() for char in name):
        msg = f"{name!r} cannot name a key: no spaces, no plus sign, not empty"
        raise Unreadable(msg)
    return name


def key_hash(name: str, public: bytes, kind: bytes = _ED25519) -> bytes:
    """Answer the four bytes that tell keys of one name apart (signed-note: name, newline, type, key)."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:_HASH_SIZE]


@dataclass(frozen=True)
class Verifier:
    """A public key and its name. Its text is the line that auditors keep: ``name+hash+key``."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, line: str) -> Verifier:
        """Read a verifier line.

        Raises:
            Unreadable: it is no Ed25519 verifier line, or its hash belongs to another key.
        """
        name, _, rest = line.strip().partition("+")
        shown, _, key = rest.partition("+")
        raw = decoded(key, "verifier key")
        if raw[:1] != _ED25519 or len(raw) != 1 + _KEY_SIZE:
            msg = "this is no Ed25519 verifier line"
            raise Unreadable(msg)
        made = cls(named(name), raw[1:])
        if shown != made.hash.hex():
            msg = f"the hash of the verifier line is {shown}, its key has {made.hash.hex()}"
            raise Unreadable(msg)
        return made

    @property
    def hash(self) -> bytes:
        """The key hash that signature lines begin with."""
        return key_hash(self.name, self.public)

    def __str__(self) -> str:
        """Write the verifier line."""
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    def holds(self, text: str, signature: bytes) -> bool:
        """Answer whether the signature is this key's over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private key and its name; never shown by ``repr``."""

    name: str
    key: Ed25519PrivateKey = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Verifier(named(self.name), raw)

    def line(self, text: str) -> str:
        """Write the signature line over a note's text, with its newline."""
        signed = self.verifier.hash + self.key.sign(text.encode())
        return f"{_DASH}{self.name} {base64.b64encode(signed).decode()}\n"


@dataclass(frozen=True)
class Checkpoint:
    """A statement: the log of this origin has this many leaves and this root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The signed text: origin, size, base64 root, then any extension lines."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text without its signatures.

        Raises:
            Unreadable: it is no checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or "" in lines[:-1]:  # noqa: PLR2004  three lines, each ended
            msg = "a checkpoint has an origin, a size and a root, each on its own line"
            raise Unreadable(msg)
        origin, size, encoded, *extensions = lines[:-1]
        if not _SIZE.fullmatch(size):
            msg = f"{size!r} is not the size of a log"
            raise Unreadable(msg)
        root = decoded(encoded, "root")
        if len(root) != HASH_SIZE:
            msg = f"a root has {HASH_SIZE} bytes, not {len(root)}"
            raise Unreadable(msg)
        return cls(origin, int(size), root, tuple(extensions))


def sign(text: str, keys: Iterable[SigningKey]) -> str:
    """Make a signed note of a text that ends with a newline: the text, an empty line, the signature lines."""
    return text + "\n" + "".join(key.line(text) for key in keys)


def opened(note: str) -> tuple[str, list[str]]:
    """Answer a note's text and its signature lines, unchecked.

    Raises:
        Unreadable: it is no note.
    """
    if _CONTROL.search(note):
        msg = "a note holds no control characters"
        raise Unreadable(msg)
    text, gap, rest = note.rpartition("\n\n")
    if not gap or not rest.endswith("\n") or not text:
        msg = "a note is a text, an empty line and signature lines"
        raise Unreadable(msg)
    lines = rest[:-1].split("\n")
    if len(lines) > _SIGNATURES:
        msg = f"a note has at most {_SIGNATURES} signatures"
        raise Unreadable(msg)
    return text + "\n", lines


def signature_of(line: str) -> tuple[str, bytes, bytes]:
    """Answer the key's name, the key's hash and the signature that a signature line holds.

    Raises:
        Unreadable: it is no signature line.
    """
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap:
        msg = "a signature line is an em dash, a name and the base64 signature"
        raise Unreadable(msg)
    raw = decoded(encoded, "signature")
    if len(raw) <= _HASH_SIZE:
        msg = f"the signature of {name} is too short"
        raise Unreadable(msg)
    return named(name), raw[:_HASH_SIZE], raw[_HASH_SIZE:]


def open_note(note: str, known: Iterable[Verifier]) -> str:
    """Answer the text of a note that at least one known key signed; unknown signatures are ignored.

    Raises:
        Unreadable: it is no note, a known key's signature is wrong, or no known key signed it.
    """
    text, lines = opened(note)
    keys = {(key.name, key.hash): key for key in known}
    signed = False
    for name, hashed, signature in map(signature_of, lines):
        key = keys.get((name, hashed))
        if key is None:
            continue
        if not key.holds(text, signature):
            msg = f"the signature of {name} does not belong to this text"
            raise Unreadable(msg)
        signed = True
    if not signed:
        msg = "no known key signed this"
        raise UnknownSigner(msg)
    return text


def verify(note: str, known: Iterable[Verifier]) -> Checkpoint:
    """Answer what a signed checkpoint states; its origin must be the name of a known key.

    Raises:
        Unreadable: it is no checkpoint, not signed by a known key, or of another log.
    """
    keys = tuple(known)
    stated = Checkpoint.parse(open_note(note, keys))
    if stated.origin not in {key.name for key in keys}:
        msg = f"this is a checkpoint of the log {stated.origin!r}, which no known key is named after"
        raise Unreadable(msg)
    return stated
