"""Reads of the lots room, each named by its question, each inside what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from core import people, products
from core.kit import Actor, Level, Module, NotFound, Page, Permission, plain_text
from core.kit.page import cut
from core.lots import numbered
from core.lots.errors import LotUnknown, LotUnknownNearest
from core.lots.models import Hold, Lot, LotLink
from core.lots.terms import HoldFacts, LotFacts, LotStatus

NEAREST = 3
LIKENESS = 60
"""Least similarity (0 to 100) of a number that is offered instead of an unknown one."""
LIMIT = 60
NOBODY = ("", "")
PART = 5000
"""Bound parameters of one statement are limited on both databases."""


def visible(actor: Actor) -> QuerySet[Lot]:
    """Answer the lots that the actor may see: the plant's own people all, partners what they made or have.

    An auditor let in for certain cases sees the lots that these are about or hold.

    Raises:
        NotPermitted: the actor holds no right to read lots.
    """
    return _seen(actor, Lot.filter(plant_id=actor.plant_id))


def visible_of(actor: Actor, lot_ids: Iterable[int]) -> QuerySet[Lot]:
    """Answer those of these lots that the actor may see.

    The plant stands as a range, so that SQLite, which has no figures of the tables, looks the ids up and does not
    go through all lots of the plant.

    Raises:
        NotPermitted: the actor holds no right to read lots.
    """
    plant = actor.plant_id
    return _seen(actor, Lot.filter(id__in=sorted(set(lot_ids)) or [0], plant_id__range=(plant, plant)))


def visible_made_as(actor: Actor, product_id: int) -> QuerySet[Lot]:
    """Answer the lots of a product that the actor may see; the plant stands as a range for the same reason.

    Raises:
        NotPermitted: the actor holds no right to read lots.
    """
    plant = actor.plant_id
    return _seen(actor, Lot.filter(product_id=product_id, plant_id__range=(plant, plant)))


def _seen(actor: Actor, lots: QuerySet[Lot]) -> QuerySet[Lot]:
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    lots = lots.exclude(status=LotStatus.WITHDRAWN.value)
    if scope.partner_id is not None:
        lots = lots.filter(Q(partner_id=scope.partner_id) | Q(organisation_id=scope.partner_id))
    if scope.by_case:
        held = Hold.filter(plant_id=scope.plant_id, case_number__in=people.case_numbers(actor))
        lots = lots.filter(Q(id__in=people.lots_of_cases(actor)) | Q(id__in=Subquery(held.values("lot_id"))))
    return lots


async def makers(plant_id: int) -> dict[int, tuple[str, str]]:
    """Answer the Chinese and the English name of every organisation of a plant, in one look-up."""
    return {made.id: (made.name_zh, made.name_en) for made in await people.organisations(plant_id)}


async def facts_of(rows: Iterable[Lot]) -> list[LotFacts]:
    """Turn rows of one plant into facts with product and maker, in two look-ups for any number of rows."""
    lots = list(rows)
    if not lots:
        return []
    known = await products.facts_of(lot.product_id for lot in lots)
    names = await makers(lots[0].plant_id)
    return [
        LotFacts(
            id=lot.id,
            plant_id=lot.plant_id,
            number=lot.number,
            product=known[lot.product_id],
            organisation_id=lot.organisation_id,
            organisation_zh=names.get(lot.organisation_id, NOBODY)[0],
            organisation_en=names.get(lot.organisation_id, NOBODY)[1],
            partner_id=lot.partner_id,
            site_id=lot.site_id,
            place=lot.place,
            quantity=lot.quantity,
            unit=lot.unit,
            status=LotStatus(lot.status),
            made_at=lot.made_at,
            process=lot.process,
            expires_on=lot.expires_on,
        )
        for lot in lots
    ]


async def find(actor: Actor, number: str) -> LotFacts:
    """One lot by its number as printed; case and spaces around it do not matter.

    Raises:
        LotUnknown: no such lot in the actor's scope; ``nearest`` holds up to three alike there.
    """
    wanted = plain_text.clean(number)
    found = await in_any_case(actor, wanted)
    if found is not None:
        return found
    shown = wanted[:LIMIT]
    names = await nearest(actor, shown)
    if names:
        raise LotUnknownNearest(number=shown, nearest=names)
    raise LotUnknown(number=shown)


async def of_import(actor: Actor, import_id: int, limit: int) -> list[LotFacts]:
    """Some lots that an import brought in or that its links lead to, newest first; asked right after it."""
    found = await visible(actor).filter(import_id=import_id).order_by("-id").limit(limit)
    if not found:
        links = LotLink.filter(plant_id=actor.plant_id, import_id=import_id).order_by("-id").limit(limit)
        found = await visible_of(actor, [one.child_id for one in await links])
    return await facts_of(found)


async def exactly(actor: Actor, number: str) -> LotFacts | None:
    """One lot by its number as it is written, in the actor's scope; None where there is none."""
    row = await visible(actor).get_or_none(number=number) if 0 < len(number) <= LIMIT else None
    return None if row is None else (await facts_of([row]))[0]


async def some(actor: Actor, lot_ids: Iterable[int]) -> list[LotFacts]:
    """Those of these lots that the actor may see, in the order of their ids."""
    wanted = sorted(set(lot_ids))
    found: list[LotFacts] = []
    for start in range(0, len(wanted), PART):
        found += await facts_of(await visible_of(actor, wanted[start : start + PART]).order_by("id"))
    return found


