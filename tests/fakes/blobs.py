"""A blob store in memory and a bench without processes, held to the same contracts as the real ones."""

from __future__ import annotations

import asyncio
import re

from core.evidence import Prepared, imaging
from core.evidence.ports import BlobMissing

_KEY = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,63}/){1,4}[0-9a-f]{64}")


class MemoryBlobs:
    """Keeps blobs in ``kept``; tests may look at them and spoil them."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.writes = 0

    async def put(self, key: str, data: bytes) -> None:
        if self._checked(key) not in self.kept:
            self.kept[key] = data
            self.writes += 1

    async def get(self, key: str) -> bytes:
        try:
            return self.kept[self._checked(key)]
        except KeyError as missing:
            raise BlobMissing(key) from missing

    async def exists(self, key: str) -> bool:
        return self._checked(key) in self.kept

    @staticmethod
    def _checked(key: str) -> str:
        if not _KEY.fullmatch(key):
            msg = f"{key!r} is no blob key"
            raise ValueError(msg)
        return key


class ThreadBench:
    """Prepares in a thread: quick to start, for tests that are about something else than processes."""

    async def prepare(self, data: bytes, *, must_be_picture: bool) -> Prepared:
        return await asyncio.to_thread(imaging.prepare, data, must_be_picture=must_be_picture)

    async def close(self) -> None:
        """Threads end by themselves; nothing is held."""
