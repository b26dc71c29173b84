"""A started Telegram messenger against the loopback Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from bot.adapters.telegram import TelegramMessenger
from core import inbox
from core.inbox import Arrived
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits

SECRET = "loopback-secret_1"


@dataclass
class Line:
    """The server, our messenger, and what our messenger stored."""

    server: TelegramServer
    messenger: TelegramMessenger
    stored: list[Arrived] = field(default_factory=list)
    refuse: int = 0
    """How many of the next storings fail, as when the database is away."""
    hang: bool = False
    """Never come back from a storing, as a process killed right after the commit."""

    async def intake(self, arrived: list[Arrived], next_offset: int | None) -> int:
        if self.refuse:
            self.refuse -= 1
            raise OSError("the database is away")
        new = await inbox.store("telegram", arrived, next_offset=next_offset)
        self.stored += arrived
        if self.hang:
            await asyncio.Event().wait()
        return new

    @property
    def said(self) -> list[str]:
        return [
            str(one.raw["message"]["text"]) for one in self.stored if "text" in one.raw.get("message", {})
        ]

    async def until(self, true: Callable[[], bool], patience: float = 8.0) -> None:
        end = asyncio.get_running_loop().time() + patience
        while not true():
            assert asyncio.get_running_loop().time() < end, f"never so; stored: {self.stored}"
            await asyncio.sleep(0.01)

    async def until_said(self, words: str) -> None:
        await self.until(lambda: words in self.said)


def messenger_for(
    server: TelegramServer, mode: Literal["polling", "webhook"] = "polling", **more: Any
) -> TelegramMessenger:
    settings = {
        "token": server.token,
        "api_url": server.base_url.removesuffix("/bot"),
        "mode": mode,
        "public_url": "",
        "secret": SECRET,
        "poll_seconds": 1,
        **more,
    }
    return TelegramMessenger(**settings)


@asynccontextmanager
async def line_to(server: TelegramServer) -> AsyncIterator[Line]:
    line = Line(server, messenger_for(server))
    await line.messenger.start(line.intake)
    yield line
    await line.messenger.stop()
    await line.messenger.close()


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A Bot API without rate limits; a call that the description does not allow fails the test."""
    async with TelegramServer(limits=Limits.off()) as made:
        yield made
        assert made.violations == []


@pytest.fixture
async def line(database: str, server: TelegramServer) -> AsyncIterator[Line]:
    """A messenger that polls, and a person 77 who has said /start."""
    async with line_to(server) as made:
        await server.person(77, "Op").says("/start")
        await made.until_said("/start")
        yield made