async def known(actor: Actor, numbers: Iterable[str]) -> list[LotFacts]:
    """Which of these numbers are lots in the actor's scope, exactly as written, oldest first."""
    wanted = {plain_text.clean(one) for one in numbers} - {""}
    rows = await visible(actor).filter(number__in=wanted or {""}).order_by("id")
    return await facts_of(rows)


async def in_any_case(actor: Actor, number: str) -> LotFacts | None:
    """The lot of this very number in the actor's scope, whatever its case; the one written so before all others."""
    lots = visible(actor)
    row = await lots.get_or_none(number=number)
    if row is None:
        same = await numbered.same(actor.plant_id, number)
        row = await visible_of(actor, same).order_by("id").first()
    return None if row is None else (await facts_of([row]))[0]


async def nearest(actor: Actor, number: str, limit: int = NEAREST) -> tuple[str, ...]:
    """Numbers in the actor's scope that look most like the given one, best first."""
    known = await numbered.alike(actor.plant_id, number)
    alike = process.extract(
        number, known, scorer=fuzz.ratio, processor=utils.default_process, limit=None, score_cutoff=LIKENESS
    )
    best: list[str] = []
    for start in range(0, len(alike), PART):
        names = [name for name, _, _ in alike[start : start + PART]]
        seen = {one.number for one in await visible(actor).filter(number__in=names).only("id", "number")}
        best += [name for name in names if name in seen][: limit - len(best)]
        if len(best) == limit:
            break
    return tuple(best)


async def get(actor: Actor, lot_id: int) -> LotFacts:
    """One lot by its id.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    row = await visible(actor).get_or_none(id=lot_id)
    if row is None:
        raise NotFound(what=f"#{lot_id}")
    return (await facts_of([row]))[0]


async def recent(actor: Actor, limit: int = 5) -> list[LotFacts]:
    """The lots made last in the actor's scope, newest first, to be offered as answers."""
    return await facts_of(await visible(actor).order_by("-made_at", "-id").limit(limit))


async def page(
    actor: Actor,
    *,
    status: LotStatus | None = None,
    search: str = "",
    after: int | None = None,
    size: int = 50,
) -> Page[LotFacts]:
    """Lots in the actor's scope, newest record first; ``search`` matches within the number."""
    lots, scope, text = visible(actor), people.scope(actor), plain_text.clean(search)[:LIMIT]
    if scope.by_case:
        if status is not None:
            lots = lots.filter(status=status.value)
        if text:
            lots = lots.filter(number__icontains=text)
        if after is not None:
            lots = lots.filter(id__lt=after)
    else:
        found = await numbered.newest(
            scope.plant_id, text, partner_id=scope.partner_id, status=status, before=after, most=size + 1
        )
        lots = visible_of(actor, found)
    rows = await facts_of(await lots.order_by("-id").limit(size + 1))
    return cut(rows, size, [row.id for row in rows])


async def holds_of(actor: Actor, case_number: str) -> list[HoldFacts]:
    """Every hold placed for a case on lots that the actor may see, oldest first."""
    rows = await Hold.filter(plant_id=actor.plant_id, case_number=case_number).order_by("id")
    seen = visible_of(actor, {row.lot_id for row in rows})
    numbers = {lot.id: lot.number for lot in await seen}
    return [row.facts(numbers[row.lot_id]) for row in rows if row.lot_id in numbers]


async def holds_on(actor: Actor, lot_id: int) -> list[HoldFacts]:
    """Every hold ever placed on a lot, oldest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    lot = await get(actor, lot_id)
    return [row.facts(lot.number) for row in await Hold.filter(lot_id=lot_id).order_by("id")]


async def openable(actor: Actor, lot_ids: Iterable[int]) -> frozenset[int]:
    """Which of these lots the actor may open by themselves: a genealogy shows more than that to an auditor."""
    wanted = sorted(set(lot_ids))
    found: set[int] = set()
    for start in range(0, len(wanted), PART):
        found |= {one.id for one in await visible_of(actor, wanted[start : start + PART]).only("id")}
    return frozenset(found)


async def numbers(lot_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of lots by id, for rooms that hold records of these lots already."""
    wanted = sorted(set(lot_ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), PART):
        rows = await Lot.filter(id__in=wanted[start : start + PART]).values_list("id", "number")
        found |= {int(str(key)): str(number) for key, number in rows}
    return found


async def numbers_like(actor: Actor, beginning: str, limit: int = 200) -> list[str]:
    """Numbers in the actor's plant that begin alike, so that the next free one can be offered."""
    actor.must(Permission(Module.LOTS, Level.WORK))
    found = await numbered.beginning(actor.plant_id, beginning, limit)
    return [name for name in found if name.startswith(beginning)]


async def undecided(case_number: str, *, plant_id: int) -> int:
    """How many holds of a plant's case still wait for a decision."""
    return await Hold.filter(plant_id=plant_id, case_number=case_number, decision=None).count()


async def undecided_for(actor: Actor) -> int:
    """How many holds on lots that the actor may see still wait for a decision."""
    waiting = await Hold.filter(plant_id=actor.plant_id, decision=None).values_list("lot_id", flat=True)
    scope = people.scope(actor)
    if scope.partner_id is None and not scope.by_case:
        return len(waiting)
    seen = {one.id for one in await visible_of(actor, {int(str(one)) for one in waiting}).only("id")}
    return sum(1 for one in waiting if one in seen)
