"""However the log is divided among processes, the faults, the counts and what is held of rows are those of one pass."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise import connections
from tortoise.transactions import in_transaction

from core import ledger
from core.kit import canonical
from core.kit.unit_of_work import ALIAS
from core.ledger import Report, Signer, crew, merkle, reading, verification
from core.ledger.digests import Digests
from core.ledger.faults import Findings
from core.ledger.key_book import KeyBook
from core.ledger.stretches import Ahead, Piece, Source, pieces
from core.ledger.time_bounds import TimeBounds, spread
from core.ledger.walking import Walk
from tests.core.ledger.logs import fill, record, seal_all, verified, without_guards

START = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
ENTRIES = 41


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=90), st.lists(st.integers(0, 90)))
def test_parts_of_a_tree_made_apart_join_to_the_tree(leaves: list[bytes], cuts: list[int]) -> None:
    """Cut anywhere: the frontier is that of leaf after leaf."""
    one, joined = merkle.Frontier(), merkle.Frontier()
    for leaf in leaves:
        one.append(leaf)
    ends = sorted({min(cut, len(leaves)) for cut in cuts} | {0, len(leaves)})
    for start, end in pairwise(ends):
        joined.join(merkle.compact(leaves[start:end], start))
    assert (joined.size, joined.peaks) == (one.size, one.peaks)


def test_a_part_joins_only_where_it_stands() -> None:
    """A gap or an overlap is refused."""
    part = merkle.compact([b"a" * 32] * 4, 4)
    with pytest.raises(ValueError, match="no subtree of 4 leaves begins at 3"):
        merkle.Frontier(3, [b"x" * 32] * 2).join(part)


@given(st.lists(st.integers(0, 1200), min_size=1, max_size=12), st.integers(0, 900), st.integers(0, 900))
def test_times_that_pass_together_pass_one_by_one(seconds: list[int], before: int, until: int) -> None:
    """The earliest and the latest of a part stand for all of it, on either side of five minutes."""

    def text(second: int) -> str:
        return canonical.instant_text(START + dt.timedelta(seconds=second))

    together, single = TimeBounds(), TimeBounds()
    for bounds in (together, single):
        bounds.under(START + dt.timedelta(seconds=until))
        bounds.judge(text(before))
    times = spread([text(one) for one in seconds])
    passed = times is not None and together.passes(*times)
    assert passed == (not any(single.judge(text(one)) for one in seconds))
    if passed:
        assert vars(together) == vars(single)


@pytest.mark.parametrize(("leaves", "some"), [(0, False), (crew.FEWEST - 1, False), (10**6, True)])
def test_a_short_log_is_worth_no_process(leaves: int, monkeypatch: pytest.MonkeyPatch, *, some: bool) -> None:
    """Nor is a long one on a single processor."""
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {0, 1, 2})
    assert crew.hands(leaves) == (3 if some else 0)
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {5})
    assert crew.hands(leaves) == 0


class Divided:
    """Looks at parts of the log as another process does, cut at given places."""

    def __init__(self, cuts: list[int]) -> None:
        self._cuts = sorted(cuts)

    async def take(self, start: int) -> list[Piece]:
        """Answer the part that begins here, if one does, up to the first page of it that is not whole."""
        if start not in self._cuts[:-1]:
            return []
        end, db = self._cuts[self._cuts.index(start) + 1], connections.get(ALIAS)
        rows = await reading.asked(
            db, f"SELECT size FROM ledger_checkpoint WHERE size > {start} AND size < {end}"
        )
        found: list[Piece] = []
        for at in range(start, end, 7):
            page = await reading.placed(db, at, min(7, end - at))
            part = (
                pieces(page, at, [one[0] for one in rows if type(one[0]) is int], noted=True)
                if page
                else None
            )
            if part is None:
                break
            found += part
        return found

    def free(self, start: int) -> int | None:
        """Answer how far it is to the next part."""
        return min((cut - start for cut in self._cuts if cut > start), default=None)


async def walked(signer: Signer, ahead: Ahead | None) -> tuple[Report, list[Any]]:
    """Go through the log; answers the report and what was kept of rows."""
    findings = Findings()
    with Digests() as digests:
        async with in_transaction(ALIAS) as db:
            walk = Walk(db, KeyBook(signer.verifiers, []), findings, digests, None, crew=ahead)
            await verification._walked(walk, signer.checkpoint_file)
        kept = [
            (table, *row) for table in sorted(digests.tables) for row in digests.between(table, None, None)
        ]
        kept += [digests.place(table, key) for table, key, _ in kept]
    return findings.report(), kept


async def _rewritten(db: Any, place: int, found: bytes, put: bytes) -> None:
    """Bytes of a body changed, with every hash of it; the root alone tells."""
    row = (await db.execute_query_dict(
        f"SELECT e.id, e.body FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id WHERE position = {place}"
    ))[0]  # fmt: skip
    body = row["body"].replace(found, put)
    leaf = ledger.leaf_hash(body)
    await db.execute_query("UPDATE ledger_entry SET body = ?, leaf = ? WHERE id = ?", [body, leaf, row["id"]])
    await db.execute_query("UPDATE ledger_leaf SET leaf = ? WHERE position = ?", [leaf, place])


FAULTS = (
    "UPDATE ledger_entry SET kind = 'x' WHERE id = {entry}",
    "UPDATE ledger_entry SET kind = CAST(x'ff41' AS TEXT) WHERE id = {entry}",
    "UPDATE ledger_entry SET case_number = x'414e' WHERE id = {entry}",
    "UPDATE ledger_entry SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE id = {entry}",
    "UPDATE ledger_entry SET body = 'text' WHERE id = {entry}",
    "DELETE FROM ledger_entry WHERE id = {entry}",
    "DELETE FROM ledger_leaf WHERE position = {place}",
    "DELETE FROM ledger_leaf WHERE position >= {place}",
    "UPDATE ledger_leaf SET leaf = 'zz' WHERE position = {place}",
    "UPDATE ledger_leaf SET position = position + 0.5 WHERE position = {place}",
    "UPDATE ledger_leaf SET position = -1 - position WHERE position = {place}",
    "UPDATE ledger_leaf SET position = 'x' WHERE position = {place}",
    "DELETE FROM ledger_checkpoint WHERE size IN (SELECT max(size) FROM ledger_checkpoint WHERE size <= {place})",
    "UPDATE ledger_checkpoint SET size = size + 0.5 WHERE size = 2 + {place} / 3 * 3",
    "UPDATE ledger_checkpoint SET made_at = '2020-01-01 00:00:00+00:00' WHERE size > {place}",
    "UPDATE ledger_checkpoint SET root = 'ab', frontier = x'' WHERE size > {place}",
    "INSERT INTO ledger_pending (entry_id) VALUES ({entry})",
)  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.req("P-10a")
async def test_divided_anywhere_the_faults_are_those_of_one_pass(database: str, signer: Signer) -> None:
    """Random faults in a log, up to three at a time, and random places to divide it at."""
    await fill(ENTRIES)
    await seal_all(signer, limit=3)
    await record("waiting")
    sound = await walked(signer, None)
    assert sound[0].sound
    wrong = 0
    async with without_guards():
        pass
    for seed in range(60):
        async with in_transaction(ALIAS) as db:
            chance = random.Random(seed)
            cuts = [chance.randrange(ENTRIES + 3) for _ in range(chance.randrange(2, 9))]
            for _ in range(chance.randrange(4)):
                place = chance.randrange(ENTRIES)
                if chance.random() < 0.2:
                    await _rewritten(db, 2, b'"code":"P0002"', b'"code":"P9992"')
                else:
                    fault = chance.choice(FAULTS)
                    await db.execute_query(fault.format(place=place, entry=place + 1))
            one = await walked(signer, None)
            assert await walked(signer, Divided([0, *cuts])) == one, seed
            wrong += not one[0].sound
            await db.rollback()
    assert 30 < wrong < 60
    assert await walked(signer, Divided([0, 20, 30, ENTRIES])) == sound


async def with_processes(
    signer: Signer, where: Source, count: int
) -> tuple[tuple[Report, list[Any]], crew.Crew]:
    async with crew.crew(where, ENTRIES, count) as made:
        assert made is not None
        while made.free(-1) is None and made.working:
            await asyncio.sleep(0)
        return await walked(signer, made), made


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few entries each."""
    for module, name, value in ((reading, "_PAGE", 4), (crew, "PAGE", 4), (crew, "STRETCH", 9)):
        monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("small_parts")
