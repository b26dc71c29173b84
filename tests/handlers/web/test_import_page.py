"""Files come in from the page as from the command line: all rows or none, faults by line and column, once, undone."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
from collections.abc import Mapping

import aiohttp
import openpyxl
import pytest

from core import imports, inspections, lots
from core.anomalies.models import Anomaly
from core.imports import Subject
from core.kit import system
from core.ledger.models import LedgerEntry
from core.lots import LotUnknown
from core.notices.models import Notice
from handlers import blanks
from handlers.web.pages.importing import FILE_MAX, ROWS_MAX
from tests.core.imports.test_certificates import certificate
from tests.core.imports.test_documents import HOSTILE
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import opened, words

ROW = {
    "批号": "XL-1",
    "产品编码": "SCREW-35",
    "数量": 12,
    "生产时间": dt.datetime(2026, 11, 2),
    "状态": "已放行",
}


def filled(template: bytes, *rows: Mapping[str, object]) -> bytes:
    """A template with these rows, as a person's program saves it."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    for at, row in enumerate(rows, 2):
        for place, head in enumerate(sheet[1], 1):
            sheet.cell(at, place, row.get(str(head.value)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def sent(
    doors: Doors, session: aiohttp.ClientSession, content: bytes, *, what: str = "import", **more: str
) -> tuple[int, str]:
    """The form sent with a file; status and words of the page."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in {"csrf": session.headers["X-CSRF-Token"], "what": what, **more}.items():
        form.add_field(name, value)
    form.add_field("file", io.BytesIO(content), filename="批次 <b>.xlsx")
    async with session.post(doors.url("/admin/import"), data=form) as answer:
        page = await answer.text()
        assert "<b>" not in page, "the name of a file is text"
        return answer.status, html.unescape(words(page))


async def exists(doors: Doors, number: str) -> bool:
    try:
        await lots.find(system(doors.plant.id), number)
    except LotUnknown:
        return False
    return True


@pytest.mark.req("G-81")
async def test_a_template_is_taken_filled_checked_imported_and_undone(doors: Doors) -> None:
    """Checking changes nothing; the same file twice comes in once; undone, its number is free."""
    async with await doors.admin("administrator") as session:
        async with session.get(doors.url("/admin/import/lots.xlsx?language=zh_CN")) as answer:
            assert answer.headers["Content-Disposition"] == 'attachment; filename="bihuan-lots-v1-zh_CN.xlsx"'
            template = await answer.read()
        assert template == blanks.made(Subject.LOTS, "xlsx", "zh_CN")
        book = filled(template, ROW, {**ROW, "批号": "XL-2"})
        status, said = await sent(doors, session, book, what="try")
        assert (status, "2 行" in said, await exists(doors, "XL-1")) == (200, True, False)
        status, said = await sent(doors, session, book)
        (run,) = await imports.runs(system(doors.plant.id))
        assert status == 200
        assert f"编号 {run.number}" in said
        assert (run.file_name, run.person_id) == ("批次 <b>.xlsx", doors.plant.persons["administrator"])
        assert (await lots.find(system(doors.plant.id), "XL-2")).status == "released"
        assert "已经导入过" in (await sent(doors, session, book))[1]
        form = {"csrf": session.headers["X-CSRF-Token"], "number": run.number, "reason": "发错文件"}
        async with session.post(doors.url("/admin/import/undo"), data=form) as answer:
            assert answer.status == 200
            assert "已撤销" in words(await answer.text())
        assert not await exists(doors, "XL-1")


@pytest.mark.req("G-45a")
async def test_a_loggers_file_out_of_limits_opens_its_case_from_the_page(doors: Doors) -> None:
    """Checked, handed in, told in figures; the owner finds the case that opened itself, with nobody as its reporter."""
    text = (
        "Lot,Logger,Sampled at,Time zone,Temperature (°C),Temperature at most (°C)\n"
        "CT-001,SD-<i>7,2026-11-02 08:00,+08:00,5,8\n"
        "CT-001,SD-<i>7,2026-11-02 08:15,+08:00,12.5,\n"
        "CT-001,SD-<i>7,2026-11-02 08:30,+08:00,5,\n"
    ).encode()
    async with await doors.admin("administrator") as session:
        assert "MKT" in (await sent(doors, session, text, what="try"))[1]
        assert await Anomaly.all().count() == 0
        status, said = await sent(doors, session, text)
        assert (status, "超限 1 次，缺口 0 处" in said) == (200, True)
        status, said = await sent(doors, session, text.replace(b"12.5", b"NaN"))
        assert (status, "3 Temperature (°C)" in said, "NaN" in said) == (422, True, True)
    case = await Anomaly.get(plant_id=doors.plant.id)
    page = words(await opened(doors, "responsible", f"/admin/cases/{case.number}"))
    assert "12.5 °C > 8" in html.unescape(page)


async def test_every_fault_is_told_in_the_readers_language_and_nothing_comes_in(doors: Doors) -> None:
    """Line, column and reason; a formula by its cell; heads of no template; too many rows; a file that is none."""
    template = blanks.made(Subject.LOTS, "xlsx", "zh_CN")
    async with await doors.admin("administrator") as session:
        status, said = await sent(
            doors,
            session,
            filled(template, ROW, {**ROW, "批号": "XL-2", "数量": -1}, {**ROW, "批号": "=1+1"}),
        )
        assert status == 422
        assert "2 处错误" in said
        assert "3 数量" in said
        assert "单元格 A4 是公式" in said
        many = "Lot,Product code,Quantity,Made at\n" + "".join(
            f"M{at},SCREW-35,1,2026-11-02\n" for at in range(ROWS_MAX + 1)
        )
        for content, words_of in {
            many.encode(): f"{ROWS_MAX}",
            b"a,b\n1,2\n": "a, b",
            b"PK\x03\x04": "工作簿",
            b"\xff\xfe\x00": "UTF-8",
            b"": "请先选择文件",
        }.items():
            status, said = await sent(doors, session, content)
            assert 400 <= status < 500
            assert words_of in said, said
    assert await imports.runs(system(doors.plant.id)) == []
    assert not await exists(doors, "XL-1")


async def test_who_may_not_import_is_turned_away_and_so_is_what_is_no_form(doors: Doors) -> None:
    """Roles without the right; no token, a wrong one; a file too large, two files, fields without end: nothing changes."""
    book = filled(blanks.made(Subject.LOTS, "xlsx", "zh_CN"), ROW)
    for name in ("manager", "auditor", "supplier", "coater_operator"):
        await opened(doors, name, "/admin/import", 200 if name == "manager" else 403)
        async with await doors.admin(name) as session:
            assert (await sent(doors, session, book))[0] == 403
    async with await doors.admin("administrator") as session:
        before = await LedgerEntry.filter(kind__not="records:access:view").count()
        token = session.headers["X-CSRF-Token"]
        forms: list[list[tuple[str, object, str | None]]] = [
            [("what", "import", None), ("file", book, "a.xlsx")],
            [("csrf", "wrong", None), ("what", "import", None), ("file", book, "a.xlsx")],
            [("csrf", token, None), ("what", "else", None), ("file", book, "a.xlsx")],
            [("csrf", token, None), ("what", "import", None)],
            [("csrf", token, None), ("what", "import", None), ("file", bytes(FILE_MAX + 1), "a.xlsx")],
            [("csrf", token, None), ("what", "import", None), ("file", book, "a"), ("file", book, "b")],
            [("csrf", token, None), ("what", "im\x00port", None), ("file", book, "a")],
            [("csrf", token, None), ("what", "x" * 10_000, None), ("file", book, "a")],
            [("csrf", token, None), *((f"f{at}", "x", None) for at in range(30)), ("file", book, "a")],
        ]
        for fields in forms:
            form = aiohttp.FormData()
            for name, value, filename in fields:
                form.add_field(
                    name, io.BytesIO(value) if isinstance(value, bytes) else value, filename=filename
                )
            async with session.post(doors.url("/admin/import"), data=form) as answer:
                assert 400 <= answer.status < 500, fields[:2]
                if answer.status == 413:
                    said = html.unescape(words(await answer.text()))
                    assert "2 MB" in said, "how much it may be"
                    assert "bihuan import" in said, "and what to do with more"
        for name in ("lots.exe", "strange.csv", "lots.xlsxx"):
            async with session.get(doors.url(f"/admin/import/{name}")) as answer:
                assert answer.status == 404
        assert await LedgerEntry.filter(kind__not="records:access:view").count() == before
    assert not await exists(doors, "XL-1")


async def test_a_laboratorys_certificate_comes_in_by_the_page_and_the_responsible_person_is_told(
    doors: Doors,
) -> None:
    """Its lot is named beside it; the file is kept; the case goes to the responsible person's chat; the lot shows all."""
    said = certificate("EN10168/v0.5.0", 2)
    said["Certificate"]["Inspection"][0]["ChemicalComposition"]["C74"]["Actual"]["Value"] = "0.026"
    content = json.dumps(said).encode()
    plant = system(doors.plant.id)
    async with await doors.admin("administrator") as session:
        assert (await sent(doors, session, content, lot="CT-001"))[0] == 403
    async with await doors.admin("supervisor") as session:
        status, page = await sent(doors, session, content)
        assert (status, "7282841" in page, "写明本厂批号" in page) == (422, True, True)
        assert not await Anomaly.exists()
        status, page = await sent(doors, session, content, what="try", lot="CT-001")
        assert (status, "P" in page, await Anomaly.exists()) == (200, True, False)
        status, page = await sent(doors, session, content, lot="CT-001")
        assert (status, "CT-001" in page) == (200, True)
    case = await Anomaly.get(plant_id=doors.plant.id)
    assert (case.subcode, case.owner_id) == ("M01", doors.plant.persons["responsible"])
    assert await Notice.filter(case_number=case.number, person_id=case.owner_id).exists()
    (report,) = await inspections.reports_of(plant, doors.plant.lots["CT-001"])
    async with await doors.admin("manager") as session:
        async with session.get(doors.url("/admin/lots/CT-001")) as answer:
            page = html.unescape(words(await answer.text()))
        assert "P: 0.026 % [≤ 0.025]" in page
        assert report.provenance.sha256[:12] in page
        async with session.get(doors.url(f"/admin/evidence/{report.evidence_ids[0]}/original")) as answer:
            assert (answer.status, await answer.read()) == (200, content)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name", [name for name, (content, _why) in HOSTILE.items() if len(content) <= FILE_MAX]
)
async def test_hostile_documents_get_a_sentence_and_change_nothing(
    database: str, doors: Doors, name: str
) -> None:
    """Bombs, entities and nonsense: 4xx, and no run, no report, no entry."""
    content, _refusal = HOSTILE[name]
    async with await doors.admin("administrator") as session:
        before = await LedgerEntry.filter(kind="imports:run:make").count()
        status, _page = await sent(doors, session, content, lot="CT-001")
        assert status == 422
    assert await imports.runs(system(doors.plant.id)) == []
    assert await LedgerEntry.filter(kind="imports:run:make").count() == before
