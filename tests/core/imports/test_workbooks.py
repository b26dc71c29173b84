"""A workbook is read as what it shows; what would be a guess is a fault of its cell; a hostile file changes nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import re
import struct
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core import imports, lots
from core.imports import (
    Faulty,
    HeadUnclear,
    OldWorkbook,
    SheetUnknown,
    WorkbookBroken,
    WorkbookTooLarge,
    workbook,
)
from core.imports.package import Package
from core.kit import Refusal
from core.lots import LotUnknown
from tests.core.imports import books
from tests.core.imports.test_importing import LINKS, LOTS, is_sound
from tests.core.lots.shop import SCREW, Shop

HEAD = ["批号", "产品", "数量", "生产日期", "地点"]
DAY = dt.datetime(2026, 11, 2)


def row(
    number: object = "L0", amount: object = 1.5, day: object = DAY, place: object = "仓库"
) -> list[object]:
    return [number, SCREW, amount, day, place]


async def test_a_sheet_comes_in_as_what_it_shows(shop: Shop, tmp_path: Path) -> None:
    """Dates by their format, numbers by their 15 digits, empty rows and cells, texts with line breaks cleaned; once."""
    rows = [
        HEAD, row("L0", 0.1 + 0.2), [], row(20260001, 3, dt.datetime(2026, 11, 3, 8, 30), None),
        row("L2", "2.5", "2026-11-04", " 二楼 "), row("L3", 12345678.25, dt.date(2026, 11, 5)),
    ]  # fmt: skip
    done = await imports.import_file(shop.boss, books.saved(tmp_path, rows), LOTS)
    assert (done.rows, done.encoding) == (4, "xlsx")
    found = {number: await lots.find(shop.worker, number) for number in ("L0", "20260001", "L2", "L3")}
    assert [one.quantity for one in found.values()] == [
        Decimal("0.3"), Decimal(3), Decimal("2.5"), Decimal("12345678.25"),
    ]  # fmt: skip
    assert found["L0"].made_at == dt.datetime(2026, 11, 1, 16, tzinfo=dt.UTC)
    assert found["20260001"].made_at == dt.datetime(2026, 11, 3, 0, 30, tzinfo=dt.UTC)
    assert [one.place for one in found.values()] == ["仓库", "", "二楼", "仓库"]
    assert (await imports.import_file(shop.boss, tmp_path / "表.xlsx", LOTS)).before
    assert await is_sound(tmp_path)


async def test_days_come_in_the_form_that_the_mapping_names(shop: Shop, tmp_path: Path) -> None:
    """So texts and date cells of one column are read alike; the epoch of old Macintosh books is known."""

    def mac(sheet: Any) -> None:
        sheet.parent.epoch = openpyxl_mac()

    mapping = replace(LOTS, dates="%d.%m.%Y")
    file = books.saved(tmp_path, [HEAD, row("L0"), row("L1", day="03.11.2026")], mac)
    await imports.import_file(shop.boss, file, mapping)
    assert (await lots.find(shop.worker, "L0")).made_at == dt.datetime(2026, 11, 1, 16, tzinfo=dt.UTC)
    assert (await lots.find(shop.worker, "L1")).made_at == dt.datetime(2026, 11, 2, 16, tzinfo=dt.UTC)


def openpyxl_mac() -> dt.datetime:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    return CALENDAR_MAC_1904


def formatted(place: str, value: object, form: str) -> Any:
    def work(sheet: Any) -> None:
        sheet[place] = value
        sheet[place].number_format = form

    return work


CELLS = [
    ("A2", "=B2", "General", "FormulaInCell"),
    ("C2", "=1+1", "General", "FormulaInCell"),
    ("E2", '=HYPERLINK("http://x","y")', "General", "FormulaInCell"),
    ("C2", "#DIV/0!", "General", "ErrorInCell"),
    ("A2", DAY, "yyyy-mm-dd", "DateInCell"),
    ("A2", DAY, 'm"月"d"日"', "DateInCell"),
    ("C2", 46328, "[$-409]d\\-mmm;@", "DateInCell"),
    ("A2", 1234567890123456, "0", "NumberUnsure"),
    ("C2", 1e-30, "General", "NumberUnsure"),
    ("D2", 1.5, "[h]:mm", "DayUnsure"),
    ("D2", 0.5, "hh:mm", "DayUnsure"),
    ("D2", 20, "yyyy-mm-dd", "DayUnsure"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "form", "code"), CELLS)
async def test_a_cell_that_would_be_a_guess_is_a_fault(
    shop: Shop, tmp_path: Path, place: str, value: object, form: str, code: str
) -> None:
    """It is named by its place; the other faults are told too; nothing is written."""
    file = books.saved(tmp_path, [HEAD, row(), row("L1", "x")], formatted(place, value, form))
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(shop.boss, file, LOTS)
    first, second = faulty.value.faults
    assert (first.line, first.why.code, first.why.facts["place"]) == (2, code, place)
    assert (second.line, second.column, second.why.code) == (3, "数量", "NotAQuantity")
    with pytest.raises(LotUnknown):
        await lots.find(shop.worker, "L1")


async def test_what_looks_like_a_date_format_and_is_none_is_a_number(shop: Shop, tmp_path: Path) -> None:
    """Colours, quoted words, padding and escapes of a format show no day; a formula beside the columns read is not read."""
    forms = ["[Red]0.0", '0.0"days"', "0.0_d", "0.0\\d", "[$¥-804]#,##0.00", "#,##0.00;[Red]-#,##0.00", "@"]
    file = books.saved(tmp_path, [HEAD, *(row(f"L{at}") for at in range(len(forms)))])

    def work(sheet: Any) -> None:
        for at, form in enumerate(forms, 2):
            sheet[f"C{at}"].number_format = form
            sheet[f"F{at}"] = "=C2*2"
        sheet["F1"] = "合计"

    file = books.saved(tmp_path, [HEAD, *(row(f"L{at}") for at in range(len(forms)))], work)
    assert (await imports.import_file(shop.boss, file, LOTS)).rows == len(forms)
    assert (await lots.find(shop.worker, "L3")).quantity == Decimal("1.5")


async def test_the_sheet_is_the_first_visible_one_or_the_one_that_is_named(
    shop: Shop, tmp_path: Path
) -> None:
    def work(sheet: Any) -> None:
        first = sheet.parent.create_sheet("隐藏", 0)
        first.append(["nothing"])
        first.sheet_state = "hidden"
        second = sheet.parent.create_sheet("十二月")
        for one in (HEAD, row("L9")):
            second.append(one)

    file = books.saved(tmp_path, [HEAD, row("L0")], work)
    await imports.import_file(shop.boss, file, LOTS)
    await imports.import_file(shop.boss, file, replace(LOTS, sheet="十二月"))
    assert {(await lots.find(shop.worker, one)).number for one in ("L0", "L9")} == {"L0", "L9"}
    for hidden in ("隐藏", "别的"):
        with pytest.raises(SheetUnknown):
            await imports.import_file(shop.boss, file, replace(LOTS, sheet=hidden))


async def test_a_cell_beyond_the_head_breaks_its_row(shop: Shop, tmp_path: Path) -> None:
    file = books.saved(tmp_path, [HEAD, [*row(), "more"]])
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(shop.boss, file, LOTS)
    assert [(one.line, one.why.code) for one in faulty.value.faults] == [(2, "RowBroken")]


CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
FIRST = f'<row r="1">{"".join(CELL.format(f"{letter}1", head) for letter, head in zip("ABCDE", HEAD, strict=True))}</row>'
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)) + "]>"
)  # fmt: skip
SHEETS = [
    (XXE + books.sheet(FIRST.replace("批号", "&e;")), WorkbookBroken),
    (LAUGHS + books.sheet(FIRST.replace("批号", "&j;")), WorkbookBroken),
    ('<?xml version="1.0"?><!DOCTYPE x>' + books.sheet(FIRST), WorkbookBroken),
    (books.sheet(FIRST)[:-9], WorkbookBroken),
    ("", WorkbookBroken),
    (books.sheet(FIRST + FIRST), WorkbookBroken),
    (books.sheet(FIRST.replace('r="B1"', 'r="A1"')), WorkbookBroken),
    (books.sheet(FIRST.replace('r="B1"', 'r="B7"')), WorkbookBroken),
    (books.sheet(FIRST.replace('r="B1"', 'r="-1"')), WorkbookBroken),
    (books.sheet('<row r="0">' + FIRST[13:]), WorkbookBroken),
    (books.sheet('<row r="9999999999">' + FIRST[13:]), WorkbookBroken),
    (books.sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), WorkbookBroken),
    (books.sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), WorkbookBroken),
    (books.sheet('<row r="1"><c r="A1" t="odd"><v>1</v></c></row>'), WorkbookBroken),
    (books.sheet('<row r="1"><c r="A1"><v>NaN</v></c></row>'), WorkbookBroken),
    (books.sheet('<row r="1"><c r="A1"><v>1_000</v></c></row>'), WorkbookBroken),
    (books.sheet('<row r="1"><c r="A1"><v>' + "9" * 100_000 + "</v></c></row>"), WorkbookBroken),
    (books.sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), WorkbookTooLarge),
    (books.sheet("<a>" * 100_000 + "</a>" * 100_000), WorkbookTooLarge),
    (books.sheet('<row r="1">' + "<c/>" * 30_000 + "</row>"), WorkbookTooLarge),
]  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("content", "refused"), SHEETS)
async def test_a_hostile_sheet_is_refused_and_changes_nothing(
    database: str, shop: Shop, tmp_path: Path, content: str, refused: type[Refusal]
) -> None:
    """Entities, broken XML, rows and cells out of order, depth and width without end."""
    file = books.changed(books.saved(tmp_path, [HEAD, row()]), {books.SHEET: content})
    with pytest.raises(refused):
        await imports.import_file(shop.boss, file, LOTS)
    assert await imports.runs(shop.boss) == []
    assert await is_sound(tmp_path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_sheet_has_an_end(
    database: str, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row more than a sheet may have: nothing of it comes in."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    for many, refused in ((4, None), (5, WorkbookTooLarge)):
        file = books.saved(tmp_path, [HEAD, *(row(f"L-{at}") for at in range(many))])
        with pytest.raises(refused) if refused else contextlib.nullcontext():
            await imports.import_file(shop.boss, file, LOTS)
        assert len(await imports.runs(shop.boss)) == 1
    assert await is_sound(tmp_path)


def shared(file: Path) -> Path:
    """The same book as Excel writes it: cells name their texts by number, some with runs and reading aids."""
    with zipfile.ZipFile(file) as packed:
        sheet = packed.read(books.SHEET).decode()
        relations = packed.read("xl/_rels/workbook.xml.rels").decode()
    texts: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        texts.append(html.unescape(found[2]))
        return f'{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    sheet = re.sub(r'(<c [^>]*?) t="inlineStr"[^>]*><is><t>(.*?)</t></is></c>', numbered, sheet)
    assert len(texts) == 8
    said = "".join(
        f'<si><r><t>{one[:1]}</t></r><r><rPr><b/></rPr><t>{one[1:]}</t></r><rPh sb="0" eb="1"><t>pi</t></rPh></si>'
        for one in texts
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    return books.changed(
        file,
        {
            books.SHEET: sheet,
            "xl/sharedStrings.xml": f'<sst xmlns="{main}">{said}</sst>',
            "xl/_rels/workbook.xml.rels": relations.replace("</Relationships>", relation),
        },
    )


async def test_entities_in_any_part_are_refused(shop: Shop, tmp_path: Path) -> None:
    """The parts that tell of others too; texts that cells share by their number are read."""
    file = shared(books.saved(tmp_path, [HEAD, row()]))
    assert (await imports.try_file(shop.boss, file, LOTS)).rows == 1
    for part in (
        "xl/workbook.xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
    ):
        file = shared(books.saved(tmp_path, [HEAD, row()]))
        with zipfile.ZipFile(file) as packed:
            said = packed.read(part).decode().partition("?>")[2] or packed.read(part).decode()
        with pytest.raises(WorkbookBroken):
            await imports.import_file(shop.boss, books.changed(file, {part: XXE + said}), LOTS)
        with pytest.raises(WorkbookBroken):
            await imports.import_file(shop.boss, books.changed(file, {part: "<x"}), LOTS)


async def test_bombs_and_strange_packages_are_refused(shop: Shop, tmp_path: Path) -> None:
    """Members that unpack to more than is read, more than there may be, twice the same, encrypted, cut off; no zip at all."""
    bomb = books.changed(books.saved(tmp_path, [HEAD, row()]), {"xl/media/big.bin": bytes(200 << 20)})
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(WorkbookTooLarge):
        await imports.import_file(shop.boss, bomb, LOTS)
    many = books.changed(books.saved(tmp_path, [HEAD, row()]), {f"x{at}": b"" for at in range(1001)})
    with pytest.raises(WorkbookTooLarge):
        await imports.import_file(shop.boss, many, LOTS)
    whole = books.saved(tmp_path, [HEAD, row()]).read_bytes()
    with zipfile.ZipFile(tmp_path / "表.xlsx") as packed:
        inside = packed.getinfo(books.SHEET).header_offset + 30 + len(books.SHEET) + 40
    strange = {
        "cut": whole[: len(whole) // 2],
        "encrypted": with_flag(whole, 1),
        "other compression": with_way(whole, 12),
        "only its sign": b"PK\x03\x04",
        "rot": whole[:inside] + bytes(16) + whole[inside + 16 :],
    }
    for name, content in strange.items():
        file = tmp_path / "strange.xlsx"
        file.write_bytes(content)
        with pytest.raises(WorkbookBroken):
            await imports.import_file(shop.boss, file, LOTS)
        assert await imports.runs(shop.boss) == [], name
    with zipfile.ZipFile(tmp_path / "表.xlsx", "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr(books.SHEET, books.sheet(FIRST))
    with pytest.raises(WorkbookBroken):
        await imports.import_file(shop.boss, tmp_path / "表.xlsx", LOTS)
    old = tmp_path / "old.xls"
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    with pytest.raises(OldWorkbook):
        await imports.import_file(shop.boss, old, LOTS)
    macro_sheet = books.changed(books.saved(tmp_path, [HEAD, row()]), {}, drop=["xl/workbook.xml"])
    with pytest.raises(WorkbookBroken):
        await imports.import_file(shop.boss, macro_sheet, LOTS)


def with_flag(packed: bytes, flag: int) -> bytes:
    """Every member of the table of contents marked."""
    return _in_table(packed, 8, flag)


def with_way(packed: bytes, way: int) -> bytes:
    """Every member of the table of contents said to be compressed another way."""
    return _in_table(packed, 10, way)


def _in_table(packed: bytes, at: int, value: int) -> bytes:
    made, place = bytearray(packed), packed.find(b"PK\x01\x02")
    while place >= 0:
        made[place + at : place + at + 2] = struct.pack("<H", value)
        place = packed.find(b"PK\x01\x02", place + 4)
    return bytes(made)


async def test_nothing_outside_the_file_is_opened(shop: Shop, tmp_path: Path) -> None:
    """A relation that leads out of the package, or to another machine, leads nowhere."""
    (tmp_path / "outside.xml").write_text(books.sheet(FIRST))
    for target, mode in (
        ("../../outside.xml", ""),
        ("file:///etc/passwd", ' TargetMode="External"'),
        ("http://127.0.0.1:9/x", ' TargetMode="External"'),
    ):
        file = books.saved(tmp_path, [HEAD, row()])
        with zipfile.ZipFile(file) as packed:
            relations = packed.read("xl/_rels/workbook.xml.rels").decode()
        moved = relations.replace('Target="/xl/worksheets/sheet1.xml"', f'Target="{target}"{mode}')
        assert moved != relations
        with pytest.raises(Refusal):
            await imports.import_file(
                shop.boss, books.changed(file, {"xl/_rels/workbook.xml.rels": moved}), LOTS
            )
        assert await imports.runs(shop.boss) == []


async def test_a_filled_template_needs_no_mapping_and_other_heads_are_told(
    shop: Shop, tmp_path: Path
) -> None:
    """In either language, with columns left out or in another order; words of a choice in both."""
    file = books.saved(
        tmp_path,
        [
            ["Lot", "Quantity", "Product code", "Made at", "State"],
            ["L0", 2, SCREW, DAY, "released"],
            ["L1", 2, SCREW, DAY, "已放行"],
        ],
    )
    mapping = imports.by_content(file)
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(shop.boss, file, replace(mapping, values={}))
    assert [(one.line, one.column) for one in faulty.value.faults] == [(3, "State")]
    await imports.import_file(shop.boss, file, mapping)
    assert (await lots.find(shop.worker, "L1")).status == "released"
    linked = books.saved(tmp_path, [["投入批号", "产出批号", "数量", "投入时间"], ["L0", "L1", 1, DAY]])
    assert imports.by_content(linked).subject is LINKS.subject
    await imports.import_file(shop.boss, linked, imports.by_content(linked))
    for heads in (["Lot", "Quantity", "Colour"], ["批号", "Quantity", "Product code", "Made at"], ["x"]):
        with pytest.raises(HeadUnclear):
            imports.by_content(books.saved(tmp_path, [heads, ["a"] * len(heads)]))


@pytest.mark.parametrize(
    "part",
    [
        b"<a " + b"A" * (6 << 20) + b"='1'/>",
        b"<a><b c='" + b"A" * (6 << 20) + b"'/></a>",
        b"<a><!--" + b"<" * (6 << 20) + b"--></a>",
        b"<a><?x " + b"<" * (6 << 20) + b"?></a>",
        b"<a><b>" + b"A" * (6 << 20) + b"</b></a>",
        b"<a>" * (2 << 20),
    ],
    ids=["name", "value", "comment", "instruction", "text", "depth"],
)
def test_one_token_of_megabytes_is_refused_before_it_is_whole(tmp_path: Path, part: bytes) -> None:
    """Packed it is a few KB; a parser in small blocks would read it anew with each of them, for minutes."""
    file = books.changed(books.saved(tmp_path, [HEAD]), {"xl/x.xml": part})
    parts = Package(file)
    with pytest.raises(WorkbookTooLarge):
        list(parts.elements("xl/x.xml", level=2))
    parts.close()
