"""Reads of what was done to lots: how much is left of them, and by which operations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from core.kit import Actor
from core.lots import queries
from core.lots.models import LinkVoid, Lot, LotLink, Operation
from core.lots.terms import OperationFacts, OperationKind, TraceLink


async def left_of(lots: Iterable[Lot]) -> dict[int, Decimal]:
    """How much of each lot is left: its quantity less everything that was taken from it in its own unit."""
    rows = {lot.id: lot for lot in lots}
    left = {lot.id: lot.quantity for lot in rows.values()}
    wanted = sorted(rows)
    for start in range(0, len(wanted), queries.PART):
        taken = await LotLink.filter(parent_id__in=wanted[start : start + queries.PART])
        void = await _voided(taken)
        for link in taken:
            if link.id not in void and link.unit == rows[link.parent_id].unit:
                left[link.parent_id] -= link.quantity
    return {key: max(Decimal(0), value) for key, value in left.items()}


async def _voided(links: Iterable[LotLink]) -> set[int]:
    """Which of these links were recorded wrongly: they took nothing."""
    wanted = [one.id for one in links]
    found: set[int] = set()
    for start in range(0, len(wanted), queries.PART):
        found |= {
            one.link_id for one in await LinkVoid.filter(link_id__in=wanted[start : start + queries.PART])
        }
    return found


def facts_of(row: Operation, links: Iterable[LotLink]) -> OperationFacts:
    """Give an operation and its links as a frozen value."""
    return OperationFacts(
        id=row.id,
        kind=OperationKind(row.kind),
        process=row.process,
        reason=row.reason,
        at=row.at,
        recorded_at=row.recorded_at,
        person_id=row.person_id,
        links=tuple(
            TraceLink(
                id=link.id,
                parent_id=link.parent_id,
                child_id=link.child_id,
                quantity=link.quantity,
                unit=link.unit,
                process=link.process,
            )
            for link in links
        ),
        source=row.source,
        source_ref=row.source_ref,
        flags=tuple(row.flags),
    )


async def drawn_by(actor: Actor, operation_ids: Iterable[int]) -> dict[int, Decimal]:
    """How much these operations of the plant took of each lot, in the lot's own unit; voided links took nothing."""
    wanted = sorted(set(operation_ids))
    found: dict[int, Decimal] = defaultdict(Decimal)
    for start in range(0, len(wanted), queries.PART):
        links = await LotLink.filter(
            operation_id__in=wanted[start : start + queries.PART], plant_id=actor.plant_id
        )
        void = await _voided(links)
        for link in links:
            if link.id not in void:
                found[link.parent_id] += link.quantity
    return dict(found)


async def operations_on(actor: Actor, lot_id: int) -> list[OperationFacts]:
    """What was done to a lot that the actor may see, newest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    lot = await queries.get(actor, lot_id)
    near = await LotLink.filter(parent_id=lot.id) + await LotLink.filter(child_id=lot.id)
    wanted = {one.operation_id for one in near if one.operation_id is not None}
    links: dict[int, list[LotLink]] = defaultdict(list)
    found = await LotLink.filter(operation_id__in=wanted or {0}).order_by("id")
    ends = {one for link in found for one in (link.parent_id, link.child_id)}
    seen = await queries.openable(actor, ends)
    for link in found:
        if {link.parent_id, link.child_id} <= seen:
            links[link.operation_id or 0].append(link)
    rows = await Operation.filter(id__in=wanted or {0}).order_by("-at", "-id")
    return [facts_of(row, links[row.id]) for row in rows]
