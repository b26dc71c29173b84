"""Error declarations take an event back while nothing was built on it; else they are refused, never silent."""

from __future__ import annotations

from typing import Any

import pytest

from core import epcis, lots
from core.epcis import CaptureRefused, Deed
from core.kit import Actor
from core.kit.provenance import Flag
from core.lots import LotStatus, LotUnknown, Whereabouts
from tests.core.epcis.events import POWDER, amount, at, document, event, link, made, seen, turned, urn
from tests.plants import Plant

SSCC = "urn:epc:id:sscc:690123456.10000001"


def wrong(said: dict[str, Any], *instead: str) -> dict[str, Any]:
    """The same event, declared wrong."""
    declaration: dict[str, Any] = {"declarationTime": at(20), "reason": "incorrect_data"}
    if instead:
        declaration["correctiveEventIDs"] = list(instead)
    return said | {"errorDeclaration": declaration}


async def refused(actor: Actor, *events: dict[str, Any]) -> list[str]:
    with pytest.raises(CaptureRefused) as why:
        await epcis.capture(actor, document(*events))
    return [one.why.code for one in why.value.faults]


async def test_a_lot_that_was_never_made(plant: Plant, coater: Actor, own: Actor) -> None:
    """Withdrawn with its serial numbers; both numbers are free for the correcting event; declared once."""
    said = event(
        "ObjectEvent",
        bizStep="commissioning",
        epcList=["https://id.gs1.org/01/06901234567892/21/7"],
        ilmd={"x:lotNumber": "SN-1"},
        eventID="urn:uuid:1",
    )
    right = said | {"eventID": "urn:uuid:2", "ilmd": {"x:lotNumber": "SN-2"}}
    await epcis.capture(coater, document(said))
    assert await refused(coater, wrong(said, "urn:uuid:2")) == ["CorrectionUnknown"]
    await epcis.capture(coater, document(wrong(said, "urn:uuid:2"), right))
    with pytest.raises(LotUnknown):
        await lots.find(own, "SN-1")
    lot = await lots.find(own, "SN-2")
    assert await lots.serials_of(own, lot.id) == ["7"]
    assert (await epcis.event(own, "urn:uuid:1")).voided
    again = await epcis.capture(coater, document(wrong(said, "urn:uuid:2")))
    assert (again.events, again.known) == (0, 1)


async def test_a_transformation_that_did_not_happen(plant: Plant, coater: Actor, own: Actor) -> None:
    """Its links are void and its inputs are there again, unless its output went on."""
    told = turned([amount(urn("CT-002"), 100)], [amount(link("CT-9"), 100)], eventID="urn:uuid:t")
    await epcis.capture(coater, document(told))
    assert (await lots.where_is(own, plant.lots["CT-002"])).left == 900
    await epcis.capture(coater, document(wrong(told)))
    assert (await lots.where_is(own, plant.lots["CT-002"])).left == 1000
    trace = await lots.trace_down(own, plant.lots["CT-002"])
    assert [node.lot.number for node in trace.nodes] == ["CT-002"]
    more = turned([amount(urn("CT-002"), 100)], [amount(link("CT-9"), 100)], at(11), eventID="urn:uuid:u")
    on = turned([amount(link("CT-9"), 100)], [amount(link("CT-10"), 100)], at(12), eventID="urn:uuid:v")
    await epcis.capture(coater, document(more, on))
    assert await refused(coater, wrong(more)) == ["UsedSince"]
    assert not (await epcis.event(own, "urn:uuid:u")).voided
    await epcis.capture(coater, document(wrong(on), wrong(more)))
    assert (await lots.where_is(own, plant.lots["CT-002"])).left == 1000


async def test_material_that_was_added_later(plant: Plant, coater: Actor, own: Actor) -> None:
    """Inputs that wait are forgotten; those that went on are not."""
    name = {"transformationID": "urn:uuid:t-1"}
    early = turned([amount(urn("CT-002"), 100)], [], eventID="urn:uuid:a", **name)
    await epcis.capture(coater, document(made("PW-1", 5, gtin=POWDER, uom="KGM"), early, wrong(early)))
    out = turned([], [amount(link("CT-9"), 100)], at(10), eventID="urn:uuid:b", **name)
    assert await refused(coater, out) == ["NoInputs"]
    second = turned([amount(urn("CT-002"), 100)], [], at(9.5), eventID="urn:uuid:c", **name)
    powder = turned([amount(link("PW-1", POWDER), 2, "KGM")], [], at(11), eventID="urn:uuid:d", **name)
    await epcis.capture(coater, document(second, out, powder))
    assert await refused(coater, wrong(second)) == ["UsedSince"]
    await epcis.capture(coater, document(wrong(powder)))
    trace = await lots.trace_up(own, (await lots.find(own, "CT-9")).id)
    assert "PW-1" not in {node.lot.number for node in trace.nodes}


