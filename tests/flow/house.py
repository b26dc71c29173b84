"""A served house in virtual time, its people at their phones, its partners' programs at their desks."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from yarl import URL

from bot import serving
from bot.delivery import Delivery, PictureLoader
from bot.pacing import Pacing
from bot.pictures import PictureDesk
from core import people, signing
from core.inbox import Arrived
from core.kit import Actor, system
from core.notices.models import Notice
from core.notices.terms import WAITING
from handlers.chat.vocabulary import Intake
from tests.fakes.messenger import FakeMessenger
from tests.journeys.memory_house import Someone
from tests.journeys.real_house import RealHouse
from tests.plants import Plant, small_plant
from tests.scenarios.virtual import VirtualTime

PEOPLE = (
    "administrator", "responsible", "manager", "manager2", "operator", "supplier", "laboratory",
    "steriliser",
)  # fmt: skip
ROUNDS = 200


@dataclass
class Messenger(FakeMessenger):
    """A messenger that delivers everything once more when it is asked to, as they do after a bad night."""

    arrived: list[Arrived] = field(default_factory=list)

    async def start(self, intake: Intake) -> None:
        """Keep what arrives."""

        async def noted(updates: Sequence[Arrived], cursor: str | None) -> None:
            self.arrived += updates
            await intake(updates, cursor)

        self._intake = noted


@dataclass
class FlowHouse:
    """The product with every door open."""

    time: VirtualTime
    plant: Plant
    real: RealHouse
    messenger: Messenger
    address: str
    http: aiohttp.ClientSession
    delivery: Delivery
    persons: dict[str, Someone] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    """Messages and requests by door."""

    async def settle(self) -> None:
        """Handle everything that waits and deliver everything that is due."""
        await self.real.house.gateway.settle()
        for _round in range(ROUNDS):
            due = Notice.filter(state__in=WAITING, due_at__lte=self.time.now)
            kinds = set(await due.values_list("kind", flat=True))
            if not kinds:
                return
            if "signing:signed" in kinds:
                await self.seals()
            await self.delivery.cycle()
        raise AssertionError("the house does not come to rest")

    async def joins(self, name: str) -> None:
        """A person opens their invitation."""
        token = await people.invite(await self.plant.actor("administrator"), self.plant.persons[name])
        someone = Someone(house=self, account=str(1000 + len(self.persons)), name=name)  # type: ignore[arg-type]
        self.persons[name] = someone
        await someone.says(f"/start {token}")

    def url(self, path: str) -> URL:
        """An address exactly as written."""
        return URL(self.address + path, encoded=True)

    async def session(self, name: str) -> dict[str, str]:
        """A person's session on the pages: headers, its token for forms among them."""
        made = await people.open_session(self.plant.persons[name], "admin", second_factor=True)
        return {"Cookie": f"bihuan_admin={made.token}", "X-CSRF-Token": made.csrf}

    def code_of(self, who: str) -> str:
        """The code of an organisation, by its kind."""
        return "KG" if who == "plant" else f"KG-{who}"

    async def everything_again(self) -> None:
        """All that people wrote, tapped and sent comes in a second time."""
        intake = self.messenger._intake
        assert intake is not None
        await intake(list(self.messenger.arrived), None)
        await self.settle()

    async def seals(self) -> None:
        """The evening: everything is sealed."""
        await self.real.house.sealer.seal_now()

    def now(self) -> dt.datetime:
        """What the clock says."""
        return self.time.now


def _undrawn(desk: PictureDesk) -> PictureLoader:
    """Lists are made; pictures are drawn in other tests, here hundreds of them would only take time."""

    async def load(source: str, reader: Actor) -> bytes | None:
        return await desk.load(source, reader) if source.startswith("trace:") else b"\x89PNG"

    return load


@contextlib.asynccontextmanager
async def open_house(folder: Path, time: VirtualTime) -> AsyncIterator[FlowHouse]:
    """Found the plant, without any goods, and open every door."""
    plant = await small_plant(goods=False)
    root = system(plant.id, channel="cli")
    steriliser = await people.add_organisation(
        root, "KG-steriliser", "安灭灭菌", "Anmie Sterilisation", "supplier"
    )
    plant.partners["steriliser"] = steriliser
    plant.persons["steriliser"] = await people.add_person(root, steriliser, "韩雪", ["supplier"])
    messenger = Messenger()
    real = RealHouse(folder, plant.ring, messenger)
    signing.use_keys(plant.ring)
    server = await serving.serve(real.house)
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            address = f"http://127.0.0.1:{server.port}"
            inside = real.house
            delivery = Delivery(
                inside.shelf,
                inside.press,
                _undrawn(PictureDesk(inside.darkroom)),
                Pacing({}, lambda _chat: False),
            )
            house = FlowHouse(time, plant, real, messenger, address, http, delivery)
            await messenger.start(real.house.gateway.intake(messenger.channel))
            for name in PEOPLE:
                await house.joins(name)
            yield house
    finally:
        await messenger.stop()
        await server.stop()
