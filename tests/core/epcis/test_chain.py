"""A chain told by events alone: stages, legs of the carrier, and quantities held to an independent count."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core import conditions, epcis, lots, orders
from core.epcis import CaptureRefused, Deed
from core.kit import Actor, clock
from core.lots import Consignment
from core.orders import Flow, NewLeg, NewOrder, NewStage, StageKind
from tests.core.epcis.events import POWDER, amount, at, document, event, link, made, seen, turned
from tests.plants import Plant

PARTS = "urn:epc:id:pgln:690123456.002"
SERIAL = "urn:epc:id:sgtin:690123456.0789.7"


async def test_a_stage_and_a_transport_by_events(plant: Plant, coater: Actor, own: Actor) -> None:
    """Received into the running stage, out of it what was made; the carrier's departure and arrival move its leg."""
    stage = NewStage(kind=StageKind.PROCESS, process="coating", partner_id=plant.partners["supplier"])
    order = await orders.plan_order(own, NewOrder(product="SCREW-35", quantity=Decimal(100), stages=(stage,)))
    order = await orders.place_order(own, order.id)
    await orders.start_stage(coater, order.stages[0].id)
    to = {"destinationList": [{"type": "possessing_party", "destination": PARTS}]}
    await epcis.capture(
        own, document(made("MC-9", 100), seen("shipping", [amount(link("MC-9"))], at(9), **to))
    )
    got = seen("receiving", [amount(link("MC-9"), 100)], at(10))
    out = turned([amount(link("MC-9"), 100)], [amount(link("CT-9"), 100)], at(11), bizStep="assembling")
    await epcis.capture(coater, document(got, out))
    stage_now = (await orders.get(own, order.id)).stages[0]
    assert [(one.flow, one.lot_number) for one in stage_now.lots] == [(Flow.IN, "MC-9"), (Flow.OUT, "CT-9")]
    coated = await lots.find(own, "CT-9")
    carrier_id = plant.partners["carrier"]
    sent = await lots.ship(
        own, coated.id, Consignment(receiver_id=plant.id, carrier_id=carrier_id, sent_at=None)
    )
    leg = await orders.plan_leg(
        own, NewLeg(from_place="涂层", to_place="成品库", shipment_id=sent.id, carrier_id=carrier_id)
    )
    carrier = await plant.actor("carrier", "api")
    element = {
        "sensorReport": [{"type": "Temperature", "value": 7, "uom": "CEL", "time": clock.now().isoformat()}]
    }
    now = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    await epcis.capture(
        carrier,
        document(
            seen("departing", [amount(link("CT-9"))], now),
            seen(
                "transporting",
                [amount(link("CT-9"))],
                now,
                sensorElementList=[element],
                disposition="damaged",
            ),
            seen("arriving", [amount(link("CT-9"))], now),
        ),
    )
    found = await orders.leg(own, leg.id)
    assert found.departed_at is not None
    assert found.arrived_at is not None
    said = [deed.deed for one in await epcis.events_on(own, coated.id) for deed in one.deeds]
    assert said.count(Deed.MOVED) == 2
    assert Deed.MEASURED in said
    assert Deed.FLAGGED in said
    stranger = seen("arriving", [amount(link("MC-9"))], now)
    with pytest.raises(CaptureRefused):
        await epcis.capture(carrier, document(stranger))
    [series] = await conditions.series_of(own, coated.id)
    assert (series.leg_id, series.lot_id, series.highest) == (leg.id, None, 7)


class Count:
    """Quantities kept by the test alone, from the texts of the events."""

    def __init__(self) -> None:
        self.size: dict[str, Decimal] = {}
        self.left: dict[str, Decimal] = {}
        self.into: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)

    def heard(self, said: dict[str, Any]) -> None:
        for one in said.get("quantityList", ()):
            self._new(one)
        inputs = [
            (self._name(one), Decimal(str(one["quantity"]))) for one in said.get("inputQuantityList", ())
        ]
        for one in said.get("outputQuantityList", ()):
            self._new(one)
            self.into[self._name(one)] = inputs
        for name, quantity in inputs:
            self.left[name] -= quantity

    def share(self, root: str, lot: str) -> Fraction:
        """How much of the root is in a lot, taken as evenly mixed."""
        if lot == root:
            return Fraction(self.size[root])
        parts = [
            self.share(root, name) * Fraction(quantity) / Fraction(self.size[name])
            for name, quantity in self.into[lot]
        ]
        return sum(parts, Fraction(0))

    def _name(self, one: dict[str, Any]) -> str:
        return str(one["epcClass"]).rpartition("/")[2]

    def _new(self, one: dict[str, Any]) -> None:
        name = self._name(one)
        self.size[name] = self.left[name] = Decimal(str(one["quantity"]))


def some_days(dice: random.Random) -> list[dict[str, Any]]:
    """Lots made and turned into one another, each time out of some that are left."""
    count, events = Count(), []
    events += [made(f"R{number}", dice.randint(50, 400), at(number / 10)) for number in range(3)]
    events.append(made("P0", Decimal(dice.randint(10, 90)), at(0.4), gtin=POWDER, uom="KGM"))
    for one in events:
        count.heard(one)
    for number in range(10):
        pieces = [name for name, left in count.left.items() if left >= 1 and not name.startswith("P")]
        chosen = dice.sample(pieces, min(len(pieces), dice.randint(1, 3)))
        taken = [(name, dice.randint(1, int(count.left[name]))) for name in chosen]
        inputs = [amount(link(name), quantity) for name, quantity in taken]
        if dice.random() < 0.4 and count.left["P0"] > 1:
            inputs.append(amount(link("P0", POWDER), 0.25, "KGM"))
        total = sum(quantity for _, quantity in taken)
        said = turned(inputs, [amount(link(f"L{number}"), total)], at(1 + number / 4))
        events.append(said)
        count.heard(said)
    return events


