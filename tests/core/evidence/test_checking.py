"""A replaced, spoilt or lost photo is caught by the check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from core import evidence
from core.evidence import FaultKind, Part
from core.evidence.sealing import Seal
from tests.core.evidence import photos
from tests.core.evidence.people import OTHER_PLANT, PLANT, Ring, actor

if TYPE_CHECKING:
    from core.evidence import Darkroom
    from core.evidence.models import Evidence
    from tests.fakes.blobs import MemoryBlobs

pytestmark = pytest.mark.usefixtures("database")


async def faults(blobs: MemoryBlobs, plant: int | None = None) -> list[tuple[int, Part, FaultKind]]:
    found = [fault async for fault in evidence.check(blobs, Ring(), plant)]
    return [(one.evidence_id, one.part, one.kind) for one in found if isinstance(one, evidence.Fault)]


@pytest.fixture
async def rows(
    database: object,
    darkroom: Darkroom,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Evidence]:
    monkeypatch.setattr(sys.modules["core.ledger.legible"], "_BATCH", 2)
    photo = [await darkroom.receive(actor(), photos.jpeg(photos.scene(number))) for number in range(3)]
    paper = await darkroom.receive(actor(), b"lot\n", must_be_picture=False)
    return [await evidence.keep(actor(), received) for received in (*photo, paper)]


@pytest.mark.usefixtures("rows")
async def test_untouched_evidence_has_no_faults(blobs: MemoryBlobs) -> None:
    """Ten blobs of four records, page after page."""
    assert len(blobs.kept) == 10
    assert await faults(blobs) == []


@pytest.mark.parametrize("part", list(Part))
@pytest.mark.req("D-27")
async def test_one_changed_bit_in_any_form_is_found(
    blobs: MemoryBlobs, rows: list[Evidence], part: Part
) -> None:
    """Original, preview and thumbnail alike."""
    row = rows[1]
    key = {Part.ORIGINAL: row.blob_key, Part.PREVIEW: row.preview_key, Part.THUMBNAIL: row.thumb_key}[
        part
    ] or ""
    sealed = bytearray(blobs.kept[key])
    sealed[len(sealed) // 2] ^= 1
    blobs.kept[key] = bytes(sealed)
    assert await faults(blobs) == [(row.id, part, FaultKind.UNREADABLE)]


async def test_a_photo_replaced_by_someone_who_has_the_key_is_found(
    blobs: MemoryBlobs, rows: list[Evidence]
) -> None:
    """Sealed properly and in the right place, it is still not the content of the recorded digest."""
    for key, part in ((rows[0].blob_key, Part.ORIGINAL), (rows[0].preview_key or "", Part.PREVIEW)):
        whole = blobs.kept.pop(key)
        await Seal(blobs, Ring(), PLANT).put(part, key.rpartition("/")[2], photos.jpeg(photos.scene(9)))
        assert await faults(blobs) == [(rows[0].id, part, FaultKind.DIFFERENT)]
        blobs.kept[key] = whole


async def test_a_lost_blob_is_found_and_only_in_its_plant(blobs: MemoryBlobs, rows: list[Evidence]) -> None:
    """The check of another plant is not troubled."""
    del blobs.kept[rows[3].blob_key]
    assert await faults(blobs, PLANT) == [(rows[3].id, Part.ORIGINAL, FaultKind.MISSING)]
    assert await faults(blobs, OTHER_PLANT) == []
