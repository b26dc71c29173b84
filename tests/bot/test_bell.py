"""What one process stores another handles at once; when the listening connection dies polling goes on, then the bell."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from bot import bell, gateway
from bot.bell import Bell, Topic
from core.inbox import Arrived
from core.inbox.models import Inbound
from tests.bot.test_network_faults import Nothing
from tests.bot.test_scale_out import gateway_for
from tests.databases import PostgresServer, close_database, open_database

NEVER = 3600.0


@pytest.fixture
async def server(postgres_server: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    """An open database, and a connection beside ours."""
    made = await postgres_server.fresh()
    parts = made["credentials"]
    await open_database(made)
    beside = await asyncpg.connect(
        host=parts["host"], port=parts["port"], user="postgres", database=parts["database"]
    )
    yield beside
    await beside.close()
    await close_database()
    await postgres_server.give_back(made)


async def until_done(count: int) -> None:
    async with asyncio.timeout(60):
        while await Inbound.filter(state="done").count() < count:
            await asyncio.sleep(0.01)


async def test_a_worker_handles_at_once_what_a_web_process_stored(
    server: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker looks by itself once an hour; its listening connection is killed in between."""
    monkeypatch.setattr(gateway, "IDLE", NEVER)
    monkeypatch.setattr(bell, "AGAIN", 0.01)
    web, worker = gateway_for(Nothing()), gateway_for(Nothing())
    rings, ears = Bell(), Bell()
    web._told = functools.partial(rings.ring, Topic.INBOX)
    store = web.intake("telegram")
    running = asyncio.create_task(worker.run())
    listening = asyncio.create_task(ears.listen({Topic.INBOX: worker.wake}))
    await ears.listening.wait()
    await store([Arrived(update_id="1", chat_ref="7", raw={})], None)
    await until_done(1)
    killed = await server.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
    )
    await store([Arrived(update_id="2", chat_ref="7", raw={})], None)
    await until_done(2)
    await ears.listening.wait()
    await store([Arrived(update_id="3", chat_ref="7", raw={})], None)
    await until_done(3)
    assert killed == 1
    listening.cancel()
    await worker.stop()
    await asyncio.gather(running, listening, return_exceptions=True)
    await rings.stop()


async def test_many_rings_are_few_and_other_topics_wake_nobody(server: asyncpg.Connection) -> None:
    heard: list[str] = []
    ears = Bell()
    calls: dict[Topic, Callable[[], None]] = {Topic.OUTBOX: lambda: heard.append("outbox")}
    listening = asyncio.create_task(ears.listen(calls))
    await ears.listening.wait()
    assert heard == ["outbox"], "what was left before it listened"
    ringer = Bell()
    for _again in range(50):
        ringer.ring(Topic.INBOX)
    await ringer.stop()
    ringer.ring(Topic.OUTBOX)
    await ringer.stop()
    async with asyncio.timeout(60):
        while len(heard) < 2:
            await asyncio.sleep(0.01)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert heard == ["outbox"] * 2


async def test_without_others_nothing_is_rung(database: str) -> None:
    alone = Bell()
    alone.ring(Topic.INBOX)
    await alone.stop()
    assert (alone._ringing is None) == (database == "sqlite")
    if database == "sqlite":
        await alone.listen({})
