"""Proving that what is stored is still what was recorded; the ledger's own check vouches for the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.evidence.models import Evidence
from core.evidence.sealing import Seal
from core.evidence.terms import Fault, FaultKind, Part

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from core.evidence.ports import BlobStore, KeyRing

_PAGE = 200


async def check(store: BlobStore, ring: KeyRing, plant_id: int | None = None) -> AsyncIterator[Fault]:
    """Unseal every stored form and compare it with its record; yields what is missing or different.

    Reads one blob at a time. ``plant_id`` limits the check to one plant.
    """
    last = 0
    while True:
        rows = Evidence.filter(id__gt=last).order_by("id").limit(_PAGE)
        page = await (rows if plant_id is None else rows.filter(plant_id=plant_id))
        for row in page:
            seal = Seal(store, ring, row.organisation_id)
            for part, key, digest in _parts(row):
                found = await seal.look(key, digest)
                if isinstance(found, FaultKind):
                    yield Fault(evidence_id=row.id, plant_id=row.plant_id, part=part, kind=found, key=key)
        if len(page) < _PAGE:
            return
        last = page[-1].id


def _parts(row: Evidence) -> list[tuple[Part, str, str]]:
    parts = [(Part.ORIGINAL, row.blob_key, row.sha256)]
    if row.preview_key is not None and row.preview_sha256 is not None:
        parts.append((Part.PREVIEW, row.preview_key, row.preview_sha256))
    if row.thumb_key is not None:  # its digest is its name
        parts.append((Part.THUMBNAIL, row.thumb_key, row.thumb_key.rpartition("/")[2]))
    return parts
