"""What lies in the store, and who may take what out of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from bot.adapters.blobs import FolderBlobs
from core import evidence
from core.evidence import Darkroom, SubjectKind
from core.evidence.errors import NoPreview, NotAPicture, Unavailable
from core.kit import Level, Module, NotFound, NotPermitted, Permission, unit_of_work
from tests.core.evidence import photos
from tests.core.evidence.people import OTHER_PLANT, PLANT, RECORDS, REPORT, STRANGER, SUPPLIER, Ring, actor
from tests.fakes.blobs import MemoryBlobs, ThreadBench

if TYPE_CHECKING:
    from pathlib import Path


async def test_nothing_on_disk_can_be_read_without_the_key(tmp_path: Path) -> None:
    """Neither the photo nor its derivatives nor its secrets appear in any stored file."""
    photo = photos.secret_jpeg()
    darkroom = Darkroom(FolderBlobs(tmp_path), Ring(), ThreadBench())
    received = await darkroom.receive(actor(), photo, source_ref="m1:f1", name="IMG_1.JPG")
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 3
    for sealed in files:
        assert b"\xff\xd8\xff" not in sealed[:64]
        assert photos.SERIAL.encode() not in sealed
        assert photo[1000:1032] not in sealed
    assert received.blob_key == f"{PLANT}/original/{hashlib.sha256(photo).hexdigest()}"
    assert received.name == "IMG_1.JPG"


async def test_the_same_bytes_are_stored_once(darkroom: Darkroom, blobs: MemoryBlobs) -> None:
    """Content has one place per organisation, however often it is sent."""
    first = await darkroom.receive(actor(), photos.jpeg(), source_ref="m1")
    again = await darkroom.receive(actor(), photos.jpeg(), source_ref="m2")
    assert (first.blob_key, first.preview_key, first.thumb_key) == (
        again.blob_key,
        again.preview_key,
        again.thumb_key,
    )
    assert blobs.writes == 3
    await darkroom.receive(actor(SUPPLIER), photos.jpeg())
    assert blobs.writes == 6


async def test_refused_files_leave_nothing_in_the_store(darkroom: Darkroom, blobs: MemoryBlobs) -> None:
    """Text where a photo is due, and a person without the right to report."""
    with pytest.raises(NotAPicture):
        await darkroom.receive(actor(), b"a scratch on the lid")
    with pytest.raises(NotPermitted):
        await darkroom.receive(actor(PLANT, RECORDS), photos.jpeg())
    assert blobs.writes == 0


async def test_a_file_name_is_cleaned_and_kept_short(darkroom: Darkroom) -> None:
    """No invisible characters; the end, with its extension, is what stays."""
    received = await darkroom.receive(
        actor(), b"lot\n", name="a" * 300 + "\u202egpj.\nexe.csv", must_be_picture=False
    )
    assert received.name is not None
    assert len(received.name) == 200
    assert received.name.endswith("agpj. exe.csv")
    assert (await darkroom.receive(actor(), b"lot\n", name="\u200b", must_be_picture=False)).name is None


@pytest.mark.usefixtures("database")
class TestSeen:
    async def test_the_plants_people_see_preview_and_thumbnail_without_secrets(
        self, darkroom: Darkroom
    ) -> None:
        row = await evidence.keep(actor(), await darkroom.receive(actor(), photos.secret_jpeg()))
        colleague = actor(PLANT, Permission(Module.CAPA, Level.WORK), person=12)
        for opened in (
            await darkroom.open_preview(colleague, row.id),
            await darkroom.open_thumbnail(colleague, row.id),
        ):
            assert opened.media_type == "image/jpeg"
            assert opened.data.startswith(b"\xff\xd8\xff")
            assert photos.SERIAL.encode() not in opened.data

    async def test_the_original_needs_the_right_to_read_records(self, darkroom: Darkroom) -> None:
        photo = photos.secret_jpeg()
        row = await evidence.keep(actor(), await darkroom.receive(actor(), photo, name="IMG_1.JPG"))
        with pytest.raises(NotPermitted):
            await darkroom.open_original(actor(), row.id)
        opened = await darkroom.open_original(actor(PLANT, RECORDS), row.id)
        assert (opened.data, opened.media_type, opened.name) == (photo, "image/jpeg", "IMG_1.JPG")

    async def test_without_any_right_to_read_nothing_is_seen(self, darkroom: Darkroom) -> None:
        row = await evidence.keep(actor(), await darkroom.receive(actor(), photos.jpeg()))
        with pytest.raises(NotPermitted):
            await darkroom.open_preview(actor(PLANT, Permission(Module.LOTS, Level.WORK)), row.id)

    async def test_another_plant_does_not_learn_that_it_exists(self, darkroom: Darkroom) -> None:
        row = await evidence.keep(actor(), await darkroom.receive(actor(), photos.jpeg()))
        stranger = actor(OTHER_PLANT, REPORT, RECORDS, plant=OTHER_PLANT)
        for opening in (darkroom.open_preview, darkroom.open_thumbnail, darkroom.open_original):
            with pytest.raises(NotFound):
                await opening(stranger, row.id)
            with pytest.raises(NotFound):
                await opening(stranger, 999_999)

    async def test_a_partner_sees_its_own_and_what_is_shared_with_it(self, darkroom: Darkroom) -> None:
        """The preview is shared, a picture's original is not; a document is shared whole."""
        partner = actor(SUPPLIER, REPORT, RECORDS)
        own = await evidence.keep(partner, await darkroom.receive(partner, photos.jpeg()))
        photo = await evidence.keep(actor(), await darkroom.receive(actor(), photos.png()))
        paper = await evidence.keep(
            actor(), await darkroom.receive(actor(), b"%PDF-1.7\n", must_be_picture=False)
        )
        assert (await darkroom.open_original(partner, own.id)).data == photos.jpeg()
        for row in (photo, paper):
            with pytest.raises(NotFound):
                await darkroom.open_preview(partner, row.id)
            with pytest.raises(NotFound):
                await darkroom.open_original(partner, row.id)
        async with unit_of_work():
            await evidence.attach(
                actor(),
                [photo.id, paper.id],
                subject_kind=SubjectKind.ANOMALY,
                subject_id=5,
                case_number="AN-2026-000005",
                partner_id=SUPPLIER,
            )
        assert (await darkroom.open_preview(partner, photo.id)).data
        assert (await darkroom.open_original(partner, paper.id)).data == b"%PDF-1.7\n"
        with pytest.raises(NotFound):
            await darkroom.open_original(partner, photo.id)
        with pytest.raises(NotFound):
            await darkroom.open_preview(actor(STRANGER), photo.id)

    async def test_a_document_has_no_preview(self, darkroom: Darkroom) -> None:
        row = await evidence.keep(actor(), await darkroom.receive(actor(), b"lot\n", must_be_picture=False))
        for opening in (darkroom.open_preview, darkroom.open_thumbnail):
            with pytest.raises(NoPreview):
                await opening(actor(), row.id)

    async def test_the_wrong_key_opens_nothing(self, darkroom: Darkroom, blobs: MemoryBlobs) -> None:
        row = await evidence.keep(actor(), await darkroom.receive(actor(), photos.jpeg()))
        with pytest.raises(Unavailable):
            await Darkroom(blobs, Ring(b"stolen"), ThreadBench()).open_preview(actor(), row.id)

    async def test_a_blob_exchanged_for_another_sealed_one_is_not_shown(
        self, darkroom: Darkroom, blobs: MemoryBlobs
    ) -> None:
        """A seal holds in its own place only, although the key is the same."""
        row = await evidence.keep(actor(), await darkroom.receive(actor(), photos.jpeg()))
        other = await darkroom.receive(actor(), photos.jpeg(photos.scene(9)))
        blobs.kept[row.preview_key or ""] = blobs.kept[other.preview_key or ""]
        with pytest.raises(Unavailable):
            await darkroom.open_preview(actor(), row.id)

    async def test_files_are_not_received_inside_a_transaction(self, darkroom: Darkroom) -> None:
        async with unit_of_work():
            with pytest.raises(RuntimeError, match="before the unit of work"):
                await darkroom.receive(actor(), photos.jpeg())
