"""What holds for products, by forms: identifiers, factors, bills of materials, parameters, inspection methods."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

from core import inspections, products
from core.inspections import NewCharacteristic, NewMethod
from core.kit import Malformed, quantity
from core.products import Agency, NewBomLine
from handlers.text import mark
from handlers.web.acts.filled import SETS_UP, Act, Filled, Input, measured
from handlers.web.acts.lot_acts import product_input

_LINE = mark("component code; quantity for one; unit; loss in % (empty: none)")
_MEASURES = mark("code; Chinese name; English name; unit; at least; target; at most; uncertainty")


def _page(filled: Filled) -> str:
    return f"/admin/products/{quote(filled.text('product'), safe='')}"


def _from(filled: Filled) -> Input:
    label = filled.translate("Valid from (empty: now)")
    return Input(name="from", label=label, kind="moment", required=False)


async def _identifier_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    agencies = tuple((one.value, _(one.says)) for one in Agency)
    return [
        await product_input(filled),
        Input(name="agency", label=_("Issued by"), kind="choice", choices=agencies),
        Input(name="code", label=_("Device identifier"), limit=60),
        Input(name="contains", label=_("Pieces in one package"), kind="number", value="1"),
    ]


async def _identifier(filled: Filled) -> str:
    said, contains = filled.text("agency"), filled.key("contains")
    if said not in set(Agency):
        raise Malformed(field="agency", why=said[:20])
    if not contains:
        raise Malformed(field="contains", why=filled.text("contains")[:20])
    await products.add_identifier(
        filled.actor, filled.text("product"), Agency(said), filled.text("code"), contains=contains
    )
    return _page(filled)


async def _factor_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        await product_input(filled),
        Input(name="unit", label=_("One of this unit"), limit=20),
        Input(name="factor", label=_("is so many"), kind="number"),
        Input(name="into", label=_("of that unit"), limit=20),
    ]


async def _factor(filled: Filled) -> str:
    await products.declare_factor(
        filled.actor,
        filled.text("product"),
        filled.text("unit"),
        filled.text("into"),
        filled.amount("factor"),
    )
    return _page(filled)


async def _bom_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        await product_input(filled),
        Input(name="lines", label=_("Components"), kind="lines", hint=_(_LINE)),
        _from(filled),
        Input(name="note", label=_("Remark"), required=False, limit=500),
    ]


async def _bom(filled: Filled) -> str:
    lines = [
        NewBomLine(
            component=component,
            quantity=quantity.parse(amount),
            unit=unit,
            loss=(measured(loss, component) or Decimal(0)) / 100,
        )
        for component, amount, unit, loss in filled.lines("lines", filled.translate(_LINE), 3, 4)
    ]
    await products.publish_bom(
        filled.actor,
        filled.text("product"),
        lines,
        effective_from=filled.moment("from"),
        note=filled.text("note"),
    )
    return _page(filled)


async def _parameter_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        await product_input(filled),
        Input(name="process", label=_("Process"), limit=60),
        Input(name="name", label=_("Parameter"), limit=60),
        Input(name="unit", label=_("Unit"), limit=20),
        Input(name="lower", label=_("At least"), kind="number", required=False),
        Input(name="target", label=_("Target"), kind="number", required=False),
        Input(name="upper", label=_("At most"), kind="number", required=False),
        _from(filled),
    ]


async def _parameter(filled: Filled) -> str:
    await products.publish_parameter(
        filled.actor,
        filled.text("product"),
        filled.text("process"),
        filled.text("name"),
        unit=filled.text("unit"),
        lower=measured(filled.text("lower"), "lower"),
        target=measured(filled.text("target"), "target"),
        upper=measured(filled.text("upper"), "upper"),
        effective_from=filled.moment("from"),
    )
    return _page(filled)


async def _method_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        Input(name="code", label=_("Code"), limit=40),
        Input(name="name_zh", label=_("Chinese name")),
        Input(name="name_en", label=_("English name")),
        Input(name="measures", label=_("What it measures"), kind="lines", hint=_(_MEASURES)),
        _from(filled),
    ]


async def _method(filled: Filled) -> str:
    rows = filled.lines("measures", filled.translate(_MEASURES), 3, 8)
    await inspections.publish_method(
        filled.actor,
        NewMethod(
            code=filled.text("code"),
            name_zh=filled.text("name_zh"),
            name_en=filled.text("name_en"),
            characteristics=tuple(
                NewCharacteristic(
                    key=key,
                    name_zh=zh,
                    name_en=en,
                    unit=unit,
                    lower=measured(lower, key),
                    target=measured(target, key),
                    upper=measured(upper, key),
                    uncertainty=measured(uncertainty, key),
                )
                for key, zh, en, unit, lower, target, upper, uncertainty in rows
            ),
            effective_from=filled.moment("from"),
        ),
    )
    return "/admin/products"


ACTS = (
    Act(
        name="product-identifier",
        title=mark("Add a device identifier"),
        needs=SETS_UP,
        inputs=_identifier_inputs,
        do=_identifier,
    ),
    Act(
        name="product-factor",
        title=mark("Declare a factor between units"),
        needs=SETS_UP,
        inputs=_factor_inputs,
        do=_factor,
    ),
    Act(
        name="product-bom",
        title=mark("Publish a bill of materials"),
        needs=SETS_UP,
        inputs=_bom_inputs,
        do=_bom,
        sure=mark("A published version stays; a new one replaces it from its date on."),
    ),
    Act(
        name="product-parameter",
        title=mark("Publish a process parameter"),
        needs=SETS_UP,
        inputs=_parameter_inputs,
        do=_parameter,
        sure=mark("A published version stays; a new one replaces it from its date on."),
    ),
    Act(
        name="method-publish",
        title=mark("Publish an inspection method"),
        needs=SETS_UP,
        inputs=_method_inputs,
        do=_method,
        sure=mark("A published version stays; a new one replaces it from its date on."),
    ),
)
