"""Sealing: waiting entries get their places in the Merkle log, in batches, under one signed checkpoint."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.kit.unit_of_work import dialect, is_open, unit_of_work
from core.ledger import noting
from core.ledger.key_changes import in_force
from core.ledger.merkle import Frontier, node_hash
from core.ledger.models import LedgerCheckpoint, LedgerLeaf, LedgerPending, LedgerSubtree
from core.ledger.recording import off_append, on_append

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient

    from core.ledger.keys import Signer

log = logging.getLogger(__name__)

BATCH: Final = 1000
SUBTREE: Final = 256
_DEPTH: Final = 8
_LEADER: Final = 0x6269_6875_616E  # "bihuan", the advisory lock that makes one sealer the leader
_COALESCE: Final = 0.05  # seconds in which a burst of commits becomes one batch
_IDLE: Final = 1.0  # seconds after which entries of other processes are looked for
_LONGEST: Final = 30.0  # seconds between attempts when sealing keeps failing
_WAITING: Final = """
    SELECT e.id AS id, e.leaf AS leaf
    FROM ledger_pending p JOIN ledger_entry e ON e.id = p.entry_id
    LEFT JOIN ledger_leaf l ON l.entry_id = p.entry_id
    WHERE l.entry_id IS NULL
    ORDER BY p.entry_id LIMIT {limit}
"""
_LEAVES_SQLITE: Final = "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (?, ?, ?)"
_LEAVES_POSTGRES: Final = """
    INSERT INTO ledger_leaf (position, entry_id, leaf)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS placed (position, entry_id, leaf) ORDER BY 1
