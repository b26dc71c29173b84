"""Events of one transformationID belong together: outputs take of what waits, the rest waits on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from core import epcis, lots, products
from core.epcis import CaptureRefused, Deed
from core.kit import Actor, clock
from core.products import NewBomLine
from tests.core.epcis.events import POWDER, amount, at, document, link, made, turned
from tests.plants import Plant

NAME = {"transformationID": "urn:uuid:t-1"}


async def refused(actor: Actor, *events: dict[str, Any]) -> list[str]:
    with pytest.raises(CaptureRefused) as why:
        await epcis.capture(actor, document(*events))
    return [one.why.code for one in why.value.faults]


async def links(actor: Actor, number: str) -> dict[str, Decimal]:
    """What went into a lot, by the number of the lot that it came from."""
    lot = await lots.find(actor, number)
    found = await lots.links_into(actor, [lot.id])
    numbers = {one.id: one.number for one in await lots.some(actor, [one.parent_id for one in found])}
    sums: dict[str, Decimal] = {}
    for one in found:
        sums[numbers[one.parent_id]] = sums.get(numbers[one.parent_id], Decimal(0)) + one.quantity
    return sums


def out(number: str, quantity: int, hour: float, **more: Any) -> dict[str, Any]:
    return turned([], [amount(link(number), quantity)], at(hour), **(NAME | more))


def into(lot: str, quantity: int, hour: float = 9, **more: Any) -> dict[str, Any]:
    return turned([amount(link(lot), quantity)], [], at(hour), **(NAME | more))


async def test_two_outputs_share_what_waited(plant: Plant, coater: Actor, own: Actor) -> None:
    """A hundred in, sixty and forty out, across documents; one more has nothing to be made of."""
    await epcis.capture(coater, document(into("CT-002", 100)))
    await epcis.capture(coater, document(out("N-1", 60, 10)))
    await epcis.capture(coater, document(out("N-2", 40, 11)))
    assert await links(own, "N-1") == {"CT-002": 60}
    assert await links(own, "N-2") == {"CT-002": 40}
    assert await refused(coater, out("N-3", 1, 12)) == ["NoInputs"]
    assert (await lots.where_is(own, (await lots.find(own, "CT-002")).id)).left == 900


async def test_inputs_join_what_waits_and_outputs_take_in_the_order_told(
    plant: Plant, coater: Actor, own: Actor
) -> None:
    """In one event with an output too; more out than in is refused and takes nothing."""
    await epcis.capture(coater, document(made("PC-1", 50, at(7)), into("CT-002", 100)))
    both = turned([amount(link("PC-1"), 50)], [amount(link("N-1"), 120)], at(10), **NAME)
    await epcis.capture(coater, document(both))
    assert await links(own, "N-1") == {"CT-002": 100, "PC-1": 20}
    assert await refused(coater, out("N-2", 31, 11)) == ["NotConserved"]
    await epcis.capture(coater, document(into("CT-002", 5, 11), out("N-2", 35, 12)))
    assert await links(own, "N-2") == {"PC-1": 30, "CT-002": 5}


async def test_of_a_recipe_each_component_gives_its_share(plant: Plant, coater: Actor, own: Actor) -> None:
    """Kilograms of powder for a thousand screws; what is over waits for the next output."""
    await products.record_products(
        own, [products.NewProduct(code="COATED", name_zh="涂层", name_en="Coated")]
    )
    lines = [
        NewBomLine(component="SCREW-35", quantity=Decimal(1), unit="pcs"),
        NewBomLine(component="POWDER", quantity=Decimal("0.002"), unit="kg"),
    ]
    await products.publish_bom(own, "COATED", lines, effective_from=clock.now() - dt.timedelta(days=30))
    await epcis.capture(coater, document(made("PW-1", 5, at(7), gtin=POWDER, uom="KGM")))
    told = turned([amount(link("CT-002"), 500), amount(link("PW-1", POWDER), 1, "KGM")], [], at(9), **NAME)
    coated = [amount("urn:x-bihuan:lot:COATED:K-1", 300)]
    rest = [amount("urn:x-bihuan:lot:COATED:K-2", 200)]
    await epcis.capture(
        coater, document(told, turned([], coated, at(10), **NAME), turned([], rest, at(11), **NAME))
    )
    assert await links(own, "K-1") == {"CT-002": 300, "PW-1": Decimal("0.6")}
    assert await links(own, "K-2") == {"CT-002": 200, "PW-1": Decimal("0.4")}


async def test_what_comes_after_everything_went_out_says_where_it_went(
    plant: Plant, coater: Actor, own: Actor
) -> None:
    """Into the only lot that came out; of several it must be said, and can be."""
    await epcis.capture(coater, document(made("PW-1", 5, at(7), gtin=POWDER, uom="KGM")))
    powder = turned([amount(link("PW-1", POWDER), 1, "KGM")], [], at(12), **NAME)
    await epcis.capture(coater, document(into("CT-002", 100), out("N-1", 60, 10), out("N-2", 40, 11)))
    assert await refused(coater, powder) == ["SeveralOut"]
    named = turned([amount(link("PW-1", POWDER), 1, "KGM")], [amount(link("N-2"))], at(12), **NAME)
    await epcis.capture(coater, document(named))
    assert await links(own, "N-2") == {"CT-002": 40, "PW-1": 1}


async def test_an_output_that_is_declared_wrong_gives_back_what_it_took(
    plant: Plant, coater: Actor, own: Actor
) -> None:
    """Its part waits again; the inputs themselves cannot be taken back while an output stands on them."""
    told, second = into("CT-002", 100, eventID="urn:uuid:in"), out("N-2", 40, 11, eventID="urn:uuid:two")
    await epcis.capture(coater, document(told, out("N-1", 60, 10), second))
    wrong = {"errorDeclaration": {"declarationTime": at(12), "reason": "incorrect_data"}}
    assert await refused(coater, told | wrong) == ["UsedSince"]
    deeds = (await epcis.event(own, "urn:uuid:two")).deeds
    [operation] = [one.row_id or 0 for one in deeds if one.deed is Deed.PRODUCED]
    assert await lots.drawn_by(own, [operation]) == {plant.lots["CT-002"]: 40}
    await epcis.capture(coater, document(second | wrong))
    assert await lots.drawn_by(own, [operation]) == {}, "its links are void"
    await epcis.capture(coater, document(out("N-2", 25, 12), out("N-4", 15, 13)))
    assert await links(own, "N-2") == {"CT-002": 25}
    assert await links(own, "N-4") == {"CT-002": 15}


async def test_two_partners_with_one_name_do_not_mix(plant: Plant, coater: Actor, own: Actor) -> None:
    """What one has waiting is no input of the other's transformation of the same name."""
    await epcis.capture(coater, document(into("CT-002", 100)))
    assert await refused(own, out("N-1", 60, 10)) == ["NoInputs"]
    await epcis.capture(coater, document(out("N-1", 60, 10)))
    assert await links(own, "N-1") == {"CT-002": 60}
    event = await epcis.events_on(own, (await lots.find(own, "CT-002")).id)
    assert Deed.WAITING in {deed.deed for one in event for deed in one.deeds}