async def test_processes_find_what_one_pass_finds(database: str, signer: Signer) -> None:
    """On both engines, of a sound log and of one with faults; they look at all but its first page."""
    await fill(ENTRIES)
    await seal_all(signer, limit=6)
    for attack in ("SELECT 1", "UPDATE ledger_entry SET kind = 'x' WHERE id IN (15, 38)"):
        async with without_guards() as db:
            await db.execute_query(attack)
        one, client = await walked(signer, None), connections.get(ALIAS)
        async with in_transaction(ALIAS) as db:
            if database == "postgres":
                await db.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # As a plant's pool has:
                client.extra |= {"timeout": 10.0, "command_timeout": 20.0, "reset": id}
            where = await crew.source(client, db, rows=True)
            assert where is not None
            many, made = await with_processes(signer, where, 2)
        assert many == one
        assert made.taken == ENTRIES - 4 if one[0].sound else 8 < made.taken < ENTRIES - 8


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_no_process_can_read_is_read_here(
    database: str, signer: Signer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A process that cannot open the log ends with a word; nothing is missed and nothing is found wrong."""
    await fill(ENTRIES)
    await seal_all(signer)
    many, made = await with_processes(signer, Source(file=str(tmp_path / "none"), rows=True), 1)
    assert many == await walked(signer, None)
    assert made.taken == 0
    assert "unable to open" in caplog.text


@pytest.mark.usefixtures("small_parts")
async def test_verification_with_processes_is_sound(database: str, signer: Signer) -> None:
    """The whole of it: log, checkpoints and rows, and progress up to the end."""
    await fill(9)
    await seal_all(signer)
    told: list[tuple[int, int]] = []
    report = await verified(signer, workers=1, progress=lambda done, total: told.append((done, total)))
    assert report.sound
    assert (report.entries, report.leaves, report.rows, told[-1]) == (9, 9, 9, (18, 18))
