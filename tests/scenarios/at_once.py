"""SQLite in memory without a thread of its own: every statement is done before the next line runs."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from typing import Any, Self
from unittest import mock

import aiosqlite
from tortoise import connections

from core.kit.unit_of_work import ALIAS
from tests.databases import close_database, open_database


class Connection(aiosqlite.Connection):
    """What aiosqlite hands to its thread is done here and now: scenarios need no second thread, only order."""

    def __await__(self) -> Generator[Any, None, Self]:
        return self._connect().__await__()

    async def _connect(self) -> Self:
        if self._connection is None:
            self._connection = self._connector()
        return self

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if not self._running or self._connection is None:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)

    def stop(self) -> None:
        self._running = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connect(database: str, **kwargs: Any) -> Connection:
    return Connection(lambda: sqlite3.connect(database, **kwargs), 64)


@asynccontextmanager
async def in_memory() -> AsyncIterator[sqlite3.Connection]:
    """An empty database in memory, opened for the product; answers the connection below it."""
    with mock.patch.object(aiosqlite, "connect", _connect):
        await open_database("sqlite://:memory:?journal_mode=OFF")
        await connections.get(ALIAS).create_connection(with_db=True)
        try:
            yield below()
        finally:
            await close_database()


def below() -> sqlite3.Connection:
    """The connection of the open database."""
    held = connections.get(ALIAS)._connection
    assert held is not None
    return held._conn  # type: ignore[no-any-return]


def picture() -> bytes:
    """The whole database as bytes."""
    return below().serialize()


def put_back(kept: bytes) -> None:
    """Make the open database what it was when the picture was taken."""
    source = sqlite3.connect(":memory:")
    source.deserialize(kept)
    source.backup(below())
    source.close()
