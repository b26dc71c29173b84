"""From what an event names to products, lots, places and parties of ours; what leads nowhere is refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core import lots, people, products
from core.epcis import epcs, units
from core.epcis.errors import (
    AmountWanted,
    ArticleUnknown,
    LotOfIdWanted,
    NotAtYou,
    NothingInside,
    OtherArticle,
    PlaceUnknown,
    SerialUnknown,
    UnitElsewhere,
)
from core.epcis.models import Held, Location, Mention
from core.epcis.scene import Scene
from core.epcis.terms import Holding, Key, Line, Named
from core.kit import Actor, Refusal, quantity
from core.lots import LotFacts, LotUnknown
from core.products import ProductFacts, ProductUnknown


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose place or party it is."""

    organisation_id: int
    site_id: int | None
    name: str


@dataclass(kw_only=True)
class Part:
    """So much of a lot that an event names (None: all of it), and the pieces by number."""

    lot: LotFacts
    quantity: Decimal | None
    line: Line
    serials: list[str]


async def article(actor: Actor, named: Named) -> tuple[ProductFacts, int]:
    """Answer the product of an identifier, and how many pieces one article of it holds.

    Raises:
        ArticleUnknown: there is none.
    """
    if named.own:
        try:
            return (await products.by_code(actor.plant_id, [named.device]))[named.device], 1
        except ProductUnknown:
            raise ArticleUnknown(code=named.device[:60]) from None
    found = await products.packaged(actor.plant_id, named.device)
    if found is None:
        raise ArticleUnknown(code=named.device)
    return found


async def counted(
    actor: Actor, line: Line, product: ProductFacts, contains: int, into: str
) -> Decimal | None:
    """Answer the quantity of a line in a unit of ours; None where it states none.

    Raises:
        UomUnknown, AmountUnclear: the units do not compare.
        NotAQuantity, NotPositive: it is none that can be kept.
    """
    if line.quantity is None:
        return None
    sound(line.quantity)
    factors = await products.factors(actor.plant_id, [product.id])
    return sound(
        units.amount(line.quantity, line.uom, into, factors, contains=contains, what=line.named.written[:80])
    )


def sound(amount: Decimal) -> Decimal:
    """Hold a quantity to what can be stored exactly.

    Raises:
        NotAQuantity, NotPositive: why not.
    """
    return quantity.parse(format(amount, "f"))


async def family(actor: Actor, named: Named, product: ProductFacts) -> list[LotFacts]:
    """Answer the lot of a class, and the parts of it that were sent apart under numbers of their own.

    Raises:
        OtherArticle: the lot is of another product.
    """
    lot = await lots.exactly(actor, named.lot)
    if lot is not None and lot.product.id != product.id:
        raise OtherArticle(number=lot.number, product=lot.product.code, other=product.code)
    told = await Mention.filter(
        uri=named.uri, lot_id__not_isnull=True, event__plant_id=actor.plant_id
    ).values_list("lot_id", flat=True)
    found = {one.id: one for one in await lots.some(actor, [int(str(one)) for one in told])}
    if lot is not None:
        found.pop(lot.id, None)
    return [*([] if lot is None else [lot]), *found.values()]


async def part_of(scene: Scene, line: Line) -> Part:
    """Answer the lot that a line leads to, and how much of it is meant.

    Raises:
        ArticleUnknown, OtherArticle, LotOfIdWanted, SerialUnknown, LotUnknown: it leads to none.
        UomUnknown, AmountUnclear, NotAQuantity, NotPositive: the quantity.
    """
    scene.path = line.path
    named = line.named
    if named.key not in (Key.LOT, Key.SERIAL):
        raise LotOfIdWanted(text=named.written[:120])
    product, contains = await article(scene.actor, named)
    if named.key is Key.SERIAL:
        lot = await lots.lot_of_serial(scene.actor, product.id, named.serial)
        if lot is None:
            raise SerialUnknown(serial=named.serial)
        return Part(lot=lot, quantity=Decimal(contains), line=line, serials=[named.serial])
    known = await family(scene.actor, named, product)
    if not known:
        raise LotUnknown(number=named.lot)
    much = await counted(scene.actor, line, product, contains, known[0].unit)
    return Part(lot=await _chosen(scene, known, much), quantity=much, line=line, serials=[])


async def _chosen(scene: Scene, known: list[LotFacts], much: Decimal | None) -> LotFacts:
    """Of a lot and its parts: one that the sender has and that is enough; else the first."""
    if len(known) == 1:
        return known[0]
    for one in known:
        found = await lots.where_is(scene.actor, one.id)
        here = found.where in (lots.Whereabouts.IN_STOCK, lots.Whereabouts.AT_PARTNER)
        enough = found.left >= (much or 0) and found.left > 0
        if here and enough and scene.holds(one):
            return one
    return known[0]


