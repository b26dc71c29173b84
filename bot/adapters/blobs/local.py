"""A folder as blob store: ``root/7/original/9f/86/9f86…``. A blob is there whole or not at all."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.adapters.blobs.keys import checked, is_key
from core.evidence.ports import BlobMissing

BLOCK: Final = 1 << 20


def _sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderBlobs:
    """Keeps each blob in a file of its own, two folder levels deep, readable by the owner only."""

    def __init__(self, root: Path) -> None:
        """Use a folder; it is made on the first write."""
        self.root = root

    async def put(self, key: str, data: bytes) -> None:
        """Keep bytes durably; under a key that exists already nothing changes.

        Raises:
            ValueError: the key is none.
            OSError: the disk is full or the folder cannot be written.
        """
        await asyncio.to_thread(self._write, self.path(key), data)

    async def get(self, key: str) -> bytes:
        """Give the bytes kept.

        Raises:
            BlobMissing: nothing is kept under the key.
            ValueError: the key is none.
        """
        path = self.path(key)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as missing:
            raise BlobMissing(key) from missing

    async def exists(self, key: str) -> bool:
        """Answer whether something is kept under the key."""
        return await asyncio.to_thread(self.path(key).is_file)

    async def listed(self) -> AsyncIterator[str]:
        """Yield the key of every blob that is there whole, in order."""
        for folder, folders, names in os.walk(self.root):
            folders.sort()
            place = Path(folder)
            for name in sorted(names):
                key = "/".join((*place.relative_to(self.root).parts[:-2], name))
                if is_key(key) and self.path(key) == place / name:
                    yield key

    async def blocks(self, key: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a blob in pieces of a mebibyte.

        Raises:
            ValueError: the key is none.
            OSError: the file cannot be read.
        """
        with self.path(key).open("rb") as file:
            while block := await asyncio.to_thread(file.read, BLOCK):
                yield block

    def path(self, key: str) -> Path:
        """Name the file of a blob.

        Raises:
            ValueError: the key is none.
        """
        place, _, digest = checked(key).rpartition("/")
        return self.root / place / digest[:2] / digest[2:4] / digest

    def _write(self, path: Path, data: bytes) -> None:
        if path.exists():
            return
        self._make(path.parent)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another writer was first; its bytes stay
                os.link(name, path)
        finally:
            Path(name).unlink()
        _sync(path.parent)

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        _sync(folder.parent)
