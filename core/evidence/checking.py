"""Proving that what is stored is still what was recorded; the ledger's own check vouches for the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import ledger
from core.evidence.models import Evidence
from core.evidence.sealing import Seal
from core.evidence.terms import Fault, FaultKind, Part

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from core.evidence.ports import BlobStore, KeyRing

_READ = (
    "id", "plant_id", "organisation_id", "sha256", "blob_key", "preview_key", "preview_sha256", "thumb_key",
)  # fmt: skip


async def check(
    store: BlobStore, ring: KeyRing, plant_id: int | None = None
) -> AsyncIterator[Fault | ledger.Fault]:
    """Unseal every stored form and compare it with its record; yields what is missing or different.

    Reads one blob at a time. ``plant_id`` limits the check to one plant. A record that cannot be read is the
    ledger's kind of fault, the others are looked at all the same.
    """
    where = {} if plant_id is None else {"plant_id": plant_id}
    async for row in ledger.legible(Evidence, *_READ, **where):
        if isinstance(row, ledger.Fault):
            yield row
            continue
        for part, key, digest in _parts(row):
            found = await _looked(store, ring, row.organisation_id, key, digest)
            if found is not None:
                yield Fault(evidence_id=row.id, plant_id=row.plant_id, part=part, kind=found, key=key)


async def faults(store: BlobStore, ring: KeyRing) -> AsyncIterator[ledger.Fault]:
    """Yield the same as sentences, for verifying everything."""
    async for one in check(store, ring):
        if isinstance(one, ledger.Fault):
            yield one
        else:
            yield ledger.Fault(where=Evidence.table(), number=str(one.evidence_id), what=one.what)


async def _looked(
    store: BlobStore, ring: KeyRing, organisation_id: int, key: str, digest: str
) -> FaultKind | None:
    try:
        found = await Seal(store, ring, organisation_id).look(key, digest)
    except ValueError:
        return FaultKind.NO_KEY
    except (*ledger.SPOILT, OSError):
        return FaultKind.UNREADABLE
    return found if isinstance(found, FaultKind) else None


def _parts(row: Evidence) -> list[tuple[Part, str, str]]:
    parts = [(Part.ORIGINAL, row.blob_key, row.sha256)]
    if row.preview_key is not None and row.preview_sha256 is not None:
        parts.append((Part.PREVIEW, row.preview_key, row.preview_sha256))
    if row.thumb_key is not None:  # its digest is its name
        parts.append((Part.THUMBNAIL, row.thumb_key, row.thumb_key.rpartition("/")[2]))
    return parts
