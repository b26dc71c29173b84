"""Files come in whole or not at all, once, on the record; they are taken back while nothing uses them."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from core import imports, ledger, lots, products
from core.imports import Faulty, NotText, NotUndoable, RunUnknown, UndoneAlready
from core.kit import NotPermitted, Refusal
from core.ledger import Signer, keys
from core.lots import ImportChanged, ImportInUse, LotUnknown, Way
from tests.core.lots.shop import BAR, SCREW, Shop

LOTS = imports.read_mapping(
    """
    # 批次清单
    kind: lots
    columns:
      number: 批号
      product: 产品
      quantity: 数量
      made_at: 生产日期
      place: "地点"
    constants:
      unit: pcs
    """.replace("\n    ", "\n")
)
LINKS = imports.read_mapping(
    '{"kind": "links", "columns": {"parent": "from", "child": "to", "quantity": "qty", "at": "at"}, "zone": "UTC"}'
)
HEAD = "批号,产品,数量,生产日期,地点\n"
GOOD = HEAD + "".join(f"L{n},{SCREW},{n + 1}.5,2026-11-0{n + 1},仓库\n" for n in range(4))
LINKED = "from,to,qty,at\nL0,L1,1,2026-11-05\nL0,L2,0.5,2026-11-05T08:00:00+08:00\nL1,L3,1,2026-11-06\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Answer a file that holds the text."""
    file = folder / "文件.csv"
    file.write_bytes(text.encode(encoding))
    return file


def signer(folder: Path) -> Signer:
    """Answer a key for a log that nobody sealed."""
    return keys.create(folder / "ledger.key", "import.example/bihuan")


async def is_sound(folder: Path) -> bool:
    """Whether every row is one that the ledger records."""
    report = await ledger.verify(verifiers=signer(folder).verifiers)
    assert not report.faults, report.faults
    return report.sound


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_lots_and_links_come_in_once_and_the_ledger_holds_for_each_row(
    shop: Shop, tmp_path: Path, encoding: str
) -> None:
    """UTF-8 with and without its mark, and GB18030; days are days of the mapping's zone; the same again does nothing."""
    done = await imports.import_file(shop.boss, written(tmp_path, GOOD, encoding), LOTS)
    assert (done.rows, done.before, done.encoding) == (
        4,
        False,
        "gb18030" if encoding == "gb18030" else "utf-8-sig",
    )
    again = await imports.import_file(shop.boss, written(tmp_path, GOOD, encoding), LOTS)
    assert again.before
    assert again.run == done.run
    found = await lots.find(shop.worker, "L2")
    assert (found.quantity, found.unit, found.place) == (Decimal("3.5"), "pcs", "仓库")
    assert found.made_at == dt.datetime(2026, 11, 2, 16, tzinfo=dt.UTC)
    linked = await imports.import_file(shop.boss, written(tmp_path, LINKED), LINKS)
    assert linked.rows == 3
    traced = await lots.trace_down(shop.worker, (await lots.find(shop.worker, "L0")).id)
    assert [(node.lot.number, node.depth) for node in traced.nodes] == [
        ("L0", 0),
        ("L1", 1),
        ("L2", 1),
        ("L3", 2),
    ]
    assert [one.rows for one in await imports.runs(shop.boss)] == [3, 4]
    assert await is_sound(tmp_path)


FAULTS = [
    (GOOD + f"L9,{SCREW},-1,2026-11-01,仓库\n", 6, "数量", "NotPositive"),
    (GOOD + f'L9,{SCREW},"1,5",2026-11-01,仓库\n', 6, "数量", "NotAQuantity"),
    (GOOD + f"L9,{SCREW},1,2026-02-30,仓库\n", 6, "生产日期", "NotAnInstant"),
    (GOOD + "L9,NONE,1,2026-11-01,仓库\n", 6, "产品", "CodeUnknown"),
    (GOOD + f",{SCREW},1,2026-11-01,仓库\n", 6, "批号", "CellMissing"),
    (GOOD + f"L1,{SCREW},1,2026-11-01,仓库\n", 6, "批号", "LotNumberTaken"),
    (GOOD + f"{'长' * 61},{SCREW},1,2026-11-01,仓库\n", 6, "批号", "TooLong"),
    (GOOD + f"L9,{SCREW},1,2026-11-01\n", 6, "", "RowBroken"),
    (GOOD + f'L9,{SCREW},1,2026-11-01,"仓库\n', 6, "", "RowBroken"),
    (GOOD + f'L9,{SCREW},1,2026-11-01,"仓\r\n库"\n\nL10,{SCREW},1\n', 9, "", "RowBroken"),
    (GOOD + f'L9,{SCREW},1,2026-11-01,"仓\n\n库"\nL10,{SCREW},0,2026-11-01,库\n', 9, "数量", "NotPositive"),
    (GOOD + f",,,,\nL9,{SCREW},0,2026-11-01,库\n", 7, "数量", "NotPositive"),
    (GOOD + f'L9,{SCREW},1,2026-11-01,"仓\n库"\nL10,{SCREW},1,2026-11-01,"a"b\n', 8, "", "RowBroken"),
    (GOOD + "\u200b\u2800,X,1,2026-11-01,仓库\n", 6, "批号", "Empty"),
]


