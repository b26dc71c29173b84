"""Where the files of a bundle are: in a folder, or in a ZIP whose every byte is prescribed."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.exchange.verifier.proofs import fail

CONTAINER = "the ZIP container"
CHUNK = 1 << 20


class Folder:
    """An unpacked bundle."""

    def __init__(self, root: Path) -> None:
        """List its files."""
        self.root, self.names = root, []
        for folder, folders, files in os.walk(root):
            linked = [name for name in folders if Path(folder, name).is_symlink()]
            self.names += [Path(folder, name).relative_to(root).as_posix() for name in (*files, *linked)]
        for name in self.names:
            if (root / name).is_symlink():
                fail(name, "this is a link, not a file")

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file's content piece by piece."""
        with (self.root / name).open("rb") as file:
            yield from iter(lambda: file.read(CHUNK), b"")


LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")


def local_header(name: bytes, crc: int, size: int) -> bytes:
    """Write the one header that a file of this name, checksum and size has in a bundle."""
    return LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, 33, crc, size, size, len(name), 0) + name


def directory(members: list[tuple[bytes, int, int, int]]) -> bytes:
    """Write the end of a container of these members (name, checksum, size, offset)."""
    made = b"".join(
        CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, 0, 0, 33, crc, size, size, len(name), 0, 0, 0, 0, 0, at) + name
        for name, crc, size, at in members
    )
    count, start = len(members), sum(30 + len(name) + size for name, _, size, _ in members)
    return made + END.pack(b"PK\x05\x06", 0, 0, count, count, len(made), start, 0)


class Container:
    """A bundle as one ZIP; every byte outside the files must be the one that the format demands."""

    def __init__(self, file: BinaryIO) -> None:
        """Walk all headers and hold the rest to what they say."""
        self.file, at = file, 0
        members: list[tuple[bytes, int, int, int]] = []
        self.where: dict[str, tuple[int, int, int]] = {}
        whole = file.seek(0, os.SEEK_END)
        while True:
            file.seek(at)
            head = file.read(LOCAL.size)
            if head[:4] != b"PK\x03\x04" or len(head) < LOCAL.size:
                break
            crc, size, length = LOCAL.unpack(head)[6], LOCAL.unpack(head)[7], LOCAL.unpack(head)[9]
            name = file.read(length)
            if head + name != local_header(name, crc, size) or at + size > whole:
                fail(CONTAINER, f"the header at byte {at} is not as the format demands")
            start = at + len(head) + length
            self.where[name.decode("latin-1")] = (start, size, crc)
            members.append((name, crc, size, at))
            at = start + size
        file.seek(at)
        end = directory(members)
        if len(self.where) != len(members) or file.read(len(end) + 1) != end:
            fail(CONTAINER, f"what follows the files, from byte {at} on, is not as the format demands")
        self.names = list(self.where)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file's content piece by piece."""
        start, left, crc = self.where[name]
        found = 0
        while left:
            self.file.seek(start)
            piece = self.file.read(min(CHUNK, left))
            found, start, left = zlib.crc32(piece, found), start + len(piece), left - len(piece)
            yield piece
        if found != crc:
            fail(name, "its checksum in the container is that of other content")
