"""Outsourcing orders by forms: planned, placed, cancelled; stages replanned and left out; transport planned."""

from __future__ import annotations

from core import orders, people, products
from core.kit import Malformed
from core.orders import NewLeg, NewOrder, NewStage, OrderFacts, StageKind, StageState
from core.sop import STAGES
from handlers.charts import timeline
from handlers.text import mark
from handlers.web.acts.filled import WORK, Act, Filled, Input

MOST_STAGES = 8


async def _products(filled: Filled) -> tuple[tuple[str, str], ...]:
    locale = filled.actor.locale
    known = await products.products(filled.actor)
    return tuple((one.code, f"{one.code} · {one.name(locale)}") for one in known)


async def _partners(filled: Filled, kind: str | None = None) -> tuple[tuple[str, str], ...]:
    found = await people.organisations_for(filled.actor, kind)
    return tuple(
        (str(one.id), one.name(filled.actor.locale))
        for one in found
        if one.active and one.id != filled.actor.plant_id
    )


async def _plan_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    place = "zh" if filled.actor.locale.startswith("zh") else "en"
    kinds = (
        *((f"process:{one.value}", one.label[place]) for one in STAGES if one.value not in set(StageKind)),
        *((one.value, _(one.says)) for one in StageKind if one is not StageKind.PROCESS),
    )
    partners = await _partners(filled)
    found = [
        Input(name="product", label=_("Product"), kind="choice", choices=await _products(filled)),
        Input(name="quantity", label=_("Quantity"), kind="number"),
        Input(name="due", label=_("Due"), kind="moment", required=False),
        Input(name="note", label=_("Remark"), required=False, limit=500),
    ]
    for n in range(1, MOST_STAGES + 1):
        label = _("Stage {n}").format(n=n)
        found += [
            Input(name=f"kind{n}", label=label, kind="choice", choices=kinds, required=n == 1),
            Input(
                name=f"partner{n}",
                label=f"{label}: {_('who')}",
                kind="choice",
                choices=partners,
                required=False,
                hint=_("Empty: our own plant."),
            ),
            Input(name=f"start{n}", label=f"{label}: {_('planned start')}", kind="moment", required=False),
            Input(name=f"end{n}", label=f"{label}: {_('planned end')}", kind="moment", required=False),
        ]
    return found


async def _plan(filled: Filled) -> str:
    stages = []
    for n in range(1, MOST_STAGES + 1):
        said = filled.text(f"kind{n}")
        kind, _sep, process = said.partition(":")
        if not said:
            continue
        if kind not in set(StageKind):
            raise Malformed(field=f"kind{n}", why=said[:20])
        stages.append(
            NewStage(
                kind=StageKind(kind),
                process=process,
                partner_id=filled.key(f"partner{n}"),
                planned_start=filled.moment(f"start{n}"),
                planned_end=filled.moment(f"end{n}"),
            )
        )
    made = await orders.plan_order(
        filled.actor,
        NewOrder(
            product=filled.text("product"),
            quantity=filled.amount("quantity"),
            stages=tuple(stages),
            due_at=filled.moment("due"),
            note=filled.text("note"),
        ),
    )
    return _page(made)


def _page(order: OrderFacts) -> str:
    return f"/admin/orders/{order.number}"


async def _order(filled: Filled) -> OrderFacts:
    return await orders.get(filled.actor, filled.text("order")[:40])


def _which(filled: Filled) -> Input:
    return Input(name="order", label=filled.translate("Outsourcing order"), limit=40)


def _why(filled: Filled) -> Input:
    return Input(name="reason", label=filled.translate("Reason"), limit=500)


async def _stage_of(filled: Filled) -> Input:
    """Which stage of the order; those that have not ended."""
    order = await _order(filled)
    choices = tuple(
        (str(one.id), f"{one.position}. {timeline.name_of(one, filled.actor.locale)}")
        for one in order.stages
        if one.state in (StageState.PLANNED, StageState.RUNNING)
    )
    return Input(name="stage", label=filled.translate("Stage"), kind="choice", choices=choices)


async def _place_inputs(filled: Filled) -> list[Input]:
    return [_which(filled)]


async def _place(filled: Filled) -> str:
    return _page(await orders.place_order(filled.actor, (await _order(filled)).id))


async def _cancel_inputs(filled: Filled) -> list[Input]:
    return [_which(filled), _why(filled)]


async def _cancel(filled: Filled) -> str:
    order = await _order(filled)
    return _page(await orders.cancel_order(filled.actor, order.id, filled.text("reason")))


async def _replan_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    return [
        _which(filled),
        await _stage_of(filled),
        Input(name="start", label=_("planned start"), kind="moment", required=False),
        Input(name="end", label=_("planned end"), kind="moment", required=False),
        _why(filled),
    ]


async def _replan(filled: Filled) -> str:
    await orders.replan_stage(
        filled.actor,
        filled.key("stage") or 0,
        planned_start=filled.moment("start"),
        planned_end=filled.moment("end"),
        reason=filled.text("reason"),
    )
    return _page(await _order(filled))


async def _skip_inputs(filled: Filled) -> list[Input]:
    return [_which(filled), await _stage_of(filled), _why(filled)]


async def _skip(filled: Filled) -> str:
    await orders.skip_stage(filled.actor, filled.key("stage") or 0, filled.text("reason"))
    return _page(await _order(filled))


async def _leg_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    carriers = await _partners(filled, "carrier")
    return [
        _which(filled),
        await _stage_of(filled),
        Input(name="carrier", label=_("Carrier"), kind="choice", choices=carriers, required=False),
        Input(name="from", label=_("From")),
        Input(name="to", label=_("To")),
        Input(name="vehicle", label=_("Vehicle"), required=False, limit=40),
        Input(name="start", label=_("planned start"), kind="moment", required=False),
        Input(name="end", label=_("planned end"), kind="moment", required=False),
    ]


async def _leg(filled: Filled) -> str:
    await orders.plan_leg(
        filled.actor,
        NewLeg(
            from_place=filled.text("from"),
            to_place=filled.text("to"),
            stage_id=filled.key("stage"),
            carrier_id=filled.key("carrier"),
            vehicle=filled.text("vehicle"),
            planned_departure=filled.moment("start"),
            planned_arrival=filled.moment("end"),
        ),
    )
    return _page(await _order(filled))


ACTS = (
    Act(name="order-plan", title=mark("Plan an order"), needs=WORK, inputs=_plan_inputs, do=_plan),
    Act(
        name="order-place",
        title=mark("Place the order"),
        needs=WORK,
        inputs=_place_inputs,
        do=_place,
        sure=mark("From now on every partner sees its stages."),
    ),
    Act(
        name="order-cancel",
        title=mark("Cancel the order"),
        needs=WORK,
        inputs=_cancel_inputs,
        do=_cancel,
        sure=mark("A cancelled order does not come back; what was done stays on the record."),
    ),
    Act(
        name="stage-replan",
        title=mark("Plan a stage anew"),
        needs=WORK,
        inputs=_replan_inputs,
        do=_replan,
    ),
    Act(
        name="stage-skip",
        title=mark("Leave a stage out"),
        needs=WORK,
        inputs=_skip_inputs,
        do=_skip,
        sure=mark("A stage that was left out cannot begin any more."),
    ),
    Act(name="leg-plan", title=mark("Plan a transport"), needs=WORK, inputs=_leg_inputs, do=_leg),
)
