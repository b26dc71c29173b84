"""Proving the whole log and every live record against it, in bounded memory, without the running application.

Run it from the command line or in a process of its own: on SQLite it holds the process's connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import connections
from tortoise.transactions import in_transaction

from core.kit.unit_of_work import ALIAS
from core.ledger import crew, reading, structure
from core.ledger.digests import Digests
from core.ledger.faults import KEPT, Fault, Findings, Report
from core.ledger.key_book import KeyBook
from core.ledger.legible import finished, to_the_end
from core.ledger.live_rows import OWN, compare
from core.ledger.walking import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from pathlib import Path

    from tortoise.backends.base.client import BaseDBAsyncClient

    from core.ledger.checkpoint import Verifier
    from core.ledger.key_book import KeyChange

_OUTSIDE = ("evidence_", "ledger_key", "signing_", "witness_")
"""Tables by which files, passkeys, key changes and witnesses are checked; without them there is nothing to check by."""


async def verify(
    *,
    verifiers: Iterable[Verifier],
    checkpoint_file: Path | None = None,
    blobs: AsyncIterator[Fault] | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: int = KEPT,
    rows: bool = True,
    workers: int | None = None,
) -> Report:
    """Verify every entry, leaf, checkpoint and regulated row on one snapshot of the database.

    ``checkpoint_file`` is the copy outside, by which a cut-off end is found; without it, it is not.
    ``blobs`` yields what is wrong besides, e.g. ``evidence.faults(store, ring)`` or ``witness.check()``.
    ``progress`` is told how many entries and rows are done, and how many there are. Of the faults the earliest
    ``keep`` are told, the others counted. Without ``rows`` the log is proven alone: entries, chain, tree and
    checkpoints, not what the rows of other tables hold. ``workers`` is how many other processes look at a part of
    the log each, as many as there are processors for a long log if it is not said. Every REGULATED model must be loaded.
    """
    findings = Findings(keep=keep)
    keys = tuple(verifiers)
    client = connections.get(ALIAS)
    with Digests() as digests:
        async with in_transaction(ALIAS) as db:
            if db.capabilities.dialect == "postgres":
                await db.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            lost = await structure.gone(db)
            for fault in lost.values():
                findings.add(fault)
            if lost.keys() & OWN:
                return findings.report()
            book = await _key_book(db, keys, findings)
            walk = Walk(db, book, findings, digests, progress, lost=frozenset(lost), rows=rows)
            leaves = await reading.count(db, "ledger_leaf")
            wanted = crew.hands(leaves) if workers is None else workers
            where = await crew.source(client, db, rows=rows) if wanted else None
            async with crew.crew(where, leaves, wanted) as walk.crew:
                walked = await _walked(walk, checkpoint_file)
            if rows and walked:
                await compare(db, digests, findings, walk.tell, lost=frozenset(lost))
            elif rows:
                what = (
                    "not compared, since the log could not be read to its end: see the fault about it first"
                )
                findings.add(Fault(where="every other table", number="", what=what))
    if blobs is not None and not any(table.startswith(_OUTSIDE) for table in lost):
        async for wrong in to_the_end("what is checked besides the log", blobs):
            findings.add(wrong)
    return findings.report()


async def _key_book(db: BaseDBAsyncClient, keys: tuple[Verifier, ...], findings: Findings) -> KeyBook:
    """Answer who may sign when; with the changes of key that can be read."""
    changes: list[KeyChange] = []

    async def read() -> None:
        changes.extend(await reading.key_changes(db))

    await finished("changes of the ledger's key", findings.add, read())
    book = KeyBook(keys, changes)
    for entry_id, position, what in book.unsigned:
        findings.add(Fault(where="ledger_entry", number=str(entry_id), what=what, position=position))
    return book


async def _walked(walk: Walk, checkpoint_file: Path | None) -> bool:
    """Go the whole way, each part though another broke off; answers whether every entry was read."""

    async def outside() -> None:
        if checkpoint_file is not None:
            walk.outside(checkpoint_file)

    async def key_file() -> None:
        swapped = walk.book.end()
        if swapped is not None:
            walk.findings.add(Fault(where="ledger key file", number="", what=swapped))

    ended = {
        name: await finished(name, walk.findings.add, step())
        for name, step in (
            ("ledger_leaf", walk.sealed),
            ("ledger checkpoint file", outside),
            ("ledger_entry", walk.unsealed),
            ("ledger_pending", walk.pending),
            ("ledger key file", key_file),
        )
    }
    return ended["ledger_leaf"] and ended["ledger_entry"]
