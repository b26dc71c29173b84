"""Sealed blobs: encrypted with the organisation's key, bound to their place, named by their digest."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import TYPE_CHECKING

from core.evidence.errors import Unavailable
from core.evidence.ports import BlobMissing
from core.evidence.terms import FaultKind

if TYPE_CHECKING:
    from core.evidence.ports import BlobStore, KeyRing
    from core.evidence.terms import Part


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
            await self._store.put(key, await asyncio.to_thread(self._key.seal, plain, key.encode()))
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
        return await asyncio.to_thread(self._opened, sealed, key, digest)

    def _opened(self, sealed: bytes, key: str, digest: str) -> bytes | FaultKind:
        try:
            plain = self._key.open(sealed, key.encode())
        except Exception:  # noqa: BLE001  whatever the cipher finds wrong, the content is unreadable
            return FaultKind.UNREADABLE
        if not hmac.compare_digest(hashlib.sha256(plain).hexdigest(), digest):
            return FaultKind.DIFFERENT
        return plain
