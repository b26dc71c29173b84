"""Decisions of the lots room: pure, facts in, decision or refusal out."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from core.kit import quantity
from core.kit.quantity import Quantity
from core.lots.errors import AlreadyDecided, LotOnHold, LotScrapped, PlacerDecides
from core.lots.terms import (
    Direction,
    Disposition,
    Genealogy,
    HoldFacts,
    Impact,
    LotFacts,
    LotStatus,
    Total,
    TraceLink,
    TraceNode,
    Walk,
)

_STRICTNESS = {LotStatus.QUARANTINED: 1, LotStatus.SCRAPPED: 2}
_NEEDS_WORK = {Disposition.REWORK, Disposition.SORT, Disposition.RETURN}


def amount(value: Decimal) -> Decimal:
    """Hold a quantity to what can be stored exactly: finite, above zero, at most 6 decimals, below 10^12.

    Raises:
        NotAQuantity: not finite, too fine or too large.
        NotPositive: zero or below.
    """
    return quantity.parse(format(value, "f"))


def may_leave(number: str, status: LotStatus) -> None:
    """Allow a lot to go into another lot or to another organisation.

    Raises:
        LotOnHold: a hold on it is open.
        LotScrapped: it was scrapped.
    """
    if status is LotStatus.ON_HOLD:
        raise LotOnHold(number=number)
    if status is LotStatus.SCRAPPED:
        raise LotScrapped(number=number)


def may_decide(hold: HoldFacts, person_id: int | None) -> None:
    """Allow a person to decide a hold.

    Raises:
        AlreadyDecided: it has its decision.
        PlacerDecides: the same person placed it, or no person did: a decision takes two people.
    """
    if hold.decision is not None:
        raise AlreadyDecided(number=hold.lot_number)
    if hold.placed_by is None or person_id in (None, hold.placed_by):
        raise PlacerDecides(number=hold.lot_number)


def status_after(holds: Sequence[HoldFacts]) -> LotStatus:
    """Answer the status of a lot from all its holds, oldest first.

    Open holds keep it held. Once all holds since it last was free are decided, the strictest decision wins:
    scrap over whatever needs work and a new inspection (rework, sort, return) over going back to what it was.
    """
    if any(hold.decision is None for hold in holds):
        return LotStatus.ON_HOLD
    start = max(index for index, hold in enumerate(holds) if hold.status_before is not LotStatus.ON_HOLD)
    outcomes = [holds[start].status_before]
    for hold in holds[start:]:
        if hold.decision is Disposition.SCRAP:
            outcomes.append(LotStatus.SCRAPPED)
        elif hold.decision in _NEEDS_WORK:
            outcomes.append(LotStatus.QUARANTINED)
    return max(outcomes, key=lambda status: _STRICTNESS.get(status, 0))


def depths(walk: Walk, direction: Direction) -> dict[int, int]:
    """Answer the fewest steps from the root to every reached lot; links beyond the reach do not count."""
    onward: dict[int, list[int]] = defaultdict(list)
    for link in walk.links:
        near, far = (
            (link.parent_id, link.child_id)
            if direction is Direction.DOWN
            else (link.child_id, link.parent_id)
        )
        if far in walk.reached:
            onward[near].append(far)
    found = {walk.root_id: 0}
    waiting = deque([walk.root_id])
    while waiting:
        here = waiting.popleft()
        for lot in onward[here]:
            if lot not in found:
                found[lot] = found[here] + 1
                waiting.append(lot)
    return found


def nodes(walk: Walk, direction: Direction, lots: Mapping[int, LotFacts]) -> list[TraceNode]:
    """Make the nodes of one direction, root first, by depth and then by number."""
    inside = [link for link in walk.links if {link.parent_id, link.child_id} <= walk.reached]
    flow: dict[int, list[Quantity]] = defaultdict(list)
    for link in inside:
        far = link.child_id if direction is Direction.DOWN else link.parent_id
        flow[far].append(Quantity(amount=link.quantity, unit=link.unit))
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for link in walk.links:
        if link.parent_id in lots and link.unit == lots[link.parent_id].unit:
            taken[link.parent_id] += link.quantity
    made = [
        TraceNode(
            lot=lots[lot_id],
            direction=Direction.ROOT if lot_id == walk.root_id else direction,
            depth=depth,
            contributed=summed(flow[lot_id]),
            left=max(Decimal(0), lots[lot_id].quantity - taken[lot_id])
            if direction is Direction.DOWN
            else None,
        )
        for lot_id, depth in depths(walk, direction).items()
    ]
    return sorted(made, key=lambda node: (node.depth, node.lot.number))


def summed(parts: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Add quantities up per unit, in the order of the units' names; nothing gives an empty tuple."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        totals[part.unit] += part.amount
    return tuple(Quantity(amount=totals[unit], unit=unit) for unit in sorted(totals))


def impact(genealogy: Genealogy) -> Impact:
    """Add up what a suspect lot reached, itself included: by unit, by place and by status."""
    reached = [genealogy.root, *genealogy.side(Direction.DOWN)]
    present = [node for node in reached if node.left]
    return Impact(
        genealogy=genealogy,
        lots=len(reached),
        held=_held(reached),
        used_up=len(reached) - len(present),
        quantities=_left(present),
        by_place=_totals(present, {node.lot.id: node.lot.place for node in present}),
        by_status=_totals(present, {node.lot.id: node.lot.status.value for node in present}),
    )


def _totals(present: list[TraceNode], names: Mapping[int, str]) -> tuple[Total, ...]:
    grouped: dict[str, list[TraceNode]] = defaultdict(list)
    for node in present:
        grouped[names[node.lot.id]].append(node)
    made = [
        Total(name=name, lots=len(group), held=_held(group), quantities=_left(group))
        for name, group in grouped.items()
    ]
    return tuple(sorted(made, key=lambda total: (-total.lots, total.name)))


def _held(group: Iterable[TraceNode]) -> int:
    return sum(node.lot.status is LotStatus.ON_HOLD for node in group)


def _left(group: Iterable[TraceNode]) -> tuple[Quantity, ...]:
    return summed(Quantity(amount=node.left or Decimal(0), unit=node.lot.unit) for node in group)


def links_between(walks: Iterable[Walk]) -> tuple[TraceLink, ...]:
    """Answer every link between reached lots once, by id."""
    found = {
        link.id: link
        for walk in walks
        for link in walk.links
        if {link.parent_id, link.child_id} <= walk.reached
    }
    return tuple(found[key] for key in sorted(found))
