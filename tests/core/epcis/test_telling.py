"""What is done by people becomes EPCIS events, once, in the order of the log; each partner reads what concerns it."""

from __future__ import annotations

import asyncio
import contextvars
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from core import epcis, imports, ledger, lots
from core.epcis import CaptureRefused, EventFacts, Role, Wanted, epcs, reading
from core.epcis.models import CapturedEvent, ToldTo
from core.kit import Actor, clock, unit_of_work
from core.ledger import Signer, keys
from core.lots import Consignment, Made, NewLink, NewLot, Taken
from tests.core.epcis.events import amount, at, document, link, made, seen, turned
from tests.core.lots.test_holding import signed_by
from tests.paths import SHARED_DATA
from tests.plants import Plant

Told = list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return keys.create(tmp_path / "ledger.key", "bihuan/ledger")


@pytest.fixture
async def quiet(plant: Plant, signer: Signer) -> Plant:
    """The plant, with everything told that was done before."""
    await told(signer)
    return plant


async def told(signer: Signer) -> int:
    """Seal what waits, then tell it; answers how many events that were."""
    while await ledger.seal(signer):
        pass
    return await epcis.tell_due()


async def read(actor: Actor, after: int = 0) -> list[EventFacts]:
    page = await epcis.events(actor, Wanted(), after=after, size=200)
    return list(page.rows)


async def last() -> int:
    row = await CapturedEvent.all().order_by("-id").first()
    return row.id if row else 0


def short(events: list[EventFacts]) -> Told:
    """Step (or type), disposition, what went in or was seen, what came out: numbers with quantities."""
    found: Told = []
    for one in events:
        body = json.loads(one.body)
        ins = body.get("inputQuantityList", body.get("quantityList", []))
        outs = body.get("outputQuantityList", body.get("epcList", []))
        found.append((one.biz_step or str(one.type), one.disposition, _amounts(ins), _amounts(outs)))
    return found


def _amounts(said: list[Any]) -> tuple[str, ...]:
    return tuple(
        one.rpartition("/")[2]
        if isinstance(one, str)
        else f"{one['epcClass'].rpartition('/')[2]} {one.get('quantity', '')}".strip()
        for one in said
    )


def new(plant: Plant, number: str, quantity: int, **more: Any) -> NewLot:
    values: dict[str, Any] = {"organisation_id": plant.id, "made_at": clock.now() - dt.timedelta(hours=9)}
    return NewLot(
        number=number, product="SCREW-35", quantity=Decimal(quantity), unit="pcs", **(values | more)
    )


async def test_a_day_of_people_is_told_in_its_order(quiet: Plant, own: Actor, signer: Signer) -> None:
    """Recorded, numbered, split, produced, used, reworked, quarantined, sent in part, received: as GS1's schema has it."""
    before = await last()
    await lots.record_lots(own, [new(quiet, "A", 100, expires_on=dt.date(2028, 6, 30)), new(quiet, "B", 50)])
    lot = await lots.find(own, "A")
    await lots.record_serials(own, lot.id, ["S-1", "S-2"])
    await lots.split(own, "A", [Made(number="A1", quantity=Decimal(40))])
    await lots.merge(
        own, [Taken(lot="A1"), Taken(lot="B", quantity=Decimal(10))], [Made(number="M", quantity=Decimal(50))]
    )
    await lots.consume(own, [Taken(lot="B", quantity=Decimal(5))], "M")
    await lots.rework(own, Taken(lot="A", quantity=Decimal(20)), [Made(number="R", quantity=Decimal(20))])
    await lots.quarantine(own, (await lots.find(own, "B")).id, "划痕")
    part = Consignment(
        receiver_id=quiet.partners["supplier"], quantity=Decimal(30), part_number="M-1", document="DN 7/2"
    )
    sent = await lots.ship(own, (await lots.find(own, "M")).id, part)
    await lots.receive(own, sent.id, "涂层", quantity=Decimal(29))
    await lots.scrap(own, (await lots.find(own, "R")).id, "裂纹")
    assert await told(signer) == 12
    events = await read(own, before)
    assert short(events) == [
        ("commissioning", "active", ("A 100",), ()),
        ("commissioning", "active", ("B 50",), ()),
        ("commissioning", "", (), ("S-1", "S-2")),
        ("TransformationEvent", "", ("A 40",), ("A1 40",)),
        ("TransformationEvent", "", ("A1 40", "B 10"), ("M 50",)),
        ("TransformationEvent", "", ("B 5",), ("M",)),
        ("repairing", "", ("A 20",), ("R 20",)),
        ("holding", "non_conformant", ("B",), ()),
        ("TransformationEvent", "", ("M 30",), ("M-1 30",)),
        ("shipping", "in_transit", ("M-1 30",), ()),
        ("receiving", "in_progress", ("M-1 29",), ()),
        ("destroying", "destroyed", ("R",), ()),
    ]
    assert await told(signer) == 0, "nothing is told twice"
    await _sound(events)


