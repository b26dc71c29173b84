"""The folder and the fake in memory keep the contract of a blob store."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from bot.adapters.blobs import FolderBlobs
from tests.contracts.blob_store import BlobStoreContract, key_of
from tests.fakes.blobs import MemoryBlobs

if TYPE_CHECKING:
    from pathlib import Path


class TestMemory(BlobStoreContract):
    @pytest.fixture
    def store(self) -> MemoryBlobs:
        return MemoryBlobs()


class TestFolder(BlobStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FolderBlobs:
        return FolderBlobs(tmp_path / "证据 blobs")

    async def test_fans_out_two_levels_and_leaves_nothing_else(
        self, store: FolderBlobs, tmp_path: Path
    ) -> None:
        key = key_of(b"x")
        digest = key.rpartition("/")[2]
        await store.put(key, b"x")
        await store.put(key, b"x")
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files == [tmp_path / "证据 blobs/7/original" / digest[:2] / digest[2:4] / digest]

    async def test_only_the_owner_may_read(self, store: FolderBlobs, tmp_path: Path) -> None:
        await store.put(key_of(b"x"), b"x")
        for path in tmp_path.glob("证据 blobs/**/*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path

    async def test_a_second_process_finds_what_the_first_kept(
        self, store: FolderBlobs, tmp_path: Path
    ) -> None:
        await store.put(key_of(b"x"), b"x")
        assert await FolderBlobs(tmp_path / "证据 blobs").get(key_of(b"x")) == b"x"

    async def test_a_failed_write_leaves_no_blob(
        self, store: FolderBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("bot.adapters.blobs.local.os.fsync", full)
        (tmp_path / "证据 blobs/7/original").mkdir(parents=True)
        with pytest.raises(OSError, match="No space"):
            await store.put(key_of(b"x"), b"x")
        assert not await store.exists(key_of(b"x"))
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]
