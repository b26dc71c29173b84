"""Browsers of the echo house by plain requests: signed in or not, refusals, the stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from core.inbox.models import Inbound
from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.core.capa.test_whole_story import photo

ME = "coater_operator"
PHOTO = photo()


@asynccontextmanager
async def browser(house: EchoHouse, name: str | None = ME) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser; with a name it is signed in and knows its token."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(base_url=house.address, cookie_jar=jar) as session:
        if name is not None:
            async with session.post("/chat/enter", json={"token": await house.link(name)}) as answer:
                assert answer.status == 200
            async with session.get("/chat/me") as answer:
                session.headers["X-CSRF-Token"] = (await answer.json())["csrf"]
        yield session


async def refused(answer: aiohttp.ClientResponse, *statuses: int) -> dict[str, Any]:
    """A problem document with one of the statuses."""
    assert answer.status in statuses, (answer.status, await answer.text())
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = await answer.json()
    assert body["status"] == answer.status
    assert body["title"]
    return body


async def updates() -> int:
    """How many updates are stored."""
    return await Inbound.all().count()


async def events(
    session: aiohttp.ClientSession, count: int, after: int = 0, **more: Any
) -> list[dict[str, Any]]:
    """The next events of the stream, with their numbers."""
    found: list[dict[str, Any]] = []
    async with session.get(f"/chat/events?after={after}", **more) as answer:
        assert answer.content_type == "text/event-stream"
        number = 0
        while len(found) < count:
            line = (await asyncio.wait_for(answer.content.readline(), 10)).decode().rstrip("\n")
            if line.startswith("id: "):
                number = int(line[4:])
            elif line.startswith("data: {"):
                found.append({"number": number, **json.loads(line[6:])})
    return found
