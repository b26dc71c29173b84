"""Recall rehearsals: a lot is taken for suspect, everything made from it is looked for, and the time it took is kept.

Nothing is held and nobody outside is told. How many lots it reached is fixed when it begins; what was located is said at
its end by whoever ends it.
"""

from __future__ import annotations

from core import ledger
from core.kit import Actor, Level, Module, NotFound, NotPermitted, Permission, current, plain_text, verb
from core.kit.canonical import decimal_text
from core.kit.numbering import next_number
from core.ledger import Kind
from core.lots import impacts, queries
from core.lots.errors import LocatedBeyond, RehearsalOver
from core.lots.models import Rehearsal
from core.lots.rehearsal_terms import RehearsalFacts
from core.lots.terms import LotStatus

_REMARK = 500


@verb(Module.LOTS, Level.WORK, Kind.RECALL_BEGIN)
async def begin_rehearsal(actor: Actor, lot_id: int) -> RehearsalFacts:
    """Begin to look for everything made from a lot; one that runs for the lot goes on instead.

    Raises:
        NotFound: no such lot in the actor's scope.
        NotPermitted: the right is missing, or the actor belongs to a partner.
    """
    _of_the_plant(actor)
    lot = await queries.get(actor, lot_id)
    running = await Rehearsal.filter(plant_id=actor.plant_id, lot_id=lot.id, ended_at=None).first()
    if running is not None:
        return running.facts(lot.number)
    found = await impacts.impact(actor, lot.id, most=0)
    shipped = sum(one.lots for one in found.by_status if one.name == LotStatus.SHIPPED.value)
    row = await Rehearsal.create(
        plant_id=actor.plant_id,
        number=await next_number(actor.plant_id, "RE"),
        lot_id=lot.id,
        lots=found.lots,
        shipped=shipped,
        begun_at=current().now,
        begun_by=actor.person_id,
    )
    await ledger.append(
        Kind.RECALL_BEGIN,
        actor,
        rows=[row],
        facts={
            "number": row.number,
            "lot": lot.number,
            "lots": row.lots,
            "shipped": row.shipped,
            "quantities": [[decimal_text(one.amount), one.unit] for one in found.quantities],
        },
    )
    return row.facts(lot.number)


@verb(Module.LOTS, Level.WORK, Kind.RECALL_END)
async def end_rehearsal(actor: Actor, rehearsal_id: int, *, located: int, remark: str = "") -> RehearsalFacts:
    """End a rehearsal: how many of the lots were located. Where some were not, the remark says why.

    Raises:
        NotFound: the plant has no such rehearsal.
        NotPermitted: the right is missing, or the actor belongs to a partner.
        RehearsalOver: it was ended before.
        LocatedBeyond: more than it reached, or fewer than none.
        Empty, TooLong: the remark.
    """
    _of_the_plant(actor)
    row = await Rehearsal.filter(id=rehearsal_id, plant_id=actor.plant_id).select_for_update().first()
    if row is None:
        raise NotFound(what=f"#{rehearsal_id}")
    lot = await queries.get(actor, row.lot_id)
    if row.ended_at is not None:
        raise RehearsalOver(number=row.number)
    if not 0 <= located <= row.lots:
        raise LocatedBeyond(most=row.lots)
    row.remark = plain_text.checked(remark, limit=_REMARK, required=located < row.lots)
    row.located, row.ended_at, row.ended_by = located, current().now, actor.person_id
    await row.save()
    facts = row.facts(lot.number)
    await ledger.append(
        Kind.RECALL_END,
        actor,
        rows=[row],
        facts={
            "number": row.number,
            "lot": lot.number,
            "lots": row.lots,
            "located": located,
            "seconds": int(facts.lasted.total_seconds()) if facts.lasted else 0,
        },
        reason=row.remark,
    )
    return facts


async def rehearsal(actor: Actor, rehearsal_id: int) -> RehearsalFacts:
    """One rehearsal of the plant.

    Raises:
        NotFound: there is no such one.
        NotPermitted: the right to read lots is missing, or the actor belongs to a partner.
    """
    _may_read(actor)
    row = await Rehearsal.filter(id=rehearsal_id, plant_id=actor.plant_id).first()
    if row is None:
        raise NotFound(what=f"#{rehearsal_id}")
    return row.facts((await queries.numbers([row.lot_id]))[row.lot_id])


async def rehearsals_of(actor: Actor, lot_id: int) -> list[RehearsalFacts]:
    """The rehearsals that took a lot for suspect, newest first; none for people of partners.

    Raises:
        NotPermitted: the right to read lots is missing.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    if actor.partner_id is not None:
        return []
    rows = await Rehearsal.filter(plant_id=actor.plant_id, lot_id=lot_id).order_by("-id").limit(20)
    named = await queries.numbers({row.lot_id for row in rows})
    return [row.facts(named[row.lot_id]) for row in rows]


def _may_read(actor: Actor) -> None:
    actor.must(Permission(Module.LOTS, Level.READ))
    _of_the_plant(actor)


def _of_the_plant(actor: Actor) -> None:
    if actor.partner_id is not None:
        raise NotPermitted
