"""Writing a bundle's ZIP: every byte outside the files is prescribed, so that none can be changed unnoticed."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final

from core.exchange.errors import TooLarge
from core.exchange.verifier.places import directory, local_header

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT: Final = 2**32 - 2**20
"""What a container without 64-bit fields holds, less some room for its directory (bytes)."""
_GIGABYTES: Final = 4


class Writer:
    """Adds files one after the other to an open, seekable file; never holds more than one piece of any."""

    def __init__(self, file: BinaryIO) -> None:
        """Write into this file from its beginning."""
        self._file = file
        self._members: list[tuple[bytes, int, int, int]] = []
        self.listed: list[dict[str, object]] = []
        """Path, size and SHA-256 of what was added, as the manifest lists it."""

    def add(self, path: str, pieces: Iterable[bytes]) -> None:
        """Add a file.

        Raises:
            TooLarge: the container would pass its limit.
            OSError: it cannot be written.
        """
        name, start = path.encode("ascii"), self._file.tell()
        self._file.write(local_header(name, 0, 0))
        crc, size, digest = 0, 0, hashlib.sha256()
        for piece in pieces:
            if self._file.tell() + len(piece) > LIMIT:
                raise TooLarge(limit=_GIGABYTES)
            self._file.write(piece)
            digest.update(piece)
            crc, size = zlib.crc32(piece, crc), size + len(piece)
        end = self._file.tell()
        self._file.seek(start)
        self._file.write(local_header(name, crc, size))
        self._file.seek(end)
        self._members.append((name, crc, size, start))
        self.listed.append({"path": path, "size": size, "sha256": digest.hexdigest()})

    def close(self) -> int:
        """Write the directory; answers the size of the whole in bytes. The file itself stays open."""
        self._file.write(directory(self._members))
        self._file.flush()
        return self._file.tell()
