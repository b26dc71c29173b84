"""A started WeCom messenger behind its callback address, against the loopback WeCom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.adapters.wecom import WecomMessenger, wecom_from
from core import inbox
from core.inbox import Arrived
from core.kit.keys import KeyRing
from handlers.chat.vocabulary import Incoming
from tests.servers.wecom import WeComServer
from tests.servers.wecom_limits import Rates
from tests.servers.wecom_people import Member


@dataclass
class Line:
    """WeCom, our messenger, what it stored, and a member."""

    server: WeComServer
    messenger: WecomMessenger
    stored: list[Arrived] = field(default_factory=list)

    async def intake(self, arrived: list[Arrived], next_offset: int | None) -> int:
        new = await inbox.store("wecom", arrived, next_offset=next_offset)
        self.stored += arrived
        return new

    @property
    def member(self) -> Member:
        return self.server.member("zhangsan")

    async def until(self, true: Callable[[], bool], patience: float = 8.0) -> None:
        end = asyncio.get_running_loop().time() + patience
        while not true():
            assert asyncio.get_running_loop().time() < end, f"never so; stored: {self.stored}"
            await asyncio.sleep(0.01)

    async def last(self, count: int) -> Incoming:
        """What the newest of ``count`` stored callbacks says."""
        await self.until(lambda: len(self.stored) >= count)
        incoming = self.messenger.read(self.stored[-1].raw)
        assert incoming is not None
        return incoming


def messenger_for(server: WeComServer, ring: KeyRing, **other: str) -> WecomMessenger:
    return wecom_from(
        corp=server.corp_id,
        agent=server.agent_id,
        secret=SecretStr(other.get("secret", server.secret)),
        token=SecretStr(server.token),
        aes_key=SecretStr(server.aes_key),
        api_url=other.get("api_url", server.api_url),
        ring=ring,
        locale="zh_CN",
    )


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing.create(tmp_path_factory.mktemp("keys") / "master.key")


@asynccontextmanager
async def served(messenger: WecomMessenger) -> AsyncIterator[str]:
    """The callback address on a port of its own."""
    app = web.Application()
    app.add_routes(messenger.routes())
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/callback"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def line_to(server: WeComServer, ring: KeyRing) -> AsyncIterator[Line]:
    line = Line(server, messenger_for(server, ring))
    async with served(line.messenger) as url:
        await line.messenger.start(line.intake)
        await server.sets_callback(url)
        yield line
        await server.settled()
        await line.messenger.stop()
        await line.messenger.close()


@pytest.fixture
async def server() -> AsyncIterator[WeComServer]:
    """WeCom without rates; a call that a correct client never makes fails the test."""
    async with WeComServer(rates=Rates.off()) as made:
        yield made
        assert made.violations == []
        assert made.truncated == []


@pytest.fixture
async def line(database: str, server: WeComServer, ring: KeyRing) -> AsyncIterator[Line]:
    """A started messenger whose callback address WeCom knows, and the member zhangsan."""
    server.member("zhangsan", "张三")
    async with line_to(server, ring) as made:
        yield made
