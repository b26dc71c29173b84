"""Serial numbers, and what a label says of a lot (UDI-PI)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR

from core import ledger, products
from core.kit import Actor, Level, Module, current, plain_text, verb
from core.ledger import Kind
from core.lots import queries
from core.lots.errors import SerialTaken, TooManySerials
from core.lots.models import Lot, Serial
from core.lots.moving import locked
from core.lots.terms import LotFacts

ROWS_PER_ENTRY = 500


@dataclass(frozen=True, kw_only=True)
class ProductionIdentifier:
    """What changes from lot to lot on a label: lot number, made, use by, and one serial number if asked for."""

    identifiers: tuple[products.IdentifierFacts, ...]
    lot: str
    made_on: dt.date
    expires_on: dt.date | None
    serial: str = ""


@verb(Module.LOTS, Level.WORK, Kind.LOT_SERIALS)
async def record_serials(actor: Actor, lot_id: int, numbers: Sequence[str]) -> int:
    """Give a lot its serial numbers; answers how many it has now.

    Raises:
        NotFound: no such lot in the actor's scope.
        SerialTaken: one is given twice, or belongs to this product already.
        TooManySerials: more than the lot has pieces.
        Empty, TooLong: a number is missing or longer than 60 characters.
    """
    lot = await locked(actor, lot_id)
    wanted = [plain_text.checked(one, limit=60) for one in numbers]
    for place, one in enumerate(wanted):
        if one in wanted[:place]:
            raise SerialTaken(number=one)
    known = await Serial.filter(lot_id=lot.id).count()
    most = int(lot.quantity.to_integral_value(rounding=ROUND_FLOOR))
    if known + len(wanted) > most:
        raise TooManySerials(number=lot.number, most=most, count=known + len(wanted))
    for start in range(0, len(wanted), ROWS_PER_ENTRY):
        part = wanted[start : start + ROWS_PER_ENTRY]
        there = Serial.filter(plant_id=actor.plant_id, product_id=lot.product_id, number__in=part)
        taken = await there.first()
        if taken is not None:
            raise SerialTaken(number=taken.number)
        rows = [
            await Serial.create(
                plant_id=actor.plant_id,
                product_id=lot.product_id,
                lot_id=lot.id,
                number=one,
                recorded_at=current().now,
            )
            for one in part
        ]
        await ledger.append(
            Kind.LOT_SERIALS, actor, rows=rows, facts={"number": lot.number, "count": len(rows)}
        )
    return known + len(wanted)


async def serials_of(actor: Actor, lot_id: int, limit: int = 200) -> list[str]:
    """Serial numbers of a lot that the actor may see, in their order.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    await queries.get(actor, lot_id)
    return [row.number for row in await Serial.filter(lot_id=lot_id).order_by("number").limit(limit)]


async def of_serial(actor: Actor, number: str) -> list[LotFacts]:
    """The lots in the actor's scope that hold a piece of this serial number, of whatever product."""
    wanted = plain_text.clean(number)[:60]
    rows = await Serial.filter(plant_id=actor.plant_id, number=wanted)
    return await _seen(actor, (row.lot_id for row in rows))


async def _seen(actor: Actor, lot_ids: Iterable[int]) -> list[LotFacts]:
    rows: list[Lot] = await queries.visible(actor).filter(id__in=list(lot_ids) or [0]).order_by("id")
    return await queries.facts_of(rows)


async def label_of(actor: Actor, lot_id: int, serial: str = "") -> ProductionIdentifier:
    """What the label of a lot says: device identifiers of its product and its production identifier.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    lot = await queries.get(actor, lot_id)
    return ProductionIdentifier(
        identifiers=tuple(await products.identifiers_of(lot.product.id)),
        lot=lot.number,
        made_on=lot.made_at.date(),
        expires_on=lot.expires_on,
        serial=serial,
    )
