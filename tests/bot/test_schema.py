"""A database that is newer or older than the program is refused in a sentence, at the start and while running."""

from __future__ import annotations

import asyncio

import pytest
from tortoise import connections

from bot import database as installed
from bot import schema
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
