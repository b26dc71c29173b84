"""Tells the product what happened, each thing at its time through its door; and all of it once more."""

from __future__ import annotations

from typing import Any

from tests.flow.by_api import ByApi, Programs
from tests.flow.by_chat import ByChat
from tests.flow.by_epcis import ByEpcis
from tests.flow.by_file import ByFile
from tests.flow.by_mqtt import ByMqtt
from tests.flow.by_page import ByPage
from tests.flow.days import HERE
from tests.flow.house import FlowHouse
from tests.flow.story import Story, Told


def order_of(lot: str) -> int:
    """Which order a lot belongs to, by its number."""
    return int(lot.split("-")[1].rstrip("B"))


class Telling:
    """Every door, and what is told through it."""

    def __init__(self, house: FlowHouse, mqtt: ByMqtt, story: Story) -> None:
        """Open them."""
        self.house, self.story = house, story
        self.programs = Programs(house)
        self.api = ByApi(house, self.programs)
        self.epcis = ByEpcis(house, self.programs)
        self.files = ByFile(house, self.programs, self.api)
        self.chat = ByChat(house, self.files, self.api)
        self.page = ByPage(house, self.api)
        self.mqtt = mqtt
        self.doors: dict[str, Any] = {
            "api": self.api, "epcis": self.epcis, "file": self.files, "chat": self.chat, "page": self.page,
            "mqtt": mqtt,
        }  # fmt: skip

    async def prepared(self) -> None:
        """What a plant records before its first order: products, units, methods; clients of its partners."""
        await self.programs.prepared()
        await self.files.bring_products()
        await self.page.masters()

    async def everything(self) -> None:
        """Two months; in the evening of each day the ledger is sealed."""
        day = None
        for one in sorted(self.story.told, key=lambda told: told.at):
            today = one.at.astimezone(HERE).date()
            if day is not None and today != day:
                await self.house.seals()
            day = today
            assert one.at >= self.house.time.now or (self.house.time.now - one.at).seconds < 600, one
            self.house.time.now = max(one.at, self.house.time.now)
            await self.tell(one)
        await self.house.seals()

    async def tell(self, one: Told) -> None:
        """One thing, and what belongs to it in the order's stages."""
        try:
            await getattr(self.doors[one.door], one.deed)(one.by, **one.facts)
            await self._besides(one)
        except AssertionError as wrong:
            raise AssertionError(f"{one}: {wrong}") from wrong

    async def _besides(self, one: Told) -> None:
        """Stages of orders are recorded by whoever carries them out, with their programs."""
        facts = one.facts
        match one.deed:
            case "transform" if facts["step"] == "coating" and facts["sources"][0][0].endswith("-2"):
                n = order_of(facts["sources"][0][0])
                await self.api.worked(
                    n, 2, "supplier", [f"MC-{n:02d}-1", f"MC-{n:02d}-2"], [f"CT-{n:02d}-1", f"CT-{n:02d}-2"]
                )
            case "depart":
                await self.api.begun(facts["order"], 3, "carrier")
            case "arrive" | "drive":
                await self.api.worked(facts["order"], 3, "carrier", [], [])
            case "measure" if facts["lot"].startswith("CT"):
                n = order_of(facts["lot"])
                await self.api.worked(n, 4, "plant", [], [])
                await self.api.worked(n, 5, "laboratory", [], [])
            case "transform" if facts["step"] == "sterilising":
                n = order_of(facts["sources"][0][0])
                await self.api.worked(n, 6, "steriliser", [facts["sources"][0][0]], [facts["made"][0][0]])
            case "receive" if facts["lot"].startswith("ST") and one.by == "responsible":
                await self.api.worked(order_of(facts["lot"]), 7, "plant", [], [])
            case _:
                pass
