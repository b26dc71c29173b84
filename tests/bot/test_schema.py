"""A database that is newer or older than the program is refused in a sentence, at the start and while running."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import make_mocked_request
from tortoise import connections
from tortoise.exceptions import OperationalError

from bot import database as installed
from bot import schema, serving
from core.kit.unit_of_work import ALIAS
from tests.migrations.test_history import two_addresses

__all__ = ["two_addresses"]
NEWER = "INSERT INTO aerich (version, app, content) VALUES ('2_20991231_next.py', 'core', '{}')"
OLDER = "DELETE FROM aerich WHERE version LIKE '1_%'"


async def test_newer_or_older_by_one_is_refused(two_addresses: tuple[str, str]) -> None:
    address = two_addresses[0]
    await installed.open_database(address)
    try:
        assert len(await schema.unfit()) == len(schema.known()), "empty: nothing has run"
        await installed.migrate(address)
        assert await installed.faults() == []
        running = asyncio.create_task(schema.until_unfit())
        db = connections.get(ALIAS)
        await db.execute_script(NEWER)
        [said] = await installed.faults()
        assert "newer than this program" in said
        assert await asyncio.wait_for(running, 30) == said, "a running process notices"
        with pytest.raises(installed.DatabaseFault, match="newer"):
            await installed.migrate(address)
        await db.execute_script("DELETE FROM aerich WHERE version LIKE '2_%'")
        await db.execute_script(OLDER)
        [said] = await installed.faults()
        assert said.endswith("run `bihuan migrate`")
    finally:
        await installed.close_database()


async def test_a_database_that_cannot_be_asked_is_not_taken_for_an_older_one(
    two_addresses: tuple[str, str],
) -> None:
    """A locked or failing database stops no process: its version is looked at again."""
    await installed.open_database(two_addresses[0])
    try:
        await installed.migrate(two_addresses[0])
        await connections.get(ALIAS).execute_script("ALTER TABLE aerich RENAME COLUMN version TO other")
        with pytest.raises(OperationalError):
            await schema.unfit()
        answer = await serving._readyz()(make_mocked_request("GET", "/readyz"))
        assert (answer.status, b"cannot be asked" in bytes(answer.body)) == (503, True)  # type: ignore[arg-type]
    finally:
        await installed.close_database()
