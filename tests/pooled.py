"""Tortoise's PostgreSQL engine, its connections kept from test to test: a new one reads the whole catalogue anew."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient

Way = tuple[str | None, int | None, str]
_kept: dict[str, tuple[Way, asyncpg.Pool]] = {}
"""By database, with the way to it: a test may take another, with faults on it."""


def kept(name: str) -> list[int]:
    """The server's numbers of the connections to a database that wait for the next test."""
    if name not in _kept:
        return []
    pool = _kept[name][1]
    return [one._con.get_server_pid() for one in pool._holders if one._con and not one._con.is_closed()]


async def forget(name: str) -> None:
    """Close what is kept for a database."""
    if name in _kept:
        await asyncio.wait_for(_kept.pop(name)[1].close(), 10)


class Pooled(AsyncpgDBClient):
    """Begins with the connections that the last test of its database left, each as good as new."""

    async def create_pool(self, **settings: Any) -> asyncpg.Pool:
        """Take what was kept, else connect."""
        name = self.database or ""
        if name in _kept and _kept[name][0] == self._way():
            return _kept.pop(name)[1]
        return await super().create_pool(**settings)

    def _way(self) -> Way:
        return self.host, self.port, repr(self.extra)

    async def _close(self) -> None:
        pool, name = self._pool, self.database
        if pool is None or not name or name in _kept or not await _as_new(pool):
            await super()._close()
            return
        self._pool, _kept[name] = None, (self._way(), pool)


async def _as_new(pool: asyncpg.Pool) -> bool:
    """Take back what a test set for its session; False when a connection is still in use, or is broken."""
    if pool.get_idle_size() != pool.get_size():
        return False
    try:
        async with asyncio.timeout(5):
            taken = [await pool.acquire() for _each in range(pool.get_size())]
            for one in taken:
                await one.execute("RESET ALL")
                await pool.release(one)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


client_class = Pooled
