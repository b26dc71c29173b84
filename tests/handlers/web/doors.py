"""A served house, and signed-in browsers of its people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import aiohttp
from yarl import URL

from core import evidence, people
from core.anomalies import AnomalyFacts
from core.kit import clock, system
from tests.core.capa.test_whole_story import photo
from tests.journeys.real_house import RealHouse
from tests.plants import Plant, answers


@dataclass
class Doors:
    """A served house and a signed-in browser per person."""

    house: RealHouse
    plant: Plant
    address: str

    def url(self, path: str) -> URL:
        """An address exactly as written, escapes included."""
        return URL(self.address + path, encoded=True)

    async def chat(self, name: str) -> aiohttp.ClientSession:
        """Signed in to the phone page."""
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        token = await people.one_time_link(system(self.plant.id), self.plant.persons[name], "chat")
        async with session.post(f"{self.address}/chat/enter", json={"token": token}) as answer:
            assert answer.status == 200
            begun = await answer.json()
        if begun.get("code"):
            clock.shift(dt.timedelta(seconds=31))  # so that the code is fresh
            async with session.post(
                f"{self.address}/chat/code",
                json={"code": self.plant.code(name)},
                headers={"X-CSRF-Token": begun["csrf"]},
            ) as answer:
                assert answer.status == 200
        async with session.get(f"{self.address}/chat/me") as answer:
            session.headers["X-CSRF-Token"] = (await answer.json())["csrf"]
        return session

    async def admin(self, name: str, *, second_factor: bool = True) -> aiohttp.ClientSession:
        """Signed in to the admin page with both steps; ``session.headers["X-CSRF-Token"]`` is its token."""
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        made = await people.open_session(self.plant.persons[name], "admin", second_factor=second_factor)
        session.cookie_jar.update_cookies({"bihuan_admin": made.token}, URL(self.address))
        session.headers["X-CSRF-Token"] = made.csrf
        return session

    async def photo(self, name: str) -> int:
        """A photo that a person has sent; its evidence id."""
        actor = await self.plant.actor(name)
        received = await self.house.darkroom.receive(actor, photo(), source_ref=None)
        return (await evidence.keep(actor, received)).id

    async def reported(self, name: str, **changes: str) -> AnomalyFacts:
        """A case with a photo that can be opened."""
        from core import anomalies, sop

        template = await sop.current_template(self.plant.id, "P")
        return await anomalies.report(
            await self.plant.actor(name),
            template_id=template.id,
            answers=answers("P", **changes),
            evidence_ids=[await self.photo(name)],
            channel="telegram",
        )
