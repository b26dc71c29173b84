"""What whoever signed gets in the hand: the place of the entry and a checkpoint over it, to hold us to."""

from __future__ import annotations

from dataclasses import dataclass

from core.ledger.models import LedgerCheckpoint, LedgerLeaf


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """An entry's place in the log and its leaf hash, with size and root of the first checkpoint that covers it."""

    position: int
    leaf: str
    size: int
    root: str


async def receipt(entry_id: int) -> Receipt | None:
    """Answer the receipt of an entry; None while it is not sealed."""
    leaf = await LedgerLeaf.get_or_none(entry_id=entry_id)
    if leaf is None:
        return None
    over = await LedgerCheckpoint.filter(size__gt=leaf.position).order_by("size").first()
    if over is None:
        return None
    return Receipt(position=leaf.position, leaf=leaf.leaf, size=over.size, root=over.root)
