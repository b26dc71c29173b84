"""The folder, the bucket and the fake in memory keep the contract of a blob store."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from bot.adapters.blobs import BucketBlobs, FolderBlobs, NoStore, store_of
from tests.contracts.blob_store import BlobStoreContract, key_of
from tests.fakes.blobs import MemoryBlobs
from tests.servers.s3 import ACCESS, BUCKET, REGION, SECRET, S3Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
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

    async def test_lists_what_is_whole_and_nothing_else(self, store: FolderBlobs, tmp_path: Path) -> None:
        keys = [key_of(bytes([number]), f"{number % 2}/original") for number in range(5)]
        for number, key in enumerate(keys):
            await store.put(key, bytes([number]))
        (tmp_path / "证据 blobs/7").mkdir()
        (tmp_path / "证据 blobs/7/stray").write_bytes(b"x")
        assert sorted([key async for key in store.listed()]) == sorted(keys)


class TestBucket(BlobStoreContract):
    @pytest.fixture
    async def server(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[S3Server]:
        for name, value in (("ACCESS_KEY_ID", ACCESS), ("SECRET_ACCESS_KEY", SECRET), ("REGION", REGION)):
            monkeypatch.setenv(f"AWS_{name}", value)
        server = S3Server()
        await server.start()
        yield server
        await server.stop()

    @pytest.fixture
    def store(self, server: S3Server) -> BucketBlobs:
        found = store_of(f"s3://{BUCKET}/plant/one", server.address)
        assert isinstance(found, BucketBlobs)
        return found

    async def test_keeps_objects_under_the_prefix(self, store: BucketBlobs, server: S3Server) -> None:
        await store.put(key_of(b"x"), b"x")
        assert server.objects == {f"plant/one/{key_of(b'x')}": b"x"}

    async def test_lists_over_pages_and_sees_only_its_own_prefix(
        self, store: BucketBlobs, server: S3Server
    ) -> None:
        keys = [key_of(bytes([number])) for number in range(8)]
        for number, key in enumerate(keys):
            await store.put(key, bytes([number]))
        server.objects |= {f"plant/two/{key_of(b'other')}": b"", "plant/one/7/stray": b""}
        assert [key async for key in store.listed()] == sorted(keys)

    async def test_gives_large_blobs_in_pieces(self, store: BucketBlobs) -> None:
        data = bytes(range(256)) * 20_000
        await store.put(key_of(data), data)
        assert b"".join([block async for block in store.blocks(key_of(data))]) == data

    async def test_a_store_that_stumbles_is_asked_again(self, store: BucketBlobs, server: S3Server) -> None:
        server.faults.extend([503, "drop"])
        await store.put(key_of(b"x"), b"x")
        server.faults.append(503)
        assert await store.get(key_of(b"x")) == b"x"

    async def test_a_put_whose_answer_was_lost_is_kept_once(
        self, store: BucketBlobs, server: S3Server
    ) -> None:
        server.faults.append("lost")
        await store.put(key_of(b"x"), b"x")
        assert list(server.objects.values()) == [b"x"]

    async def test_a_refusal_is_a_fault_of_the_disk_and_shows_no_credential(
        self, server: S3Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
        store = store_of(f"s3://{BUCKET}/plant", server.address)
        for ask in (store.put(key_of(b"x"), b"x"), store.get(key_of(b"x")), store.exists(key_of(b"x"))):
            with pytest.raises(OSError, match="does not answer as it should") as refused:
                await ask
            assert "another secret" not in str(refused.value)
        assert server.objects == {}


@pytest.mark.parametrize(
    "url", ["", "file://", "s3://", "s3://key:secret@bucket/x", "ftp://host/x", "var/blobs"]
)
def test_an_address_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(NoStore, match="BIHUAN_BLOB_URL must be") as refused:
        store_of(url)
    assert "secret" not in str(refused.value)
