"""A stream sealed in segments: AES-256-GCM under a key of its own, which the master key seals in the header.

Header: 16 bytes that name the format, 2 bytes of length, the sealed file key. Then segments of 1 MiB (the last may be
shorter) with a tag of 16 bytes each. The nonce counts the segments and marks the last one, as in the STREAM
construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): none can be changed, moved, repeated, added or left out.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.backups.faults import BackupFault
from core.kit.keys import SealBroken

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"bihuan backup 1\n"
SEGMENT: Final = 1 << 20
_TAG: Final = 16
_KEY_SIZE: Final = 32
_LENGTH: Final = 2
_COUNTER: Final = 11


class Seals(Protocol):
    """What seals and opens the key of a file (``core.kit.keys.KeyRing.for_backups``)."""

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Encrypt and authenticate."""
        ...

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt; raises ``SealBroken``."""
        ...


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_COUNTER) + bytes([last])


class SealingStream:
    """Writes a sealed stream in constant memory; without ``close`` it has no end and is refused when read."""

    def __init__(self, file: BinaryIO, seals: Seals) -> None:
        """Make a new key and write the header."""
        key = os.urandom(_KEY_SIZE)
        sealed = seals.seal(key, MAGIC)
        self._header = MAGIC + len(sealed).to_bytes(_LENGTH) + sealed
        self._cipher = AESGCM(key)
        self._file = file
        self._buffer = bytearray()
        self._number = 0
        file.write(self._header)

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._buffer += data
        while len(self._buffer) > SEGMENT:
            self._emit(bytes(self._buffer[:SEGMENT]), last=False)
            del self._buffer[:SEGMENT]

    def close(self) -> None:
        """Write the segment that marks the end."""
        self._emit(bytes(self._buffer), last=True)

    def _emit(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, self._header))
        self._number += 1


def opened(file: BinaryIO, seals: Seals) -> Iterator[bytes]:
    """Yield the plain bytes of a sealed stream, segment by segment, each proven before it is handed out.

    Raises:
        BackupFault: it is no backup, its key is not here, or it was changed or cut off; the text says where.
    """
    header, key = _header(file, seals)
    cipher = AESGCM(key)
    at = len(header)
    number = 0
    segment = file.read(SEGMENT + _TAG)
    while segment:
        following = file.read(SEGMENT + _TAG)
        last = not following
        try:
            plain = cipher.decrypt(_nonce(number, last=last), segment, header)
        except InvalidTag:
            raise BackupFault(_broken(cipher, header, segment, number, at, last=last)) from None
        yield plain
        at += len(segment)
        number += 1
        segment = following
        if last:
            return
    msg = f"the backup is cut off: it ends after its header, at byte {at}. Take another copy."
    raise BackupFault(msg)


def _header(file: BinaryIO, seals: Seals) -> tuple[bytes, bytes]:
    begin = file.read(len(MAGIC) + _LENGTH)
    if begin[: len(MAGIC)] != MAGIC:
        msg = "this is no backup made by `bihuan backup`, or its first bytes were changed"
        raise BackupFault(msg)
    length = int.from_bytes(begin[len(MAGIC) :])
    sealed = file.read(length)
    try:
        return begin + sealed, seals.open(sealed, MAGIC)
    except SealBroken as wrong:
        msg = (
            f"the backup's header does not open: {wrong}. It needs the master key file of the installation that "
            "made it (docs/operating/backup.md)"
        )
        raise BackupFault(msg) from None


def _broken(cipher: AESGCM, header: bytes, segment: bytes, number: int, at: int, *, last: bool) -> str:
    """Say what is wrong with a segment that does not open."""
    if not last:
        return f"the backup was changed between byte {at} and {at + len(segment)}. Take another copy."
    try:
        cipher.decrypt(_nonce(number, last=False), segment, header)
    except InvalidTag:
        return (
            f"the backup was changed, cut off or added to between byte {at} and its end at {at + len(segment)}. "
            "Take another copy."
        )
    return f"the backup is cut off: it goes on after byte {at + len(segment)}, where this file ends. Take another copy."