"""


class LogCut(RuntimeError):  # noqa: N818  names what was found
    """The database contradicts the checkpoints noted outside it: no second history is signed.

    After restoring a backup on purpose: keep the file of noted checkpoints under another name as evidence.
    """


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """One batch: ``count`` entries took the positions below ``size``; ``note`` is the signed checkpoint."""

    count: int
    size: int
    root: str
    note: str


async def seal(signer: Signer, *, limit: int = BATCH) -> Sealed | None:
    """Seal at most ``limit`` waiting entries in one transaction; None when nothing waits.

    Then the checkpoint is noted in ``signer.checkpoint_file``, on the disk before this returns. Any process
    may call it at any time: one leads, the others wait. Never inside a unit of work.

    Raises:
        LogCut: the database contradicts the noted checkpoints.
        NoKeyInForce: no key of the file signs this log.
    """
    if is_open():
        msg = "sealing has a transaction of its own"
        raise RuntimeError(msg)
    if not await LedgerPending.exists():
        return None
    known = await asyncio.to_thread(noting.last_noted, signer.checkpoint_file)
    async with unit_of_work() as work:
        if dialect() == "postgres":
            await work.db.execute_query(f"SELECT pg_advisory_xact_lock({_LEADER})")
        last = await LedgerCheckpoint.all().order_by("-size").first()
        tree = Frontier.decode(last.size, last.frontier) if last else Frontier()
        if known is not None and (
            known.size > tree.size or (known.size == tree.size and known.root != tree.root())
        ):
            msg = (
                f"{signer.checkpoint_file} knows a log of {known.size} entries that this database, "
                f"with {tree.size}, does not continue; no second history is signed"
            )
            raise LogCut(msg)
        if await LedgerLeaf.filter(position__gte=tree.size).exists():
            msg = (
                f"places from {tree.size} on are taken without a checkpoint over them: somebody wrote past the sealer; "
                "bihuan ledger verify --all names them"
            )
            raise LogCut(msg)
        waiting = await work.db.execute_query_dict(_WAITING.format(limit=int(limit)))
        if not waiting:
            return None
        await _place(work.db, tree, [(row["id"], row["leaf"]) for row in waiting])
        keys = await in_force(signer, last.note if last else None)
        note = signer.checkpoint(tree.size, tree.root(), keys)
        await LedgerCheckpoint.create(
            size=tree.size, root=tree.root().hex(), frontier=tree.encode(), note=note, made_at=work.now
        )
        await _wait_no_more(work.db, [row["id"] for row in waiting])
    await asyncio.to_thread(noting.note, signer.checkpoint_file, note)
    return Sealed(count=len(waiting), size=tree.size, root=tree.root().hex(), note=note)


async def _place(db: BaseDBAsyncClient, tree: Frontier, waiting: list[tuple[int, str]]) -> None:
    leaves: list[tuple[int, int, str]] = []
    subtrees: list[LedgerSubtree] = []
    for entry_id, leaf in waiting:
        node = bytes.fromhex(leaf)
        leaves.append((tree.size, entry_id, leaf))
        if tree.size % SUBTREE == SUBTREE - 1:
            root = node
            for peak in reversed(tree.peaks[-_DEPTH:]):
                root = node_hash(peak, root)
            subtrees.append(LedgerSubtree(number=tree.size // SUBTREE, root=root.hex()))
        tree.append(node)
    if db.capabilities.dialect == "postgres":
        await db.execute_query(_LEAVES_POSTGRES, [list(column) for column in zip(*leaves, strict=True)])
    else:
        await db.execute_many(_LEAVES_SQLITE, [list(leaf) for leaf in leaves])
    if subtrees:
        await LedgerSubtree.bulk_create(subtrees)


async def _wait_no_more(db: BaseDBAsyncClient, entries: list[int]) -> None:
    if db.capabilities.dialect == "postgres":
        await db.execute_query("DELETE FROM ledger_pending WHERE entry_id = ANY($1::bigint[])", [entries])
    else:
        await db.execute_many("DELETE FROM ledger_pending WHERE entry_id = ?", [[one] for one in entries])


async def note_latest(signer: Signer) -> None:
    """Note the latest checkpoint outside, if a process ended between its commit and its note."""
    last = await LedgerCheckpoint.all().order_by("-size").first()
    known = await asyncio.to_thread(noting.last_noted, signer.checkpoint_file)
    if last is not None and (known is None or known.size < last.size):
        await asyncio.to_thread(noting.note, signer.checkpoint_file, last.note)


class Sealer:
    """Seals in the background of a process: woken by every commit that appended, batching what came since."""

    def __init__(self, signer: Signer, *, limit: int = BATCH) -> None:
        """Seal with these keys, at most ``limit`` entries to a checkpoint."""
        self._signer = signer
        self._limit = limit
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._turn = asyncio.Lock()

    def wake(self) -> None:
        """Say that something waits; quick, called after commits."""
        self._woken.set()

    async def seal_now(self) -> Sealed | None:
        """Seal everything that waits and answer the last batch; None when nothing waited.

        When it returns, every entry committed before the call is sealed and noted.

        Raises:
            LogCut: the database contradicts the noted checkpoints.
        """
        async with self._turn:
            latest: Sealed | None = None
            while batch := await seal(self._signer, limit=self._limit):
                latest = batch
                if batch.count < self._limit:
                    break
            return latest

    async def run(self) -> None:
        """Seal until ``stop``; a failure is logged and tried again, it never ends the loop."""
        on_append(self.wake)
        pause = _IDLE
        try:
            while not self._stopping.is_set():
                try:
                    await note_latest(self._signer)
                    await self._rounds()
                except Exception:
                    log.exception("sealing failed, trying again in %s s", pause)
                    await _within(self._stopping, pause)
                    pause = min(pause * 2, _LONGEST)
                else:
                    pause = _IDLE
        finally:
            off_append(self.wake)

    async def stop(self) -> None:
        """Have ``run`` end after the batch in hand, and seal what still waits; what fails is only logged."""
        self._stopping.set()
        self._woken.set()
        try:
            await self.seal_now()
        except Exception:
            log.exception("the last entries stay unsealed until the next start")

    async def _rounds(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            await self.seal_now()
            if await _within(self._woken, _IDLE):
                await _within(self._stopping, _COALESCE)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
