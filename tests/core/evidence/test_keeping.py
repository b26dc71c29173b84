"""What is recorded of evidence, what it speaks for, and where the same picture was used before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from core import evidence
from core.evidence import Darkroom, SubjectKind, keeping
from core.evidence.errors import SourceTaken
from core.evidence.models import Evidence, EvidenceLink
from core.kit import Actor, NotFound, NotPermitted, Refused, unit_of_work
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from tests.core.evidence import photos
from tests.core.evidence.people import OTHER_PLANT, PLANT, RECORDS, REPORT, SUPPLIER, actor

if TYPE_CHECKING:
    from tests.fakes.blobs import MemoryBlobs

pytestmark = pytest.mark.usefixtures("database")


async def kept(
    darkroom: Darkroom, data: bytes, source_ref: str | None = None, by: Actor | None = None
) -> Evidence:
    who = by or actor()
    received = await darkroom.receive(who, data, source_ref=source_ref, must_be_picture=False)
    return await evidence.keep(who, received)


@pytest.mark.req("D-27")
async def test_the_record_and_the_ledger_hold_the_digests(darkroom: Darkroom) -> None:
    """The ledger entry names the row with the digest of its state, and the content's SHA-256."""
    row = await kept(darkroom, photos.secret_jpeg(), "m1:f1")
    stored = await Evidence.get(id=row.id)
    entry = await LedgerEntry.get(kind=Kind.EVIDENCE_KEEP.value)
    body = json.loads(entry.body)
    assert body["records"] == [
        {"table": "evidence_evidence", "key": str(row.id), "digest": stored.state_digest()}
    ]
    assert body["facts"]["sha256"] == stored.sha256
    assert body["facts"]["preview_sha256"] == stored.preview_sha256
    assert (stored.kind, stored.width, stored.height, stored.person_id, stored.channel) == (
        "image/jpeg",
        640,
        480,
        11,
        "telegram",
    )
    assert stored.taken_at is not None


async def test_a_repeated_update_has_no_second_effect(darkroom: Darkroom) -> None:
    """The same message gives the same record and no further ledger entry."""
    first = await kept(darkroom, photos.jpeg(), "m1:f1")
    again = await kept(darkroom, photos.jpeg(), "m1:f1")
    assert again.id == first.id
    assert await Evidence.all().count() == await LedgerEntry.all().count() == 1


