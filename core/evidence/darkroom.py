"""The darkroom: files come in, are checked and sealed; what others may see of them goes out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.evidence import queries, sealing
from core.evidence.errors import DeclaredOtherwise, NoPreview
from core.evidence.terms import MediaKind, Opened, Part, Received
from core.kit.permission import Level, Module, Permission
from core.kit.plain_text import clean
from core.kit.refusal import NotFound, NotPermitted
from core.kit.unit_of_work import is_open

if TYPE_CHECKING:
    from core.evidence.models import Evidence
    from core.evidence.ports import Bench, BlobStore, KeyRing
    from core.kit.actor import Actor

_SEEING = tuple(Permission(module, Level.READ) for module in (Module.ANOMALIES, Module.CAPA, Module.RECORDS))
_RECORDS = Permission(Module.RECORDS, Level.READ)
_SENDING = (Permission(Module.ANOMALIES, Level.REPORT), Permission(Module.LOTS, Level.CONFIGURE))
_NAME = 200


class Darkroom:
    """Made once by the assembly of the blob store, the key ring and the bench, and given to the doors."""

    def __init__(self, store: BlobStore, ring: KeyRing, bench: Bench) -> None:
        """Work with these; the bench is closed by whoever opened it."""
        self._store = store
        self._ring = ring
        self._bench = bench
        self._hands = asyncio.Semaphore(2)  # more threads at once would only keep the loop from its turn

    async def receive(
        self,
        actor: Actor,
        data: bytes,
        *,
        source_ref: str | None = None,
        name: str | None = None,
        must_be_picture: bool = True,
        declared: str | None = None,
    ) -> Received:
        """Check a file, seal it with the key of the actor's organisation and store it; then call ``keep``.

        ``source_ref`` names the message and file at the messenger, so that a repeated update is recognised;
        ``declared`` is the media type that a program states, which the content then has to have.
        The original is sealed as sent. Nothing is recorded yet; called again with the same bytes it stores
        nothing new. Never inside a unit of work: this takes CPU and disk time.

        Raises:
            NotPermitted: the actor may neither report nor bring files in.
            EmptyFile, TooLarge, NotAPicture, UnsupportedKind, TooManyPixels, Damaged: the file is refused.
            DeclaredOtherwise: it is of another type than declared.
        """
        if not any(actor.may(right) for right in _SENDING):
            raise NotPermitted
        if is_open():
            msg = "receive files before the unit of work opens"
            raise RuntimeError(msg)
        made = await self._bench.prepare(data, must_be_picture=must_be_picture)
        if declared is not None and made.kind.value != declared:
            raise DeclaredOtherwise(found=made.kind.value, declared=declared[:60])
        seal = sealing.Seal(self._store, self._ring, actor.organisation_id)
        preview_key = thumb_key = None
        async with self._hands:
            blob_key = await seal.put(Part.ORIGINAL, made.sha256, data)
            if made.preview is not None and made.preview_sha256 is not None:
                preview_key = await seal.put(Part.PREVIEW, made.preview_sha256, made.preview)
            if made.thumbnail is not None and made.thumbnail_sha256 is not None:
                thumb_key = await seal.put(Part.THUMBNAIL, made.thumbnail_sha256, made.thumbnail)
        return Received(
            plant_id=actor.plant_id,
            organisation_id=actor.organisation_id,
            kind=made.kind,
            size=made.size,
            sha256=made.sha256,
            blob_key=blob_key,
            width=made.width,
            height=made.height,
            dhash=made.dhash,
            preview_key=preview_key,
            preview_sha256=made.preview_sha256,
            thumb_key=thumb_key,
            taken_at=made.taken_at,
            source_ref=source_ref,
            name=(clean(name.replace("\n", " "))[-_NAME:] or None) if name else None,
        )

    async def unreceived(self, organisation_id: int, digest: str) -> bytes:
        """Give bytes that ``receive`` has sealed and that no record speaks of yet (an upload in the inbox).

        Raises:
            Unavailable: they are missing or were changed.
        """
        seal = sealing.Seal(self._store, self._ring, organisation_id)
        return await seal.get(f"{organisation_id}/{Part.ORIGINAL.value}/{digest}", digest, number=0)

    async def open_preview(self, actor: Actor, evidence_id: int) -> Opened:
        """Give the upright JPEG of at most 1600 px, without any metadata.

        Raises:
            NotPermitted, NotFound: the actor may not see it.
            NoPreview: it is a document.
            Unavailable: the stored content is missing or was changed.
        """
        row = await self._seen(actor, evidence_id)
        return await self._picture(row, row.preview_key, row.preview_sha256)

    async def open_thumbnail(self, actor: Actor, evidence_id: int) -> Opened:
        """Give the upright JPEG of at most 320 px, without any metadata; refuses as ``open_preview``."""
        row = await self._seen(actor, evidence_id)
        return await self._picture(row, row.thumb_key, None)

    async def open_original(self, actor: Actor, evidence_id: int) -> Opened:
        """Give the file exactly as it was sent, for download only, never shown inside a page.

        A picture's original may hold the place and the camera's number: it needs the right to read records,
        and a partner gets only its own. A document is open to whoever may see the evidence.

        Raises:
            NotPermitted, NotFound: the actor may not have it.
            Unavailable: the stored content is missing or was changed.
        """
        row = await self._seen(actor, evidence_id)
        if MediaKind(row.kind).is_picture:
            actor.must(_RECORDS)
            if actor.partner_id is not None and row.organisation_id != actor.organisation_id:
                raise NotFound(what=f"#{evidence_id}")
        data = await self._unsealed(row, row.blob_key, row.sha256)
        return Opened(data=data, media_type=row.kind, name=row.original_name)

    async def _seen(self, actor: Actor, evidence_id: int) -> Evidence:
        if not any(actor.may(right) for right in _SEEING):
            raise NotPermitted
        (row,) = await queries.visible(actor, [evidence_id])
        return row

    async def _picture(self, row: Evidence, key: str | None, digest: str | None) -> Opened:
        if key is None:
            raise NoPreview
        return Opened(data=await self._unsealed(row, key, digest), media_type=MediaKind.JPEG.value)

    async def _unsealed(self, row: Evidence, key: str, digest: str | None) -> bytes:
        seal = sealing.Seal(self._store, self._ring, row.organisation_id)
        return await seal.get(key, digest or key.rpartition("/")[2], number=row.id)
