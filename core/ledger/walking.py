"""The way through the log: every leaf with its entry, every checkpoint at its size, what waits, the copy outside."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.kit.spoilt import SPOILT, reason
from core.ledger import checkpoint, noting, reading
from core.ledger.bodies import Stored, judge, moment
from core.ledger.faults import Fault
from core.ledger.live_rows import regulated
from core.ledger.merkle import HASH_SIZE, Frontier
from core.ledger.time_bounds import TimeBounds
from core.ledger.whole_pages import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tortoise.backends.base.client import BaseDBAsyncClient

    from core.ledger.digests import Digests, Held
    from core.ledger.faults import Findings
    from core.ledger.key_book import KeyBook
    from core.ledger.stretches import Ahead, Piece
    from core.ledger.whole_pages import Whole

_WAIT: Final = """
    ledger_pending p JOIN ledger_entry e ON e.id = p.entry_id LEFT JOIN ledger_leaf l ON l.entry_id = e.id
    WHERE l.entry_id IS NULL
"""


@dataclass
class Walk:
    """One way through the log, its checkpoints alongside; what is wrong goes to ``findings``."""

    db: BaseDBAsyncClient
    book: KeyBook
    findings: Findings
    digests: Digests
    progress: Callable[[int, int], None] | None
    lost: frozenset[str] = frozenset()
    """Tables that are not there to be counted."""
    rows: bool = True
    """Whether to keep what entries recorded of rows."""
    crew: Ahead | None = None
    """Others who look ahead."""

    def __post_init__(self) -> None:
        """Begin before the first leaf."""
        self.tree = Frontier()
        self.last_stated = self.total = self.expected = self.fitting = 0
        self.leaves: list[bytes] = []
        self.following: Any = None
        self.times = TimeBounds()

    async def sealed(self) -> None:
        """Every leaf in order with its entry, and every checkpoint where its size is reached."""
        for table in ("ledger_entry", *(one for one in regulated() if self.rows and one not in self.lost)):
            self.total += await reading.count(self.db, table)
        self._stated = reading.one_by_one(reading.pages(self.db, reading.CHECKPOINTS))
        await self._next()
        start = reading.EVERY_ROW
        while True:
            start, most = await self._ahead(start)
            rows = await reading.placed(self.db, start, most) if start <= reading.LAST else ()
            if not rows:
                break
            held: list[Held] = []
            found = whole(rows, self.expected)
            if found is not None:
                await self._whole(rows, found, held)
            else:
                for row in await reading.sealed(self.db, start, most):
                    await self._stated_up_to(self.findings.leaves)
                    self._leaf(row, held)
                self._grow()
            self.digests.record(held)
            self.tell()
            start = rows[-1][0] + 1
        while self.following is not None:
            self._checkpoint(self.following)
            await self._next()
        if self.last_stated < self.tree.size:
            what = f"only {self.last_stated} of {self.tree.size} leaves are under a signed checkpoint"
            self._fault("ledger_leaf", self.last_stated, what, position=self.last_stated)

    async def _next(self) -> None:
        """Go on to the checkpoint over the leaves that follow; None when no further one is there."""
        self.following = await anext(self._stated, None)
        if self.following is None:
            self.times.under(None)
            return
        try:
            self.times.under(moment(self.following[4]))
        except (ValueError, OverflowError) as wrong:
            self.times.under(None)
            what = f"when it was made cannot be read ({reason(wrong)})"
            self._fault("ledger_checkpoint", self.following[0], what)

    async def _stated_up_to(self, size: int) -> None:
        """Judge every checkpoint over no more than so many leaves."""
        if self.following is not None and self.following[0] <= size:
            self._grow()
        while self.following is not None and self.following[0] <= size:
            self._checkpoint(self.following)
            await self._next()

    async def _ahead(self, start: int) -> tuple[int, int | None]:
        """Take in what others looked at from a place on; answers the next place, and how many leaves to read there."""
        if self.crew is None:
            return start, None
        while start == self.expected == self.tree.size == self.findings.leaves:
            held: list[Held] = []
            for piece in await self.crew.take(start):
                if not await self._piece(piece, held):
                    break
            self.digests.record(held)
            if start == self.expected:
                break
            start = self.expected
            self.tell()
        return start, self.crew.free(start)

    async def _piece(self, piece: Piece, held: list[Held]) -> bool:
        """Take in leaves with which nothing is wrong; False if that must be looked at here."""
        await self._stated_up_to(self.findings.leaves)
        after = self.expected + piece.leaves
        if (self.following is not None and self.following[0] < after) or not self.times.passes(
            piece.earliest, piece.latest
        ):
            return False
        self.tree.join(piece.nodes)
        self.findings.leaves += piece.leaves
        self.findings.entries += piece.leaves
        held += [
            (entry_id, place, case, records)
            for place, (entry_id, case, records) in enumerate(piece.noted, self.expected)
        ]
        self.expected = after
        return True

    async def _whole(self, rows: Sequence[Any], page: Whole, held: list[Held]) -> None:
        """Take in a page with which nothing is wrong, its checkpoints where their sizes are reached."""
        first, at = self.expected, 0
        while at < len(rows):
            await self._stated_up_to(self.findings.leaves)
            covered = len(rows) if self.following is None else self.following[0] - self.findings.leaves + at
            end = min(len(rows), covered)
            self.tree.extend(page.leaves[at:end])
            self.findings.leaves += end - at
            self.findings.entries += end - at
            self._times(rows[at:end], page.recorded_at[at:end])
            at = end
        self.expected = first + len(rows)
        if self.rows:
            held += [
                (row[1], place, row[4], records)
                for place, (row, records) in enumerate(zip(rows, page.records, strict=True), first)
            ]

    def _times(self, rows: Sequence[Any], recorded: list[str]) -> None:
        if self.times.fit(recorded):
            return
        for row, at in zip(rows, recorded, strict=True):
            what = self.times.judge(at)
            if what is not None:
                self._fault("ledger_entry", row[1], what, position=row[0], case=row[4])

    def _grow(self) -> None:
        self.tree.extend(self.leaves)
        self.leaves.clear()

    def _leaf(self, row: Any, held: list[Held]) -> None:
        """Find out what is wrong with a leaf or its entry, if anything is."""
        position, entry_id, placed, found, *columns = row
        if position != self.expected:
            what: str | None = f"the place before it, {position - 1}, is missing"
            self._fault("ledger_leaf", position, str(what), position=self.expected)
        self.expected = position + 1
        self.findings.leaves += 1
        try:
            self.leaves.append(_hash(placed))
        except (ValueError, TypeError):
            self._fault("ledger_leaf", position, "it holds no hash", position=position)
            self.leaves.append(bytes(HASH_SIZE))
        if found is None:
            self._fault("ledger_entry", entry_id, "the sealed entry is gone", position=position)
            return
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
        held.append((entry_id, position, stored.case_number, records))

    def _checkpoint(self, row: Any) -> None:
        size, root, frontier, note, _ = row
        self.findings.checkpoints += 1
        self.last_stated = max(self.last_stated, size)
        try:
            what = self._wrong(size, root, frontier if type(frontier) is bytes else b"", note)
        except SPOILT as wrong:
            what = f"it cannot be read ({reason(wrong)})"
        if what is not None:
            self._fault("ledger_checkpoint", size, what, position=max(0, min(size, self.tree.size) - 1))
        else:
            self.digests.believe(note)
        self.digests.state(size, root)

    def _wrong(self, size: int, root: str, frontier: bytes, note: str) -> str | None:
        try:
            stated = checkpoint.verify(note, self.book.known)
        except checkpoint.UnknownSigner:
            return self.book.stranger(note)
        except checkpoint.Unreadable as wrong:
            return str(wrong)
        by = self.book.judge(note, size)
        if by is not None:
            return by
        if (stated.size, stated.root.hex()) != (size, root):
            return f"its columns differ from the signed text (size {stated.size}, root {stated.root.hex()})"
        if size != self.tree.size:
            return f"it was signed over {size} entries, the log holds {self.tree.size}: the rest is gone"
        if root != self.tree.root().hex():
            return self._other_root(size, root, frontier)
        self.fitting = size
        if frontier != self.tree.encode():
            return "its frontier is not that of its leaves"
        return None

    def _other_root(self, size: int, root: str, frontier: bytes) -> str:
        """Say between which places something was changed, and go on from what was signed.

        The frontier kept beside a checkpoint is believed only when it gives the signed root; then later checkpoints
        are judged by what came after this one, and only those are named over whose own entries something is wrong.
        """
        first = self.fitting
        with suppress(ValueError):
            signed = Frontier.decode(size, frontier)
            if signed.root().hex() == root:
                self.tree, self.fitting = signed, size
        return (
            f"the entries at the places {first} to {size - 1} do not give the root that was signed: "
            "one of them was changed or moved"
        )

    def outside(self, file: Path) -> None:
        """Hold the checkpoints noted outside the database to those inside."""
        for note in noting.noted(file):
            if self.digests.believed(note):
                continue
            try:
                stated = checkpoint.verify(note, self.book.known)
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