async def _sound(events: list[EventFacts]) -> None:
    """By GS1's schema and by our own strict reader; each id once."""
    text = epcis.query_document(events, created=clock.now())
    schema = json.loads((SHARED_DATA / "epcis20" / "EPCIS-JSON-Schema.json").read_text())
    theirs = jsonschema_rs.Draft7Validator(schema, validate_formats=True)
    assert [str(one) for one in theirs.iter_errors(json.loads(text))] == []
    assert reading.read(text).faults == ()
    assert len({one.event_id for one in events}) == len(events)


async def test_what_becomes_of_holds_and_places_is_told(quiet: Plant, own: Actor, signer: Signer) -> None:
    """Held, decided either way, moved to a site, sent on, linked by hand; a lot still held for another case says nothing."""
    await lots.record_lots(own, [new(quiet, one, 10) for one in ("H-1", "H-2", "H-3")])
    ids = [one.id for one in await lots.known(own, ["H-1", "H-2", "H-3"])]
    await told(signer)
    before = await last()
    quality = await quiet.actor("responsible")
    held = await lots.hold(quality, ids, "AN-1", "剥落")
    await lots.hold(quality, ids[:1], "AN-2", "另一案")
    head = await quiet.actor("manager")
    for one, what in ((held[0], "release"), (held[1], "release"), (held[2], "scrap")):
        await lots.decide_hold(head, one.id, lots.Disposition(what), "复检", signed_by(head))
    await lots.move(own, ids[1], "三号柜", site_id=quiet.sites["packing"])
    await lots.move(own, ids[1], "在途", shipped=True)
    await lots.record_links(
        own, [NewLink(parent="MC-002", child="H-2", quantity=Decimal(3), unit="pcs", at=clock.now())]
    )
    await told(signer)
    assert short(await read(quality, before)) == [
        ("holding", "non_conformant", ("H-1", "H-2", "H-3"), ()),
        ("holding", "non_conformant", ("H-1",), ()),
        ("inspecting", "available", ("H-2",), ()),
        ("destroying", "destroyed", ("H-3",), ()),
        ("storing", "in_progress", ("H-2",), ()),
        ("shipping", "in_transit", ("H-2",), ()),
        ("TransformationEvent", "", ("MC-002 3",), ("H-2",)),
    ]
    [stored] = (await epcis.events(quality, Wanted(biz_steps=("storing",)), after=before)).rows
    assert json.loads(stored.body)["bizLocation"] == {"id": "urn:x-bihuan:site:KG:packing"}


async def test_each_partner_reads_what_concerns_it_and_nothing_else(
    quiet: Plant, own: Actor, coater: Actor, signer: Signer
) -> None:
    """What it took part in, what was done to lots that are all its own; not what was made of them with others' lots."""
    before = await last()
    supplier, carrier = quiet.partners["supplier"], quiet.partners["carrier"]
    await lots.record_lots(
        own,
        [
            new(quiet, "N", 7),
            new(quiet, "P", 100),
            new(quiet, "Q", 10, organisation_id=supplier),
            new(quiet, "Q2", 9, organisation_id=supplier),
        ],
    )
    p, q = await lots.find(own, "P"), await lots.find(own, "Q")
    await told(signer)
    await lots.quarantine(own, q.id, "尺寸")
    sent = await lots.ship(own, p.id, Consignment(receiver_id=supplier, carrier_id=carrier, document="DN-1"))
    await lots.receive(coater, sent.id, "涂层")
    await lots.split(own, "P", [Made(number="P1", quantity=Decimal(40))])
    await lots.produce(
        own, [Taken(lot="Q2", quantity=Decimal(1)), Taken(lot="N", quantity=Decimal(2))], "SCREW-35",
        [Made(number="X", quantity=Decimal(3))], maker_id=quiet.id,
    )  # fmt: skip
    await lots.record_lots(own, [new(quiet, "Z", 5, status=lots.LotStatus.RELEASED)])
    away = await lots.ship(own, (await lots.find(own, "Z")).id, Consignment(customer="第一医院"))
    assert away.receiver_id is None
    await told(signer)
    steps = {name: [one[:3] for one in short(await read(who, before))] for name, who in (
        ("plant", own), ("supplier", coater), ("carrier", await quiet.actor("carrier", "api")),
        ("laboratory", await quiet.actor("laboratory", "api")),
    )}  # fmt: skip
    shipped = ("shipping", "in_transit", ("P 100",))
    arrived = ("receiving", "in_progress", ("P 100",))
    assert steps["supplier"] == [
        ("commissioning", "active", ("Q 10",)),
        ("commissioning", "active", ("Q2 9",)),
        ("holding", "non_conformant", ("Q",)),
        shipped,
        arrived,
        ("TransformationEvent", "", ("P 40",)),
    ]
    assert steps["carrier"] == [shipped, arrived]
    assert steps["laboratory"] == []
    assert len(steps["plant"]) == 11
    customers = [one.body for one in await read(own, before) if "第一医院" in one.body]
    assert customers == [], "who the customer is stands on the plant's own pages"
    [sending, *_] = [one for one in await read(coater, before) if one.biz_step == "shipping"]
    body = json.loads(sending.body)
    assert body["bizTransactionList"] == [
        {"type": "desadv", "bizTransaction": "urn:x-bihuan:document:KG:DN-1"}
    ]
    recorded = epcs.read("urn:epc:id:pgln:690123456.002").uri
    assert body["destinationList"][0]["destination"] == recorded
    mine = Wanted(epcs=(((Role.OUTPUT,), ("urn:epc:class:lgtin:690123456.0789.P1",)),))
    assert [one.event_id for one in (await epcis.events(coater, mine)).rows] != []
    [of_both] = [one.event_id for one in await read(own, before) if "/10/X" in one.body]
    with pytest.raises(epcis.EventUnknown):
        await epcis.event(coater, of_both)


