"""A plant with a supplier and a carrier, made by the room's own verbs, for every test of the people room."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from core import people
from core.kit import Actor, clock, system

_numbers = itertools.count(1)


@dataclass(frozen=True)
class House:
    """Ids of a plant, its partners and some of its people, and actors of those who act in tests."""

    plant: int
    supplier: int
    carrier: int
    root: Actor
    boss: Actor
    li: int
    wang: int
    he: int

    async def actor(self, person_id: int, channel: str = "telegram") -> Actor:
        """The actor of a person now."""
        return await people.actor_of(person_id, channel)

    async def hire(self, name: str, *roles: str, organisation_id: int | None = None) -> int:
        """Record one more person; answers the id."""
        return await people.add_person(self.boss, organisation_id or self.plant, name, list(roles))

    async def engaged(self, name: str) -> int:
        """Record an auditor who is let in for the whole plant; answers the id."""
        auditor = await self.hire(name, "auditor")
        now = clock.now()
        await people.engage(
            self.boss, auditor, opens_at=now, closes_at=now + dt.timedelta(days=30), reason="internal audit"
        )
        return auditor


async def opened() -> House:
    """Found a plant: an administrator, the engineer 李明, the operator 王芳, and 何军 at the supplier."""
    code = f"H{next(_numbers)}"
    plant = await people.found_plant(code, "螺钉厂", "Screw maker")
    boss = await people.actor_of(await people.first_administrator(plant, "吴昊"), "page")
    supplier = await people.add_organisation(boss, f"{code}-S", "涂层厂", "Coater", "supplier")
    carrier = await people.add_organisation(boss, f"{code}-C", "承运商", "Carrier", "carrier")
    return House(
        plant=plant,
        supplier=supplier,
        carrier=carrier,
        root=system(plant, channel="cli"),
        boss=boss,
        li=await people.add_person(boss, plant, "李明", ["responsible"]),
        wang=await people.add_person(boss, plant, "王芳", ["operator"]),
        he=await people.add_person(boss, supplier, "何军", ["supplier"]),
    )


async def met(*tries: Awaitable[Any]) -> Counter[str]:
    """Let all go at once; count what each came to: ``in``, or the name of the refusal."""
    done = await asyncio.gather(*tries, return_exceptions=True)
    return Counter(type(one).__name__ if isinstance(one, BaseException) else "in" for one in done)
