"""Which lots of a genealogy are drawn and which are folded into "+n". Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.lots import Direction, Genealogy, LotStatus, TraceNode

MOST_LOTS = 40
DEEPEST = 6


@dataclass(kw_only=True)
class Twig:
    """A drawn lot with the drawn lots beyond it and what is folded there."""

    node: TraceNode
    beyond: list[Twig] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    folded: int = 0
    folded_held: int = 0


def grow(genealogy: Genealogy, direction: Direction, most: int) -> Twig:
    """Hang every lot of one side once under its nearest relative; keep at most ``most`` of them, root apart.

    Held lots are kept first, with the way to them, then nearer before farther. Further recorded ways to a lot
    are named in ``also`` (lot numbers). What is not drawn is counted at the drawn lot it hangs on.
    """
    side = {node.lot.id: node for node in (genealogy.root, *genealogy.side(direction))}
    near_of: dict[int, set[int]] = defaultdict(set)
    for link in genealogy.links:
        near, far = (
            (link.parent_id, link.child_id)
            if direction is Direction.DOWN
            else (link.child_id, link.parent_id)
        )
        if near in side and far in side:
            near_of[far].add(near)
    hung: dict[int, int] = {}
    for lot_id, node in side.items():
        nearer = [side[near] for near in near_of[lot_id] if side[near].depth == node.depth - 1]
        if nearer:
            hung[lot_id] = min(nearer, key=lambda near: near.lot.number).lot.id
    twigs = {lot_id: Twig(node=side[lot_id]) for lot_id in _chosen(side, hung, genealogy.root, most)}
    stands_at: dict[int, Twig] = {}
    for lot_id, node in side.items():  # nearest first, so what a lot hangs on is placed before it
        twig = stands_at[lot_id] = twigs.get(lot_id) or stands_at[hung[lot_id]]
        if lot_id not in twigs:
            lots, held = genealogy.folded.get((direction, lot_id), (0, 0))
            twig.folded += 1 + lots
            twig.folded_held += held + (node.lot.status is LotStatus.ON_HOLD)
            continue
        lots, held = genealogy.folded.get((direction, lot_id), (0, 0))
        twig.folded += lots
        twig.folded_held += held
        if lot_id in hung:
            twigs[hung[lot_id]].beyond.append(twig)
        twig.also = sorted(side[near].lot.number for near in near_of[lot_id] - {hung.get(lot_id), lot_id})
    return twigs[genealogy.root.lot.id]


def _chosen(side: dict[int, TraceNode], hung: dict[int, int], root: TraceNode, most: int) -> set[int]:
    drawn = {root.lot.id}
    order = sorted(
        (node for node in side.values() if node.depth <= DEEPEST),
        key=lambda node: (node.lot.status is not LotStatus.ON_HOLD, node.depth, node.lot.number),
    )
    for node in order:
        here, new = node.lot.id, set()
        while here not in drawn:
            new.add(here)
            here = hung[here]
        if len(drawn) - 1 + len(new) <= most:
            drawn |= new
    return drawn


def rows(twig: Twig, depth: int = 0) -> Iterator[tuple[Twig, int, Twig | None]]:
    """Walk the drawn lots beyond a twig in reading order: lot, indent, and the twig whose fold ends there.

    A lot comes as ``(twig, depth, None)``; the folded rest of a lot as ``(twig, depth + 1, twig)``.
    """
    for further in twig.beyond:
        yield further, depth + 1, None
        yield from rows(further, depth + 1)
    if twig.folded:
        yield twig, depth + 1, twig
