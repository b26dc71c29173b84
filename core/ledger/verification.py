"""Proving the whole log and every live record against it, in bounded memory, without the running application.

Run it from the command line or in a process of its own: on SQLite it holds the process's connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from core.kit.unit_of_work import ALIAS
from core.ledger import reading, structure
from core.ledger.digests import Digests
from core.ledger.faults import KEPT, Fault, Findings, Report
from core.ledger.key_book import KeyBook
from core.ledger.live_rows import OWN, compare
from core.ledger.walking import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from pathlib import Path

    from core.ledger.checkpoint import Verifier

_OUTSIDE = ("evidence_", "ledger_key", "signing_", "witness_")
"""Tables by which files, passkeys, key changes and witnesses are checked; without them there is nothing to check by."""


async def verify(
    *,
    verifiers: Iterable[Verifier],
    checkpoint_file: Path | None = None,
    blobs: AsyncIterator[object] | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: int = KEPT,
    rows: bool = True,
) -> Report:
    """Verify every entry, leaf, checkpoint and regulated row on one snapshot of the database.

    ``checkpoint_file`` is the copy outside, by which a cut-off end is found; without it, it is not.
    ``blobs`` yields what is wrong besides, e.g. ``evidence.check(store, ring)`` or the faults of ``witness.check()``.
    ``progress`` is told how many entries and rows are done, and how many there are. Of the faults the earliest
    ``keep`` are told, the others counted. Without ``rows`` the log is proven alone: entries, chain, tree and
    checkpoints, not what the rows of other tables hold. Every REGULATED model must be loaded.
    """
    findings = Findings(keep=keep)
    keys = tuple(verifiers)
    with Digests() as digests:
        async with in_transaction(ALIAS) as db:
            if db.capabilities.dialect == "postgres":
                await db.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            lost = await structure.gone(db)
            for fault in lost.values():
                findings.add(fault)
            if lost.keys() & OWN:
                return findings.report()
            book = KeyBook(keys, await reading.key_changes(db))
            for entry_id, position, what in book.unsigned:
                findings.add(Fault(where="ledger_entry", number=str(entry_id), what=what, position=position))
            walk = Walk(db, book, findings, digests, progress, lost=frozenset(lost), rows=rows)
            await walk.sealed()
            if checkpoint_file is not None:
                walk.outside(checkpoint_file)
            await walk.unsealed()
            await walk.pending()
            swapped = book.end()
            if swapped is not None:
                findings.add(Fault(where="ledger key file", number="", what=swapped))
            if rows:
                await compare(db, digests, findings, walk.tell, lost=frozenset(lost))
    if blobs is not None and not any(table.startswith(_OUTSIDE) for table in lost):
        async for wrong in blobs:
            findings.add(
                wrong if isinstance(wrong, Fault) else Fault(where="evidence", number="", what=str(wrong))
            )
    return findings.report()
