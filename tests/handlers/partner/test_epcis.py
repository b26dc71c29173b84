"""EPCIS over REST as a coater's program speaks it: capture, jobs, queries; nothing of another organisation."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import quote

import jsonschema_rs
import pytest

from core import epcis, ledger, lots, products
from core.kit import system
from core.ledger import keys
from core.lots import Consignment
from core.products import Agency
from tests.core.epcis.events import GTIN, amount, at, document, link, made, seen, turned, urn
from tests.handlers.partner.program import Program, Programs
from tests.paths import SHARED_DATA

LD = {"Content-Type": "application/ld+json"}


async def coater_of(programs: Programs) -> Program:
    root = system(programs.plant.id, channel="cli")
    await products.add_identifier(root, "SCREW-35", Agency.GS1, GTIN)
    return await programs.program("supplier")


async def test_captured_and_queried(programs: Programs) -> None:
    """202 with a job, the same again changes nothing, pages by token; what comes back is EPCIS by GS1's schema."""
    coater = await coater_of(programs)
    text = document(
        made("CT-9", 100, eventID="urn:uuid:1", **{"x:shift": "night"}),
        turned([amount(urn("CT-9"), 60)], [amount(link("CT-10"), 60)]),
        seen("shipping", [amount(link("CT-10"))], at(11)),
    )
    done = await coater.ask("POST", "/api/v1/epcis/capture", data=text, headers=LD)
    assert (done.status, done.body["success"], done.body["events"]) == (202, True, 3)
    assert done.headers["GS1-EPCIS-Version"] == "2.0.0"
    job = await coater.get(done.headers["Location"])
    assert job.body == done.body
    again = await coater.ask("POST", "/api/v1/epcis/capture", data=text, headers=LD)
    assert (again.body["events"], again.body["known"]) == (0, 3)
    page = await coater.get("/api/v1/epcis/events?perPage=2")
    events = page.body["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert [one["type"] for one in events] == ["ObjectEvent", "TransformationEvent"]
    assert (events[0]["x:shift"], events[0]["@context"][1]["x"]) == ("night", "http://ns.example.com/x/")
    schema = json.loads((SHARED_DATA / "epcis20" / "EPCIS-JSON-Schema.json").read_text())
    theirs = jsonschema_rs.Draft7Validator(schema, validate_formats=True)
    assert [str(one) for one in theirs.iter_errors(page.body)] == []
    link_to = page.headers["Link"]
    rest = await coater.get(link_to[1 : link_to.index(">")])
    assert len(_events(rest.body)) == 1
    assert "Link" not in rest.headers
    asked = {
        f"MATCH_epc={quote(urn('CT-10'))}": 1,
        f"MATCH_anyEPC={quote(urn('CT-9'))}|{quote(urn('CT-10'))}": 3,
        f"MATCH_inputEPC={quote(link('CT-9'))}": 1,
        "EQ_bizStep=shipping|receiving": 1,
        "eventType=TransformationEvent": 1,
        f"GE_eventTime={quote(at(10))}": 1,
        f"LT_eventTime={quote(at(10))}": 2,
        "EQ_eventID=urn%3Auuid%3A1": 1,
        "EXISTS_errorDeclaration=true": 0,
    }
    for query, count in asked.items():
        found = await coater.get(f"/api/v1/epcis/events?{query}")
        assert (found.status, len(_events(found.body))) == (200, count), query
    one = await coater.get("/api/v1/epcis/events/urn%3Auuid%3A1")
    assert _events(one.body)[0]["eventID"] == "urn:uuid:1"
    named = await coater.get(f"/api/v1/epcis/epcs/{quote(urn('CT-9'), safe='')}/events")
    assert len(_events(named.body)) == 2
    other = await programs.program("carrier")
    assert _events((await other.get("/api/v1/epcis/events")).body) == []
    assert (await other.get("/api/v1/epcis/events/urn%3Auuid%3A1")).status == 404
    assert (await other.get(done.headers["Location"])).status == 404


async def test_what_the_plant_does_by_other_doors_is_read_as_events(
    programs: Programs, tmp_path: Path
) -> None:
    """A lot is sent in the chat: the partner that gets it reads the event, by lot and by step; another reads nothing."""
    coater = await coater_of(programs)
    root, plant = system(programs.plant.id, channel="telegram"), programs.plant
    to = Consignment(receiver_id=plant.partners["supplier"])
    lot = await lots.find(root, "MC-002")
    await lots.ship(root, lot.id, to)
    signer = keys.load(tmp_path / "ledger.key")
    while await ledger.seal(signer):
        pass
    await epcis.tell_due()
    [event] = _events((await coater.get("/api/v1/epcis/events?EQ_bizStep=shipping")).body)
    assert event["quantityList"] == [{"epcClass": link("MC-002"), "quantity": 800}]
    assert event["destinationList"] == [
        {"type": "possessing_party", "destination": "urn:x-bihuan:party:KG-supplier"}
    ]
    named = await coater.get(f"/api/v1/epcis/epcs/{quote(urn('MC-002'), safe='')}/events")
    assert event in _events(named.body)
    one = await coater.get(f"/api/v1/epcis/events/{quote(event['eventID'], safe='')}")
    assert _events(one.body) == [event]
    other = await programs.program("laboratory")
    assert _events((await other.get("/api/v1/epcis/events")).body) == []
    assert (await other.get(f"/api/v1/epcis/events/{quote(event['eventID'], safe='')}")).status == 404


def _events(body: dict) -> list[dict]:
    found: list[dict] = body["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


async def test_one_event_is_created(programs: Programs) -> None:
    """201 with its address; a second one in the body is refused."""
    coater = await coater_of(programs)
    said = made("CT-9", 100) | {"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"}
    done = await coater.post("/api/v1/epcis/events", said)
    assert done.status == 201
    assert (await coater.get(done.headers["Location"])).status == 200
    both = await coater.ask("POST", "/api/v1/epcis/events", data=json.dumps([said, said]), headers=LD)
    assert both.status == 422


async def test_faults_are_told_by_event_and_place(programs: Programs) -> None:
    """In the reader's language, nothing taken; `proceed` takes what can be taken."""
    coater = await coater_of(programs)
    text = document(made("CT-9", 100), turned([amount(urn("CT-9"), 60)], [amount(link("CT-10"), 61)]))
    headers = {**LD, "Accept-Language": "zh-CN"}
    wrong = await coater.ask("POST", "/api/v1/epcis/capture", data=text, headers=headers)
    assert (wrong.status, wrong.headers["Content-Type"]) == (422, "application/problem+json; charset=utf-8")
    [fault] = wrong.body["faults"]
    assert (fault["index"], fault["path"], fault["code"]) == (1, "/outputQuantityList/0", "NotConserved")
    assert "投入" in fault["detail"] or "报废" in fault["detail"]
    root = system(programs.plant.id)
    assert await lots.exactly(root, "CT-9") is None
    partly = {**LD, "GS1-Capture-Error-Behaviour": "proceed"}
    done = await coater.ask("POST", "/api/v1/epcis/capture", data=text, headers=partly)
    assert (done.status, done.body["success"], done.body["errors"][0]["code"]) == (202, False, "NotConserved")
    assert await lots.exactly(root, "CT-9") is not None
    neither = {**LD, "GS1-Capture-Error-Behaviour": "guess"}
    assert (await coater.ask("POST", "/api/v1/epcis/capture", data=text, headers=neither)).status == 422


HOSTILE = {
    "deep": b"[" * 100_000,
    "bent": b'{"@context": [], "type": "EPCISDocument", "epcisBody": {"eventList": [[[]]]}}',
    "huge": b'[{"type": "ObjectEvent", "quantityList": [{"quantity": 1e400}]}]',
    "NUL": b'{"type": "ObjectEvent", "action": "\\u0000"}',
    "twice": b'{"type": "ObjectEvent", "type": "ObjectEvent"}',
    "XML": b"<epcis:EPCISDocument/>",
    "nothing": b"",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_hostile_documents_are_refused(programs: Programs) -> None:
    """4xx, a problem document, nothing kept; the wrong type, too large, and without the scope as well."""
    coater = await coater_of(programs)
    for name, raw in HOSTILE.items():
        answer = await coater.ask("POST", "/api/v1/epcis/capture", data=raw, headers=LD)
        assert 400 <= answer.status < 500, name
        assert answer.headers["Content-Type"].startswith("application/problem+json")
    plain = {"Content-Type": "application/xml"}
    assert (await coater.ask("POST", "/api/v1/epcis/capture", data=b"<a/>", headers=plain)).status == 415
    large = b"[" + b" " * 5_000_001 + b"]"
    assert (
        await coater.ask("POST", "/api/v1/epcis/capture", data=io.BytesIO(large), headers=LD)
    ).status == 413
    for query in ("EQ_nothing=1", "perPage=0", "GE_eventTime=yesterday", "nextPageToken=x"):
        assert (await coater.get(f"/api/v1/epcis/events?{query}")).status in (400, 422), query
    from core.clients import Scope

    reader = await programs.program("supplier", [Scope.EPCIS_QUERY])
    assert (await reader.ask("POST", "/api/v1/epcis/capture", data=b"[]", headers=LD)).status == 403
    assert (await epcis.events(system(programs.plant.id), epcis.Wanted())).rows == []
