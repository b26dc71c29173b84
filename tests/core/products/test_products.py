"""The product list: recorded once, corrected in place, vouched for by the ledger."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core import products
from core.kit import Level, NotPermitted, plain_text
from core.ledger.models import LedgerEntry
from core.products import NewProduct
from core.products.models import Product
from tests.core.lots.shop import BAR, SCREW, opened, person


@pytest.fixture
async def plant(database: object) -> int:
    """A plant that has two products."""
    return (await opened()).plant


async def test_products_are_found_by_code_and_named_in_the_readers_language(plant: int) -> None:
    """Both names and the risk flags come back; an unknown code is refused by name."""
    found = await products.by_code(plant, [SCREW, BAR])
    screw = found[SCREW]
    assert (screw.name("zh_CN"), screw.name("en"), screw.sterile, screw.implant) == (
        "锁定螺钉",
        "Locking screw",
        True,
        True,
    )
    assert await products.product(screw.id) == screw
    with pytest.raises(products.ProductUnknown, match="NOPE"):
        await products.by_code(plant, [SCREW, "NOPE"])


@pytest.mark.req("G-45b")
async def test_a_correction_keeps_the_old_values_on_the_ledger(plant: int) -> None:
    """The row changes, the entry says what was there before; saying the same again records nothing."""
    boss = person(1, plant, Level.CONFIGURE)
    new = NewProduct(code=SCREW, name_zh="锁定螺钉", name_en="Locking screw 3.5", sterile=True, implant=True)
    (after,) = await products.record_products(boss, [new])
    assert after.name_en == "Locking screw 3.5"
    entries = await LedgerEntry.filter(plant_id=plant, kind="products:product:record").order_by("id")
    body = json.loads(entries[-1].body)
    assert body["before"] == {str(after.id): {"name_en": "Locking screw"}}
    row = await Product.get(id=after.id)
    assert body["records"] == [
        {"table": "products_product", "key": str(after.id), "digest": row.state_digest()}
    ]
    await products.record_products(boss, [new])
    assert await LedgerEntry.filter(plant_id=plant, kind="products:product:record").count() == len(entries)


async def test_a_list_is_taken_whole_or_not_at_all(plant: int) -> None:
    """A code twice, an empty name, or a missing right leaves the list as it was."""
    boss = person(1, plant, Level.CONFIGURE)
    new = NewProduct(code="NEW", name_zh="新品", name_en="New")
    with pytest.raises(products.ProductTwice):
        await products.record_products(boss, [new, new])
    with pytest.raises(plain_text.Empty):
        await products.record_products(boss, [new, replace(new, code="NEW-2", name_en=" \u200b")])
    with pytest.raises(NotPermitted):
        await products.record_products(person(2, plant, Level.WORK), [new])
    with pytest.raises(NotPermitted):
        await products.record_products(person(3, plant, Level.CONFIGURE, plant + 1), [new])
    assert [one.code for one in await products.products(boss)] == [SCREW, BAR]


async def test_partners_do_not_read_the_product_list(plant: int) -> None:
    """Partners meet products through the lots they see."""
    assert await products.products(person(3, plant, Level.READ, plant + 1)) == []
