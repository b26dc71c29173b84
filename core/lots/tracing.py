"""Genealogy: which lots went into a lot and which came out of it. One recursive statement per direction."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ParamSpec, TypeVar

from core import people, products
from core.kit import Actor, Level, Module, NotFound, Permission, clock
from core.lots import flows, queries, remembered
from core.lots.reaching import Reach, arranged, listed
from core.lots.terms import (
    Carried,
    Direction,
    Genealogy,
    LotFacts,
    LotStatus,
    TraceLink,
    TraceNode,
    Way,
)
from core.lots.walking import (
    ID,
    MADE,
    MAKER,
    NUMBER,
    PARTNER,
    PLACE,
    PROCESS,
    PRODUCT,
    SITE,
    STATUS,
    UNIT,
    Walk,
    walk,
)

EVERYTHING = 10**9
"""So many lots are listed unless fewer are asked for: all."""
P = ParamSpec("P")
R = TypeVar("R")
Side = tuple[Reach, Collection[int], Mapping[int, tuple[int, int]]]
"""One direction, which of its lots are listed, and what is folded beyond those."""
MANY = 5000
"""From so many links on, what follows from them is worked out in a thread."""


async def trace(
    actor: Actor,
    lot_id: int,
    way: Way,
    *,
    as_of: dt.datetime | None = None,
    stop_at_held: bool = False,
    most: int = EVERYTHING,
) -> Genealogy:
    """A lot's relatives one way or both, nearest first, each once a direction. A lot on a loop stands on both sides.

    ``as_of`` shows what had happened by then: lots made and links recorded for a time up to it, in their present
    state. ``stop_at_held`` shows held lots and goes no further there. Of more than ``most`` lots a direction the
    nearest are listed, with held ones wherever they are; the others are counted.

    Raises:
        NotFound: no such lot in the actor's scope, or it was made after ``as_of``.
    """
    reaches = await reach(actor, lot_id, way, as_of=as_of, stop_at_held=stop_at_held)
    return await genealogy(actor, reaches, most=most, as_of=as_of)


async def reach(
    actor: Actor,
    lot_id: int,
    way: Way,
    *,
    as_of: dt.datetime | None = None,
    stop_at_held: bool = False,
) -> list[Reach]:
    """The same without names and details, for lists of any length; one for each direction, origin first.

    Raises:
        NotFound: no such lot in the actor's scope, or it was made after ``as_of``.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    if scope.by_case:
        await queries.get(actor, lot_id)
    found: list[Reach] = []
    for direction in way.directions:
        walked = await walk(scope, lot_id, direction, as_of=as_of, stop_at_held=stop_at_held)
        if lot_id not in walked.rows:
            raise NotFound(what=f"#{lot_id}")
        if direction is Direction.DOWN and len(walked.rows) >= remembered.LARGE:
            remembered.wanted()
        found.append(await aside(len(walked.links), arranged, walked))
    return found


async def trace_up(actor: Actor, lot_id: int) -> Genealogy:
    """Everything that went into a lot, back to the raw material, nearest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    return await trace(actor, lot_id, Way.UP)


async def trace_down(actor: Actor, lot_id: int) -> Genealogy:
    """Everything that was made from a lot, to the last place it reached, nearest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    return await trace(actor, lot_id, Way.DOWN)


async def trace_both(actor: Actor, lot_id: int) -> Genealogy:
    """Both directions at once. A lot on a loop stands on both sides.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    return await trace(actor, lot_id, Way.BOTH)


async def affected(actor: Actor, lot_id: int) -> list[int]:
    """A suspect lot and everything made from it that still exists, nearest first; the lot itself always counts.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    if scope.partner_id is None and not scope.by_case:
        known = await remembered.reached(scope.plant_id, lot_id)
        if known is not None:
            if not known.distance:
                raise NotFound(what=f"#{lot_id}")
            return [lot for lot in known.distance if lot == lot_id or lot not in known.scrapped]
    (down,) = await reach(actor, lot_id, Way.DOWN)
    return [
        lot for lot, status in down.statuses().items() if lot == lot_id or status is not LotStatus.SCRAPPED
    ]


