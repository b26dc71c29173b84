"""Digests of rows read past the objects are those that the ledger recorded, for every table and value."""

from __future__ import annotations

from typing import Any

import pytest
from tortoise import connections

from core.kit import REGULATED
from core.kit.unit_of_work import ALIAS
from core.ledger.row_digests import RowDigests
from core.products.models import Product
from tests.core.capa import story
from tests.databases import close_database, open_database
from tests.plants import small_plant


async def read(model: Any) -> dict[str, str]:
    reader = RowDigests(model)
    names = ", ".join(f'"{name}"' for name in reader.columns)
    _, rows = await connections.get(ALIAS).execute_query(f'SELECT {names} FROM "{model.table()}"')
    return {str(row[0]): reader.of(row) for row in rows}


async def test_they_are_those_of_the_objects(database: str) -> None:
    """Of a case carried through to its CAPA: instants, decimals, JSON, enums, UUIDs, bytes, yes and no."""
    plant = await small_plant()
    await story.carried_out(plant, await story.submitted(plant, await story.opened(plant)))
    filled = 0
    for model in list(REGULATED.values()):
        if not model.__module__.startswith("core."):
            continue
        rows = {str(row.pk): row.state_digest() for row in await model.all()}
        assert await read(model) == rows, model.__name__
        filled += bool(rows)
    assert filled > 15


@pytest.mark.parametrize("value", ["2", "'yes'", "0.5"])
async def test_what_no_column_may_hold_has_no_digest(sqlite_files: Any, value: str) -> None:
    """SQLite keeps anything in any column; what the rooms could not have written never agrees with a record."""
    await open_database(await sqlite_files.fresh())
    try:
        row = await Product.create(plant_id=1, code="A", name_zh="甲", name_en="A", unit="pcs")
        await connections.get(ALIAS).execute_query(f"UPDATE products_product SET sterile = {value}")
        assert (await read(Product))[str(row.pk)].startswith("no canonical form: ")
    finally:
        await close_database()
