"""The way to the database breaks: nothing is acknowledged that is not stored, and all goes on without a restart."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import serving
from bot.adapters.telegram import receiving as telegram
from bot.adapters.wecom.receiving import PATH, Door
from bot.asking import Asking
from core.inbox.models import Inbound
from core.kit import clock
from handlers.chat.vocabulary import Incoming
from tests.bot.adapters.wecom.test_callback import SEAL
from tests.bot.adapters.wecom.test_reading import xml
from tests.databases import PostgresServer, close_database, open_database
from tests.fakes.messenger import FakeMessenger
from tests.journeys.real_house import RealHouse
from tests.plants import _ring_from_file
from tests.servers.faulty_way import FaultyWay, Way, way_to

SECRET = "loopback-secret_1"


@pytest.fixture
async def way(postgres_server: PostgresServer) -> AsyncIterator[FaultyWay]:
    """PostgreSQL at the end of a way; a statement that takes a second is given up."""
    made = await postgres_server.fresh()
    parts: dict[str, Any] = made["credentials"]
    socket = f"{parts['host']}/.s.PGSQL.{parts['port']}"
    async with way_to(functools.partial(asyncio.open_unix_connection, socket)) as built:
        there = {"host": "127.0.0.1", "port": built.port, "timeout": 1.0, "command_timeout": 1.0}
        await open_database({**made, "credentials": {**parts, **there}})
        yield built
        await built.becomes(Way.OPEN)
        await close_database()
    await postgres_server.give_back(made)


@dataclass
class Nothing(FakeMessenger):
    """Understands every update as none, so that it is only marked as done."""

    def read(self, raw: dict[str, Any]) -> Incoming | None:
        del raw
        return None


def from_telegram(client: TestClient[web.Request, web.Application], number: int) -> Awaitable[int]:
    body = {"update_id": number, "message": {"message_id": 1, "chat": {"id": number, "type": "private"}}}
    return _status(
        client.post(
            telegram.PATH,
            data=json.dumps(body),
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"},
        )
    )


def from_wecom(client: TestClient[web.Request, web.Application], number: int) -> Awaitable[int]:
    encrypted = SEAL.sealed(xml("text", f"<Content>你好</Content><MsgId>{number}</MsgId>"))
    timestamp = str(int(clock.now().timestamp()))
    signature = SEAL.signature(timestamp, "9", encrypted)
    body = f"<xml><ToUserName>ww1</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": "9"}
    return _status(client.post(PATH, params=query, data=body.encode()))


async def _status(asked: Any) -> int:
    async with asked as answer:
        return int(answer.status)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await true():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("fault", [Way.STILL, Way.RESET, Way.HALF, Way.REFUSED])
async def test_while_the_database_is_away_nothing_is_acknowledged_or_lost(
    way: FaultyWay, fault: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "Asking", functools.partial(Asking, patience=0.5))
    messengers = [Nothing(channel="telegram"), Nothing(channel="wecom")]
    async with RealHouse(tmp_path, _ring_from_file(), *messengers) as real:
        house = real.house
        house.gateway._reception._patience = 1.0
        application = web.Application()
        intake = house.gateway.intake
        application.add_routes(
            [
                web.post(telegram.PATH, telegram.webhook(SECRET, lambda: intake("telegram"))),
                *Door(seal=SEAL, agent=1, intake=lambda: intake("wecom")).routes(),
                *serving._watched(house),
            ]
        )
        async with TestClient(TestServer(application)) as client:
            doors = (from_telegram, from_wecom)
            assert [await door(client, 1) for door in doors] == [200, 200]

            async def asked() -> bool:
                return serving.AWAY_SAID not in await (await client.get("/readyz")).text()

            assert await asked(), "a database of the tests is never ready: no migration made it"
            await way.becomes(fault)
            answers = await asyncio.gather(*(door(client, 2) for door in doors))
            assert all(status >= 500 for status in answers), "the messenger will come again"
            watched = await asyncio.gather(
                *(client.get(path) for path in ("/readyz", "/healthz", "/metrics"))
            )
            assert [one.status for one in watched] == [503, 503, 200]
            assert [serving.AWAY_SAID in await one.text() for one in watched] == [True, True, False]
            assert "bihuan_database_answers 0.0" in await watched[2].text()

            await way.becomes(Way.OPEN)
            await until(asked)
            for door in doors:

                async def taken(door: Callable[..., Awaitable[int]] = door) -> bool:
                    return await door(client, 2) == 200

                await until(taken)

            async def settled() -> bool:
                return await Inbound.filter(state="done").count() == 4

            await until(settled)
            assert await Inbound.all().count() == 4, "each once"
            assert not any(task.done() for task in house._tasks), "nobody had to be restarted"
