"""Genealogy: which lots went into a lot and which came out of it. One recursive statement per direction."""

from __future__ import annotations

from decimal import Decimal

from tortoise import connections

from core import people
from core.kit import Actor, dialect
from core.kit.unit_of_work import ALIAS
from core.lots import policy, queries
from core.lots.models import Lot
from core.lots.terms import Direction, Genealogy, Impact, LotFacts, TraceLink, TraceNode, Walk

# UNION (not UNION ALL) keeps each lot once: the recursion visits every link once and ends on cycles. Lots out
# of scope are neither shown nor walked through. Links at the near side of each reached lot come with it in
# the same statement, also those that leave the scope, since they tell how much of a lot is left.
_WALK = """
WITH RECURSIVE reached(id) AS (
    SELECT l.id FROM lots_lot l WHERE l.id = $1 AND {seen}
    UNION
    SELECT l.id
    FROM reached r JOIN lots_link k ON k.{near} = r.id JOIN lots_lot l ON l.id = k.{far}
    WHERE {seen}
)
SELECT r.id AS lot_id, k.id AS link_id, k.parent_id, k.child_id, k.quantity, k.unit, k.process
FROM reached r LEFT JOIN lots_link k ON k.{near} = r.id
"""
_SEEN = """l.plant_id = $2 AND (CAST($3 AS BIGINT) IS NULL OR l.partner_id = $3 OR l.organisation_id = $3)"""
_ENDS = {Direction.DOWN: ("parent_id", "child_id"), Direction.UP: ("child_id", "parent_id")}


def statement(direction: Direction, speech: str) -> str:
    """Write the walk for a direction (UP or DOWN) and a database (``sqlite`` or ``postgres``)."""
    near, far = _ENDS[direction]
    text = _WALK.format(near=near, far=far, seen=_SEEN)
    return text.replace("$", "?") if speech == "sqlite" else text


async def walk(actor: Actor, lot_id: int, direction: Direction) -> Walk:
    """Reach every relative of a lot in one direction, inside what the actor may see."""
    scope = people.scope(actor)
    found = await connections.get(ALIAS).execute_query_dict(
        statement(direction, dialect()), [lot_id, scope.plant_id, scope.partner_id]
    )
    links = tuple(
        TraceLink(
            id=row["link_id"],
            parent_id=row["parent_id"],
            child_id=row["child_id"],
            quantity=Decimal(str(row["quantity"])),
            unit=row["unit"],
            process=row["process"],
        )
        for row in found
        if row["link_id"] is not None
    )
    return Walk(root_id=lot_id, links=links, reached=frozenset(row["lot_id"] for row in found))


async def trace_up(actor: Actor, lot_id: int) -> Genealogy:
    """Everything that went into a lot, back to the raw material, nearest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    return await _trace(actor, lot_id, Direction.UP)


async def trace_down(actor: Actor, lot_id: int) -> Genealogy:
    """Everything that was made from a lot, to the last place it reached, nearest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    return await _trace(actor, lot_id, Direction.DOWN)


async def trace_both(actor: Actor, lot_id: int) -> Genealogy:
    """Both directions at once. A lot on a loop stands on both sides.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    return await _trace(actor, lot_id, Direction.UP, Direction.DOWN)


async def impact(actor: Actor, lot_id: int) -> Impact:
    """What a suspect lot reached, itself included, and where what is left of it lies.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    return policy.impact(await trace_down(actor, lot_id))


async def _trace(actor: Actor, lot_id: int, *directions: Direction) -> Genealogy:
    await queries.get(actor, lot_id)
    walks = {direction: await walk(actor, lot_id, direction) for direction in directions}
    lots = await _lots(frozenset().union(*(found.reached for found in walks.values())))
    sides = [policy.nodes(found, direction, lots) for direction, found in walks.items()]
    root = sides[-1][0]
    others: list[TraceNode] = [node for side in sides for node in side[1:]]
    return Genealogy(root=root, nodes=(root, *others), links=policy.links_between(walks.values()))


async def _lots(ids: frozenset[int]) -> dict[int, LotFacts]:
    wanted = sorted(ids)
    rows: list[Lot] = []
    for start in range(0, len(wanted), 5000):  # bound parameters are limited on both databases
        rows += await Lot.filter(id__in=wanted[start : start + 5000])
    return {facts.id: facts for facts in await queries.facts_of(rows)}
