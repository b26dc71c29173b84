"""Scratch databases for measuring: a SQLite file in a temporary folder, a schema of its own on PostgreSQL."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from tortoise import connections
from tortoise.backends.base.executor import EXECUTOR_CACHE

from bot import authorizer, database
from core.kit.unit_of_work import ALIAS


def addresses(installed: str, owner: str) -> Iterator[tuple[str, str]]:
    """Name the engines to measure and where: SQLite always, PostgreSQL where the installation has one."""
    yield "sqlite", ""
    if not installed.startswith("sqlite"):
        yield "postgresql", owner or installed


@asynccontextmanager
async def scratch(address: str) -> AsyncIterator[Path]:
    """Open an empty migrated database and answer a folder for files beside it; both go at the end.

    Without an address it is a SQLite file; with one, a new schema of that PostgreSQL database, whose role must be
    allowed to make it. Nothing outside the schema is read or written.
    """
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as made:
        folder = Path(made)
        schema = f"bihuan_bench_{secrets.token_hex(4)}"
        inside = f"sqlite://{folder}/bench.db"
        if address:
            await _run(address, f"CREATE SCHEMA {schema}")
            inside = f"{address}{'&' if '?' in address else '?'}schema={schema}"
        try:
            EXECUTOR_CACHE.clear()  # statements of the other engine
            await database.open_database(inside)
            try:
                await database.migrate(inside)
                await authorizer.lock_down()
                yield folder
            finally:
                await database.close_database()
        finally:
            EXECUTOR_CACHE.clear()
            if address:
                await _run(address, f"DROP SCHEMA {schema} CASCADE")


async def _run(address: str, statement: str) -> None:
    await database.open_database(address)
    try:
        await connections.get(ALIAS).execute_query(statement)
    finally:
        await database.close_database()
