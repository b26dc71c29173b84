"""Where sealed blobs lie: a local folder, or a bucket that every process of an installation reaches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from bot.adapters.blobs.bucket import BucketBlobs as BucketBlobs
from bot.adapters.blobs.local import FolderBlobs as FolderBlobs
from core.evidence.ports import BlobStore


class NoStore(ValueError):  # noqa: N818  it is read by an operator as a sentence
    """The address names no store; the text says what to write instead."""


class ListedBlobs(BlobStore, Protocol):
    """A store whose keys can be listed, as a backup needs it."""

    def listed(self) -> AsyncIterator[str]:
        """Yield every key in order."""

    def blocks(self, key: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a blob in pieces."""


def store_of(url: str, endpoint: str = "") -> FolderBlobs | BucketBlobs:
    """The store of ``file://relative``, ``file:///absolute`` or ``s3://bucket/prefix``; nothing is opened yet.

    Raises:
        NoStore: another kind of address.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc + parts.path:
        return FolderBlobs(Path(parts.netloc + parts.path))
    if parts.scheme == "s3" and parts.hostname and "@" not in parts.netloc:
        return BucketBlobs(parts.netloc, parts.path.strip("/"), endpoint=endpoint)
    msg = f"BIHUAN_BLOB_URL must be file://folder or s3://bucket/prefix, not {parts.scheme}://… (no keys in it either)"
    raise NoStore(msg)
