"""What events mean here: lots made, turned, shipped, received, packed; all of a document or none; each event once."""

from __future__ import annotations

import asyncio
import contextvars
import json
from decimal import Decimal
from typing import Any

import pytest

from core import conditions, epcis, lots
from core.epcis import Behaviour, CaptureRefused, Deed, epcs, notation
from core.epcis.models import Capture, CapturedEvent, Held
from core.kit import Actor, unit_of_work
from core.kit.provenance import Flag, Source
from core.ledger.models import LedgerEntry
from core.lots import LotStatus, Whereabouts
from core.lots.models import Lot, LotLink
from tests.core.epcis.events import (
    POWDER,
    amount,
    at,
    document,
    event,
    link,
    made,
    seen,
    serial,
    turned,
    urn,
)
from tests.plants import Plant

PLACE = epcs.read("urn:epc:id:sgln:690123456.001.0").uri
SSCC = "urn:epc:id:sscc:690123456.10000001"


async def refused(actor: Actor, *events: dict[str, Any]) -> list[tuple[int | None, str, str]]:
    with pytest.raises(CaptureRefused) as why:
        await epcis.capture(actor, document(*events))
    return [(one.index, one.path, one.why.code) for one in why.value.faults]


async def test_a_lot_is_made_turned_packed_and_sent(plant: Plant, coater: Actor, own: Actor) -> None:
    """A partner's day in one document: both writings of a lot are one lot; quantities and provenance are kept."""
    done = await epcis.capture(
        coater,
        document(
            made("PW-1", 5, gtin=POWDER, uom="KGM"),
            turned(
                [amount(urn("CT-002"), 400), amount(link("PW-1", POWDER), 1500, "GRM")],
                [amount(link("CT-9"), 400)],
                bizStep="assembling",
            ),
            event(
                "AggregationEvent",
                at(9.5),
                parentID=SSCC,
                bizStep="packing",
                childQuantityList=[amount(link("CT-9"), 400)],
            ),
            event(
                "ObjectEvent",
                at(10),
                action="OBSERVE",
                bizStep="shipping",
                disposition="in_transit",
                epcList=[SSCC],
                bizTransactionList=[
                    {"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:6901234560025:DN-7"}
                ],
                destinationList=[{"type": "location", "destination": PLACE}],
            ),
        ),
    )
    assert (done.events, done.known, done.success) == (4, 0, True)
    powder = await lots.find(own, "PW-1")
    coated = await lots.find(own, "CT-9")
    assert (powder.quantity, powder.unit, powder.organisation_id) == (5, "kg", plant.partners["supplier"])
    assert (await lots.where_is(own, powder.id)).left == Decimal("3.5")
    found = await lots.where_is(own, coated.id)
    assert (found.where, found.shipment and found.shipment.document) == (Whereabouts.IN_TRANSIT, "DN-7")
    trace = await lots.trace_up(own, coated.id)
    assert {node.lot.number for node in trace.nodes} == {"CT-9", "CT-002", "MC-002", "TI-001", "PW-1"}
    [operation] = await lots.operations_on(own, coated.id)
    assert operation.source == Source.EPCIS.value
    *_, shipped = reversed(await epcis.events_on(own, coated.id))
    assert [one.deed for one in shipped.deeds] == [Deed.SHIPPED]
    [packed] = await epcis.held_of(own, coated.id)
    assert (packed.parent, packed.quantity) == ("https://id.gs1.org/00/169012345600000012", 400)
    got = await epcis.capture(
        own,
        document(
            event(
                "ObjectEvent",
                at(34),
                action="OBSERVE",
                bizStep="receiving",
                epcList=[SSCC],
                readPoint={"id": "urn:epc:id:sgln:690123456.001.0"},
            )
        ),
    )
    assert got.success
    found = await lots.where_is(own, coated.id)
    assert (found.where, found.place) == (Whereabouts.IN_STOCK, "成品库")


async def test_the_same_document_again_changes_nothing(plant: Plant, coater: Actor) -> None:
    """By id and content; another content under a known id is refused, and so is half of a document."""
    first = made("PW-1", 5, gtin=POWDER, uom="KGM", eventID="urn:uuid:1")
    unnamed = made("PW-2", 5, gtin=POWDER, uom="KGM")
    await epcis.capture(coater, document(first, unnamed))
    before = await Lot.all().count(), await CapturedEvent.all().count()
    shuffled = dict(reversed(list(first.items()))) | {"recordTime": at(12)}
    again = await epcis.capture(coater, document(shuffled, unnamed))
    assert (again.events, again.known) == (0, 2)
    assert (await Lot.all().count(), await CapturedEvent.all().count()) == before
    other = first | {"quantityList": [amount(link("PW-1", POWDER), 6, "KGM")]}
    told = await refused(coater, made("PW-3", 1, gtin=POWDER, uom="KGM"), other)
    assert told == [(1, "/eventID", "EventIdTaken")]
    assert await Lot.filter(number="PW-3").count() == 0


