"""An S3-compatible bucket as blob store: ``bucket/prefix/7/original/9f86…``, written once by the store's own word."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from bot.adapters.blobs.keys import checked, is_key
from core.evidence.ports import BlobMissing

if TYPE_CHECKING:
    from obstore.store import S3Config

REQUEST: Final = dt.timedelta(seconds=60)
CONNECT: Final = dt.timedelta(seconds=5)
RETRIES: Final = 4
"""Attempts after a fault of the store or the network; a put that may have arrived is safe to repeat."""
PATIENCE: Final = dt.timedelta(seconds=30)
PAGE: Final = 500


class BucketBlobs:
    """Keeps each blob as one object. ``If-None-Match: *`` makes the store refuse a second content under a key.

    Credentials and region come from the usual AWS variables of the environment (``AWS_ACCESS_KEY_ID``,
    ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``) or from the machine's role; they are never part of an address.
    """

    def __init__(self, bucket: str, prefix: str, *, endpoint: str = "") -> None:
        """Name the bucket; ``endpoint`` is the address of a store that is not Amazon's."""
        own: S3Config = {"endpoint": endpoint, "virtual_hosted_style_request": False} if endpoint else {}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=own,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "timeout": REQUEST,
                "connect_timeout": CONNECT,
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": PATIENCE},
        )
        self.name = f"s3://{bucket}/{prefix}".rstrip("/")

    async def put(self, key: str, data: bytes) -> None:
        """Keep bytes durably; under a key that exists already nothing changes.

        Raises:
            ValueError: the key is none.
            OSError: the store does not answer, or refuses.
        """
        checked(key)
        with self._spoken():
            try:
                await obstore.put_async(self._store, key, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return

    async def get(self, key: str) -> bytes:
        """Give the bytes kept.

        Raises:
            BlobMissing: nothing is kept under the key.
            ValueError: the key is none.
            OSError: the store does not answer, or refuses.
        """
        checked(key)
        with self._spoken():
            try:
                return bytes(await (await obstore.get_async(self._store, key)).bytes_async())
            except FileNotFoundError as missing:
                raise BlobMissing(key) from missing

    async def exists(self, key: str) -> bool:
        """Answer whether something is kept under the key.

        Raises:
            ValueError: the key is none.
            OSError: the store does not answer, or refuses.
        """
        checked(key)
        with self._spoken():
            try:
                await obstore.head_async(self._store, key)
            except FileNotFoundError:
                return False
            return True

    async def listed(self) -> AsyncIterator[str]:
        """Yield every key that something is kept under, in order.

        Raises:
            OSError: the store does not answer, or refuses.
        """
        async for key in self._names():
            if is_key(key):
                yield key

    async def blocks(self, key: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a blob in the pieces in which they come.

        Raises:
            ValueError: the key is none.
            OSError: the store does not answer, or refuses.
        """
        checked(key)
        with self._spoken():
            async for block in (await obstore.get_async(self._store, key)).stream():
                yield bytes(block)

    async def is_empty(self) -> bool:
        """Answer whether nothing at all lies under the prefix.

        Raises:
            OSError: the store does not answer, or refuses.
        """
        async for _ in self._names():
            return False
        return True

    async def forget(self, keys: list[str]) -> list[str]:
        """Take away what an unfinished restore wrote, and answer what may still lie there.

        Blobs of a running installation are never removed.
        """
        for start in range(0, len(keys), PAGE):
            try:
                with self._spoken():
                    await obstore.delete_async(
                        self._store, [checked(key) for key in keys[start : start + PAGE]]
                    )
            except OSError:
                return keys[start:]
        return []

    async def _names(self) -> AsyncIterator[str]:
        with self._spoken():
            async for page in obstore.list(self._store, chunk_size=PAGE):
                for one in page:
                    yield one["path"]

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Faults of the store are faults of a disk to everybody above; its words name no credential."""
        try:
            yield
        except (BaseError, PermissionError) as fault:
            msg = f"{self.name} does not answer as it should: {str(fault).splitlines()[0][:200]}"
            raise OSError(msg) from fault
