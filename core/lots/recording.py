"""Bringing lots and links in: a shop's day, an import, a supplier's delivery. All rows or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from core import ledger, people, products
from core.kit import Actor, Level, Module, NotPermitted, clock, current, plain_text, verb
from core.ledger import Kind
from core.lots import policy, queries
from core.lots.errors import HoldStatusNotRecorded, LinkToItself, LotNumberTaken, LotUnknown, NotYet
from core.lots.models import Lot, LotLink
from core.lots.moving import known_organisations
from core.lots.terms import LotFacts, LotStatus, NewLink, NewLot, TraceLink

ROWS_PER_ENTRY = 500
SLACK = dt.timedelta(minutes=2)


@verb(Module.LOTS, Level.WORK, Kind.LOT_MAKE, Kind.LOT_IMPORT)
async def record_lots(actor: Actor, rows: Sequence[NewLot]) -> list[LotFacts]:
    """Record new lots, each of a known product; answers them in the order given.

    Raises:
        NotPermitted: the right is missing, or a partner's person records a lot that the partner did not make.
        LotNumberTaken: the plant has a lot of that number, or the list names it twice.
        ProductUnknown: a product code is unknown.
        NotFound: a maker or partner is not an organisation of the plant.
        HoldStatusNotRecorded: a row says on hold; holds are placed, not brought in.
        NotYet: a row says that it was made in the future.
        NotAQuantity: a quantity is no number that can be stored exactly.
        NotPositive: a quantity is zero or below.
        TooLong: a number, place, process or unit is longer than its field.
        Empty: a number or unit is missing.
    """
    partner = people.scope(actor).partner_id
    numbers: set[str] = set()
    for row in rows:
        number = plain_text.checked(row.number, limit=queries.LIMIT)
        if partner is not None and row.organisation_id != partner:
            raise NotPermitted
        if row.status is LotStatus.ON_HOLD:
            raise HoldStatusNotRecorded(number=number)
        if clock.utc(row.made_at) > current().now + SLACK:
            raise NotYet
        if number in numbers:
            raise LotNumberTaken(number=number)
        numbers.add(number)
    await known_organisations(
        actor.plant_id, *(row.organisation_id for row in rows), *(row.partner_id for row in rows)
    )
    known = await products.by_code(actor.plant_id, (row.product for row in rows))
    made: list[Lot] = []
    for start in range(0, len(rows), ROWS_PER_ENTRY):
        part = [
            _lot(actor.plant_id, row, known[row.product].id) for row in rows[start : start + ROWS_PER_ENTRY]
        ]
        taken = await Lot.filter(plant_id=actor.plant_id, number__in=[lot.number for lot in part]).first()
        if taken is not None:
            raise LotNumberTaken(number=taken.number)
        await Lot.bulk_create(part)
        stored = {
            lot.number: lot
            for lot in await Lot.filter(plant_id=actor.plant_id, number__in=[lot.number for lot in part])
        }
        ordered = [stored[lot.number] for lot in part]
        await ledger.append(
            Kind.LOT_MAKE if len(rows) == 1 else Kind.LOT_IMPORT,
            actor,
            rows=ordered,
            facts={"count": len(ordered), "numbers": [lot.number for lot in ordered]},
        )
        made += ordered
    return await queries.facts_of(made)


@verb(Module.LOTS, Level.WORK, Kind.LOT_LINK)
async def record_links(actor: Actor, rows: Sequence[NewLink]) -> list[TraceLink]:
    """Record what went into what; answers the links in the order given.

    Raises:
        LotUnknown: a lot is not in the actor's scope.
        LotOnHold: an input lot is on hold.
        LotScrapped: an input lot is scrapped.
        LinkToItself: input and output are the same lot.
        NotAQuantity: a quantity is no number that can be stored exactly.
        NotPositive: a quantity is zero or below.
        TooLong: a process or unit is longer than its field.
        Empty: a unit is missing.
    """
    lots = await _named(actor, {plain_text.clean(name) for row in rows for name in (row.parent, row.child)})
    made: list[LotLink] = []
    for start in range(0, len(rows), ROWS_PER_ENTRY):
        part = [await _linked(actor.plant_id, row, lots) for row in rows[start : start + ROWS_PER_ENTRY]]
        await ledger.append(Kind.LOT_LINK, actor, rows=part, facts={"count": len(part)})
        made += part
    return [
        TraceLink(
            id=link.id,
            parent_id=link.parent_id,
            child_id=link.child_id,
            quantity=link.quantity,
            unit=link.unit,
            process=link.process,
        )
        for link in made
    ]


def _lot(plant_id: int, row: NewLot, product_id: int) -> Lot:
    return Lot(
        plant_id=plant_id,
        number=plain_text.checked(row.number, limit=queries.LIMIT),
        product_id=product_id,
        organisation_id=row.organisation_id,
        partner_id=row.partner_id,
        site_id=row.site_id,
        place=plain_text.checked(row.place, limit=120, required=False),
        quantity=policy.amount(row.quantity),
        unit=plain_text.checked(row.unit, limit=20),
        status=row.status.value,
        made_at=clock.utc(row.made_at),
        process=plain_text.checked(row.process, limit=60, required=False),
        expires_on=row.expires_on,
    )


async def _named(actor: Actor, numbers: set[str]) -> dict[str, Lot]:
    """Lock the named lots in one order, so that a hold placed meanwhile is either seen or waits."""
    wanted = sorted(numbers)
    found: dict[str, Lot] = {}
    for start in range(0, len(wanted), ROWS_PER_ENTRY):
        part = wanted[start : start + ROWS_PER_ENTRY]
        rows = await queries.visible(actor).filter(number__in=part).order_by("id").select_for_update()
        found |= {lot.number: lot for lot in rows}
    for number in wanted:
        if number not in found:
            raise LotUnknown(number=number)
    return found


async def _linked(plant_id: int, row: NewLink, lots: dict[str, Lot]) -> LotLink:
    parent, child = lots[plain_text.clean(row.parent)], lots[plain_text.clean(row.child)]
    if parent.id == child.id:
        raise LinkToItself(number=parent.number)
    policy.may_leave(parent.number, LotStatus(parent.status))
    return await LotLink.create(
        plant_id=plant_id,
        parent_id=parent.id,
        child_id=child.id,
        quantity=policy.amount(row.quantity),
        unit=plain_text.checked(row.unit, limit=20),
        process=plain_text.checked(row.process, limit=60, required=False),
        at=clock.utc(row.at),
    )
