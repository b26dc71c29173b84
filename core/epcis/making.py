"""Events that make lots: commissioning (EPCIS 2.0 §7.4.1, action ADD) and transformation (§7.4.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core import lots, products
from core.epcis import finding, staging, units
from core.epcis.errors import (
    AmountWanted,
    LotOfIdWanted,
    NoInputs,
    OneProductOut,
    OtherArticle,
    WrongShape,
)
from core.epcis.models import CapturedEvent, Done
from core.epcis.scene import Scene
from core.epcis.terms import Deed, Key, Line, Role
from core.lots import Circumstances, LotFacts, LotNumberTaken, Made, NewLot, Taken
from core.products import ProductFacts

_EXPIRY: Final = ("itemExpirationDate", "expirationDate", "bestBeforeDate")
_PROCESS: Final = 60


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
                        process=scene.event.biz_step[:_PROCESS],
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
        await _serials(scene, one, lot)


async def _serials(scene: Scene, one: Output, lot: LotFacts) -> None:
    if one.serials:
        await lots.record_serials(scene.actor, lot.id, one.serials)
        scene.did(Deed.SERIALS, lot, quantity=Decimal(len(one.serials)))
    for line in one.lines:
        each = line.named.key is Key.SERIAL
        scene.named(line, lot.id, one.pieces / len(one.serials) if each else lot.quantity)


async def transform(scene: Scene) -> None:
    """Make lots from lots: inputs used up, outputs produced, linked with their quantities.

    Events that share a transformationID belong together (§7.4.5): inputs told before any output wait for it; those told
    afterwards go into the lot that came out. An output without a quantity is a lot that is there already.

    Raises:
        NoInputs, OneProductOut, NotAtYou: why not.
        others: of lots: held, expired or quarantined inputs, more than is left, quantities that do not balance.
    """
    taken = await _taken(scene)
    made = await outputs(scene, scene.event.of(Role.OUTPUT))
    if taken and len(made) == 1 and await _into_one_that_is_there(scene, taken, made[0]):
        return
    produced = await _produced(scene)
    if not made:
        if not produced:
            for lot, one in taken.values():
                scene.did(Deed.WAITING, lot, quantity=one.quantity)
            return
        if len(produced) > 1:
            raise OneProductOut(other=scene.event.text("transformationID")[:80])
        await _consume(scene, taken, produced[0])
        return
    for lot, one in (await _waiting(scene)).values() if not produced else ():
        before = taken.get(lot.id)
        both = None if before is None or before[1].quantity is None else before[1].quantity
        amount = one.quantity if both is None or one.quantity is None else both + one.quantity
        taken[lot.id] = (lot, Taken(lot=lot.number, quantity=amount))
    scene.path = made[0].path
    if not taken:
        raise NoInputs
    first = made[0]
    for other in made[1:]:
        if other.product.id != first.product.id:
            scene.path = other.path
            raise OneProductOut(other=other.product.code)
    await _produce(scene, [one for _lot, one in taken.values()], made)


async def _into_one_that_is_there(
    scene: Scene, taken: dict[int, tuple[LotFacts, Taken]], one: Output
) -> bool:
    there = None if one.quantity is not None or one.serials else await lots.exactly(scene.actor, one.number)
    if there is None or there.product.id != one.product.id:
        return False
    scene.path = one.path
    finding.must_have(scene, there)
    scene.named(one.lines[0], there.id)
    await _consume(scene, taken, there)
    return True


async def _produce(scene: Scene, taken: list[Taken], made: list[Output]) -> None:
    where, place = await finding.here(scene)
    maker = scene.actor.partner_id if scene.by_partner or where is None else where.organisation_id
    step = scene.event.biz_step
    circumstances = Circumstances(
        at=scene.event.event_time, process=step[:_PROCESS], provenance=scene.provenance
    )
    new = [Made(number=one.number, quantity=one.amount, place=place) for one in made]
    if step == "repairing" and len(taken) == 1:
        operation = await lots.rework(scene.actor, taken[0], new, circumstances)
    else:
        operation = await lots.produce(
            scene.actor,
            taken,
            made[0].product.code,
            new,
            circumstances,
            maker_id=maker,
            expires_on=expiry(scene),
            as_told=True,
        )
    for one in made:
        lot = await lots.exactly(scene.actor, one.number)
        if lot is not None:
            scene.did(Deed.PRODUCED, lot, operation.id, quantity=lot.quantity)
            await _serials(scene, one, lot)
    await staging.out_of(scene, [one.lot for one in taken], [one.number for one in made])


async def _consume(scene: Scene, taken: dict[int, tuple[LotFacts, Taken]], into: LotFacts) -> None:
    operation = await lots.consume(
        scene.actor,
        [one for _lot, one in taken.values()],
        into.number,
        Circumstances(
            at=scene.event.event_time,
            process=scene.event.biz_step[:_PROCESS],
            provenance=scene.provenance,
        ),
    )
    for lot, one in taken.values():
        scene.did(Deed.CONSUMED, lot, operation.id, quantity=one.quantity)


async def _taken(scene: Scene) -> dict[int, tuple[LotFacts, Taken]]:
    found: dict[int, tuple[LotFacts, Taken]] = {}
    for part in await finding.parts(scene, scene.event.of(Role.INPUT)):
        scene.path = part.line.path
        finding.must_have(scene, part.lot)
        found[part.lot.id] = (part.lot, Taken(lot=part.lot.number, quantity=finding.wanted(part)))
    return found


async def _deeds(scene: Scene, deed: Deed) -> list[Done]:
    """What events of the same transformation and sender did, those that were declared wrong left out."""
    name = scene.event.text("transformationID")
    if not name:
        return []
    events = await CapturedEvent.filter(
        plant_id=scene.actor.plant_id,
        organisation_id=scene.actor.organisation_id,
        transformation=name,
    )
    wrong = {one.event_id for one in events if one.declared}
    standing = [one.id for one in events if one.event_id not in wrong]
    return await Done.filter(event_id__in=standing or [0], deed=deed.value).order_by("id")


async def _produced(scene: Scene) -> list[LotFacts]:
    rows = await _deeds(scene, Deed.PRODUCED)
    return await lots.some(scene.actor, [one.lot_id for one in rows if one.lot_id is not None])


async def _waiting(scene: Scene) -> dict[int, tuple[LotFacts, Taken]]:
    sums: dict[int, Decimal] = {}
    for one in await _deeds(scene, Deed.WAITING):
        if one.lot_id is not None and one.quantity is not None:
            sums[one.lot_id] = sums.get(one.lot_id, Decimal(0)) + one.quantity
    known = await lots.some(scene.actor, sums)
    return {one.id: (one, Taken(lot=one.number, quantity=sums[one.id])) for one in known}
