"""How links are known: when, by which operation, and where the word of it came from."""

from __future__ import annotations

from collections.abc import Iterable

from tortoise.queryset import QuerySet

from core.kit import Actor
from core.lots import queries
from core.lots.models import LinkVoid, LotLink, Operation
from core.lots.terms import LinkFacts


async def links_into(actor: Actor, lot_ids: Iterable[int]) -> list[LinkFacts]:
    """Every link into these lots from lots that the actor may see, oldest first."""
    wanted = sorted(set(lot_ids))
    found: list[LinkFacts] = []
    for start in range(0, len(wanted), queries.PART):
        found += await _facts(LotLink.filter(child_id__in=wanted[start : start + queries.PART]))
    seen = await queries.openable(actor, {end for one in found for end in (one.parent_id, one.child_id)})
    kept = [one for one in found if {one.parent_id, one.child_id} <= seen]
    return sorted(kept, key=lambda one: (one.at, one.id))


async def links_told(link_ids: Iterable[int]) -> dict[int, LinkFacts]:
    """How these links are known, for a trace that shows them already."""
    wanted = sorted(set(link_ids))
    found: dict[int, LinkFacts] = {}
    for start in range(0, len(wanted), queries.PART):
        rows = await _facts(LotLink.filter(id__in=wanted[start : start + queries.PART]))
        found |= {one.id: one for one in rows}
    return found


async def _facts(links: QuerySet[LotLink]) -> list[LinkFacts]:
    rows = await links.order_by("id")
    void = {one.link_id for one in await LinkVoid.filter(link_id__in=[row.id for row in rows] or [0])}
    operations = {one.operation_id for one in rows if one.operation_id is not None}
    known = {one.id: one for one in await Operation.filter(id__in=operations or {0})}
    return [
        LinkFacts(
            id=row.id,
            parent_id=row.parent_id,
            child_id=row.child_id,
            quantity=row.quantity,
            unit=row.unit,
            process=row.process,
            at=row.at,
            operation_id=row.operation_id,
            source=known[row.operation_id].source if row.operation_id in known else "",
            source_ref=known[row.operation_id].source_ref if row.operation_id in known else "",
        )
        for row in rows
        if row.id not in void
    ]
