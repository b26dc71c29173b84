"""The whole loop as people live it in their chats, in both languages and on both databases, without a network."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys import memory_house, story
from tests.journeys.memory_house import MemoryHouse
from tests.journeys.story import Seen
from tests.plants import Plant, small_plant


@dataclass
class InMemory:
    """A person of the memory house, as the story knows people."""

    person: memory_house.Someone
    plant: Plant

    @property
    def name(self) -> str:
        return self.person.name

    async def says(self, words: str) -> None:
        await self.person.says(words)

    async def taps(self, label: str) -> None:
        await self.person.taps(label)

    async def photographs(self, *pictures: bytes) -> None:
        await self.person.photographs(*pictures)

    async def screen(self) -> list[Seen]:
        return [
            Seen(one.text, len(one.pictures), tuple(b.text for row in one.outgoing.buttons for b in row))
            for one in self.person.chat
        ]

    async def check_word(self) -> str:
        return next(one.outgoing.code for one in reversed(self.person.chat) if one.outgoing.code)


@dataclass
class MemoryStage:
    """The memory house as a stage."""

    house: MemoryHouse
    plant: Plant

    async def joins(self, name: str, locale: str) -> InMemory:
        return InMemory(await self.house.joins(name, locale), self.plant)

    async def fast_forward(self, by: dt.timedelta) -> None:
        await self.house.fast_forward(by)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.req("G-114")
async def test_from_the_photo_to_the_closure(database: str, locale: str, tmp_path: Path) -> None:
    """The story in memory; codes are taken out of the chat."""
    plant = await small_plant()
    house = MemoryHouse(plant, folder=tmp_path)
    await house.start()
    await story.play(MemoryStage(house, plant), locale, tmp_path)
    assert house.messenger.removed, "the codes are taken out of the chat"