async def test_two_at_the_same_moment_give_one_record(
    darkroom: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the look-up misses what another process writes, the constraint decides and nothing is lost."""
    first = await kept(darkroom, photos.jpeg(), "m1:f1")
    look = keeping._known
    answers = [None]

    async def late(*args: object) -> Evidence | None:
        return answers.pop() if answers else await look(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "_known", late)
    assert (await kept(darkroom, photos.jpeg(), "m1:f1")).id == first.id
    assert await Evidence.all().count() == await LedgerEntry.all().count() == 1


async def test_other_content_for_the_same_message_is_refused(darkroom: Darkroom) -> None:
    """Evidence is never replaced."""
    await kept(darkroom, photos.jpeg(), "m1:f1")
    with pytest.raises(SourceTaken):
        await kept(darkroom, photos.png(), "m1:f1")


async def test_the_same_message_reference_elsewhere_is_another_record(darkroom: Darkroom) -> None:
    """A picture forwarded at another channel, plant or organisation is that one's own evidence."""
    rows = [
        await kept(darkroom, photos.jpeg(), "f1", by)
        for by in (actor(), actor(channel="wecom"), actor(SUPPLIER), actor(OTHER_PLANT, plant=OTHER_PLANT))
    ]
    assert len({row.id for row in rows}) == 4


async def test_uploads_without_a_reference_are_each_recorded(darkroom: Darkroom, blobs: MemoryBlobs) -> None:
    """Two uploads at the admin page are two facts over one stored blob."""
    one, two = await kept(darkroom, photos.jpeg()), await kept(darkroom, photos.jpeg())
    assert one.id != two.id
    assert one.blob_key == two.blob_key
    assert blobs.writes == 3


async def test_nobody_keeps_what_another_organisation_received(darkroom: Darkroom) -> None:
    """And keeping needs the right to report."""
    received = await darkroom.receive(actor(), photos.jpeg())
    with pytest.raises(NotPermitted):
        await evidence.keep(actor(SUPPLIER), received)
    with pytest.raises(NotPermitted):
        await evidence.keep(actor(PLANT, RECORDS), received)
    assert await Evidence.all().count() == 0


@pytest.mark.req("G-45c")
async def test_evidence_and_links_are_never_changed_or_deleted(darkroom: Darkroom) -> None:
    """The models refuse; a correction is new evidence."""
    row = await kept(darkroom, photos.jpeg())
    row.sha256 = "0" * 64
    with pytest.raises(Refused):
        await row.save()
    with pytest.raises(Refused):
        await row.delete()
    async with unit_of_work():
        (link,) = await evidence.attach(actor(), [row.id], subject_kind=SubjectKind.ANOMALY, subject_id=1)
    with pytest.raises(Refused):
        await link.delete()


async def test_attached_evidence_is_found_by_subject_and_case_within_scope(darkroom: Darkroom) -> None:
    """In the order it came; a partner finds only what is shared with it or its own."""
    one, two = await kept(darkroom, photos.jpeg()), await kept(darkroom, photos.png())
    theirs = await kept(darkroom, photos.heic(), by=actor(SUPPLIER))
    about = {"subject_kind": SubjectKind.ANOMALY, "subject_id": 5, "case_number": "AN-2026-000005"}
    async with unit_of_work():
        links = await evidence.attach(actor(), [two.id, one.id, theirs.id, one.id], **about)  # type: ignore[arg-type]
    assert [link.evidence_id for link in links] == [two.id, one.id, theirs.id]
    async with unit_of_work():
        await evidence.attach(actor(), [two.id], partner_id=SUPPLIER, **about)  # type: ignore[arg-type]
    everything = [one.id, two.id, theirs.id]
    assert [row.id for row in await evidence.evidence_for(actor(), SubjectKind.ANOMALY, 5)] == everything
    assert [row.id for row in await evidence.evidence_of_case(actor(), "AN-2026-000005")] == everything
    shared = await evidence.evidence_for(actor(SUPPLIER), SubjectKind.ANOMALY, 5)
    assert [row.id for row in shared] == [two.id, theirs.id]
    other = actor(OTHER_PLANT, plant=OTHER_PLANT)
    assert await evidence.evidence_of_case(other, "AN-2026-000005") == []
    assert await evidence.evidence_for(actor(), SubjectKind.CAPA_ACTION, 5) == []


async def test_nobody_attaches_evidence_that_is_not_theirs_to_see(darkroom: Darkroom) -> None:
    """A guessed number gives nothing away and links nothing."""
    row = await kept(darkroom, photos.jpeg())
    for who in (actor(SUPPLIER), actor(OTHER_PLANT, plant=OTHER_PLANT)):
        with pytest.raises(NotFound):
            async with unit_of_work():
                await evidence.attach(who, [row.id], subject_kind=SubjectKind.ANOMALY, subject_id=1)
    assert await EvidenceLink.all().count() == 0


async def test_attaching_belongs_to_another_verbs_unit(darkroom: Darkroom) -> None:
    """Alone it is a programming fault: nobody would write the ledger entry."""
    row = await kept(darkroom, photos.jpeg())
    with pytest.raises(RuntimeError, match="only verbs write"):
        await evidence.attach(actor(), [row.id], subject_kind=SubjectKind.ANOMALY, subject_id=1)


async def test_a_reused_picture_is_found_with_its_cases(
    darkroom: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same bytes and a scaled copy are found, the nearest first; other scenes and plants are not."""
    monkeypatch.setattr("core.evidence.queries._PAGE", 2)
    scene = photos.scene(4, (1280, 960))
    first = await kept(darkroom, photos.jpeg(scene))
    for number in range(5, 9):
        await kept(darkroom, photos.jpeg(photos.scene(number)))
    await kept(darkroom, photos.jpeg(scene), by=actor(OTHER_PLANT, REPORT, plant=OTHER_PLANT))
    async with unit_of_work():
        for case in ("AN-2026-000001", "AN-2026-000001", "AN-2026-000002"):
            await evidence.attach(
                actor(), [first.id], subject_kind=SubjectKind.ANOMALY, subject_id=1, case_number=case
            )
    copy = await kept(darkroom, photos.saved(scene.resize((500, 375)), "JPEG", quality=40))
    again = await kept(darkroom, photos.jpeg(scene))
    assert await evidence.reused_of(first) == []
    (reuse,) = await evidence.reused_of(copy)
    assert (reuse.evidence_id, reuse.same_bytes) == (first.id, False)
    assert reuse.distance <= 6
    assert reuse.case_numbers == ("AN-2026-000001", "AN-2026-000002")
    same, near = await evidence.reused_of(again)
    assert (same.evidence_id, same.same_bytes, same.distance) == (first.id, True, 0)
    assert (near.evidence_id, near.same_bytes) == (copy.id, False)
    alike = await evidence.similar(PLANT, first.dhash or "")
    assert {key for key, _ in alike} == {first.id, copy.id, again.id}
    assert [bits for _, bits in alike] == sorted(bits for _, bits in alike)


async def test_an_even_surface_is_not_called_reused(darkroom: Darkroom) -> None:
    """Two photos of blank steel look alike to any hash; only the same bytes count there."""
    await kept(darkroom, photos.png(Image.new("RGB", (640, 480), (128, 128, 128))))
    blank = await kept(darkroom, photos.png(Image.new("RGB", (640, 480), (131, 131, 131))))
    assert await evidence.reused_of(blank) == []
    again = await kept(darkroom, photos.png(Image.new("RGB", (640, 480), (131, 131, 131))))
    assert [reuse.same_bytes for reuse in await evidence.reused_of(again)] == [True]


async def test_a_document_sent_again_is_found_by_its_bytes(darkroom: Darkroom) -> None:
    """A laboratory report attached to a second case."""
    first = await kept(darkroom, b"%PDF-1.7\nreport 1\n")
    await kept(darkroom, b"%PDF-1.7\nreport 2\n")
    again = await kept(darkroom, b"%PDF-1.7\nreport 1\n")
    assert [reuse.evidence_id for reuse in await evidence.reused_of(again)] == [first.id]