@pytest.mark.parametrize("seed", [1, 2])
async def test_quantities_are_those_of_an_independent_count(
    plant: Plant, coater: Actor, own: Actor, seed: int
) -> None:
    """Random days: what is left of every lot, every link, and what is carried from the first to the last."""
    events = some_days(random.Random(seed))
    for one in events:
        for part in [*one.get("quantityList", ()), *one.get("inputQuantityList", ())]:
            part["quantity"] = (
                float(part["quantity"])
                if part["quantity"] != int(part["quantity"])
                else int(part["quantity"])
            )
    count = Count()
    for one in events:
        count.heard(one)
    half = len(events) // 2
    for part in (events[:half], events[half:], events):
        await epcis.capture(coater, document(*part))
    for name, left in count.left.items():
        lot = await lots.find(own, name)
        assert lot.quantity == count.size[name]
        assert (await lots.where_is(own, lot.id)).left == left, name
    root = await lots.find(own, "R0")
    trace = await lots.trace_down(own, root.id)
    names = {node.lot.id: node.lot.number for node in trace.nodes}
    reached = {name for name in count.size if name != "R0" and count.share("R0", name)}
    assert {name for name in names.values() if name != "R0"} == reached
    for node in trace.nodes:
        if node.lot.number != "R0":
            assert node.carried is not None
            assert node.carried.amount == count.share("R0", node.lot.number)
    assert len(trace.links) == len(
        {
            (name, lot)
            for lot, inputs in count.into.items()
            for name, _ in inputs
            if {name, lot} <= reached | {"R0"}
        }
    )


ODD: tuple[Any, ...] = (
    0, -5, 0.0000001, 1e-9, 10**13, 10**35, 999999999999.999999, "", [], {}, None, True, "urn:x:1", SERIAL,
    "urn:epc:id:sscc:690123456.10000001", "urn:epc:idpat:sgtin:690123456.0789.*", "urn:x-bihuan:lot:SCREW-35:" + "%E6" * 3,
    "urn:x-bihuan:lot:SCREW-35:" + "x" * 200, "https://id.gs1.org/01/06901234567892/10/CT-002", "1900-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00", "L" * 100, "non_conformant", "receiving", "void_shipping", "ADD", "DELETE", "FAH", "XXX",
)  # fmt: skip


def bent(said: Any, dice: random.Random) -> Any:
    """The same with one thing in it odd."""
    if isinstance(said, dict) and said:
        name = dice.choice(sorted(said))
        return said | {name: bent(said[name], dice)}
    if isinstance(said, list) and said and dice.random() < 0.8:
        place = dice.randrange(len(said))
        return [*said[:place], bent(said[place], dice), *said[place + 1 :]]
    return dice.choice(ODD)


@pytest.mark.parametrize("seed", [1])
async def test_odd_events_are_taken_or_refused(plant: Plant, coater: Actor, own: Actor, seed: int) -> None:
    """Whatever stands in them: no other exception, nothing of a refused one kept, nothing lost or won of a lot."""
    dice = random.Random(seed)
    box = {"parentID": "urn:epc:id:sscc:690123456.10000001"}
    sensors = [{"sensorMetadata": {"deviceID": "urn:x:7"}, "sensorReport": [{"type": "Temperature", "value": 5, "uom": "CEL", "time": at(9)}, {"type": "RelativeHumidity", "value": 50, "uom": "P1"}]}]  # fmt: skip
    sound: list[dict[str, Any]] = [
        made("N-1", 10, ilmd={"x:lotNumber": "N-1", "x:itemExpirationDate": "2030-01-01"}),
        event("ObjectEvent", epcList=[SERIAL], ilmd={"x:lotNumber": "N-2"}, disposition="active"),
        turned([amount(link("CT-002"), 5)], [amount(link("N-3"), 5)], transformationID="urn:x:t"),
        seen("shipping", [amount(link("CT-002"), 5)], destinationList=[{"type": "location", "destination": PARTS}]),
        seen("receiving", [amount(link("CT-002"), 5)], readPoint={"id": "urn:x:1"}, sensorElementList=sensors),
        event("AggregationEvent", childQuantityList=[amount(link("CT-002"), 5)], childEPCs=[SERIAL], **box),
        event("AssociationEvent", childEPCs=["urn:x:probe"], **box),
        event("TransactionEvent", epcList=["urn:x:1"], bizTransactionList=[{"type": "po", "bizTransaction": "urn:x:p"}]),
        seen("inspecting", [amount(link("CT-002"))], errorDeclaration={"declarationTime": at(11)}, eventID="urn:x:e"),
    ]  # fmt: skip
    taken = 0
    for _ in range(110):
        chosen = dice.choices(sound, k=dice.randint(1, 2))
        events = [bent(one, dice) if dice.random() < 0.7 else one for one in chosen]
        actor = dice.choice([coater, own])
        try:
            taken += (await epcis.capture(actor, document(*events))).events
        except CaptureRefused as refused:
            assert refused.faults
    assert taken > 2
    for lot in (await lots.page(own, size=200)).rows:
        assert lot.quantity > 0
        assert 0 <= (await lots.where_is(own, lot.id)).left <= lot.quantity
