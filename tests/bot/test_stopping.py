"""A house that is told to stop loses nothing: intake ends, what is in hand is finished, connections close last."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from core.inbox.models import Inbound
from core.notices.models import Notice
from handlers.chat.vocabulary import Came, Delivered, Incoming, Intake, Outgoing, Pictures
from tests.bot.test_delivery import leave
from tests.fakes.messenger import FakeMessenger
from tests.journeys.real_house import RealHouse
from tests.plants import small_plant


@dataclass
class Observed(FakeMessenger):
    """Writes down what happens in which order; taps and sends take as long as the test says."""

    happened: list[str] = field(default_factory=list)
    in_hand: set[str] = field(default_factory=set)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, intake: Intake) -> None:
        self.happened.append("receiving")
        await super().start(intake)

    async def stop(self) -> None:
        self.happened.append("deaf")
        await super().stop()

    async def acknowledge(self, incoming: Incoming) -> None:
        self.in_hand.add("update")
        await self.go.wait()
        self.happened.append("update")
        await super().acknowledge(incoming)

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        self.in_hand.add("send")
        await self.go.wait()
        self.happened.append("closed too early" if self.closed else "send")
        return await super().send(chat_ref, outgoing, pictures)

    async def close(self) -> None:
        self.happened.append("closed")
        await super().close()


async def test_what_is_in_hand_is_finished_before_connections_close(database: str, tmp_path: Path) -> None:
    plant = await small_plant(enrolled=False)
    messenger = Observed()
    house = RealHouse(tmp_path, plant.ring, messenger).house
    await house.start_work()
    sending = await leave("in hand", chat="1")
    house.delivery.wake()
    await messenger.arrives("2", Came.BUTTON, data="x")
    async with asyncio.timeout(20):
        while messenger.in_hand != {"update", "send"}:
            await asyncio.sleep(0.01)
    stopping = asyncio.create_task(house.stop())
    async with asyncio.timeout(20):
        while "deaf" not in messenger.happened:
            await asyncio.sleep(0.01)
    assert not messenger.closed
    messenger.go.set()
    await stopping
    assert (messenger.happened[:2], messenger.happened[-1]) == (["receiving", "deaf"], "closed")
    assert {"update", "send"} <= set(messenger.happened)
    assert "closed too early" not in messenger.happened
    assert (await Inbound.get()).state == "done"
    assert (await Notice.get(id=sending)).state == "sent"
    assert not await Notice.filter(state="sending").exists()
