"""Reads of the products room, each named by its question."""

from __future__ import annotations

from collections.abc import Iterable

from core import people
from core.kit.actor import Actor
from core.products.errors import ProductUnknown
from core.products.models import Product
from core.products.terms import ProductFacts


async def products(actor: Actor) -> list[ProductFacts]:
    """Every product of the actor's plant by code; none for partners, who meet products through their lots."""
    scope = people.scope(actor)
    if scope.partner_id is not None:
        return []
    return [row.facts() for row in await Product.filter(plant_id=scope.plant_id).order_by("code")]


async def product(product_id: int) -> ProductFacts | None:
    """One product by its id, for rooms and doors that hold a lot of it already."""
    row = await Product.get_or_none(id=product_id)
    return None if row is None else row.facts()


async def facts_of(product_ids: Iterable[int]) -> dict[int, ProductFacts]:
    """Products by id in one statement, for lists that hold their lots already."""
    wanted = sorted(set(product_ids))
    return {row.id: row.facts() for row in await Product.filter(id__in=wanted)} if wanted else {}


async def by_code(plant_id: int, codes: Iterable[str]) -> dict[str, ProductFacts]:
    """Products of a plant by code, in one statement.

    Raises:
        ProductUnknown: a code has no product.
    """
    wanted = sorted(set(codes))
    rows = await Product.filter(plant_id=plant_id, code__in=wanted) if wanted else []
    found = {row.code: row.facts() for row in rows}
    for code in wanted:
        if code not in found:
            raise ProductUnknown(code=code)
    return found