@pytest.mark.parametrize(("text", "line", "column", "code"), FAULTS)
async def test_one_faulty_row_keeps_the_whole_file_out(
    shop: Shop, tmp_path: Path, text: str, line: int, column: str, code: str
) -> None:
    """Line and column of each fault are told; nothing was written, and a trial says the same."""
    for call in (imports.try_file, imports.import_file):
        with pytest.raises(Faulty) as faulty:
            await call(shop.boss, written(tmp_path, text), LOTS)
        told = [(one.line, one.column, one.why.code) for one in faulty.value.faults]
        assert (line, column, code) in told
        with pytest.raises(LotUnknown):
            await lots.find(shop.worker, "L0")
    assert await imports.runs(shop.boss) == []
    assert await is_sound(tmp_path)


async def test_links_name_known_lots_that_may_be_used(shop: Shop, tmp_path: Path) -> None:
    """Unknown lots, a lot into itself and a held input are faults of their cells."""
    await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS)
    await lots.hold(shop.worker, [(await lots.find(shop.worker, "L1")).id], "AN-1", "刮伤")
    text = LINKED + "L8,L1,1,2026-11-05\nL2,L9,1,2026-11-05\nL2,L2,1,2026-11-05\n"
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(shop.boss, written(tmp_path, text), LINKS)
    assert [(one.line, one.column, one.why.code) for one in faulty.value.faults] == [
        (4, "from", "LotOnHold"), (5, "from", "LotUnknown"), (6, "to", "LotUnknown"), (7, "to", "LinkToItself"),
    ]  # fmt: skip


async def test_a_trial_says_what_would_come_and_leaves_nothing(shop: Shop, tmp_path: Path) -> None:
    """Rows, and what each column holds."""
    tried = await imports.try_file(shop.boss, written(tmp_path, GOOD), LOTS)
    assert (tried.run, tried.rows) == (None, 4)
    assert next((one.head, one.filled, one.longest) for one in tried.columns) == ("批号", 4, 2)
    assert await imports.runs(shop.boss) == []
    assert (await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS)).run is not None


async def test_an_import_is_undone_while_nothing_uses_it_and_can_come_again(
    shop: Shop, tmp_path: Path
) -> None:
    """Links first, then lots: numbers are free again; the ledger holds; what is used stays."""
    first = await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS)
    links = await imports.import_file(shop.boss, written(tmp_path, LINKED), LINKS)
    assert first.run
    assert links.run
    with pytest.raises(ImportInUse):
        await imports.undo(shop.boss, first.run.number, "wrong file")
    root = await lots.find(shop.worker, "L0")
    assert await imports.undo(shop.boss, links.run.number, "wrong file") == 3
    assert [node.lot.number for node in (await lots.trace(shop.worker, root.id, Way.BOTH)).nodes] == ["L0"]
    with pytest.raises(UndoneAlready):
        await imports.undo(shop.boss, links.run.number, "again")
    assert await imports.undo(shop.boss, first.run.number, "wrong file") == 4
    with pytest.raises(LotUnknown):
        await lots.find(shop.worker, "L0")
    assert (await lots.page(shop.worker)).rows == []
    assert (await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS)).before is False
    again = await imports.import_file(shop.boss, written(tmp_path, LINKED), LINKS)
    assert again.rows == 3
    assert len((await lots.trace_down(shop.worker, (await lots.find(shop.worker, "L0")).id)).nodes) == 4
    assert await is_sound(tmp_path)


