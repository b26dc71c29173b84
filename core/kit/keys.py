"""The master keys, kept in a file outside the database, and everything that is sealed with them.

One line per key: its id and 32 random bytes in base64. The first line seals; the others still open what was
sealed before. Sealed bytes are: version (1), key id (4), nonce (12), AES-256-GCM ciphertext and tag.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from pathlib import Path

_SIZE: Final = 32
_ID_SIZE: Final = 4
_NONCE_SIZE: Final = 12
_VERSION: Final = b"\x01"
_HEADER: Final = len(_VERSION) + _ID_SIZE


class KeyFault(RuntimeError):  # noqa: N818  read by an operator as a sentence
    """A key file is missing, open to others or unreadable; the text says what to do."""


class KeyExists(KeyFault):
    """The key file to be made is there already."""


class SealBroken(ValueError):  # noqa: N818  names what happened
    """Sealed bytes do not open: changed, moved to another place, or sealed with a key that is not here."""


def read_private(path: Path) -> str:
    """Read a key file that only its owner may read.

    Raises:
        KeyFault: it is missing or others may read it.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        msg = f"the key file {path} cannot be read: {fault}"
        raise KeyFault(msg) from None
    if os.name == "posix" and mode & 0o077:
        msg = f"the key file {path} is open to others (mode {mode:o}); run: chmod 600 {path}"
        raise KeyFault(msg)
    return text


def write_private(path: Path, text: str) -> None:
    """Write a new key file of mode 600 and bring it to the disk; it appears whole or not at all.

    Raises:
        KeyExists: the file is there already; a key is never overwritten.
        KeyFault: the file cannot be written.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _put(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as fault:
        kind = KeyExists if isinstance(fault, FileExistsError) else KeyFault
        msg = f"the key file {path} cannot be written: {fault}"
        raise kind(msg) from None


def _put(fresh: Path, path: Path) -> None:
    """Give a file its name, unless another has it: of two processes that begin together one makes the key."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a file system that knows no second name
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        fresh.rename(path)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"bihuan master key\n" + key).digest()[:_ID_SIZE]


@lru_cache(maxsize=1024)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), _SIZE, salt=None, info=b"bihuan\n" + purpose.encode()).derive(key)


@dataclass(frozen=True)
class _Seals:
    """Seals for one purpose under every key of the ring."""

    masters: tuple[bytes, ...] = field(repr=False)
    purpose: str

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Encrypt and authenticate; ``aad`` names the place, and only there it opens again."""
        master = self.masters[0]
        header = _VERSION + _key_id(master)
        nonce = os.urandom(_NONCE_SIZE)
        cipher = AESGCM(_derived(master, self.purpose))
        return header + nonce + cipher.encrypt(nonce, plain, header + aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt.

        Raises:
            SealBroken: the bytes were changed, belong elsewhere, or their key is not in the ring.
        """
        header, nonce = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE_SIZE]
        if header[:1] != _VERSION or len(nonce) != _NONCE_SIZE:
            msg = "these are no sealed bytes of a known version"
            raise SealBroken(msg)
        for master in self.masters:
            if _key_id(master) == header[1:]:
                try:
                    cipher = AESGCM(_derived(master, self.purpose))
                    return cipher.decrypt(nonce, sealed[_HEADER + _NONCE_SIZE :], header + aad)
                except InvalidTag:
                    msg = "the sealed bytes were changed or belong to another place"
                    raise SealBroken(msg) from None
        msg = f"the master key {header[1:].hex()} is not in the key file"
        raise SealBroken(msg)


class OrganisationKey(_Seals):
    """The key of one organisation's secrets and files; no other organisation's key opens them."""


class BackupKey(_Seals):
    """Seals the key of each backup file; every line of the master key file still opens what it sealed."""


class KeyRing(_Seals):
    """The master keys of an installation."""

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the master key file.

        Raises:
            KeyFault: it is missing, open to others, or a line is not a key with its id.
        """
        lines = [line.split() for line in read_private(path).splitlines() if line.strip() and line[0] != "#"]
        if not lines:
            msg = f"{path} holds no key"
            raise KeyFault(msg)
        return cls(tuple(_parsed(path, number, line) for number, line in enumerate(lines, 1)), "seal")

    @classmethod
    def create(cls, path: Path) -> KeyRing:
        """Make a new master key in a new file of mode 600.

        Raises:
            KeyExists: the file is there already.
            KeyFault: the file cannot be written.
        """
        key = os.urandom(_SIZE)
        write_private(path, key_line(key))
        return cls((key,), "seal")

    @classmethod
    def load_or_create(cls, path: Path) -> KeyRing:
        """Read the master key file, or make it when there is none yet; of several processes at once, one makes it."""
        if not path.exists():
            with contextlib.suppress(KeyExists):
                return cls.create(path)
        return cls.load(path)

    @classmethod
    def rotate(cls, path: Path) -> KeyRing:
        """Put a new key first in the file; every earlier line stays, and the file is never half written.

        Raises:
            KeyFault: the file cannot be read or replaced; it is then as it was.
        """
        cls.load(path)
        fresh = path.with_name(path.name + ".new")
        write_private(fresh, key_line(os.urandom(_SIZE)) + read_private(path))
        try:
            fresh.replace(path)
        except OSError as fault:
            msg = f"the key file {path} cannot be replaced: {fault}"
            raise KeyFault(msg) from None
        return cls.load(path)

    @property
    def key_id(self) -> str:
        """The id of the key that seals now."""
        return _key_id(self.masters[0]).hex()

    def derive(self, purpose: str) -> bytes:
        """Answer 32 bytes for a purpose (HKDF-SHA256), the same in every process and after every rotation.

        They come from the oldest key: PINs, the seal of printed pages, buttons in chats and
        waiting messages outlive a new key.
        """
        return _derived(self.masters[-1], f"purpose\n{purpose}")

    def for_organisation(self, organisation_id: int) -> OrganisationKey:
        """Answer the organisation's own key, derived from the master key with its id."""
        return OrganisationKey(self.masters, f"organisation\n{organisation_id}")

    def for_backups(self) -> BackupKey:
        """Answer what seals the keys of backup files."""
        return BackupKey(self.masters, "backup")


def key_line(key: bytes) -> str:
    """Write a key as its line in the file; put it first to seal with it from the next start on."""
    return f"{_key_id(key).hex()} {base64.b64encode(key).decode()}\n"


def _parsed(path: Path, number: int, words: list[str]) -> bytes:
    try:
        shown, encoded = words
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        shown, key = "", b""
    if len(key) != _SIZE or _key_id(key).hex() != shown:
        msg = f"key {number} of {path} is damaged: a line is the key's id and its 32 bytes in base64"
        raise KeyFault(msg)
    return key
