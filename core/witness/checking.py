"""Everything that witnesses vouched for, held to the log: part of verifying the whole ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator

from core import ledger
from core.ledger import Fault, Stated, Unreadable, WitnessLine
from core.witness.models import Acknowledgement, Cosignature, Stamp, WitnessKey

_BATCH = 500


async def check() -> AsyncIterator[Fault]:
    """Yield what is wrong: a size and root that somebody vouched for and that the log has not, or a bad cosignature."""
    for table in (Acknowledgement, Stamp):
        after = 0
        while rows := await table.filter(id__gt=after).order_by("id").limit(_BATCH):
            for row in rows:
                if await _stated(row.size, row.root) is None:
                    yield _denied(table.table(), row.id, row.size, row.root)
            after = rows[-1].id
    async for wrong in _cosignatures():
        yield wrong


async def _stated(size: int, root: str) -> Stated | None:
    stated = await ledger.checkpoint_at(size)
    return stated if stated is not None and stated.root == root else None


def _denied(table: str, number: int, size: int, root: str) -> Fault:
    short = ledger.short_form(size, root)
    what = f"{short} was vouched for from outside, and the log has no such checkpoint: its past was rewritten"
    return Fault(where=table, number=str(number), what=what)


async def _cosignatures() -> AsyncIterator[Fault]:
    keys = {row.id: WitnessLine.parse(row.line) for row in await WitnessKey.all()}
    after = 0
    while rows := await Cosignature.filter(id__gt=after).order_by("id").limit(_BATCH):
        for row in rows:
            stated = await _stated(row.size, row.root)
            if stated is None:
                yield _denied("witness_cosignature", row.id, row.size, row.root)
                continue
            try:
                keys[row.key_id].verify(stated.note.partition("\n\n")[0] + "\n", row.line)
            except Unreadable as wrong:
                yield Fault(where="witness_cosignature", number=str(row.id), what=str(wrong))
        after = rows[-1].id
