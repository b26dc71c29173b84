"""The whole loop through the real Telegram adapter against the loopback server, which refuses what the real one refuses."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import logs
from bot.adapters.telegram import TelegramMessenger
from bot.logs import NOISY
from core import people
from tests.journeys import story
from tests.journeys.real_house import RealHouse
from tests.journeys.story import Seen
from tests.plants import Plant, small_plant
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.telegram_people import Person


@dataclass
class ByTelegram:
    """A person of the loopback server, as the story knows people."""

    stage: TelegramStage
    person: Person
    name: str
    plant: Plant

    async def _after(self) -> None:
        await self.stage.server.settled()
        await self.stage.house.rest()

    async def says(self, words: str) -> None:
        await self.person.says(words)
        await self._after()

    async def taps(self, label: str) -> None:
        await self.person.taps(label)
        await self._after()

    async def photographs(self, *pictures: bytes) -> None:
        if len(pictures) == 1:
            await self.person.sends_photo(pictures[0])
        else:
            await self.person.sends_album(list(pictures))
        await self._after()

    async def screen(self) -> list[Seen]:
        return [
            Seen(one.words, len(one.photo), tuple(one.buttons)) for one in self.person.chat if one.from_bot
        ]

    async def check_word(self) -> str:
        for one in reversed(self.person.chat):
            found = re.search(r"739214 ([A-Z0-9]{4})", one.words)
            if found and one.from_bot:
                return found[1]
        raise AssertionError("no ceremony on the screen")


@dataclass
class TelegramStage:
    """House and server together."""

    house: RealHouse
    server: TelegramServer
    plant: Plant
    joined: int = 0
    secrets: list[str] = field(default_factory=list)

    async def joins(self, name: str, locale: str) -> ByTelegram:
        token = await people.invite(await self.plant.actor("administrator"), self.plant.persons[name])
        self.secrets.append(token)
        if locale != "zh_CN":
            await people.choose_locale(await self.plant.actor(name), locale)
        self.joined += 1
        person = self.server.person(
            1000 + self.joined, name, language_code="zh-hans" if locale == "zh_CN" else "en"
        )
        someone = ByTelegram(self, person, name, self.plant)
        await someone.says(f"/start {token}")
        return someone

    async def fast_forward(self, by: dt.timedelta) -> None:
        await self.house.fast_forward(by)


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """What the house would write at its most talkative, every call of the Bot API with its address included."""
    root = logging.getLogger()
    handlers, level, stream = root.handlers, root.level, io.StringIO()
    levels = {name: logging.getLogger(name).level for name in NOISY}
    logs.configure("DEBUG", stream)
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.req("G-87", "S-03")
async def test_from_the_photo_to_the_closure_by_telegram(
    database: str, locale: str, tmp_path: Path, everything_logged: io.StringIO
) -> None:
    """Every call is one that the published Bot API allows; codes leave the chats, and no secret reaches the logs."""
    plant = await small_plant()
    async with TelegramServer(limits=Limits.off(), callback_age=3600.0) as server:
        telegram = TelegramMessenger(
            token=server.token,
            api_url=server.base_url.removesuffix("/bot"),
            mode="polling",
            public_url="",
            secret="",
            poll_seconds=1,
        )
        async with RealHouse(tmp_path, plant.ring, telegram) as house:
            stage = TelegramStage(house, server, plant)
            await story.play(stage, locale, tmp_path)
        assert server.violations == []
        assert server.calls_of("deleteMessage"), "the codes are taken out of the chat"
    log = everything_logged.getvalue()
    assert log.count("\n") > 100, "the test reads a real log"
    for secret in (server.token, *stage.secrets, *plant.secrets.values(), *plant.codes):
        assert secret not in log, [line for line in log.splitlines() if secret in line][:1]
