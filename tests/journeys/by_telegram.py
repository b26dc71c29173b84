"""The story's people on Telegram: the real adapter against the loopback server."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from bot.adapters.telegram import TelegramMessenger
from core import people
from tests.journeys.real_house import RealHouse
from tests.journeys.story import Seen
from tests.plants import Plant
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_people import Person


def telegram_at(server: TelegramServer) -> TelegramMessenger:
    """The real adapter, polling this server."""
    return TelegramMessenger(
        token=server.token,
        api_url=server.base_url.removesuffix("/bot"),
        mode="polling",
        public_url="",
        secret="",
        poll_seconds=1,
    )


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

    async def sends_file(self, content: bytes, name: str) -> None:
        await self.person.sends_document(content, name, "text/csv")
        await self._after()

    async def files(self) -> dict[str, bytes]:
        """Files that the bot sent, by the name they are saved under."""
        found = [one.document for one in self.person.chat if one.from_bot and one.document]
        return {one.name: one.content for one in found if one.name}

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
