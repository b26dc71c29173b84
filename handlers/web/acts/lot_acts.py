"""Lots by forms: recorded, put together, produced, used, worked over again, given serial numbers, linked."""

from __future__ import annotations

from urllib.parse import quote

from core import lots, people, products
from core.kit import clock, quantity
from core.lots import Circumstances, Made, NewLink, NewLot, OperationFacts, Taken
from handlers.text import mark
from handlers.web.acts.filled import WORK, Act, Filled, Input

_TAKEN = mark("lot; quantity (empty: all of it)")
_MADE = mark("new lot number; quantity; place")


def page(number: str) -> str:
    """The address of a lot's page."""
    return f"/admin/lots/{quote(number, safe='')}"


async def product_input(filled: Filled) -> Input:
    """Which product."""
    known = await products.products(filled.actor)
    choices = tuple((one.code, f"{one.code} · {one.name(filled.actor.locale)}") for one in known)
    return Input(name="product", label=filled.translate("Product"), kind="choice", choices=choices)


def lot_input(filled: Filled) -> Input:
    """Which lot."""
    return Input(name="lot", label=filled.translate("Lot"), limit=60)


def _taken(filled: Filled, name: str = "from") -> list[Taken]:
    rows = filled.lines(name, filled.translate(_TAKEN), 1, 2)
    return [Taken(lot=lot, quantity=quantity.parse(said) if said else None) for lot, said in rows]


def _made(filled: Filled) -> list[Made]:
    rows = filled.lines("made", filled.translate(_MADE), 2, 3)
    return [Made(number=number, quantity=quantity.parse(said), place=place) for number, said, place in rows]


def _from(filled: Filled) -> Input:
    _ = filled.translate
    return Input(name="from", label=_("Lots that go in"), kind="lines", hint=_(_TAKEN))


def _out(filled: Filled) -> Input:
    _ = filled.translate
    return Input(name="made", label=_("Lots that come out"), kind="lines", hint=_(_MADE))


def _circumstances(filled: Filled) -> Circumstances:
    return Circumstances(at=filled.moment("at"), process=filled.text("process"), reason=filled.text("reason"))


def _when(filled: Filled, *, reason: bool = False) -> list[Input]:
    _ = filled.translate
    return [
        Input(name="at", label=_("When (empty: now)"), kind="moment", required=False),
        Input(name="process", label=_("Process"), required=False, limit=60),
        Input(name="reason", label=_("Reason"), required=reason, limit=500),
    ]


def _shown(done: OperationFacts, made: list[Made], filled: Filled) -> str:
    return page(made[0].number if made and done.links else filled.text("lot"))


async def _record_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    makers = tuple(
        (str(one.id), one.name(filled.actor.locale)) for one in await people.organisations_for(filled.actor)
    )
    return [
        lot_input(filled),
        await product_input(filled),
        Input(name="quantity", label=_("Quantity"), kind="number"),
        Input(name="maker", label=_("Maker"), kind="choice", choices=makers),
        Input(name="made", label=_("Made"), kind="moment", required=False, hint=_("When (empty: now)")),
        Input(name="place", label=_("Place"), required=False),
        Input(name="expires", label=_("Use by"), kind="day", required=False),
        Input(name="process", label=_("Process"), required=False, limit=60),
    ]


async def _record(filled: Filled) -> str:
    actor, code = filled.actor, filled.text("product")
    product = (await products.by_code(actor.plant_id, [code]))[code]
    maker = filled.key("maker") or actor.plant_id
    await people.must_be_own_partner(actor, None if maker == actor.plant_id else maker)
    new = NewLot(
        number=filled.text("lot"),
        product=code,
        organisation_id=maker,
        quantity=filled.amount("quantity"),
        unit=product.unit,
        made_at=filled.moment("made") or clock.now(),
        place=filled.text("place"),
        process=filled.text("process"),
        expires_on=filled.day("expires"),
    )
    (made,) = await lots.record_lots(actor, [new])
    return page(made.number)


