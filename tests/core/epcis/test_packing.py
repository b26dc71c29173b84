"""Logistic units between organisations: nobody packs into, takes along or blocks what another has; nothing is in itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core import epcis, lots
from core.epcis.models import Held
from core.kit import Actor
from tests.core.epcis import events
from tests.plants import Plant

UNIT, PALLET = "https://id.gs1.org/00/106141411234567897", "https://id.gs1.org/00/106141411234567804"


def packed(parent: str, action: str = "ADD", **what: object) -> dict[str, object]:
    """Something put into a unit, or taken out of it."""
    step = "packing" if action == "ADD" else "unpacking"
    return events.event(
        "AggregationEvent", events.at(11), parentID=parent, bizStep=step, **({"action": action} | what)
    )


def lot(number: str, quantity: int) -> list[dict[str, object]]:
    """So much of a lot."""
    return [events.amount(events.link(number), quantity)]


async def codes(actor: Actor, *said: dict[str, object]) -> list[str]:
    """What an organisation's document is refused for."""
    with pytest.raises(epcis.CaptureRefused) as why:
        await epcis.capture(actor, events.document(*said))
    return [one.why.code for one in why.value.faults]


async def test_nobody_packs_into_a_unit_that_holds_another_s_goods(
    plant: Plant, coater: Actor, own: Actor
) -> None:
    """Else its shipment would never arrive whole: the plant would wait for a lot that was not sent."""
    laboratory = await plant.actor("laboratory", "api")
    await epcis.capture(
        coater,
        events.document(events.made("CT-900", 100), packed(UNIT, childQuantityList=lot("CT-900", 100))),
    )
    before = await Held.all().count()
    assert await codes(laboratory, packed(UNIT, childEPCs=[PALLET])) == ["UnitElsewhere"]
    assert await codes(laboratory, packed(PALLET, childEPCs=[UNIT])) == ["UnitElsewhere"]
    assert await codes(laboratory, packed(UNIT, "DELETE", childEPCs=[])) == ["NotInside"]
    assert await Held.all().count() == before
    sent = events.event("ObjectEvent", events.at(12), action="OBSERVE", bizStep="shipping", epcList=[UNIT])
    came = events.event("ObjectEvent", events.at(13), action="OBSERVE", bizStep="receiving", epcList=[UNIT])
    await epcis.capture(coater, events.document(sent))
    assert await codes(coater, packed(UNIT, childQuantityList=lot("CT-002", 5))) == ["UnitElsewhere"]
    assert await codes(coater, packed(UNIT, "DELETE", childQuantityList=lot("CT-900", 100))) == ["NotInside"]
    await epcis.capture(own, events.document(came))
    found = await lots.exactly(own, "CT-900")
    assert found is not None
    assert (found.partner_id, found.quantity) == (None, Decimal(100))


async def test_who_receives_a_unit_unpacks_it(plant: Plant, coater: Actor, own: Actor) -> None:
    """Packed by the plant, sent to the coater: what is inside is the coater's to take out."""
    place = events.event(
        "ObjectEvent",
        events.at(12),
        action="OBSERVE",
        bizStep="shipping",
        epcList=[UNIT],
        destinationList=[{"type": "possessing_party", "destination": "urn:epc:id:pgln:690123456.002"}],
    )
    came = events.event("ObjectEvent", events.at(13), action="OBSERVE", bizStep="receiving", epcList=[UNIT])
    made = events.made("CT-901", 50)
    await epcis.capture(own, events.document(made, packed(UNIT, childQuantityList=lot("CT-901", 50)), place))
    await epcis.capture(coater, events.document(came))
    await epcis.capture(coater, events.document(packed(UNIT, "DELETE", childQuantityList=lot("CT-901", 50))))
    assert await Held.filter(until=None).count() == 0


async def test_a_unit_is_never_inside_itself(plant: Plant, coater: Actor) -> None:
    """Neither at once nor through another."""
    assert await codes(coater, packed(UNIT, childEPCs=[UNIT])) == ["InsideItself"]
    await epcis.capture(coater, events.document(packed(UNIT, childEPCs=[PALLET])))
    assert await codes(coater, packed(PALLET, childEPCs=[UNIT])) == ["InsideItself"]


async def test_a_quantity_beyond_every_plant_is_a_fault(plant: Plant, coater: Actor) -> None:
    """Not a broken server, whatever its unit."""
    for uom in ("", "H87", "KGM"):
        assert await codes(coater, events.made("CT-902", 10**30, uom=uom)) == ["TooMuch"]
