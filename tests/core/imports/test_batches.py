"""A file longer than a batch: what holds for one batch holds over all of them."""

from __future__ import annotations

import dataclasses
import random
import time
from pathlib import Path

import pytest

from core import imports, lots
from core.imports import Faulty, TooManyRows, ahead, subjects
from core.lots import LotUnknown, Numbered
from tests.core.imports.test_importing import HEAD, LINKS, LOTS, is_sound, written
from tests.core.lots.shop import BAR, SCREW, Shop

MANY = 20
GOOD = HEAD + "".join(f"L{n:02},{SCREW},{n + 1},2026-11-01,仓库\n" for n in range(MANY))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows a batch; of lots looked up hardly any are remembered, so that all ways of finding one are gone."""
    monkeypatch.setattr(ahead, "_ROWS", {"sqlite": 3, "postgres": 3})
    monkeypatch.setattr(Numbered, "MOST", 4)


async def test_every_row_comes_in_and_every_link_joins_its_lots(shop: Shop, tmp_path: Path) -> None:
    """Links in any order, to lots just named and to lots named long ago, each in its input's unit; progress is told."""
    told: list[int] = []
    text = HEAD + "".join(f"L{n:02},{(SCREW, BAR)[n % 2]},{n + 1},2026-11-01,仓库\n" for n in range(MANY))
    own = dataclasses.replace(LOTS, constants={})
    assert (await imports.import_file(shop.boss, written(tmp_path, text), own, tell=told.append)).rows == MANY
    assert told == [*range(3, MANY, 3), MANY]
    dice = random.Random(4)
    pairs = [(parent, child) for child in range(MANY) for parent in range(child)]
    chosen = dice.sample(pairs, 60)
    text = "from,to,qty,at\n" + "".join(f"L{a:02},L{b:02},{a + b},2026-11-05\n" for a, b in chosen)
    assert (await imports.import_file(shop.boss, written(tmp_path, text), LINKS)).rows == 60
    ids = {(await lots.find(shop.worker, f"L{n:02}")).id: n for n in range(MANY)}
    found = set()
    for key, number in ids.items():
        traced = await lots.trace_down(shop.worker, key)
        found |= {
            (ids[one.parent_id], ids[one.child_id], int(one.quantity), one.unit)
            for one in traced.links
            if ids[one.parent_id] == number
        }
    assert found == {(a, b, a + b, ("pcs", "kg")[a % 2]) for a, b in chosen}
    assert await is_sound(tmp_path)


async def test_faults_of_several_batches_are_told_together_and_nothing_stays(
    shop: Shop, tmp_path: Path
) -> None:
    """A number again in another batch, rows that cannot be read, the last row: each by its line."""
    text = GOOD + f"L02,{SCREW},1,2026-11-01,仓库\nL90,{SCREW}\nL91,{SCREW},0,2026-11-01,仓库\n"
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(shop.boss, written(tmp_path, text), LOTS)
    assert [(one.line, one.column, one.why.code) for one in faulty.value.faults] == [
        (22, "批号", "LotNumberTaken"),
        (23, "", "RowBroken"),
        (24, "数量", "NotPositive"),
    ]
    with pytest.raises(LotUnknown):
        await lots.find(shop.worker, "L00")
    assert await imports.runs(shop.boss) == []
    assert await is_sound(tmp_path)


async def test_a_lot_that_is_kept_back_or_unknown_is_told_in_whichever_batch(
    shop: Shop, tmp_path: Path
) -> None:
    """What the first batch knew of a lot counts in the last one too."""
    await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS)
    await lots.hold(shop.worker, [(await lots.find(shop.worker, "L01")).id], "AN-1", "刮伤")
    rows = [f"L00,L{n:02},1,2026-11-05" for n in range(1, 9)]
    rows[0], rows[7] = "L01,L02,1,2026-11-05", "L01,L09,1,2026-11-05"
    rows += ["L00,L10,1,2026-11-05", "L77,L02,1,2026-11-05"]
    rows += [f"L00,{one},1,2026-11-05" for one in ("L11", "L12", "L78", "L13", "L14", "L15", "L00")]
    text = "\n".join(["from,to,qty,at", *rows, ""])
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(shop.boss, written(tmp_path, text), LINKS)
    assert [(one.line, one.column, one.why.code) for one in faulty.value.faults] == [
        (2, "from", "LotOnHold"),
        (9, "from", "LotOnHold"),
        (11, "from", "LotUnknown"),
        (14, "to", "LotUnknown"),
        (18, "to", "LinkToItself"),
    ]


async def test_a_file_with_more_rows_than_allowed_is_refused(shop: Shop, tmp_path: Path) -> None:
    """Also where the rows too many are in a later batch."""
    with pytest.raises(TooManyRows):
        await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS, most=7)
    assert await imports.runs(shop.boss) == []


async def test_what_ends_an_import_waits_for_the_batch_that_is_being_read(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread cannot be stopped: the file stays open until it is done, and what went wrong is told as it is."""
    reading: list[str] = []
    checked = subjects.Lots.more

    def slow(self: subjects.Lots, batch: subjects.Checked) -> None:
        reading.append("begun")
        time.sleep(0.2)
        checked(self, batch)
        reading.append("done")

    def tell(_rows: int) -> None:
        msg = "whoever waited has gone"
        raise ConnectionError(msg)

    monkeypatch.setattr(subjects.Lots, "more", slow)
    with pytest.raises(ConnectionError, match="has gone"):
        await imports.import_file(shop.boss, written(tmp_path, GOOD), LOTS, tell=tell)
    assert reading == ["begun", "done"] * 2
    assert await imports.runs(shop.boss) == []
