"""Tortoise's SQLite engine without its thread: handing each statement to it costs more than the statement itself.

What other tasks may do in between stays as it is: each statement still gives them a turn. The processes that tests
start (command line, kill -9, server) run with the thread, as in a plant.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from typing import Any
from unittest import mock

import aiosqlite
from tortoise.backends.sqlite.client import SqliteClient


class Inline(aiosqlite.Connection):
    """A connection that does what it is asked at once."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._connection is None:
            msg = "Connection closed"
            raise ValueError(msg)
        try:
            return fn(*args, **kwargs)
        finally:
            await asyncio.sleep(0)

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        """Connect."""
        self._connection = self._connector()
        yield from asyncio.sleep(0).__await__()
        return self

    async def close(self) -> None:
        """Close it, with what was not committed lost, as by the thread."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connect(path: str, **settings: Any) -> Inline:
    return Inline(lambda: sqlite3.connect(path, **settings), 64)


class InlineClient(SqliteClient):
    """The engine with such a connection."""

    async def create_connection(self, with_db: bool) -> None:
        """Connect and set up as the engine does."""
        with mock.patch.object(aiosqlite, "connect", _connect):
            await super().create_connection(with_db)


client_class = InlineClient