async def test_who_made_a_lot_does_not_learn_where_it_went(
    quiet: Plant, own: Actor, coater: Actor, signer: Signer
) -> None:
    """A coater's lot goes on to the laboratory: each reads its own part, neither the other's name."""
    before = await last()
    supplier, laboratory = quiet.partners["supplier"], quiet.partners["laboratory"]
    await lots.record_lots(own, [new(quiet, "L-1", 10, organisation_id=supplier)])
    await told(signer)
    lot = await lots.find(own, "L-1")
    sent = await lots.ship(own, lot.id, Consignment(receiver_id=laboratory))
    at = await quiet.actor("laboratory", "api")
    await lots.receive(at, sent.id, "实验室")
    await lots.move(own, lot.id, "冰箱", partner_id=laboratory)
    await lots.quarantine(own, lot.id, "尺寸")
    await told(signer)
    of_maker, of_holder = await read(coater, before), await read(at, before)
    assert [one.biz_step for one in of_maker] == ["commissioning", "holding"]
    assert [one.biz_step for one in of_holder] == ["shipping", "receiving", "storing", "holding"]
    assert "laboratory" not in "".join(one.body for one in of_maker)
    assert "supplier" not in "".join(one.body for one in of_holder)


async def test_what_an_event_did_is_told_by_that_event(
    quiet: Plant, own: Actor, coater: Actor, signer: Signer
) -> None:
    """Made, numbered, turned, packed, sent, received, doubted by capture: only the part that was sent apart is news."""
    to = {"destinationList": [{"type": "possessing_party", "destination": "urn:epc:id:pgln:690123456.002"}]}
    await epcis.capture(
        own,
        document(
            made("E-1", 100, at(7)),
            seen("shipping", [amount(link("E-1"), 60)], at(8), **to),
            seen(
                "storing",
                [amount(link("CT-001"))],
                at(8),
                bizLocation={"id": "urn:epc:id:sgln:690123456.001.0"},
            ),
        ),
    )
    await epcis.capture(
        coater,
        document(
            seen("receiving", [amount(link("E-1"), 60)], at(9)),
            turned([amount(link("E-1"), 60)], [amount(link("E-2"), 60)], at(10)),
            seen("inspecting", [amount(link("E-2"))], at(11), disposition="damaged"),
        ),
    )
    before = await last()
    assert await told(signer) == 1
    assert short(await read(own, before)) == [("TransformationEvent", "", ("E-1 60",), ("E-1-P1 60",))]


async def test_files_and_what_is_not_sealed_are_not_told(
    quiet: Plant, own: Actor, signer: Signer, tmp_path: Path
) -> None:
    """Lots and links of a file are its own record; what is not sealed waits."""
    table = tmp_path / "lots.csv"
    table.write_text("批号,产品编码,数量,生产时间,地点\nI-1,SCREW-35,5,2026-11-01,仓库\n", "utf-8")
    assert (await imports.import_file(own, table)).rows == 1
    assert await told(signer) == 0
    await lots.record_lots(own, [new(quiet, "L", 5)])
    assert await epcis.tell_due() == 0, "not sealed yet"
    assert await told(signer) == 1


