"""What events say is shown with the lot: links by whom they were told, packing, doubts; a document comes in on the page."""

from __future__ import annotations

import csv
import io

from core import epcis, lots, products
from core.epcis import epcs
from core.kit import system
from core.products import Agency
from handlers import csv_lists
from handlers.charts import genealogy
from tests.core.epcis.events import GTIN, amount, at, document, event, link, made, seen, turned
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_acts import sent as act
from tests.handlers.web.test_import_page import sent
from tests.handlers.web.test_pages import opened, words

SSCC = "urn:epc:id:sscc:690123456.10000001"


async def test_a_lot_shows_what_events_said_of_it(doors: Doors) -> None:
    """On the page, the picture and the list; with the id of the event, and a declared error."""
    root = system(doors.plant.id, channel="cli")
    await products.add_identifier(root, "SCREW-35", Agency.GS1, GTIN)
    doubt = seen("inspecting", [amount(link("CT-10"))], at(11), disposition="damaged", eventID="urn:uuid:d")
    text = document(
        made("CT-9", 100),
        turned([amount(link("CT-9"), 60)], [amount(link("CT-10"), 60)], eventID="urn:uuid:t"),
        event("AggregationEvent", at(10), parentID=SSCC, childQuantityList=[amount(link("CT-10"), 60)]),
        doubt,
        doubt | {"errorDeclaration": {"declarationTime": at(12)}},
    )
    async with await doors.admin("administrator") as session:
        status, page = await sent(doors, session, text.encode())
        assert (status, "IM-" in page) == (200, True)
        status, page = await sent(doors, session, text.encode().replace(b"2026", b"2027"))
        assert status == 422
        assert "$.eventList[0]" in page
    page = words(await opened(doors, "responsible", "/admin/lots/CT-10"))
    assert "EPCIS 事件" in page
    assert "urn:uuid:t" in page
    assert "装于 https://id.gs1.org/00/" in page
    assert "已声明有误" in page
    lot = await lots.find(root, "CT-10")
    traced = await lots.with_sources(await lots.trace_both(root, lot.id))
    drawn = genealogy.chart(traced, "zh_CN")
    assert any("EPCIS" in getattr(shape, "text", "") for shape in drawn.shapes)
    rows = list(csv.reader(io.StringIO(csv_lists.of_trace(traced, "zh_CN", "UTC").decode("utf-8-sig"))))
    assert [row[-1] for row in rows if row[2] == "CT-9"] == ["来自 EPCIS 事件"]
    assert (await epcis.event(root, "urn:uuid:d")).voided


async def test_places_of_events_are_recorded_on_their_page(doors: Doors) -> None:
    """What an event names and nobody recorded is offered; recorded, it is listed; a wrong site keeps the form."""
    root, plant = system(doors.plant.id, channel="cli"), doors.plant
    await products.add_identifier(root, "SCREW-35", Agency.GS1, GTIN)
    there = "urn:epc:id:sgln:690123456.007.0"
    await epcis.capture(root, document(made("CT-9", 10, readPoint={"id": there})))
    form = epcs.read(there).uri
    supplier = str(plant.partners["supplier"])
    async with await doors.admin("administrator") as session:
        async with session.get(doors.url("/admin/places")) as answer:
            page = await answer.text()
        assert (answer.status, form in page, "说明属于谁" in page) == (200, True, True)
        given = {
            "uri": there,
            "organisation": supplier,
            "site": str(plant.sites["packing"]),
            "name": "三号门",
        }
        status, said = await act(doors, session, "place-record", **given)
        assert status == 422
        assert "该地点属于另一个组织" in said
        assert await act(
            doors, session, "place-record", **(given | {"site": str(plant.sites["coating"])})
        ) == (
            303,
            "/admin/places",
        )
        async with session.get(doors.url("/admin/places")) as answer:
            page = words(await answer.text())
        assert (form in page, "三号门" in page, "涂层车间" in page) == (True, True, True)
        assert "说明属于谁" not in page
    for name, wanted in (("operator", 403), ("supplier", 403)):
        async with await doors.admin(name) as session, session.get(doors.url("/admin/places")) as answer:
            assert answer.status == wanted, name
