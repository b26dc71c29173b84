"""Running a migration's statements one by one inside aerich's transaction, for the dialect at hand."""

from __future__ import annotations

from collections.abc import Sequence

from tortoise import BaseDBAsyncClient


async def run(db: BaseDBAsyncClient, *, sqlite: Sequence[str], postgres: Sequence[str]) -> str:
    """Run the statements of the connected dialect; answers the harmless script that aerich wants to run itself.

    aerich's own script runner commits SQLite's transaction first, so half a migration could stay behind.
    """
    for statement in sqlite if db.capabilities.dialect == "sqlite" else postgres:
        await db.execute_query(statement)
    return "SELECT 1"
