"""Sealed blobs: encrypted with the organisation's key, bound to their place, named by their digest.

A blob is the count of its segments (4 bytes, big-endian), then each segment as its length (4 bytes) and what
the key made of up to 1 MB of content. Each is sealed for its place ``key#number/count``, so none can be left
out or moved. Segments keep a large file from holding the interpreter, and the loop with it, in one long call.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from core.evidence.errors import Unavailable
from core.evidence.ports import BlobMissing
from core.evidence.terms import MEGABYTE, FaultKind

if TYPE_CHECKING:
    from core.evidence.ports import BlobStore, KeyRing
    from core.evidence.terms import Part

_SEGMENT: Final = MEGABYTE
_LENGTH: Final = 4


class Seal:
    """One organisation's seal over a store."""

    def __init__(self, store: BlobStore, ring: KeyRing, organisation_id: int) -> None:
        """Seal with the organisation's key."""
        self._store = store
        self._key = ring.for_organisation(organisation_id)
        self._organisation_id = organisation_id

    async def put(self, part: Part, digest: str, plain: bytes) -> str:
        """Seal and store content once; answer its key. Content stored before is not stored again."""
        key = f"{self._organisation_id}/{part.value}/{digest}"
        if not await self._store.exists(key):
            await self._store.put(key, await asyncio.to_thread(self._sealed, plain, key))
        return key

    async def get(self, key: str, digest: str, *, number: int) -> bytes:
        """Unseal content and hold it to its digest.

        Raises:
            Unavailable: it is missing, sealed otherwise, or not the content of the digest.
        """
        found = await self.look(key, digest)
        if isinstance(found, FaultKind):
            raise Unavailable(number=number)
        return found

    async def look(self, key: str, digest: str) -> bytes | FaultKind:
        """Answer the content, or what is wrong with it."""
        try:
            sealed = await self._store.get(key)
        except BlobMissing:
            return FaultKind.MISSING
        return await asyncio.to_thread(self._held_to, sealed, key, digest)

    def _held_to(self, sealed: bytes, key: str, digest: str) -> bytes | FaultKind:
        try:
            plain = self._opened(sealed, key)
        except Exception:  # noqa: BLE001  whatever the cipher finds wrong, the content is unreadable
            return FaultKind.UNREADABLE
        if not hmac.compare_digest(hashlib.sha256(plain).hexdigest(), digest):
            return FaultKind.DIFFERENT
        return plain

    def _sealed(self, plain: bytes, key: str) -> bytes:
        count = max(1, -(-len(plain) // _SEGMENT))
        pieces = [count.to_bytes(_LENGTH, "big")]
        for number in range(count):
            segment = plain[number * _SEGMENT : (number + 1) * _SEGMENT]
            sealed = self._key.seal(segment, _place(key, number, count))
            pieces += [len(sealed).to_bytes(_LENGTH, "big"), sealed]
        return b"".join(pieces)

    def _opened(self, sealed: bytes, key: str) -> bytes:
        count = int.from_bytes(sealed[:_LENGTH], "big")
        pieces, at = [], _LENGTH
        for number in range(count):
            start = at + _LENGTH
            at = start + int.from_bytes(sealed[at:start], "big")
            pieces.append(self._key.open(sealed[start:at], _place(key, number, count)))
        if at != len(sealed) or not pieces:
            msg = "a sealed blob ends with its last segment"
            raise ValueError(msg)
        return b"".join(pieces)


def _place(key: str, number: int, count: int) -> bytes:
    return f"{key}#{number + 1}/{count}".encode()
