"""How links are known: when, by which operation, and where the word of it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tortoise.queryset import QuerySet

from core.kit import Actor
from core.kit.provenance import Source
from core.lots import queries
from core.lots.models import LinkVoid, LotLink, Operation
from core.lots.terms import Direction, Genealogy, LinkFacts


async def links_into(actor: Actor, lot_ids: Iterable[int]) -> list[LinkFacts]:
    """Every link into these lots from lots that the actor may see, oldest first."""
    return sorted(await _seen(actor, "child_id", lot_ids), key=lambda one: (one.at, one.id))


async def links_at(actor: Actor, link_ids: Iterable[int]) -> list[LinkFacts]:
    """Those of these links that stand and whose lots the actor may see."""
    return await _seen(actor, "id", link_ids)


async def _seen(actor: Actor, column: str, keys: Iterable[int]) -> list[LinkFacts]:
    wanted = sorted(set(keys))
    found: list[LinkFacts] = []
    for start in range(0, len(wanted), queries.PART):
        found += await _facts(LotLink.filter(**{f"{column}__in": wanted[start : start + queries.PART]}))
    seen = await queries.openable(actor, {end for one in found for end in (one.parent_id, one.child_id)})
    return [one for one in found if {one.parent_id, one.child_id} <= seen]


async def with_sources(traced: Genealogy) -> Genealogy:
    """Answer a trace that says of each lot from where its links towards the traced one are known."""
    told: dict[int, str] = {}
    wanted = [one.id for one in traced.links]
    for start in range(0, len(wanted), queries.PART):
        rows = LotLink.filter(id__in=wanted[start : start + queries.PART], operation_id__not_isnull=True)
        known = await rows.exclude(operation__source=Source.PERSON.value).values_list(
            "id", "operation__source"
        )
        told |= {int(str(key)): str(source) for key, source in known}
    found: dict[tuple[Direction, int], set[str]] = {}
    for link in traced.links if told else ():
        if link.id in told:
            found.setdefault((Direction.DOWN, link.child_id), set()).add(told[link.id])
            found.setdefault((Direction.UP, link.parent_id), set()).add(told[link.id])
    return replace(traced, told={key: tuple(sorted(one)) for key, one in found.items()})


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