async def test_what_was_changed_or_held_since_is_not_undone(shop: Shop, tmp_path: Path) -> None:
    """A moved lot is the plant's own; a hold refers to it; another plant's or no import is unknown."""
    first = await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS)
    assert first.run
    await lots.move(shop.worker, (await lots.find(shop.worker, "L0")).id, "别处")
    with pytest.raises(ImportChanged):
        await imports.undo(shop.boss, first.run.number, "wrong")
    with pytest.raises(RunUnknown):
        await imports.undo(shop.boss, "IM-1999-000001", "wrong")


async def test_products_and_partners_come_in_and_are_corrected_not_undone(shop: Shop, tmp_path: Path) -> None:
    """By code; a second file with the same code corrects a product; a partner must be the same."""
    mapping = imports.read_mapping(
        "kind: products\ncolumns:\n  code: code\n  name_zh: name\n  sterile: sterile\nvalues:\n  sterile:\n    无菌: yes"
    )
    done = await imports.import_file(
        shop.boss, written(tmp_path, f"code,name,sterile\nNEW,新品,无菌\n{BAR},棒,否\n"), mapping
    )
    found = {one.code: one for one in await products.products(shop.boss)}
    assert (found["NEW"].sterile, found["NEW"].name_en, found[BAR].name_zh) == (True, "新品", "棒")
    with pytest.raises(Faulty):
        await imports.import_file(
            shop.boss, written(tmp_path, "code,name,sterile\nA,a,\nA,b,maybe\n"), mapping
        )
    assert done.run
    with pytest.raises(NotUndoable):
        await imports.undo(shop.boss, done.run.number, "wrong")
    partners = imports.read_mapping(
        "kind: partners\ncolumns:\n  code: c\n  name_zh: n\nconstants:\n  kind: supplier\n"
    )
    assert (
        await imports.import_file(shop.boss, written(tmp_path, "c,n\nS1,供方一\nS2,供方二\n"), partners)
    ).rows == 2
    with pytest.raises(Faulty):
        await imports.import_file(shop.boss, written(tmp_path, "c,n\nS1,另一家\n"), partners)


async def test_only_those_who_configure_the_plant_import(shop: Shop, tmp_path: Path) -> None:
    """Workers and partners do not; a file that is no text is said to be none."""
    for actor in (shop.worker, shop.partner(shop.coater)):
        with pytest.raises(NotPermitted):
            await imports.import_file(actor, written(tmp_path, GOOD), LOTS)
    for raw in (b"\xff\xfe\x00", HEAD.encode() + b"\x00", b"\x81"):
        file = tmp_path / "binary.csv"
        file.write_bytes(raw)
        with pytest.raises(NotText):
            await imports.import_file(shop.boss, file, LOTS)


@pytest.mark.parametrize(
    "text",
    [
        "kind: lots",
        "kind: strange\ncolumns:\n  number: a",
        "kind: [lots]",
        "kind: lots\ncolumns: &x\n  number: a",
        "kind: lots\n\tcolumns: a",
        "kind: lots\nkind: lots",
        "kind: links\ncolumns:\n  parent: a\n    child: b",
        "- kind: lots",
        'kind: "lots',
        "kind: links\ncolumns:\n  parent: a\n  child: b\n  quantity: c\n  at: d\nzone: Mars/Base",
        "kind: links\ncolumns:\n  parent: a\n  child: b\n  quantity: c\n  at: d\n  colour: e",
        '{"kind": "links", "columns": {"parent": 1}}',
        "{" * 5000,
        "",
    ],
)
def test_a_mapping_that_is_not_plain_is_refused_with_a_sentence(text: str) -> None:
    """Never guessed at, never a traceback."""
    with pytest.raises(Refusal):
        imports.read_mapping(text)


@pytest.mark.parametrize("times", [4])
async def test_a_file_that_comes_several_times_at_one_instant_comes_in_once(
    shop: Shop, tmp_path: Path, times: int
) -> None:
    """Every other finds it brought in: links have no number of their own that the database could refuse twice."""
    await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS)
    file = written(tmp_path, LINKED)
    done = await asyncio.gather(*(imports.import_file(shop.boss, file, LINKS) for _time in range(times)))
    assert sorted(one.before for one in done) == [False, *[True] * (times - 1)]
    assert len({one.run.number for one in done if one.run}) == 1
    traced = await lots.trace_down(shop.worker, (await lots.find(shop.worker, "L0")).id)
    assert len(traced.links) == 3
