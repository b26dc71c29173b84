"""What the evidence room needs from outside: a store for blobs, keys to seal them, a bench to work at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.evidence.terms import Prepared


class BlobMissing(LookupError):  # noqa: N818  the fact, as the room's faults are named
    """The store holds nothing under this key."""


class BlobStore(Protocol):
    """Keeps sealed bytes by key, once and for ever.

    A key is lower-case path segments, the last being 64 hex digits (the SHA-256 of the unsealed content),
    such as ``7/original/9f86…``. Any other key is answered with ValueError.
    """

    async def put(self, key: str, data: bytes) -> None:
        """Keep bytes durably; under a key that exists already nothing changes."""
        ...

    async def get(self, key: str) -> bytes:
        """Give the bytes kept.

        Raises:
            BlobMissing: nothing is kept under the key.
        """
        ...

    async def exists(self, key: str) -> bool:
        """Answer whether something is kept under the key."""
        ...


class SealingKey(Protocol):
    """Seals with AES-256-GCM; ``aad`` binds the sealed bytes to their place."""

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Encrypt and authenticate."""
        ...

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt; raises when the bytes, the place or the key are not those of the sealing."""
        ...


class KeyRing(Protocol):
    """The keys of all organisations."""

    def for_organisation(self, organisation_id: int) -> SealingKey:
        """Give the organisation's own key."""
        ...


class Bench(Protocol):
    """Prepares files away from the event loop."""

    async def prepare(self, data: bytes, *, must_be_picture: bool) -> Prepared:
        """Check a file and make its derivatives; raises the refusals of ``imaging.prepare``."""
        ...