async def parts(scene: Scene, lines: list[Line]) -> list[Part]:
    """Answer the lots that lines lead to, logistic units by what is in them, each lot once with the sum.

    Raises:
        NothingInside: a logistic unit into which nothing was packed.
        others: as in ``part_of``.
    """
    found: dict[int, Part] = {}
    for line in lines:
        scene.path = line.path
        if line.named.key is Key.CARRIER:
            inside = await contents(scene.actor, line.named.uri)
            known = {one.id: one for one in await lots.some(scene.actor, [one.lot_id or 0 for one in inside])}
            if not inside or any(one.lot_id not in known for one in inside):
                raise NothingInside(code=line.named.written[:80])
            told = [
                Part(
                    lot=known[one.lot_id],
                    quantity=one.quantity,
                    line=line,
                    serials=[one.serial] if one.serial else [],
                )
                for one in inside
                if one.lot_id is not None
            ]
            scene.named(line)
        elif line.named.key in (Key.LOT, Key.SERIAL, Key.CLASS):
            told = [await part_of(scene, line)]
            scene.named(line, told[0].lot.id, told[0].quantity)
        else:
            scene.named(line)
            continue
        for one in told:
            before = found.get(one.lot.id)
            if before is None:
                found[one.lot.id] = one
                continue
            both = None if None in (before.quantity, one.quantity) else one.quantity
            before.quantity = None if both is None else sound((before.quantity or Decimal(0)) + both)
            before.serials += one.serials
    return list(found.values())


async def contents(actor: Actor, uri: str) -> list[Held]:
    """Answer what is in a logistic unit now, through units in units: the lots and pieces."""
    return [row for row in await everything_in(actor, uri) if row.lot_id is not None]


async def everything_in(actor: Actor, uri: str) -> list[Held]:
    """Answer what is in a logistic unit now, through units in units, these too."""
    found: list[Held] = []
    seen: set[str] = set()
    waiting = [uri]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        rows = await Held.filter(
            plant_id=actor.plant_id, parent=here, holding=Holding.PACKED.value, until=None
        ).order_by("id")
        found += rows
        waiting += [row.child for row in rows if row.lot_id is None]
    return found


async def must_have_unit(scene: Scene, uri: str, written: str) -> None:
    """Let a partner's organisation pack a logistic unit further only where it has all that is inside.

    Raises:
        UnitElsewhere: goods of another organisation are in it, or another one began to pack it.
    """
    if not scene.by_partner:
        return
    rows = await everything_in(scene.actor, uri)
    ids = {row.lot_id for row in rows if row.lot_id is not None}
    own = {one.id for one in await lots.some(scene.actor, ids) if scene.has(one)}
    begun = {row.organisation_id for row in rows} - {scene.actor.organisation_id}
    if ids - own or (not ids and begun):
        raise UnitElsewhere(code=written)


def wanted(part: Part) -> Decimal:
    """Answer a quantity that must be said.

    Raises:
        AmountWanted: it is not.
    """
    if part.quantity is None:
        raise AmountWanted(text=part.line.named.written[:120])
    return part.quantity


def must_have(scene: Scene, lot: LotFacts) -> None:
    """Let an organisation report what it did to lots that it has.

    Raises:
        NotAtYou: another organisation has it.
    """
    if not scene.has(lot):
        raise NotAtYou(number=lot.number)


async def place(actor: Actor, uri: str) -> Place:
    """Answer whose place or party an identifier is.

    Raises:
        PlaceUnknown: nobody told us.
    """
    try:
        named = epcs.read(uri)
    except Refusal:
        raise PlaceUnknown(uri=uri[:200]) from None
    if named.own:
        for one in await people.organisations(actor.plant_id):
            if one.code == named.code:
                sites = await people.sites(one.id) if named.serial else []
                site = next((site for site in sites if site.code == named.serial), None)
                if site is not None or not named.serial:
                    name = one.name_zh if site is None else site.name_zh
                    return Place(organisation_id=one.id, site_id=None if site is None else site.id, name=name)
        raise PlaceUnknown(uri=uri[:200])
    forms = [named.uri, named.uri.partition("/254/")[0], named.uri.replace("/417/", "/414/")]
    forms.append(named.uri.replace("/414/", "/417/").partition("/254/")[0])
    rows = {one.uri: one for one in await Location.filter(plant_id=actor.plant_id, uri__in=forms)}
    for form in forms:
        if form in rows:
            row = rows[form]
            return Place(organisation_id=row.organisation_id, site_id=row.site_id, name=row.name)
    raise PlaceUnknown(uri=uri[:200])


def form(uri: str) -> str:
    """Answer the one form of an identifier; as it stands where it has none."""
    try:
        return epcs.read(uri).uri if uri else ""
    except Refusal:
        return uri


async def here(scene: Scene) -> tuple[Place | None, str]:
    """Answer where an event took place as far as we know, and a name for it."""
    for name in ("bizLocation", "readPoint"):
        uri = scene.event.place(name)
        if uri:
            try:
                known = await place(scene.actor, uri)
            except PlaceUnknown:
                continue
            return known, (known.name or uri)[:120]
    uri = scene.event.place("bizLocation") or scene.event.place("readPoint")
    return None, uri[:120]
