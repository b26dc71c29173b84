"""Proving the whole log and every live record against it, in bounded memory, without the running application.

Run it from the command line or in a process of its own: on SQLite it holds the process's connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tortoise.transactions import in_transaction

from core.kit.unit_of_work import ALIAS
from core.ledger import checkpoint, noting
from core.ledger.bodies import Stored, judge, moment
from core.ledger.digests import Digests
from core.ledger.faults import KEPT, Fault, Findings, Report
from core.ledger.live_rows import compare, regulated
from core.ledger.merkle import Frontier
from core.ledger.time_bounds import TimeBounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from pathlib import Path

    from tortoise.backends.base.client import BaseDBAsyncClient

    from core.ledger.checkpoint import Verifier

_PAGE: Final = 2000
_COLUMNS: Final = "e.event_id, e.plant_id, e.case_number, e.kind, e.person_id, e.recorded_at, e.body, e.leaf"
_SEALED: Final = f"""
    SELECT l.position, l.entry_id, l.leaf, e.id, {_COLUMNS}
    FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id
    WHERE l.position >= {{start}} ORDER BY l.position LIMIT {{limit}}
"""  # noqa: S608  column names only
_UNSEALED: Final = f"""
    SELECT e.id, p.entry_id, {_COLUMNS}
    FROM ledger_entry e
    LEFT JOIN ledger_leaf l ON l.entry_id = e.id LEFT JOIN ledger_pending p ON p.entry_id = e.id
    WHERE l.entry_id IS NULL AND e.id >= {{start}} ORDER BY e.id LIMIT {{limit}}
"""  # noqa: S608
_PENDING: Final = """
    SELECT p.entry_id, e.id FROM ledger_pending p
    LEFT JOIN ledger_entry e ON e.id = p.entry_id LEFT JOIN ledger_leaf l ON l.entry_id = p.entry_id
    WHERE (e.id IS NULL OR l.entry_id IS NOT NULL) AND p.entry_id >= {start} ORDER BY p.entry_id LIMIT {limit}
"""
_CHECKPOINTS: Final = """
    SELECT size, root, frontier, note, made_at FROM ledger_checkpoint
    WHERE size >= {start} ORDER BY size LIMIT {limit}
