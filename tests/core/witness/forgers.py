"""What somebody does who owns the database, the log's key and the file of noted checkpoints."""

from __future__ import annotations

from typing import Any

from core import ledger
from core.ledger import Signer
from core.ledger.models import LedgerEntry
from tests.core.ledger.logs import seal_all, without_guards

LOG = ("ledger_checkpoint", "ledger_leaf", "ledger_subtree", "ledger_pending")


async def _sealed_anew(db: Any, signer: Signer) -> None:
    """Throw the log away and seal what is left with the stolen key, noted outside as if it had always been so."""
    for table in LOG:
        await db.execute_query(f"DELETE FROM {table}")
    await db.execute_query("INSERT INTO ledger_pending SELECT id FROM ledger_entry")
    signer.checkpoint_file.unlink(missing_ok=True)
    await seal_all(signer)


async def rewrite(signer: Signer, entry_id: int, old: bytes, new: bytes) -> None:
    """Change one entry of long ago, and everything that would give it away."""
    entry = await LedgerEntry.get(id=entry_id)
    assert old in entry.body
    body = entry.body.replace(old, new)
    async with without_guards() as db:
        await LedgerEntry.filter(id=entry_id).update(body=body, leaf=ledger.leaf_hash(body))
        await _sealed_anew(db, signer)


async def truncate(signer: Signer, keep: int, *, and_rows: str) -> None:
    """Remove every entry behind the first ``keep``, the rows that they recorded, and every later checkpoint."""
    async with without_guards() as db:
        last = (await LedgerEntry.all().order_by("id").offset(keep).first()).id  # type: ignore[union-attr]
        await db.execute_query(and_rows)
        for table in LOG:
            await db.execute_query(f"DELETE FROM {table}")
        await db.execute_query(f"DELETE FROM ledger_entry WHERE id >= {last}")
        await _sealed_anew(db, signer)
