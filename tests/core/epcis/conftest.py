"""The small plant with GTINs, a powder, and places of the coater."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core import epcis, lots, products
from core.kit import Actor, clock, system
from core.lots import NewLink, NewLot
from core.products import Agency, NewProduct
from tests.core.epcis.events import GTIN, POWDER
from tests.plants import Plant, small_plant


@pytest.fixture
async def plant(database: object) -> Plant:
    plant = await small_plant(enrolled=False)
    root = system(plant.id, channel="cli")
    await products.record_products(
        root, [NewProduct(code="POWDER", name_zh="粉末", name_en="Powder", unit="kg")]
    )
    await products.add_identifier(root, "SCREW-35", Agency.GS1, GTIN)
    await products.add_identifier(root, "POWDER", Agency.GS1, POWDER)
    coater = plant.partners["supplier"]
    [lot] = await lots.record_lots(
        root,
        [
            NewLot(
                number="CT-002",
                product="SCREW-35",
                organisation_id=plant.id,
                partner_id=coater,
                quantity=Decimal(1000),
                unit="pcs",
                made_at=clock.now() - dt.timedelta(days=9),
                place="涂层二线",
            )
        ],
    )
    plant.lots["CT-002"] = lot.id
    link = NewLink(parent="MC-002", child="CT-002", quantity=Decimal(800), unit="pcs", at=lot.made_at)
    await lots.record_links(root, [link])
    await epcis.record_place(root, "urn:epc:id:sgln:690123456.001.0", plant.id, name="成品库")
    await epcis.record_place(root, "urn:epc:id:pgln:690123456.002", plant.partners["supplier"], name="晨光")
    return plant


@pytest.fixture
async def own(plant: Plant) -> Actor:
    return system(plant.id, channel="cli")


@pytest.fixture
async def coater(plant: Plant) -> Actor:
    return await plant.actor("supplier", "api")