async def test_all_of_a_document_or_nothing(plant: Plant, coater: Actor) -> None:
    """The last event is wrong: no lot, link, event, capture or ledger entry of the others stays."""
    tables = (Lot, LotLink, CapturedEvent, Capture, Held, LedgerEntry)
    before = [await one.all().count() for one in tables]
    good = made("PW-1", 5, gtin=POWDER, uom="KGM")
    spent = turned([amount(link("PW-1", POWDER), 6, "KGM")], [amount(link("CT-9"), 100)])
    assert await refused(coater, good, spent) == [(1, "/outputQuantityList/0", "TooMuchTaken")]
    assert [await one.all().count() for one in tables] == before
    partly = await epcis.capture(coater, document(good, spent), behaviour=Behaviour.PROCEED)
    assert (partly.events, [one["code"] for one in partly.errors]) == (1, ["TooMuchTaken"])
    assert await Lot.filter(number="PW-1").count() == 1


async def test_concurrent_captures_of_one_document(plant: Plant, coater: Actor) -> None:
    """Sent twice at once, it is taken once."""
    text = document(made("PW-1", 5, gtin=POWDER, uom="KGM"), made("PW-2", 7, gtin=POWDER, uom="KGM"))
    both = await asyncio.gather(epcis.capture(coater, text), epcis.capture(coater, text))
    assert sorted((one.events, one.known) for one in both) == [(0, 2), (2, 0)]
    assert await Lot.filter(number__in=["PW-1", "PW-2"]).count() == 2


async def test_who_reads_on_from_the_last_event_misses_none(plant: Plant, coater: Actor, own: Actor) -> None:
    """A sender whose capture ends late keeps the next one waiting, so no event comes in before one that was shown."""
    first = document(made("PW-1", 5, gtin=POWDER, uom="KGM"))
    async with unit_of_work():
        await epcis.capture(coater, first)
        other = asyncio.create_task(
            epcis.capture(own, document(made("PW-2", 7, gtin=POWDER, uom="KGM"))),
            context=contextvars.Context(),
        )
        await asyncio.wait({other}, timeout=0.3)
        assert not other.done()
    await other
    rows = await CapturedEvent.all().order_by("id").values_list("organisation_id", flat=True)
    assert list(rows) == [coater.organisation_id, own.organisation_id]


async def test_a_held_lot_goes_nowhere_by_events_either(plant: Plant, coater: Actor, own: Actor) -> None:
    """Neither shipped nor used; and no disposition releases it."""
    lot = await lots.find(own, "CT-002")
    await lots.hold(own, [lot.id], "AN-1", "doubt")
    assert await refused(coater, seen("shipping", [amount(urn("CT-002"))])) == [
        (0, "/quantityList/0", "LotOnHold")
    ]
    used = turned([amount(urn("CT-002"), 10)], [amount(link("CT-9"), 10)])
    assert [code for _, _, code in await refused(coater, used)] == ["LotOnHold"]
    await epcis.capture(
        coater, document(seen("inspecting", [amount(urn("CT-002"))], disposition="conformant"))
    )
    assert (await lots.find(own, "CT-002")).status is LotStatus.ON_HOLD


async def test_a_partner_reports_its_own_alone(plant: Plant, coater: Actor, own: Actor) -> None:
    """What another organisation has is not used, packed or set apart; events of others are not seen."""
    carrier = await plant.actor("carrier", "api")
    assert await refused(carrier, seen("shipping", [amount(urn("CT-001"))])) == [
        (0, "/quantityList/0", "LotUnknown")
    ]
    await lots.move(own, plant.lots["CT-001"], "成品库")
    assert [code for *_, code in await refused(coater, seen("shipping", [amount(urn("CT-001"))]))] == [
        "NotAtYou"
    ]
    await epcis.capture(coater, document(seen("inspecting", [amount(urn("CT-001"))], disposition="damaged")))
    assert (await lots.find(own, "CT-001")).status is LotStatus.AVAILABLE
    [one] = await epcis.events_on(own, plant.lots["CT-001"])
    assert one.deeds[0].flags == (Flag.CLAIM,)
    assert len((await epcis.events(coater, epcis.Wanted())).rows) == 1
    assert (await epcis.events(carrier, epcis.Wanted())).rows == []


