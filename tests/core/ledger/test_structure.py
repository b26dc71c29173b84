"""A table or a column that was taken away is a fault with a name, and everything else is still looked at."""

from __future__ import annotations

import pytest

from bot.authorizer import lock_down
from core.ledger import Signer
from tests.core.ledger.logs import fill, seal_all, verified, without_guards


@pytest.mark.parametrize(
    ("statement", "table", "what"),
    [
        ("DROP TABLE lots_hold", "lots_hold", "the whole table is gone"),
        ("DROP TABLE people_access_log", "people_access_log", "the whole table is gone"),
        ("DROP TABLE evidence_link", "evidence_link", "the whole table is gone"),
        ("DROP TABLE ledger_checkpoint", "ledger_checkpoint", "the whole table is gone"),
        ("ALTER TABLE products_product DROP COLUMN name_en", "products_product", "column name_en is gone"),
    ],
)
async def test_what_was_taken_away_is_named(
    database: str, signer: Signer, statement: str, table: str, what: str
) -> None:
    await fill(3)
    await seal_all(signer)
    async with without_guards() as db:
        await db.execute_query(statement)
    report = await verified(signer)
    assert [(one.where, one.what) for one in report.faults] == [(table, what)]


async def test_other_faults_are_found_beside_it(database: str, signer: Signer) -> None:
    await fill(3)
    await seal_all(signer)
    async with without_guards() as db:
        await db.execute_query("DROP TABLE lots_hold")
        await db.execute_query(
            "UPDATE products_product SET name_en = 'x' WHERE code = (SELECT MIN(code) FROM products_product)"
        )
    found = {one.where for one in (await verified(signer)).faults}
    assert found == {"lots_hold", "products_product"}


async def test_an_application_that_is_locked_down_can_look_as_well(database: str, signer: Signer) -> None:
    """The bench and the pages verify on the connection that may do nothing but read and write rows."""
    await fill(3)
    await seal_all(signer)
    await lock_down()
    assert (await verified(signer)).sound
