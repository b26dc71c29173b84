"""What held at a time: bills of materials, parameter specifications, factors, identifiers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from core import people
from core.kit import Actor, clock
from core.products.models import Bom, BomLine, Identifier, ParameterSpec, Product, UnitFactor
from core.products.terms import BomFacts, BomLineFacts, Factor, IdentifierFacts, ProductFacts, SpecFacts


async def boms(rows: Sequence[Bom]) -> list[BomFacts]:
    """Turn rows into facts with their lines, in two look-ups."""
    lines = await BomLine.filter(bom_id__in=[row.id for row in rows] or [0]).order_by("bom_id", "position")
    known = await Product.filter(id__in={one.component_id for one in lines} or {0})
    codes = {one.id: one.code for one in known}
    of: dict[int, list[BomLineFacts]] = defaultdict(list)
    for one in lines:
        of[one.bom_id].append(
            BomLineFacts(
                position=one.position,
                component_id=one.component_id,
                component=codes[one.component_id],
                quantity=one.quantity,
                unit=one.unit,
                loss=one.loss,
            )
        )
    return [
        BomFacts(
            id=row.id,
            product_id=row.product_id,
            version=row.version,
            effective_from=row.effective_from,
            note=row.note,
            lines=tuple(of[row.id]),
        )
        for row in rows
    ]


async def bom_at(product_id: int, at: dt.datetime) -> BomFacts | None:
    """The bill of materials of a product that held at an instant; None before the first one."""
    held = Bom.filter(product_id=product_id, effective_from__lte=clock.utc(at))
    row = await held.order_by("-version").first()
    return None if row is None else (await boms([row]))[0]


async def boms_of(actor: Actor, product_id: int) -> list[BomFacts]:
    """Every version for a product of the actor's plant, newest first; none for partners."""
    scope = people.scope(actor)
    if scope.partner_id is not None:
        return []
    return await boms(await Bom.filter(plant_id=scope.plant_id, product_id=product_id).order_by("-version"))


async def newest_components(plant_id: int) -> dict[str, frozenset[str]]:
    """For each product of a plant that has one, which components its newest bill of materials names."""
    newest: dict[int, Bom] = {}
    for row in await Bom.filter(plant_id=plant_id).order_by("version"):
        newest[row.product_id] = row
    codes = {one.id: one.code for one in await Product.filter(id__in=list(newest) or [0])}
    return {
        codes[one.product_id]: frozenset(line.component for line in one.lines)
        for one in await boms(list(newest.values()))
    }


async def parameters_at(product_id: int, process: str, at: dt.datetime) -> dict[str, SpecFacts]:
    """What the parameters of a process should be at an instant, by name."""
    rows = await ParameterSpec.filter(
        product_id=product_id, process=process, effective_from__lte=clock.utc(at)
    ).order_by("version")
    return {row.name: row.facts() for row in rows}


async def parameters_of(actor: Actor, product_id: int) -> list[SpecFacts]:
    """Every version of every parameter of a product of the actor's plant; none for partners."""
    scope = people.scope(actor)
    if scope.partner_id is not None:
        return []
    rows = await ParameterSpec.filter(plant_id=scope.plant_id, product_id=product_id)
    return [row.facts() for row in sorted(rows, key=lambda one: (one.process, one.name, -one.version))]


async def factors(plant_id: int, product_ids: Iterable[int]) -> list[Factor]:
    """The declared factors that hold now: of these products and of the whole plant, the newest of each pair."""
    wanted = set(product_ids)
    newest: dict[tuple[int | None, str, str], Factor] = {}
    for row in await UnitFactor.filter(plant_id=plant_id).order_by("id"):
        if row.product_id is None or row.product_id in wanted:
            made = Factor(product_id=row.product_id, unit=row.unit, into=row.into, factor=row.factor)
            one, other = sorted((row.unit, row.into))
            newest[row.product_id, one, other] = made
    return list(newest.values())


async def identifiers_of(product_id: int) -> list[IdentifierFacts]:
    """The device identifiers of a product, oldest first."""
    return [row.facts() for row in await Identifier.filter(product_id=product_id).order_by("id")]


async def packaged(plant_id: int, code: str) -> tuple[ProductFacts, int] | None:
    """Which product of a plant a device identifier means, and how many pieces are in one unit of sale."""
    row = await Identifier.filter(plant_id=plant_id, code=code).first()
    if row is None:
        return None
    return (await Product.get(id=row.product_id)).facts(), row.contains


async def identified(plant_id: int, code: str) -> ProductFacts | None:
    """Which product of a plant a device identifier means, whoever issued it."""
    row = await Identifier.filter(plant_id=plant_id, code=code).first()
    return None if row is None else (await Product.get(id=row.product_id)).facts()