async def test_a_doubt_sets_apart_what_the_sender_has(plant: Plant, coater: Actor, own: Actor) -> None:
    await epcis.capture(
        coater, document(seen("inspecting", [amount(urn("CT-002"))], disposition="non_conformant"))
    )
    assert (await lots.find(own, "CT-002")).status is LotStatus.QUARANTINED
    await epcis.capture(
        coater,
        document(seen("inspecting", [amount(urn("CT-002"))], at(11), disposition="available")),
    )
    assert (await lots.find(own, "CT-002")).status is LotStatus.QUARANTINED


async def test_pieces_belong_to_the_lot_of_their_master_data(plant: Plant, coater: Actor, own: Actor) -> None:
    """Serial numbers by ilmd; packed piece by piece; one piece is in one box."""
    pieces = [serial(str(one)) for one in range(5)]
    await epcis.capture(
        coater,
        document(
            event(
                "ObjectEvent",
                bizStep="commissioning",
                epcList=pieces,
                ilmd={"cbvmda:lotNumber": "SN-1", "cbvmda:itemExpirationDate": "2030-01-31"},
            ),
            event("AggregationEvent", at(9), parentID=SSCC, childEPCs=pieces[:3]),
            event(
                "AssociationEvent",
                at(9),
                parentID=pieces[0],
                childEPCs=["urn:epc:id:giai:690123456.PROBE7"],
            ),
        ),
    )
    lot = await lots.find(own, "SN-1")
    assert (lot.quantity, str(lot.expires_on)) == (5, "2030-01-31")
    assert await lots.serials_of(own, lot.id) == [str(one) for one in range(5)]
    assert len(await epcis.contents_of(own, SSCC)) == 3
    other = "urn:epc:id:sscc:690123456.10000002"
    twice = event("AggregationEvent", at(9.167), parentID=other, childEPCs=pieces[:1])
    assert await refused(coater, twice) == [(0, "/childEPCs/0", "PackedElsewhere")]
    out = event("AggregationEvent", at(9.167), action="DELETE", parentID=SSCC, childEPCs=pieces[:1])
    assert (await epcis.capture(coater, document(out, twice))).events == 2
    lost = event("ObjectEvent", bizStep="commissioning", epcList=[serial("99")])
    assert await refused(coater, lost) == [(0, "/epcList/0", "LotOfIdWanted")]


async def test_inputs_told_first_wait_for_their_outputs(plant: Plant, coater: Actor, own: Actor) -> None:
    """By transformationID across documents; what is told afterwards goes into the lot that came out."""
    name = {"transformationID": "urn:uuid:t-1"}
    await epcis.capture(coater, document(made("PW-1", 5, gtin=POWDER, uom="KGM")))
    await epcis.capture(coater, document(turned([amount(urn("CT-002"), 100)], [], **name)))
    await epcis.capture(coater, document(turned([], [amount(link("CT-9"), 100)], at(9.5), **name)))
    await epcis.capture(
        coater,
        document(turned([amount(link("PW-1", POWDER), 2, "KGM")], [], at(9.667), **name)),
    )
    coated = await lots.find(own, "CT-9")
    trace = await lots.trace_up(own, coated.id)
    near = {node.lot.number: str(node.contributed[0]) for node in trace.nodes if node.depth == 1}
    assert near == {"CT-002": "100 pcs", "PW-1": "2 kg"}
    alone = turned([], [amount(link("CT-8"), 100)], transformationID="urn:uuid:t-2")
    assert [code for *_, code in await refused(coater, alone)] == ["NoInputs"]


async def test_quantities_are_conserved(plant: Plant, coater: Actor) -> None:
    less = turned([amount(urn("CT-002"), 100)], [amount(link("CT-9"), 90)])
    assert [code for *_, code in await refused(coater, less)] == ["NotConserved"]
    more = event("AggregationEvent", parentID=SSCC, childQuantityList=[amount(urn("CT-002"), 1001)])
    assert [code for *_, code in await refused(coater, more)] == ["PackedTooMuch"]


