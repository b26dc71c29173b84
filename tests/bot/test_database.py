"""What a connection of the product to PostgreSQL is like when it begins, and when somebody else gets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from tortoise import connections

from bot import database as product_database
from core.kit.unit_of_work import ALIAS
from tests.databases import PostgresServer


@pytest.fixture
async def opened(postgres_server: PostgresServer) -> AsyncIterator[None]:
    """An empty database opened as the product opens it."""
    made = await postgres_server.empty()
    where = quote(postgres_server.host)
    name = made["credentials"]["database"]
    await product_database.open_database(
        f"postgres://postgres@localhost:{postgres_server.port}/{name}?host={where}"
    )
    yield
    await product_database.close_database()
    await postgres_server.drop(made)


@pytest.mark.usefixtures("opened")
async def test_the_server_asks_after_a_silent_peer() -> None:
    """Within a minute: 30 s of silence, then three questions 10 s apart; else a lost process keeps its locks for hours."""
    rows = await connections.get(ALIAS).execute_query_dict(
        "SELECT name, reset_val FROM pg_settings WHERE name LIKE 'tcp_keepalives%' AND source = 'client'"
    )
    assert {one["name"]: one["reset_val"] for one in rows} == {
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
    }


@pytest.mark.usefixtures("opened")
async def test_whoever_gets_a_connection_finds_no_transaction_of_another() -> None:
    """It is not reset when it comes back, yet what was begun and left on it is ended, and its locks with it."""
    client = connections.get(ALIAS)
    async with client.acquire_connection() as left:
        number = left.get_server_pid()
        await left.execute("BEGIN")
        await left.execute("SELECT pg_advisory_xact_lock(7)")
    async with client.acquire_connection() as next_one:
        assert next_one.get_server_pid() == number
        assert not next_one.is_in_transaction()
        assert await next_one.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
