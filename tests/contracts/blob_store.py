"""What every blob store promises; each store's test class inherits these."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest

from core.evidence.ports import BlobMissing

if TYPE_CHECKING:
    from core.evidence.ports import BlobStore


def key_of(data: bytes, place: str = "7/original") -> str:
    """The key under which content belongs."""
    return f"{place}/{hashlib.sha256(data).hexdigest()}"


class BlobStoreContract:
    """Inherit it and give a fixture ``store``."""

    async def test_gives_back_exactly_what_was_put(self, store: BlobStore) -> None:
        data = bytes(range(256)) * 5000
        await store.put(key_of(data), data)
        assert await store.get(key_of(data)) == data

    async def test_keeps_an_empty_blob(self, store: BlobStore) -> None:
        await store.put(key_of(b""), b"")
        assert await store.get(key_of(b"")) == b""

    async def test_the_first_content_stays(self, store: BlobStore) -> None:
        key = key_of(b"first")
        await store.put(key, b"first")
        await store.put(key, b"second")
        assert await store.get(key) == b"first"

    async def test_writers_at_the_same_moment_leave_one_whole_blob(self, store: BlobStore) -> None:
        key = key_of(b"x")
        blobs = [bytes([number]) * 100_000 for number in range(8)]
        await asyncio.gather(*(store.put(key, data) for data in blobs))
        assert await store.get(key) in blobs

    async def test_knows_what_it_keeps(self, store: BlobStore) -> None:
        assert not await store.exists(key_of(b"x"))
        await store.put(key_of(b"x"), b"x")
        assert await store.exists(key_of(b"x"))
        assert not await store.exists(key_of(b"x", "8/original"))

    async def test_says_so_when_nothing_is_kept(self, store: BlobStore) -> None:
        with pytest.raises(BlobMissing):
            await store.get(key_of(b"never"))

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "a",
            "7/original/short",
            f"/etc/{'0' * 64}",
            f"../{'0' * 64}",
            f"7/../{'0' * 64}",
            f"7/original/{'A' * 64}",
            f"7\\x/{'0' * 64}",
            f"7/original/{'0' * 64}\n",
        ],
    )
    async def test_refuses_what_is_no_key(self, store: BlobStore, key: str) -> None:
        with pytest.raises(ValueError, match="is no blob key"):
            await store.put(key, b"x")
        with pytest.raises(ValueError, match="is no blob key"):
            await store.get(key)
        with pytest.raises(ValueError, match="is no blob key"):
            await store.exists(key)