async def genealogy(
    actor: Actor, reaches: Sequence[Reach], *, most: int = EVERYTHING, as_of: dt.datetime | None = None
) -> Genealogy:
    """Look up names and details of what was reached, of at most so many lots a direction (and held ones)."""
    return await told(actor, [await shortened(one, most) for one in reaches], as_of=as_of)


async def shortened(one: Reach, most: int) -> Side:
    """Choose which lots of one direction are listed."""
    return one, *await aside(len(one.links), listed, one, most, held(one))


async def told(actor: Actor, chosen: Sequence[Side], *, as_of: dt.datetime | None = None) -> Genealogy:
    """Look up names and details of the listed lots of each direction."""
    rows = {lot: one.walk for one, some, _ in chosen for lot in some}
    facts = await _facts_of(actor.plant_id, rows)
    root = chosen[-1][0].walk.root_id
    sides: list[tuple[TraceNode, ...]] = []
    for one, some, _ in chosen:
        carried = await aside(len(one.links), _carried, one, some)
        sides.append(tuple(_node(one, lot, facts[lot], carried[lot]) for lot in one.order if lot in some))
    top = sides[-1][0]
    nodes = [node for side in sides for node in side if node.lot.id != root]
    links = {
        link[0]: link for one, some, _ in chosen for link in one.links if link[1] in some and link[2] in some
    }
    return Genealogy(
        root=top,
        nodes=(top, *nodes),
        links=tuple(_link(links[key]) for key in sorted(links)),
        folded={
            (one.walk.direction, lot): counts for one, _, folded in chosen for lot, counts in folded.items()
        },
        stopped=frozenset().union(*(one.walk.stopped for one, _, _ in chosen)),
        as_of=as_of,
    )


def held(reach: Reach) -> frozenset[int]:
    """Which of the reached lots are on hold."""
    on_hold = LotStatus.ON_HOLD.value
    return frozenset(lot for lot, row in reach.walk.rows.items() if row[STATUS] == on_hold)


async def aside(links: int, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Work something out; beside the event loop where it is much."""
    return work(*args, **kwargs) if links < MANY else await asyncio.to_thread(work, *args, **kwargs)


def _carried(reach: Reach, some: Collection[int]) -> dict[int, Carried | None]:
    """Answer the shares of the listed lots, and have all else worked out that their nodes say."""
    if reach.walk.direction is Direction.DOWN:
        _ = reach.remaining
    _ = reach.into
    return reach.carried(some)


def _node(reach: Reach, lot_id: int, facts: LotFacts, carried: Carried | None) -> TraceNode:
    direction = reach.walk.direction
    return TraceNode(
        lot=facts,
        direction=Direction.ROOT if lot_id == reach.walk.root_id else direction,
        depth=reach.distance[lot_id],
        contributed=flows.quantities(reach.into.get(lot_id)),
        carried=carried,
        left=flows.decimal(reach.remaining[lot_id]) if direction is Direction.DOWN else None,
    )


def _link(link: flows.Link) -> TraceLink:
    key, parent, child, amount, unit, process = link
    return TraceLink(
        id=key,
        parent_id=parent,
        child_id=child,
        quantity=flows.decimal(amount),
        unit=unit,
        process=process,
    )


async def _facts_of(plant_id: int, walks: Mapping[int, Walk]) -> dict[int, LotFacts]:
    """Turn rows of walks into facts with product and maker, in two look-ups for any number of rows."""
    known = await products.facts_of({walk.rows[lot][PRODUCT] for lot, walk in walks.items()})
    names = await queries.makers(plant_id)
    return {
        lot: LotFacts(
            id=row[ID],
            plant_id=plant_id,
            number=row[NUMBER],
            product=known[row[PRODUCT]],
            organisation_id=row[MAKER],
            organisation_zh=names.get(row[MAKER], queries.NOBODY)[0],
            organisation_en=names.get(row[MAKER], queries.NOBODY)[1],
            partner_id=row[PARTNER],
            site_id=row[SITE],
            place=row[PLACE],
            quantity=flows.decimal(walk.size_of(lot)[0]),
            unit=row[UNIT],
            status=LotStatus(row[STATUS]),
            made_at=clock.moment(row[MADE]),
            process=row[PROCESS],
        )
        for lot, walk in walks.items()
        for row in (walk.rows[lot],)
    }
