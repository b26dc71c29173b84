"""Everything that witnesses vouched for, held to the log: part of verifying the whole ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator

from core import ledger
from core.ledger import Fault, Stated, WitnessLine
from core.witness.models import Acknowledgement, Cosignature, Stamp, WitnessKey


async def check() -> AsyncIterator[Fault]:
    """Yield what is wrong: a size and root that somebody vouched for and that the log has not, or a bad cosignature."""
    async for one in ledger.legible(Acknowledgement):
        denied = one if isinstance(one, Fault) else await _vouched(one.table(), one.id, one.size, one.root)
        if denied is not None:
            yield denied
    async for stamp in ledger.legible(Stamp):
        denied = (
            stamp
            if isinstance(stamp, Fault)
            else await _vouched(stamp.table(), stamp.id, stamp.size, stamp.root)
        )
        if denied is not None:
            yield denied
    async for wrong in _cosignatures():
        yield wrong


async def _vouched(table: str, number: int, size: int, root: str) -> Fault | None:
    stated = await _stated(size, root)
    if isinstance(stated, Fault):
        return stated
    return _denied(table, number, size, root) if stated is None else None


async def _stated(size: int, root: str) -> Stated | Fault | None:
    """Answer the checkpoint of this size and root, None without one, or that it cannot be read."""
    try:
        stated = await ledger.checkpoint_at(size)
    except ledger.SPOILT as wrong:
        return ledger.spoilt("ledger_checkpoint", size, wrong)
    return stated if stated is not None and stated.root == root else None


def _denied(table: str, number: int, size: int, root: str) -> Fault:
    short = ledger.short_form(size, root)
    what = f"{short} was vouched for from outside, and the log has no such checkpoint: its past was rewritten"
    return Fault(where=table, number=str(number), what=what)


async def _cosignatures() -> AsyncIterator[Fault]:
    keys: dict[int, WitnessLine] = {}
    async for key in ledger.legible(WitnessKey):
        if isinstance(key, Fault):
            yield key
            continue
        try:
            keys[key.id] = WitnessLine.parse(key.line)
        except ledger.SPOILT as wrong:
            yield ledger.spoilt(WitnessKey.table(), key.id, wrong)
    async for row in ledger.legible(Cosignature):
        wrong_with = row if isinstance(row, Fault) else await _wrong(row, keys.get(row.key_id))
        if wrong_with is not None:
            yield wrong_with


async def _wrong(row: Cosignature, key: WitnessLine | None) -> Fault | None:
    stated = await _stated(row.size, row.root)
    if isinstance(stated, Fault):
        return stated
    if stated is None:
        return _denied(row.table(), row.id, row.size, row.root)
    if key is None:
        what = f"the key {row.key_id} that it was made with is gone or cannot be read"
        return Fault(where=row.table(), number=str(row.id), what=what)
    try:
        key.verify(stated.note.partition("\n\n")[0] + "\n", row.line)
    except ledger.SPOILT as wrong:
        return Fault(where=row.table(), number=str(row.id), what=str(wrong))
    return None
