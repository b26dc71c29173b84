"""A partner's program shows what it found: photos first, then the anomaly; wrong ones change nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from core import anomalies, clients
from core.anomalies.models import Anomaly, Supplement
from core.clients import Scope
from core.evidence.models import Evidence
from core.ledger.models import LedgerEntry
from core.sandbox import make_sandbox
from tests.core.capa.test_whole_story import photo
from tests.core.evidence.photos import SERIAL, bomb, heic, secret_jpeg
from tests.handlers.partner.program import Program, Programs
from tests.plants import answers

PHOTOS = "/api/v1/photos"
CASES = "/api/v1/anomalies"


async def sent(program: Program, content: bytes, media: str = "image/jpeg", **more: Any) -> Any:
    """A photo as a program sends it."""
    headers = {"Content-Type": media, **more.pop("headers", {})}
    return await program.ask("POST", PHOTOS, data=io.BytesIO(content), headers=headers, **more)


def report(*photos: int, category: str = "P", **changes: Any) -> dict[str, object]:
    """A report, of a process anomaly if not told otherwise."""
    given = {key: str(value) for key, value in answers(category, **changes).items()}
    return {"category": category, "answers": given, "evidence_ids": list(photos)}


async def test_a_program_reports_with_photos_and_the_plant_sees_them(programs: Programs) -> None:
    """The place that the phone wrote into the picture stays sealed; the program sees its case and its photo again."""
    program = await programs.program("supplier")
    refused = await program.post(CASES, report())
    assert (refused.status, refused.body["code"]) == (422, "MissingFields"), "a report needs a photo"
    made = await sent(program, photo())
    assert made.status == 201, made.body
    assert made.body["media_type"] == "image/jpeg"
    assert (made.body["width"], made.body["height"]) == (640, 480)
    case = await program.post(CASES, report(made.body["id"]), key="case-0001")
    assert case.status == 201, case.body
    assert case.body["evidence_ids"] == [made.body["id"]]
    assert (await program.get(f"{CASES}/{case.body['number']}")).body == case.body
    engineer = await programs.plant.actor("manager")
    found = await anomalies.get(engineer, case.body["number"])
    assert (found.channel, list(found.evidence_ids)) == ("api", [made.body["id"]])
    shown = await program.get(f"{PHOTOS}/{made.body['id']}")
    assert (shown.status, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(shown.body)).size == (640, 480)
    async with await programs.admin("manager") as session:
        page = await session.get(f"{programs.address}/admin/cases/{case.body['number']}")
        said = await page.text()
        assert f"/admin/evidence/{made.body['id']}" in said
        assert f"程序 supplier interface（{found.reporter_client}） ·" in said


@pytest.mark.parametrize(("content", "media"), [(secret_jpeg(), "image/jpeg"), (heic(), "image/heic")])
async def test_what_the_camera_wrote_is_shown_to_nobody(
    programs: Programs, content: bytes, media: str
) -> None:
    program = await programs.program("laboratory")
    made = await sent(program, content, media)
    assert made.status == 201, made.body
    shown = await program.get(f"{PHOTOS}/{made.body['id']}")
    assert Image.open(io.BytesIO(shown.body)).format == "JPEG"
    for secret in (b"Exif", b"GPS", b"Zhang", SERIAL.encode()):
        assert secret not in shown.body


async def test_the_same_photo_is_kept_once(programs: Programs) -> None:
    """Sent again, with or without a key, by this program or another of the organisation."""
    program, content = await programs.program("supplier"), photo()
    first = await sent(program, content, headers={"Idempotency-Key": "photo-001"})
    again = await sent(program, content, headers={"Idempotency-Key": "photo-001"})
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await programs.program("supplier", [Scope.ANOMALIES_WRITE])
    ids = {one.body["id"] for one in (first, again, await sent(program, content), await sent(other, content))}
    assert len(ids) == 1
    assert await Evidence.all().count() == 1
    reused = await sent(program, photo(), headers={"Idempotency-Key": "photo-001"})
    assert (reused.status, reused.body["code"]) == (422, "KeyReused")


async def test_photos_of_others_are_not_there(programs: Programs) -> None:
    """Neither to look at, nor to report with, nor to add to a case; nothing is half written."""
    mine = (await sent(await programs.program("laboratory"), photo("silver"))).body["id"]
    other = await programs.program("supplier")
    own = (await sent(other, photo("red"))).body["id"]
    number = (await other.post(CASES, report(own))).body["number"]
    before = await LedgerEntry.all().count()
    assert (await other.get(f"{PHOTOS}/{mine}")).status == 404
    more = {"reason": "again", "changes": {"quantity": "15"}, "evidence_ids": [mine]}
    for path, body in ((CASES, report(own, mine)), (f"{CASES}/{number}/supplements", more)):
        refused = await other.post(path, body)
        assert (refused.status, refused.body["code"]) == (404, "NotFound"), refused.body
    assert (await Anomaly.all().count(), await Supplement.all().count()) == (1, 0)
    assert (await Anomaly.get()).answers["quantity"] == "12"
    assert await LedgerEntry.all().count() == before


async def test_a_programs_case_stays_with_its_partner_whoever_corrects_it(programs: Programs) -> None:
    """The plant names the coater later: the laboratory keeps its case, and its photo is not shown to the coater."""
    program, coater = await programs.program("laboratory"), await programs.program("supplier")
    made = (await sent(program, photo())).body["id"]
    case = await program.post(CASES, report(made, category="D", lot=None))
    assert case.status == 201, case.body
    manager = await programs.plant.actor("manager")
    found = await anomalies.get(manager, case.body["number"])
    changes: dict[str, object] = {"partner": "KG-supplier", "lot": "CT-001"}
    named = await anomalies.supplement(
        manager, found.id, changes=changes, reason="coater named", evidence_ids=[]
    )
    assert (named.lot_number, named.partner_id) == ("CT-001", programs.plant.partners["laboratory"])
    assert (await program.get(f"{CASES}/{named.number}")).status == 200
    for hidden in (f"{CASES}/{named.number}", f"{PHOTOS}/{made}"):
        assert (await coater.get(hidden)).status == 404


async def test_more_pieces_than_the_lot_had_are_told_beside_the_quantity(programs: Programs) -> None:
    """In a report and in what is added later; neither changes anything."""
    program = await programs.program("supplier")
    made = (await sent(program, photo())).body["id"]
    refused = await program.post(CASES, report(made, quantity="1001"))
    assert (refused.status, refused.body["code"]) == (422, "MissingFields"), refused.body
    assert "CT-001 共 1000 件" in refused.body["fields"]["quantity"]
    assert await Anomaly.all().count() == 0
    number = (await program.post(CASES, report(made, quantity="1000"))).body["number"]
    more = {"reason": "recounted", "changes": {"quantity": "1001"}}
    refused = await program.post(f"{CASES}/{number}/supplements", more)
    assert (refused.status, list(refused.body["fields"])) == (422, ["quantity"]), refused.body
    assert (await Anomaly.get()).answers["quantity"] == "1000"
    assert await Supplement.all().count() == 0


async def test_a_sandbox_keeps_photos_of_its_own(programs: Programs) -> None:
    """The same bytes in the sandbox are another photo, which the real plant does not have."""
    await make_sandbox(await programs.plant.actor("administrator"), programs.plant.partners["supplier"])
    tried, real = await programs.program("supplier", sandbox=True), await programs.program("supplier")
    content = photo()
    first, second = await sent(tried, content), await sent(real, content)
    assert first.headers["Bihuan-Sandbox"] == "true"
    assert first.body["id"] != second.body["id"]
    assert (await real.get(f"{PHOTOS}/{first.body['id']}")).status == 404


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (b"", "image/jpeg", 422, "EmptyFile"),
        (b"no picture", "image/jpeg", 422, "NotAPicture"),
        (b"%PDF-1.7 ...", "image/png", 422, "NotAPicture"),
        (photo(), "image/png", 422, "DeclaredOtherwise"),
        (photo()[:2_000], "image/jpeg", 422, "Damaged"),
        (bomb(30_000, 30_000), "image/png", 422, "TooManyPixels"),
        (photo(), "application/octet-stream", 415, None),
        (b"\xff\xd8\xff" + bytes((20 << 20) + 1), "image/jpeg", 413, None),
    ],
)
async def test_what_is_no_photo_changes_nothing(
    programs: Programs, content: bytes, media: str, status: int, code: str | None
) -> None:
    program = await programs.program("supplier")
    before = await LedgerEntry.all().count()
    answer = await sent(program, content, media)
    assert answer.status == status, answer.body
    assert code is None or answer.body["code"] == code
    assert await Evidence.all().count() == 0
    assert await LedgerEntry.all().count() == before


async def test_scope_and_allowance(programs: Programs) -> None:
    """Without the scope nothing is decoded; photos have an allowance of their own, other requests go on."""
    reader = await programs.program("supplier", [Scope.ANOMALIES_READ])
    assert (await sent(reader, photo())).status == 403
    program = await programs.program("supplier")
    for _each in range(clients.PHOTOS.most):
        await clients.spend(await key_of(program), clients.PHOTOS)
    slow = await sent(program, photo())
    assert slow.status == 429
    assert 0 < int(slow.headers["Retry-After"]) <= 60
    assert (await program.get(CASES)).status == 200


async def key_of(program: Program) -> int:
    """The row of the client behind a token."""
    return (await clients.caller_of(program.headers["Authorization"].removeprefix("Bearer "), "en")).key


async def test_a_program_adds_to_its_own_case_until_it_is_graded(programs: Programs) -> None:
    """Old answers stay on record; another key, another partner and a graded case are turned away."""
    program = await programs.program("supplier")
    first, later = (
        (await sent(program, photo("silver"))).body["id"],
        (await sent(program, photo("red"))).body["id"],
    )
    number = (await program.post(CASES, report(first))).body["number"]
    more = {"reason": "recounted", "changes": {"quantity": "14"}, "evidence_ids": [later]}
    added = await program.post(f"{CASES}/{number}/supplements", more, key="added-001")
    assert added.status == 201, added.body
    assert added.body["evidence_ids"] == [first, later]
    assert (await program.post(f"{CASES}/{number}/supplements", more, key="added-001")).body == added.body
    assert await Supplement.all().count() == 1
    manager = await programs.plant.actor("manager")
    case = await anomalies.get(manager, number)
    assert (case.answers["quantity"], case.partner_id) == ("14", programs.plant.partners["supplier"])
    kept = await Supplement.get()
    assert (kept.before, kept.after, kept.reason) == ({"quantity": "12"}, {"quantity": "14"}, "recounted")
    entry = await LedgerEntry.filter(case_number=number).order_by("-id").first()
    assert entry is not None
    assert case.reporter_client.encode() in entry.body
    again = {"reason": "again", "changes": {"quantity": "15"}}
    for name, status in (("supplier", 403), ("laboratory", 404)):
        other = await programs.program(name)
        assert (await other.post(f"{CASES}/{number}/supplements", again)).status == status
    for wrong, status in (
        ({"reason": "", "changes": {"quantity": "15"}}, 400),
        ({"reason": "again"}, 422),
        ({"reason": "again", "changes": {"quantity": "many"}}, 422),
        ({"reason": "again", "changes": {"nothing": "x"}}, 422),
        ({"reason": "again", "evidence_ids": [10**9]}, 404),
    ):
        refused = await program.post(f"{CASES}/{number}/supplements", wrong)
        assert refused.status == status, (wrong, refused.body)
    await Anomaly.filter(id=case.id).update(state="graded", grade="B")
    late = await program.post(f"{CASES}/{number}/supplements", again)
    assert late.status == 403
    assert await Supplement.all().count() == 1