async def test_a_shipment_that_did_not_leave(plant: Plant, coater: Actor, own: Actor) -> None:
    """Until it arrives; a lot held on the way stays held."""
    sent = seen("shipping", [amount(urn("CT-002"))], eventID="urn:uuid:s")
    await epcis.capture(coater, document(sent))
    await lots.hold(own, [plant.lots["CT-002"]], "AN-1", "doubt")
    await epcis.capture(coater, document(wrong(sent)))
    lot = await lots.find(own, "CT-002")
    assert (lot.status, lot.partner_id) == (LotStatus.ON_HOLD, plant.partners["supplier"])
    assert (await lots.where_is(own, lot.id)).where is Whereabouts.AT_PARTNER
    fresh = made("CT-9", 10)
    away = seen("shipping", [amount(link("CT-9"))], eventID="urn:uuid:w")
    await epcis.capture(coater, document(fresh, away))
    got = seen("receiving", [amount(link("CT-9"))], at(12), eventID="urn:uuid:r")
    await epcis.capture(own, document(got))
    assert await refused(coater, wrong(away)) == ["ReceivedAlready"]
    assert await refused(own, wrong(got)) == ["StaysDone"]


async def test_the_own_step_for_shipments(plant: Plant, coater: Actor, own: Actor) -> None:
    await epcis.capture(
        coater,
        document(
            seen("shipping", [amount(urn("CT-002"))]),
            seen("void_shipping", [amount(urn("CT-002"))], at(11)),
        ),
    )
    found = await lots.where_is(own, plant.lots["CT-002"])
    assert (found.where, found.lot.status) == (Whereabouts.AT_PARTNER, LotStatus.AVAILABLE)


async def test_packing_that_was_wrong(plant: Plant, coater: Actor, own: Actor) -> None:
    packed = event(
        "AggregationEvent",
        parentID=SSCC,
        childQuantityList=[amount(urn("CT-002"), 100)],
        eventID="urn:uuid:p",
    )
    out = event(
        "AggregationEvent", at(9), action="DELETE", parentID=SSCC,
        childQuantityList=[amount(urn("CT-002"), 40)], eventID="urn:uuid:o",
    )  # fmt: skip
    await epcis.capture(coater, document(packed, out))
    assert [one.quantity for one in await epcis.contents_of(own, SSCC)] == [60]
    await epcis.capture(coater, document(wrong(out)))
    assert [one.quantity for one in await epcis.contents_of(own, SSCC)] == [100]
    await epcis.capture(coater, document(wrong(packed)))
    assert await epcis.contents_of(own, SSCC) == []


async def test_a_doubt_stays(plant: Plant, coater: Actor, own: Actor) -> None:
    """Who raised it cannot lift it: the declaration is kept and flagged."""
    doubt = seen("inspecting", [amount(urn("CT-002"))], disposition="damaged", eventID="urn:uuid:q")
    await epcis.capture(coater, document(doubt))
    await epcis.capture(coater, document(wrong(doubt)))
    assert (await lots.find(own, "CT-002")).status is LotStatus.QUARANTINED
    deeds = [deed for one in await epcis.events_on(own, plant.lots["CT-002"]) for deed in one.deeds]
    assert (Deed.FLAGGED, (Flag.CLAIM,)) in [(one.deed, one.flags) for one in deeds]


async def test_whose_and_which_event(plant: Plant, coater: Actor, own: Actor) -> None:
    """Another's event is unknown; a declaration repeats what was sent."""
    said = made("CT-9", 10, eventID="urn:uuid:1")
    await epcis.capture(coater, document(said))
    assert await refused(own, wrong(said)) == ["EventUnknown"]
    other = made("CT-9", 11, eventID="urn:uuid:1")
    assert await refused(coater, wrong(other)) == ["DeclaredDiffers"]
