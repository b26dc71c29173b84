"""What a suspect lot reached, added up: how much of it is left, where, in which state."""

from __future__ import annotations

import datetime as dt

from core import people
from core.kit import Actor, Level, Module, Permission
from core.lots import adding, far, tracing
from core.lots.reaching import Reach
from core.lots.terms import Genealogy, Impact, Way


async def impact(actor: Actor, lot_id: int, *, most: int = tracing.EVERYTHING) -> Impact:
    """What a suspect lot reached, itself included, and where what is left of it lies; at most so many lots listed.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    known = await _far(actor, lot_id, most)
    if known is None:
        (down,) = await tracing.reach(actor, lot_id, Way.DOWN)
        return await _of_rows(actor, down, most=most)
    return _impact(await tracing.told(actor, [(known.near, known.listed, known.folded)]), known.sums)


async def overview(
    actor: Actor,
    lot_id: int,
    way: Way,
    *,
    most: int,
    as_of: dt.datetime | None = None,
    stop_at_held: bool = False,
) -> tuple[Genealogy, Impact | None]:
    """A lot's relatives as ``trace`` tells them and, unless only upwards, what it reached, with no lot listed again.

    Raises:
        NotFound: no such lot in the actor's scope, or it was made after ``as_of``.
    """
    known = None
    if as_of is None and not stop_at_held and way is not Way.UP:
        known = await _far(actor, lot_id, most)
    if known is None:
        reaches = await tracing.reach(actor, lot_id, way, as_of=as_of, stop_at_held=stop_at_held)
        rows = await tracing.genealogy(actor, reaches, most=most, as_of=as_of)
        return rows, None if way is Way.UP else await _of_rows(actor, reaches[-1], most=0)
    above = await tracing.reach(actor, lot_id, Way.UP) if way is Way.BOTH else []
    down = (known.near, known.listed, known.folded)
    both = await tracing.told(actor, [*[await tracing.shortened(one, most) for one in above], down])
    return both, _impact(both, known.sums)


async def _far(actor: Actor, lot_id: int, most: int) -> far.Far | None:
    """Answer a large recall out of memory, where that can; those who see a part of the plant are answered by SQL."""
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    if scope.partner_id is not None or scope.by_case:
        return None
    return await far.found(scope.plant_id, lot_id, most)


async def _of_rows(actor: Actor, down: Reach, *, most: int) -> Impact:
    """Add up what was reached: by unit, by place and by status."""
    sums = await tracing.aside(len(down.links), adding.of_reach, down)
    return _impact(await tracing.genealogy(actor, [down], most=most), sums)


def _impact(told: Genealogy, sums: adding.Sums) -> Impact:
    return Impact(
        genealogy=told,
        lots=sums.lots,
        held=sums.held,
        used_up=sums.lots - sums.present,
        quantities=sums.whole[0].quantities if sums.whole else (),
        by_place=sums.by_place,
        by_status=sums.by_status,
    )