"""
_EVERY_ROW: Final = 1 - 2**63


async def verify(
    *,
    verifiers: Iterable[Verifier],
    checkpoint_file: Path | None = None,
    blobs: AsyncIterator[object] | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: int = KEPT,
) -> Report:
    """Verify every entry, leaf, checkpoint and regulated row on one snapshot of the database.

    ``checkpoint_file`` is the copy outside, by which a cut-off end is found; without it, it is not.
    ``blobs`` yields what is wrong with stored files, e.g. ``evidence.check(store, ring)``.
    ``progress`` is told how many entries and rows are done, and how many there are. Of the faults the earliest
    ``keep`` are told, the others counted. Every REGULATED model must be loaded.
    """
    findings = Findings(keep=keep)
    keys = tuple(verifiers)
    with Digests() as digests:
        async with in_transaction(ALIAS) as db:
            if db.capabilities.dialect == "postgres":
                await db.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            walk = _Walk(db, keys, findings, digests, progress)
            await walk.sealed()
            if checkpoint_file is not None:
                walk.outside(checkpoint_file)
            await walk.unsealed()
            await walk.pending()
            await compare(db, digests, findings, walk.tell)
    if blobs is not None:
        async for wrong in blobs:
            findings.add(Fault(where="evidence", number="", what=str(wrong)))
    return findings.report()


async def _pages(db: BaseDBAsyncClient, statement: str, start: int = _EVERY_ROW) -> AsyncIterator[list[Any]]:
    """Yield rows in key order, a page at a time; the first column is the key."""
    while True:
        _, rows = await db.execute_query(statement.format(start=start, limit=_PAGE))
        if rows:
            yield list(rows)
        if len(rows) < _PAGE:
            return
        start = rows[-1][0] + 1


async def _count(db: BaseDBAsyncClient, table: str) -> int:
    rows = await db.execute_query_dict(f"SELECT COUNT(*) AS counted FROM {table}")  # noqa: S608  our names
    return int(rows[0]["counted"])


@dataclass
class _Walk:
    """One way through the log, its checkpoints alongside."""

    db: BaseDBAsyncClient
    keys: tuple[Verifier, ...]
    findings: Findings
    digests: Digests
    progress: Callable[[int, int], None] | None

    def __post_init__(self) -> None:
        self.tree = Frontier()
        self.last_stated = self.total = 0
        self.times = TimeBounds()

    async def sealed(self) -> None:
        """Every leaf in order with its entry, and every checkpoint where its size is reached."""
        for table in ("ledger_entry", *regulated()):
            self.total += await _count(self.db, table)
        stated = _flat(_pages(self.db, _CHECKPOINTS))
        following = await self._next(stated)
        expected = 0
        async for page in _pages(self.db, _SEALED):
            records: list[tuple[str, str, str, int, int, str | None]] = []
            for row in page:
                while following is not None and following[0] <= self.tree.size:
                    self._checkpoint(following)
                    following = await self._next(stated)
                position = row[0]
                if position != expected:
                    what = f"the place before it, {position - 1}, is missing"
                    self._fault("ledger_leaf", position, what, position=expected)
                expected = position + 1
                records += self._leaf(row)
            self.digests.record(records)
            self.tell()
        while following is not None:
            self._checkpoint(following)
            following = await self._next(stated)
        if self.last_stated < self.tree.size:
            what = f"only {self.last_stated} of {self.tree.size} leaves are under a signed checkpoint"
            self._fault("ledger_leaf", self.last_stated, what, position=self.last_stated)

    async def _next(self, stated: AsyncIterator[Any]) -> Any:
        """Answer the checkpoint over the leaves that follow; None when no further one is there."""
        following = await anext(stated, None)
        self.times.under(None if following is None else moment(following[4]))
        return following

    def _leaf(self, row: Any) -> list[tuple[str, str, str, int, int, str | None]]:
        position, entry_id, placed, found, *columns = row
        self.findings.leaves += 1
        self._append(position, placed)
        if found is None:
            self._fault("ledger_entry", entry_id, "the sealed entry is gone", position=position)
            return []
        stored = Stored(*columns)
        what, records, recorded_at = judge(stored)
        self.findings.entries += 1
        if what is None:
            what = (
                "it is not the entry that was sealed at this place"
                if stored.leaf != placed
                else self.times.judge(recorded_at)
            )
        if what is not None:
            self._fault("ledger_entry", entry_id, what, position=position, case=stored.case_number)
        return [
            (table, key, digest, entry_id, position, stored.case_number) for table, key, digest in records
        ]

    def _append(self, position: int, placed: str) -> None:
        try:
            self.tree.append(bytes.fromhex(placed))
        except ValueError:
            self._fault("ledger_leaf", position, "it holds no hash", position=position)
            self.tree.append(bytes(32))

    def _checkpoint(self, row: Any) -> None:
        size, root, frontier, note, _ = row
        self.findings.checkpoints += 1
        self.last_stated = max(self.last_stated, size)
        what = self._wrong(size, root, bytes(frontier), note)
        if what is not None:
            self._fault("ledger_checkpoint", size, what, position=max(0, min(size, self.tree.size) - 1))
        self.digests.state(size, root)

    def _wrong(self, size: int, root: str, frontier: bytes, note: str) -> str | None:
        try:
            stated = checkpoint.verify(note, self.keys)
        except checkpoint.Unreadable as wrong:
            return str(wrong)
        if (stated.size, stated.root.hex()) != (size, root):
            return f"its columns differ from the signed text (size {stated.size}, root {stated.root.hex()})"
        if size != self.tree.size:
            return f"it was signed over {size} entries, the log holds {self.tree.size}: the rest is gone"
        if root != self.tree.root().hex():
            return "the entries up to here do not give the root that was signed: one before was changed"
        if frontier != self.tree.encode():
            return "its frontier is not that of its leaves"
        return None

    def outside(self, file: Path) -> None:
        """Hold the checkpoints noted outside the database to those inside."""
        for note in noting.noted(file):
            try:
                stated = checkpoint.verify(note, self.keys)
            except checkpoint.Unreadable as wrong:
                self._fault(str(file), "note", f"{wrong}: {note[:120]!r}")
                continue
            inside = self.digests.stated(stated.size)
            if inside == stated.root.hex():
                continue
            if stated.size > self.tree.size:
                lost = stated.size - self.tree.size
                what = f"a log of {stated.size} entries was signed; {lost} at its end are gone"
            elif inside is None:
                what = "a checkpoint of this size was signed and is no longer in the database"
            else:
                what = "another root was signed for this size: the log was written anew"
            at = min(stated.size - 1, self.tree.size)
            self._fault("ledger_checkpoint", stated.size, what, position=max(0, at))

    async def unsealed(self) -> None:
        """Every entry without a place: its body, and that it waits for its seal."""
        async for page in _pages(self.db, _UNSEALED):
            records = []
            for entry_id, waiting, *columns in page:
                stored = Stored(*columns)
                self.findings.entries += 1
                what, held, _ = judge(stored)
                if what is None and waiting is None:
                    what = "it is neither sealed nor waiting for its seal"
                if what is not None:
                    self._fault("ledger_entry", entry_id, what, case=stored.case_number)
                records += [
                    (table, key, digest, entry_id, None, stored.case_number) for table, key, digest in held
                ]
            self.digests.record(records)
            self.tell()

    async def pending(self) -> None:
        """Everything that waits must exist and not be sealed yet."""
        async for page in _pages(self.db, _PENDING):
            for entry_id, found in page:
                what = (
                    "the entry that waits for its seal is gone"
                    if found is None
                    else "it waits, sealed already"
                )
                self._fault("ledger_pending", entry_id, what)

    def _fault(
        self, where: str, number: object, what: str, *, position: int | None = None, case: str | None = None
    ) -> None:
        self.findings.add(Fault(where=where, number=str(number), what=what, position=position, case=case))

    def tell(self) -> None:
        """Say how far it is, to whom it may concern."""
        if self.progress is not None:
            self.progress(self.findings.entries + self.findings.rows, self.total)


async def _flat(pages: AsyncIterator[list[Any]]) -> AsyncIterator[Any]:
    async for page in pages:
        for row in page:
            yield row
