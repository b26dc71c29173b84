"""The parts inside a backup: a name, bytes in blocks, then how many they were and their SHA-256."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from bot.backups.faults import BackupFault

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK: Final = 1 << 18
_NAME, _DATA, _END = b"P", b"D", b"E"
_NAME_LENGTH: Final = 2
_DATA_LENGTH: Final = 4
_SIZE: Final = 8
_DIGEST: Final = 32


class Sink(Protocol):
    """Where the bytes of parts go."""

    def write(self, data: bytes) -> None:
        """Take bytes."""
        ...


@dataclass(frozen=True)
class Sum:
    """The size in bytes and the SHA-256 (hex) of a part."""

    size: int
    sha256: str


class PartWriter:
    """Writes one part; ``end`` answers what the manifest says of it."""

    def __init__(self, sink: Sink, name: str) -> None:
        """Begin the part."""
        raw = name.encode()
        sink.write(_NAME + len(raw).to_bytes(_NAME_LENGTH) + raw)
        self._sink = sink
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Add bytes to the part."""
        for start in range(0, len(data), BLOCK):
            block = data[start : start + BLOCK]
            self._sink.write(_DATA + len(block).to_bytes(_DATA_LENGTH))
            self._sink.write(block)
        self._digest.update(data)
        self._size += len(data)

    def end(self) -> Sum:
        """End the part."""
        self._sink.write(_END + self._size.to_bytes(_SIZE) + self._digest.digest())
        return Sum(self._size, self._digest.hexdigest())


class Part:
    """A part that is being read; ``sum`` is known once its blocks are through."""

    def __init__(self, name: str, source: _Source) -> None:
        """Begin to read after the name."""
        self.name = name
        self.sum = Sum(0, "")
        self._source = source
        self._through = False

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes of the part.

        Raises:
            BackupFault: they are not those that were written.
        """
        digest = hashlib.sha256()
        size = 0
        while (mark := self._source.take(1)) == _DATA:
            block = self._source.take(int.from_bytes(self._source.take(_DATA_LENGTH)))
            digest.update(block)
            size += len(block)
            yield block
        stated = self._source.take(_SIZE), self._source.take(_DIGEST)
        if mark != _END or stated != (size.to_bytes(_SIZE), digest.digest()):
            msg = f"part {self.name} of the backup is not what its SHA-256 stands for"
            raise BackupFault(msg)
        self.sum = Sum(size, digest.hexdigest())
        self._through = True

    def drain(self) -> Sum:
        """Read what is left of it and answer its size and digest."""
        if not self._through:
            for _ in self.blocks():
                pass
        return self.sum


class _Source:
    """Bytes of a stream, as many as are asked for."""

    def __init__(self, stream: Iterator[bytes]) -> None:
        self._stream = stream
        self._rest = b""
        self._at = 0

    def take(self, count: int) -> bytes:
        found = self._rest[self._at : self._at + count]
        self._at += len(found)
        while len(found) < count:
            self._rest = next(self._stream, b"")
            if not self._rest:
                msg = "the backup ends in the middle of a part"
                raise BackupFault(msg)
            more = self._rest[: count - len(found)]
            self._at = len(more)
            found += more
        return found

    def ended(self) -> bool:
        if self._at == len(self._rest):
            self._rest, self._at = next(self._stream, b""), 0
        return not self._rest


def parts(stream: Iterator[bytes]) -> Iterator[Part]:
    """Yield the parts in order; what a reader leaves of one is read before the next.

    Raises:
        BackupFault: the bytes are not parts.
    """
    source = _Source(stream)
    while not source.ended():
        if source.take(1) != _NAME:
            msg = "the backup holds bytes outside its parts"
            raise BackupFault(msg)
        part = Part(source.take(int.from_bytes(source.take(_NAME_LENGTH))).decode(), source)
        yield part
        part.drain()