async def test_a_lot_that_no_event_can_name_holds_nothing_up(
    quiet: Plant, own: Actor, signer: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    """A number too long for an identifier is said in the log; the next lot is told."""
    before = await last()
    await lots.record_lots(own, [new(quiet, "批" * 60, 5), new(quiet, "T-9", 5)])
    assert await told(signer) == 1
    assert short(await read(own, before)) == [("commissioning", "active", ("T-9 5",), ())]
    assert [one.action for one in caplog.records if hasattr(one, "action")] == ["epcis_untold"]


async def test_who_reads_on_misses_no_telling(
    quiet: Plant, own: Actor, coater: Actor, signer: Signer
) -> None:
    """A capture that ends late keeps the teller waiting, so no event comes in before one that was shown."""
    before = await last()
    await lots.record_lots(own, [new(quiet, "K", 5)])
    while await ledger.seal(signer):
        pass
    async with unit_of_work():
        await epcis.capture(coater, document(made("K-2", 7)))
        teller = asyncio.create_task(epcis.tell_due(), context=contextvars.Context())
        await asyncio.wait({teller}, timeout=0.3)
        assert not teller.done()
    assert await teller == 1
    assert [one.told for one in await read(own, before)] == [False, True]


async def test_a_telling_that_fails_is_told_whole_later(
    quiet: Plant, own: Actor, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps are whole: what a failing one began is taken back, and told once by the next."""
    monkeypatch.setattr("core.epcis.telling.STEP", 2)
    await lots.record_lots(own, [new(quiet, "F", 50)])
    for number in range(5):
        await lots.split(own, "F", [Made(number=f"F{number}", quantity=Decimal(2))])
    while await ledger.seal(signer):
        pass
    kept, calls = epcis.telling.keeping.keep, []

    async def failing(*args: Any, **kwargs: Any) -> CapturedEvent:
        calls.append(1)
        if len(calls) == 4:
            raise OSError
        return await kept(*args, **kwargs)

    before = await last()
    monkeypatch.setattr("core.epcis.telling.keeping.keep", failing)
    with pytest.raises(OSError):
        await epcis.tell_due()
    assert 0 < await CapturedEvent.filter(id__gt=before).count() < 6, "whole steps stay"
    monkeypatch.setattr("core.epcis.telling.keeping.keep", kept)
    await epcis.tell_due()
    assert [one[3] for one in short(await read(own, before))][1:] == [
        (f"F{number} 2",) for number in range(5)
    ]
    assert (await ToldTo.get(id=1)).position == await ledger.size()
    await ToldTo.filter(id=1).update(position=0)
    assert await epcis.tell_due() == 0, "read from the beginning again, nothing is told twice"


async def test_our_own_telling_that_comes_back_changes_nothing(
    quiet: Plant, own: Actor, coater: Actor, signer: Signer
) -> None:
    """A partner's system that passes on what it read is told that we know it; one that changes it is refused."""
    before = await last()
    supplier = quiet.partners["supplier"]
    await lots.record_lots(own, [new(quiet, "W", 10, organisation_id=supplier, partner_id=supplier)])
    await told(signer)
    events = await read(coater, before)
    count = await CapturedEvent.all().count()
    done = await epcis.capture(coater, epcis.query_document(events, created=clock.now()))
    assert (done.events, done.known, await CapturedEvent.all().count()) == (0, 1, count)
    body = json.loads(events[0].body) | {"eventID": events[0].event_id}
    body["quantityList"][0]["quantity"] = 11
    with pytest.raises(CaptureRefused) as why:
        await epcis.capture(coater, document(body))
    assert why.value.faults[0].why.code == "EventIdTaken"
    wrong = json.loads(events[0].body) | {
        "errorDeclaration": {"declarationTime": clock.now().isoformat(), "reason": "did_not_occur"}
    }
    for who, code in ((own, "ToldHere"), (coater, "EventUnknown")):
        with pytest.raises(CaptureRefused) as why:
            await epcis.capture(who, document(wrong))
        assert why.value.faults[0].why.code == code
    assert (await lots.find(own, "W")).status is lots.LotStatus.AVAILABLE


async def test_a_lots_page_shows_what_came_in_and_not_its_own_record_again(
    quiet: Plant, own: Actor, signer: Signer
) -> None:
    await lots.record_lots(own, [new(quiet, "V", 10)])
    await told(signer)
    assert await epcis.events_on(own, (await lots.find(own, "V")).id) == []