async def test_a_part_is_sent_and_arrives_as_what_it_was_called(
    plant: Plant, coater: Actor, own: Actor
) -> None:
    """The lot keeps the rest; a difference in quantity is quarantined, not lost."""
    await epcis.capture(coater, document(made("CT-9", 100)))
    await epcis.capture(coater, document(seen("shipping", [amount(link("CT-9"), 40)], at(11))))
    rest = await lots.find(own, "CT-9")
    assert (await lots.where_is(own, rest.id)).left == 60
    await epcis.capture(own, document(seen("receiving", [amount(link("CT-9"), 38)], at(35))))
    part = await lots.find(own, "CT-9-P1")
    assert (part.status, part.quantity) == (LotStatus.QUARANTINED, 40)
    nothing = seen("receiving", [amount(link("CT-9"), 60)], at(59))
    assert [code for *_, code in await refused(own, nothing)] == ["NotUnderWay"]


async def test_sensors_become_series_and_traps_are_flagged(plant: Plant, coater: Actor, own: Actor) -> None:
    """Celsius as it is, Fahrenheit converted and flagged; what cannot be is kept in the event and flagged."""

    def report(value: Any, uom: str, minute: int, kind: str = "Temperature") -> dict[str, Any]:
        return {"type": kind, "value": value, "uom": uom, "time": at(9 + minute / 60)}

    element = {
        "sensorMetadata": {"deviceID": "urn:epc:id:giai:690123456.SD7"},
        "sensorReport": [
            report(5, "CEL", 0),
            report(41, "FAH", 10),
            report(-400, "CEL", 20),
            report(6, "CEL", 30),
            report(45, "P1", 30, "RelativeHumidity"),
            report(101325, "PAL", 30, "Pressure"),
        ],
    }
    said = seen("transporting", [amount(urn("CT-002"))], sensorElementList=[element])
    await epcis.capture(coater, document(said))
    [series] = await conditions.series_of(own, plant.lots["CT-002"])
    assert (series.count, series.lowest, series.highest) == (3, 5, 6)
    assert set(series.provenance.flags) >= {Flag.UNIT, Flag.IMPLAUSIBLE}
    [reading] = await conditions.readings_of(own, plant.lots["CT-002"])
    assert (reading.name, reading.value, reading.unit) == ("Pressure", 101325, "Pa")
    [kept] = (await epcis.events(own, epcis.Wanted())).rows
    assert json.loads(kept.body)["sensorElementList"] == [element]


async def test_an_unnamed_event_in_another_writing_is_the_same(plant: Plant, coater: Actor) -> None:
    """Its id is the standard's hash: other identifiers, order and number of zeros come to the same event."""
    first = turned([amount(urn("CT-002"), 100)], [amount(link("CT-9"), 100)])
    other = turned([amount(link("CT-002"), Decimal("100.0"))], [amount(urn("CT-9"), 100)])
    await epcis.capture(coater, document(first))
    said = notation.read(document(first)) | {"epcisBody": {"eventList": [dict(reversed(other.items()))]}}
    again = await epcis.capture(coater, notation.write(said))
    assert (again.events, again.known) == (0, 1)


async def test_who_may_make_and_open(plant: Plant, coater: Actor, own: Actor) -> None:
    """A carrier makes nothing; a unit with lots of others is not sent by somebody who sees only a part of it."""
    carrier = await plant.actor("carrier", "api")
    assert [code for *_, code in await refused(carrier, made("X-1", 5))] == ["NotPermitted"]
    await lots.record_lots(
        own,
        [
            lots.NewLot(
                number="OWN-1", product="SCREW-35", organisation_id=plant.id, quantity=Decimal(5), unit="pcs",
                made_at=(await lots.find(own, "CT-002")).made_at,
            )
        ],
    )  # fmt: skip
    pack = event("AggregationEvent", parentID=SSCC, childQuantityList=[amount(link("OWN-1"), 5)])
    await epcis.capture(own, document(pack))
    more = event("AggregationEvent", at(9), parentID=SSCC, childQuantityList=[amount(urn("CT-002"), 5)])
    assert await refused(coater, more) == [(0, "/parentID", "UnitElsewhere")]
    await epcis.capture(own, document(more))
    gone = event("ObjectEvent", at(10), action="OBSERVE", bizStep="shipping", epcList=[SSCC])
    assert await refused(coater, gone) == [(0, "/epcList/0", "NothingInside")]
    assert len(await epcis.contents_of(coater, SSCC)) == 1
    assert len(await epcis.contents_of(own, SSCC)) == 2
