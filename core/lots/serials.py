"""Serial numbers, and what a label says of a lot (UDI-PI)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR

from core import ledger
from core.kit import Actor, Level, Module, current, plain_text, verb
from core.ledger import Kind
from core.lots import queries
from core.lots.errors import SerialTaken, TooManySerials
from core.lots.models import Serial
from core.lots.moving import locked
from core.lots.terms import LotFacts

ROWS_PER_ENTRY = 500


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


async def lot_of_serial(actor: Actor, product_id: int, number: str) -> LotFacts | None:
    """The lot that a piece of a product belongs to, in the actor's scope; None where there is none."""
    row = await Serial.get_or_none(plant_id=actor.plant_id, product_id=product_id, number=number)
    return None if row is None else next(iter(await queries.some(actor, [row.lot_id])), None)


async def serial_numbers(actor: Actor, serial_ids: Sequence[int]) -> dict[int, list[str]]:
    """Serial numbers by the lot that they belong to, of rows that a ledger entry named; in the actor's scope."""
    rows = await Serial.filter(plant_id=actor.plant_id, id__in=list(serial_ids) or [0]).order_by("id")
    seen = await queries.openable(actor, {row.lot_id for row in rows})
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.lot_id in seen:
            found.setdefault(row.lot_id, []).append(row.number)
    return found


async def serials_of(actor: Actor, lot_id: int, limit: int = 200) -> list[str]:
    """Serial numbers of a lot that the actor may see, in their order.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    await queries.get(actor, lot_id)
    return [row.number for row in await Serial.filter(lot_id=lot_id).order_by("number").limit(limit)]
