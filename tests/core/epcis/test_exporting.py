"""A genealogy written as EPCIS is what GS1's schema takes, and brings the same trace to an empty plant."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import jsonschema_rs
import pytest

from core import epcis, lots, people, products
from core.kit import Actor, clock, system
from core.lots import Circumstances, Made, NewLink, NewLot, Taken
from core.products import Agency, NewProduct
from tests.core.epcis.events import GTIN
from tests.paths import SHARED_DATA
from tests.plants import Plant

Trace = tuple[set[tuple[str, str, Decimal, str, str]], dict[tuple[str, str, str], Decimal]]


async def traced(actor: Actor, number: str) -> Trace:
    """Lots of a trace with their direction, and the sums of its links."""
    found = await lots.trace_both(actor, (await lots.find(actor, number)).id)
    names = {node.lot.id: node.lot.number for node in found.nodes}
    sums: dict[tuple[str, str, str], Decimal] = {}
    for link in found.links:
        key = names[link.parent_id], names[link.child_id], link.unit
        sums[key] = sums.get(key, Decimal(0)) + link.quantity
    nodes = {
        (node.lot.number, node.direction.value, node.lot.quantity, node.lot.unit, str(node.carried))
        for node in found.nodes
    }
    return nodes, sums


async def empty(code: str) -> Actor:
    """A plant without lots, with the same products."""
    root = system(await people.found_plant(code, "空厂", "Empty plant"), channel="cli")
    await products.record_products(
        root,
        [
            NewProduct(code="SCREW-35", name_zh="螺钉", name_en="Screw"),
            NewProduct(code="POWDER", name_zh="粉末", name_en="Powder", unit="kg"),
        ],
    )
    await products.add_identifier(root, "SCREW-35", Agency.GS1, GTIN)
    return root


@pytest.mark.parametrize("number", ["CT-001", "TI-001", "MX-1"])
async def test_there_and_back(plant: Plant, own: Actor, number: str) -> None:
    """Raw links, splits, merges with scrap, production from several units, material added later, serial numbers."""
    at = clock.now() - dt.timedelta(days=5)
    later = Circumstances(at=at + dt.timedelta(hours=1))
    await lots.record_lots(
        own,
        [
            NewLot(
                number="粉 1/A", product="POWDER", organisation_id=plant.partners["supplier"],
                quantity=Decimal("12.5"), unit="kg", made_at=at,
            )
        ],
    )  # fmt: skip
    await lots.split(
        own,
        "CT-002",
        [Made(number="S-1", quantity=Decimal(300)), Made(number="S-2", quantity=Decimal(200))],
        Circumstances(at=at),
    )
    scrap = Made(number="S-X", quantity=Decimal(5), scrap=True)
    await lots.merge(
        own,
        [Taken(lot="S-1"), Taken(lot="S-2", quantity=Decimal(100))],
        [Made(number="MG-1", quantity=Decimal(395)), scrap],
        later,
    )
    await lots.produce(
        own,
        [Taken(lot="MG-1"), Taken(lot="粉 1/A", quantity=Decimal("2.25"))],
        "SCREW-35",
        [Made(number="MX-1", quantity=Decimal(390))],
        Circumstances(at=at + dt.timedelta(hours=2)),
        as_told=True,
    )
    await lots.consume(
        own, [Taken(lot="粉 1/A", quantity=Decimal(1))], "MX-1", Circumstances(at=at + dt.timedelta(hours=3))
    )
    await lots.record_links(
        own, [NewLink(parent="粉 1/A", child="PK-002", quantity=Decimal("0.5"), unit="kg", at=at)]
    )
    await lots.record_serials(own, (await lots.find(own, "MX-1")).id, ["7", "8/ü"])
    text = await epcis.genealogy(own, (await lots.find(own, number)).id)
    schema = json.loads((SHARED_DATA / "epcis20" / "EPCIS-JSON-Schema.json").read_text())
    theirs = jsonschema_rs.Draft7Validator(schema, validate_formats=True)
    assert [str(one) for one in theirs.iter_errors(json.loads(text))] == []
    root = await empty(f"E-{number}"[:20])
    done = await epcis.bring(root, text)
    assert done.success
    assert await traced(root, number) == await traced(own, number)
    again = await epcis.bring(root, text)
    assert again.events == 0
    if number == "MX-1":
        lot = await lots.find(root, "MX-1")
        assert await lots.serials_of(root, lot.id) == ["7", "8/ü"]
        assert (await lots.where_is(root, lot.id)).left == 390
        assert (await lots.find(root, "粉 1/A")).unit == "kg"
