"""A database made by an earlier, unreleased state of the program is recognised at once, not at its first missing column."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import make_mocked_request
from tortoise import connections

from bot import database as installed
from bot import schema, serving
from bot.authorizer import lock_down
from core.kit.unit_of_work import ALIAS
from tests.migrations.test_history import two_addresses

__all__ = ["two_addresses"]
SAID = "made by an earlier, unreleased state"


@pytest.fixture
async def made(two_addresses: tuple[str, str]) -> AsyncIterator[str]:
    """A database as this program makes it."""
    await installed.open_database(two_addresses[0])
    try:
        await installed.migrate(two_addresses[0])
        assert await installed.faults() == []
        yield two_addresses[0]
    finally:
        await installed.close_database()


async def refused_everywhere(address: str, table: str) -> None:
    """At the start and by the doctor (``faults``), by migrate and its check, by /readyz: the same sentence."""
    [said] = await installed.faults()
    assert SAID in said
    assert table in said
    assert "docs/operating/upgrade.md" in said
    for call in (installed.migrate, installed.pending):
        with pytest.raises(installed.DatabaseFault, match=SAID):
            await call(address)
    answer = await serving._readyz()(make_mocked_request("GET", "/readyz"))
    assert (answer.status, SAID.encode() in bytes(answer.body)) == (503, True)  # type: ignore[arg-type]


async def test_it_is_told_by_its_columns_and_by_what_the_last_migration_recorded(made: str) -> None:
    """The names of all migrations have run. Other words about tables make no other database, since no migration does."""
    db = connections.get(ALIAS)
    mark = "?" if db.capabilities.dialect == "sqlite" else "$1"
    (row,) = await db.execute_query_dict("SELECT id, content FROM aerich ORDER BY id DESC LIMIT 1")
    content = json.loads(row["content"]) if isinstance(row["content"], str) else row["content"]

    async def recorded() -> None:
        update = f"UPDATE aerich SET content = {mark} WHERE id = {row['id']}"
        await db.execute_query(update, [json.dumps(content)])

    for model in content.values():
        model["docstring"], model["description"] = "other words", "other words"
    await recorded()
    assert (await schema.strange(), await installed.pending(made)) == ([], [])

    lot = next(one for one in content.values() if one["table"] == "lots_lot")
    place = next(one for one in lot["data_fields"] if one["db_column"] == "place")
    kinds = dict(place["db_field_types"])
    place["db_field_types"][""] = "VARCHAR(60)"
    await recorded()
    await refused_everywhere(made, "lots_lot")

    place["db_field_types"] = kinds
    await recorded()
    assert await installed.faults() == []
    await db.execute_script('ALTER TABLE "lots_shipment" DROP COLUMN "document"')
    await lock_down()  # as the application's own connection is
    await refused_everywhere(made, "lots_shipment")
