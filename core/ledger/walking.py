"""The way through the log: every leaf with its entry, every checkpoint at its size, what waits, the copy outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.ledger import checkpoint, noting, reading
from core.ledger.bodies import Stored, judge, moment, sound
from core.ledger.faults import Fault
from core.ledger.live_rows import regulated
from core.ledger.merkle import HASH_SIZE, Frontier
from core.ledger.time_bounds import TimeBounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tortoise.backends.base.client import BaseDBAsyncClient

    from core.ledger.checkpoint import Verifier
    from core.ledger.digests import Digests, Held
    from core.ledger.faults import Findings

_WAIT: Final = """
    ledger_pending p JOIN ledger_entry e ON e.id = p.entry_id LEFT JOIN ledger_leaf l ON l.entry_id = e.id
    WHERE l.entry_id IS NULL
"""


@dataclass
class Walk:
    """One way through the log, its checkpoints alongside; what is wrong goes to ``findings``."""

    db: BaseDBAsyncClient
    keys: tuple[Verifier, ...]
    findings: Findings
    digests: Digests
    progress: Callable[[int, int], None] | None
    lost: frozenset[str] = frozenset()
    """Tables that are not there to be counted."""

    def __post_init__(self) -> None:
        """Begin before the first leaf."""
        self.tree = Frontier()
        self.last_stated = self.total = self.expected = 0
        self.leaves: list[bytes] = []
        self.times = TimeBounds()

    async def sealed(self) -> None:
        """Every leaf in order with its entry, and every checkpoint where its size is reached."""
        for table in ("ledger_entry", *(one for one in regulated() if one not in self.lost)):
            self.total += await reading.count(self.db, table)
        stated = reading.one_by_one(reading.pages(self.db, reading.CHECKPOINTS))
        following = await self._next(stated)
        async for page in reading.pages(self.db, reading.SEALED):
            held: list[Held] = []
            for row in page:
                if following is not None and following[0] <= self.findings.leaves:
                    self._grow()
                while following is not None and following[0] <= self.findings.leaves:
                    self._checkpoint(following)
                    following = await self._next(stated)
                self._leaf(row, held)
            self._grow()
            self.digests.record(held)
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

    def _grow(self) -> None:
        self.tree.extend(self.leaves)
        self.leaves.clear()

    def _leaf(self, row: Any, held: list[Held]) -> None:
        position, entry_id, placed, found, *stored = row
        if position != self.expected:
            what = f"the place before it, {position - 1}, is missing"
            self._fault("ledger_leaf", position, what, position=self.expected)
        self.expected = position + 1
        self.findings.leaves += 1
        quick = sound(stored) if found is not None and stored[-1] == placed else None
        if quick is None:
            self._closer(position, entry_id, placed, Stored(*stored) if found is not None else None, held)
            return
        leaf, records, recorded_at = quick
        self.findings.entries += 1
        self.leaves.append(leaf)
        held.append((entry_id, position, stored[2], records))
        what_of_time = self.times.judge(recorded_at)
        if what_of_time is not None:
            self._fault("ledger_entry", entry_id, what_of_time, position=position, case=stored[2])

    def _closer(
        self, position: int, entry_id: int, placed: str, stored: Stored | None, held: list[Held]
    ) -> None:
        """Find out what is wrong with an entry at its place."""
        try:
            self.leaves.append(_hash(placed))
        except ValueError:
            self._fault("ledger_leaf", position, "it holds no hash", position=position)
            self.leaves.append(bytes(HASH_SIZE))
        if stored is None:
            self._fault("ledger_entry", entry_id, "the sealed entry is gone", position=position)
            return
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
        held.append((entry_id, position, stored.case_number, records))

    def _checkpoint(self, row: Any) -> None:
        size, root, frontier, note, _ = row
        self.findings.checkpoints += 1
        self.last_stated = max(self.last_stated, size)
        what = self._wrong(size, root, bytes(frontier), note)
        if what is not None:
            self._fault("ledger_checkpoint", size, what, position=max(0, min(size, self.tree.size) - 1))
        else:
            self.digests.believe(note)
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
            if self.digests.believed(note):
                continue
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
        outside = await reading.count(self.db, "ledger_entry") - self.findings.entries
        if not outside:
            return
        statement = reading.WAITING if outside == await reading.count(self.db, _WAIT) else reading.UNSEALED
        async for page in reading.pages(self.db, statement):
            held: list[Held] = []
            for entry_id, waiting, *columns in page:
                stored = Stored(*columns)
                self.findings.entries += 1
                what, records, _ = judge(stored)
                if what is None and waiting is None:
                    what = "it is neither sealed nor waiting for its seal"
                if what is not None:
                    self._fault("ledger_entry", entry_id, what, case=stored.case_number)
                held.append((entry_id, None, stored.case_number, records))
            self.digests.record(held)
            self.tell()

    async def pending(self) -> None:
        """Everything that waits must exist and not be sealed yet."""
        async for page in reading.pages(self.db, reading.PENDING):
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


def _hash(text: str) -> bytes:
    """Read a stored leaf hash.

    Raises:
        ValueError: it is none.
    """
    read = bytes.fromhex(text)
    if len(read) != HASH_SIZE:
        msg = f"{len(read)} bytes are no hash"
        raise ValueError(msg)
    return read
