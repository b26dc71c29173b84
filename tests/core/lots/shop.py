"""A small screw maker with a coater and a carrier: who works there, and lots made with one line."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from core import lots, people, products
from core.kit import Actor, Level, Module, Permission, clock, system
from core.lots import LotFacts, LotStatus, NewLink, NewLot
from core.products import NewProduct

SCREW, BAR = "LS-35", "TI-6"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The plant and its partners by id, and the people who act in these tests."""

    plant: int
    coater: int
    carrier: int
    boss: Actor
    worker: Actor
    quality: Actor

    def partner(self, organisation_id: int, level: Level = Level.READ) -> Actor:
        """Answer a person of a partner organisation."""
        return person(900 + organisation_id, self.plant, level, organisation_id)

    async def lot(self, number: str, **changes: object) -> LotFacts:
        """Record one lot of screws; keywords replace what a ``NewLot`` says."""
        said: dict[str, object] = {
            "number": number,
            "product": SCREW,
            "organisation_id": self.plant,
            "quantity": Decimal(100),
            "unit": "pcs",
            "made_at": clock.now() - dt.timedelta(days=1),
            "place": "Finished goods",
        }
        return (await lots.record_lots(self.worker, [NewLot(**{**said, **changes})]))[0]  # type: ignore[arg-type]

    async def link(self, parent: LotFacts, child: LotFacts, quantity: str = "10", unit: str = "pcs") -> None:
        """Record that so much of one lot went into another."""
        row = NewLink(
            parent=parent.number, child=child.number, quantity=Decimal(quantity), unit=unit, at=clock.now()
        )
        await lots.record_links(self.worker, [row])

    async def status(self, lot: LotFacts) -> LotStatus:
        """Answer a lot's present status."""
        return (await lots.get(self.worker, lot.id)).status


def person(person_id: int, plant: int, level: Level, partner: int | None = None) -> Actor:
    """Answer a person who has a level in the lots module, of the plant or of a partner."""
    return Actor(
        person_id=person_id,
        name=f"Person {person_id}",
        organisation_id=partner or plant,
        plant_id=plant,
        partner_id=partner,
        permissions=frozenset({Permission(Module.LOTS, level)}),
        channel="test",
    )


async def opened() -> Shop:
    """Found a plant of its own with two partners and two products."""
    code = uuid.uuid4().hex[:12]
    plant = await people.found_plant(f"P{code}", "螺钉厂", "Screw maker")
    boss = system(plant)
    coater = await people.add_organisation(boss, f"C{code}", "表面处理厂", "Coater", "supplier")
    carrier = await people.add_organisation(boss, f"T{code}", "承运商", "Carrier", "carrier")
    await products.record_products(
        boss,
        [
            NewProduct(code=SCREW, name_zh="锁定螺钉", name_en="Locking screw", sterile=True, implant=True),
            NewProduct(code=BAR, name_zh="钛合金棒", name_en="Titanium bar", unit="kg"),
        ],
    )
    return Shop(
        plant=plant,
        coater=coater,
        carrier=carrier,
        boss=boss,
        worker=person(9001, plant, Level.WORK),
        quality=person(9002, plant, Level.APPROVE),
    )