async def _link_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        Input(name="parent", label=_("Input lot"), limit=60),
        Input(name="lot", label=_("Output lot"), limit=60),
        Input(name="quantity", label=_("Quantity"), kind="number", hint=_("In the unit of the input lot")),
        Input(name="at", label=_("When (empty: now)"), kind="moment", required=False),
        Input(name="process", label=_("Process"), required=False, limit=60),
    ]


async def _link(filled: Filled) -> str:
    parent = await lots.find(filled.actor, filled.text("parent"))
    link = NewLink(
        parent=parent.number,
        child=filled.text("lot"),
        quantity=filled.amount("quantity"),
        unit=parent.unit,
        process=filled.text("process"),
        at=filled.moment("at") or clock.now(),
    )
    await lots.record_links(filled.actor, [link])
    return page(filled.text("lot"))


async def _merge_inputs(filled: Filled) -> list[Input]:
    return [_from(filled), _out(filled), *_when(filled)]


async def _merge(filled: Filled) -> str:
    made = _made(filled)
    done = await lots.merge(filled.actor, _taken(filled), made, _circumstances(filled))
    return _shown(done, made, filled)


async def _produce_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        _from(filled),
        await product_input(filled),
        _out(filled),
        Input(name="expires", label=_("Use by"), kind="day", required=False),
        *_when(filled),
    ]


async def _produce(filled: Filled) -> str:
    made = _made(filled)
    done = await lots.produce(
        filled.actor,
        _taken(filled),
        filled.text("product"),
        made,
        _circumstances(filled),
        expires_on=filled.day("expires"),
    )
    return _shown(done, made, filled)


async def _consume_inputs(filled: Filled) -> list[Input]:
    return [lot_input(filled), _from(filled), *_when(filled)]


async def _consume(filled: Filled) -> str:
    await lots.consume(filled.actor, _taken(filled), filled.text("lot"), _circumstances(filled))
    return page(filled.text("lot"))


async def _rework_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    amount = Input(name="quantity", label=_("Quantity (empty: all of it)"), kind="number", required=False)
    return [lot_input(filled), amount, _out(filled), *_when(filled, reason=True)]


async def _rework(filled: Filled) -> str:
    made = _made(filled)
    amount = filled.amount("quantity") if filled.text("quantity") else None
    taken = Taken(lot=filled.text("lot"), quantity=amount)
    done = await lots.rework(filled.actor, taken, made, _circumstances(filled))
    return _shown(done, made, filled)


async def _serial_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [lot_input(filled), Input(name="numbers", label=_("Serial numbers, one a line"), kind="lines")]


async def _serials(filled: Filled) -> str:
    lot = await lots.find(filled.actor, filled.text("lot"))
    wanted = filled.translate("Serial numbers, one a line")
    numbers = [one for (one,) in filled.lines("numbers", wanted, 1, 1)]
    await lots.record_serials(filled.actor, lot.id, numbers)
    return page(lot.number)


ACTS = (
    Act(name="lot-record", title=mark("Record a lot"), needs=WORK, inputs=_record_inputs, do=_record),
    Act(name="lot-link", title=mark("Record what went into what"), needs=WORK, inputs=_link_inputs, do=_link),
    Act(
        name="lot-merge",
        title=mark("Put lots together"),
        needs=WORK,
        inputs=_merge_inputs,
        do=_merge,
        sure=mark("The lots go into one new lot for good."),
    ),
    Act(name="lot-produce", title=mark("Produce lots"), needs=WORK, inputs=_produce_inputs, do=_produce),
    Act(name="lot-consume", title=mark("Use material"), needs=WORK, inputs=_consume_inputs, do=_consume),
    Act(
        name="lot-rework",
        title=mark("Work a lot over again"),
        needs=WORK,
        inputs=_rework_inputs,
        do=_rework,
        sure=mark("The lot gets a new number and waits in quarantine for a new inspection."),
    ),
    Act(
        name="lot-serials",
        title=mark("Record serial numbers"),
        needs=WORK,
        inputs=_serial_inputs,
        do=_serials,
    ),
)
