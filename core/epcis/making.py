"""Lots that events make: which they are, and those that are commissioned (EPCIS 2.0 §7.4.1, action ADD)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core import lots, products
from core.epcis import finding, units
from core.epcis.errors import (
    AmountWanted,
    LotOfIdWanted,
    OtherArticle,
    WrongShape,
)
from core.epcis.scene import Scene
from core.epcis.terms import Deed, Key, Line, Role
from core.lots import LotFacts, LotNumberTaken, NewLot
from core.products import ProductFacts

_EXPIRY: Final = ("itemExpirationDate", "expirationDate", "bestBeforeDate")
PROCESS: Final = 60


@dataclass(kw_only=True)
class Output:
    """A lot that an event makes: its article, how much of it, its pieces by number."""

    number: str
    product: ProductFacts
    lines: list[Line] = field(default_factory=list)
    quantity: Decimal | None = None
    unit: str = ""
    serials: list[str] = field(default_factory=list)
    pieces: Decimal = Decimal(0)
    path: str = ""

    @property
    def amount(self) -> Decimal:
        """Answer how much it is: as stated, or as many as its pieces.

        Raises:
            AmountWanted: neither is said.
        """
        if self.quantity is None and not self.serials:
            raise AmountWanted(text=self.number)
        return self.pieces if self.quantity is None else self.quantity


def master(scene: Scene, *names: str) -> tuple[str, str]:
    """Answer a value of ``ilmd`` by the local part of its name, whatever prefix it has, and its place."""
    said = scene.event.body.get("ilmd", {})
    for name in names:
        for full, value in said.items():
            if full.replace("/", ":").rpartition(":")[2] == name and isinstance(value, str):
                return value.strip(), f"/ilmd/{full.replace('~', '~0').replace('/', '~1')}"
    return "", "/ilmd"


def expiry(scene: Scene) -> dt.date | None:
    """Answer the use-by date that ``ilmd`` states (CBV 2.0 §9).

    Raises:
        WrongShape: it is no date.
    """
    said, path = master(scene, *_EXPIRY)
    if not said:
        return None
    scene.path = path
    try:
        return dt.date.fromisoformat(said[:10])
    except ValueError:
        raise WrongShape(wanted="date such as 2028-06-30") from None


async def outputs(scene: Scene, lines: Iterable[Line]) -> list[Output]:
    """Tell apart the lots that lines make, each once.

    Raises:
        ArticleUnknown, LotOfIdWanted, UomUnknown, AmountUnclear, OtherArticle: a line makes none.
    """
    found: dict[str, Output] = {}
    told, _ = master(scene, "lotNumber")
    for line in lines:
        scene.path = line.path
        named = line.named
        if named.key not in (Key.LOT, Key.SERIAL, Key.CLASS):
            scene.named(line)
            continue
        number = named.lot or told
        if not number:
            raise LotOfIdWanted(text=named.written[:120])
        product, contains = await finding.article(scene.actor, named)
        one = found.setdefault(number, Output(number=number, product=product, path=line.path))
        if one.product.id != product.id:
            raise OtherArticle(number=number, product=one.product.code, other=product.code)
        one.lines.append(line)
        if named.key is Key.SERIAL:
            one.serials.append(named.serial)
            one.pieces += contains
        elif line.quantity is not None:
            one.unit = one.unit or await _unit(scene, line, product)
            amount = await finding.counted(scene.actor, line, product, contains, one.unit)
            one.quantity = (one.quantity or Decimal(0)) + (amount or Decimal(0))
    return list(found.values())


async def _unit(scene: Scene, line: Line, product: ProductFacts) -> str:
    """The unit that a new lot is counted in: its product's, or that of the event where they are of another kind."""
    own, told = units.of_name(product.unit), units.CODES.get(line.uom)
    if own is None or told is None or own.dimension == told.dimension:
        return product.unit
    names = {(told.name, product.unit), (product.unit, told.name)}
    declared = await products.factors(scene.actor.plant_id, [product.id])
    return product.unit if any((one.unit, one.into) in names for one in declared) else told.name


async def commission(scene: Scene) -> None:
    """Record the lots that an event makes from nothing that we know, and their serial numbers.

    Raises:
        LotNumberTaken: the lot is there already, with its quantity.
        NotAtYou: pieces of a lot that another organisation has.
        others: as in ``outputs``, and of lots.
    """
    at, until = scene.event.event_time, expiry(scene)
    where, name = await finding.here(scene)
    own = scene.actor.organisation_id
    if where is not None and not scene.by_partner:
        own = where.organisation_id
    for one in await outputs(scene, scene.event.of(Role.EPC)):
        scene.path = one.path
        lot = await lots.exactly(scene.actor, one.number)
        if lot is None:
            [lot] = await lots.record_lots(
                scene.actor,
                [
                    NewLot(
                        number=one.number,
                        product=one.product.code,
                        organisation_id=own,
                        partner_id=None if own == scene.actor.plant_id else own,
                        site_id=where.site_id if where and where.organisation_id == own else None,
                        quantity=one.amount,
                        unit=one.unit or one.product.unit,
                        made_at=at,
                        place=name,
                        process=scene.event.biz_step[:PROCESS],
                        expires_on=until,
                    )
                ],
            )
            scene.did(Deed.MADE, lot, quantity=lot.quantity)
        elif one.quantity is not None:
            raise LotNumberTaken(number=one.number)
        else:
            if lot.product.id != one.product.id:
                raise OtherArticle(number=lot.number, product=lot.product.code, other=one.product.code)
            finding.must_have(scene, lot)
        await serials(scene, one, lot)


async def serials(scene: Scene, one: Output, lot: LotFacts) -> None:
    """Record the serial numbers of a lot that is made, and which lot its lines led to.

    Raises:
        SerialTaken, TooManySerials: of lots.
    """
    if one.serials:
        await lots.record_serials(scene.actor, lot.id, one.serials)
        scene.did(Deed.SERIALS, lot, quantity=Decimal(len(one.serials)))
    for line in one.lines:
        each = line.named.key is Key.SERIAL
        scene.named(line, lot.id, one.pieces / len(one.serials) if each else lot.quantity)
