"""Reads of the orders room, each named by its question, each inside what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from core import lots, people, products
from core.kit import Actor, Level, Module, NotFound, Page, Permission
from core.kit.page import cut
from core.orders.models import Handover, Leg, Order, Stage, StageLot
from core.orders.policy import ENDED
from core.orders.terms import (
    Flow,
    HandoverFacts,
    LegFacts,
    OrderFacts,
    OrderState,
    StageFacts,
    StageKind,
    StageLotFacts,
    StageState,
)


def visible(actor: Actor) -> QuerySet[Order]:
    """Answer the orders that the actor may see: the plant's people all, a partner those with a stage or leg of its own.

    An auditor let in for certain cases sees the orders that lots of these cases went through.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    orders = Order.filter(plant_id=scope.plant_id)
    if scope.partner_id is not None:
        carried = Leg.filter(carrier_id=scope.partner_id, stage_id__not_isnull=True).values("stage_id")
        own = Stage.filter(Q(partner_id=scope.partner_id) | Q(id__in=Subquery(carried)))
        orders = orders.filter(id__in=Subquery(own.values("order_id")))
    if scope.by_case:
        through = StageLot.filter(lot_id__in=people.lots_of_cases(actor)).values("stage_id")
        orders = orders.filter(id__in=Subquery(Stage.filter(id__in=Subquery(through)).values("order_id")))
    return orders


def stages_seen(actor: Actor) -> QuerySet[Stage]:
    """Answer the stages that the actor may see: a partner those that it carries out or drives for."""
    scope = people.scope(actor)
    stages = Stage.filter(plant_id=scope.plant_id)
    if scope.partner_id is not None:
        carried = Leg.filter(carrier_id=scope.partner_id, stage_id__not_isnull=True).values("stage_id")
        stages = stages.filter(Q(partner_id=scope.partner_id) | Q(id__in=Subquery(carried)))
    return stages


async def row(actor: Actor, order: int | str, *, lock: bool = False) -> Order:
    """The order itself, by id or number, locked for the running unit if asked.

    Raises:
        NotFound: none inside the actor's scope.
    """
    wanted = {"id": order} if isinstance(order, int) else {"number": order.strip().upper()}
    orders = visible(actor).filter(**wanted)
    found = await (orders.select_for_update() if lock else orders).first()
    if found is None:
        raise NotFound(what=str(order)[:40])
    return found


async def stage_row(actor: Actor, stage_id: int) -> tuple[Order, Stage]:
    """A stage with its order, both locked: who changes an order's stages waits in line.

    Raises:
        NotFound: no such stage inside the actor's scope.
    """
    found = await stages_seen(actor).filter(id=stage_id).first()
    if found is None:
        raise NotFound(what=f"#{stage_id}")
    order = await row(actor, found.order_id, lock=True)
    return order, await Stage.filter(id=stage_id).select_for_update().get()


async def stage_facts(rows: Sequence[Stage]) -> list[StageFacts]:
    """Turn stages of any orders into facts with their lots, in three look-ups."""
    orders = {one.id: one.number for one in await Order.filter(id__in={row.order_id for row in rows} or {0})}
    moved = await StageLot.filter(stage_id__in=[row.id for row in rows] or [0]).order_by("id")
    numbers = await lots.numbers(one.lot_id for one in moved)
    of: dict[int, list[StageLotFacts]] = defaultdict(list)
    for one in moved:
        of[one.stage_id].append(
            StageLotFacts(
                lot_id=one.lot_id,
                lot_number=numbers[one.lot_id],
                flow=Flow(one.flow),
                quantity=one.quantity,
                unit=one.unit,
                at=one.at,
            )
        )
    return [
        StageFacts(
            id=row.id,
            order_id=row.order_id,
            order_number=orders[row.order_id],
            position=row.position,
            kind=StageKind(row.kind),
            process=row.process,
            partner_id=row.partner_id,
            site_id=row.site_id,
            planned_start=row.planned_start,
            planned_end=row.planned_end,
            started_at=row.started_at,
            ended_at=row.ended_at,
            state=StageState(row.state),
            note=row.note,
            lots=tuple(of[row.id]),
        )
        for row in rows
    ]


async def facts_of(rows: Sequence[Order], stages: Iterable[StageFacts] = ()) -> list[OrderFacts]:
    """Turn orders into facts, with the stages given."""
    known = await products.facts_of(row.product_id for row in rows)
    of: dict[int, list[StageFacts]] = defaultdict(list)
    for one in stages:
        of[one.order_id].append(one)
    return [
        OrderFacts(
            id=row.id,
            plant_id=row.plant_id,
            number=row.number,
            product=known[row.product_id],
            quantity=row.quantity,
            unit=row.unit,
            state=OrderState(row.state),
            due_at=row.due_at,
            note=row.note,
            planned_at=row.planned_at,
            ended_at=row.ended_at,
            reason=row.reason,
            stages=tuple(of[row.id]),
        )
        for row in rows
    ]


async def whole(order: Order) -> OrderFacts:
    """An order with all its stages, whoever carries them out; for decisions, not for readers."""
    stages = await stage_facts(await Stage.filter(order_id=order.id).order_by("position"))
    return (await facts_of([order], stages))[0]


async def get(actor: Actor, order: int | str) -> OrderFacts:
    """One order by id or number, with the stages that the actor may see.

    Raises:
        NotFound: none inside the actor's scope.
    """
    found = await row(actor, order)
    seen = await stages_seen(actor).filter(order_id=found.id).order_by("position")
    return (await facts_of([found], await stage_facts(seen)))[0]


async def page(
    actor: Actor, *, state: OrderState | None = None, after: int | None = None, size: int = 50
) -> Page[OrderFacts]:
    """Orders in the actor's scope, newest first, with their stages."""
    orders = visible(actor)
    if state is not None:
        orders = orders.filter(state=state.value)
    if after is not None:
        orders = orders.filter(id__lt=after)
    rows = await orders.order_by("-id").limit(size + 1)
    seen = await stages_seen(actor).filter(order_id__in=[one.id for one in rows] or [0]).order_by("position")
    found = await facts_of(rows, await stage_facts(seen))
    return cut(found, size, [one.id for one in found])


async def stage(actor: Actor, stage_id: int) -> StageFacts:
    """One stage.

    Raises:
        NotFound: none inside the actor's scope.
    """
    found = await stages_seen(actor).filter(id=stage_id).first()
    if found is None or not await visible(actor).filter(id=found.order_id).exists():
        raise NotFound(what=f"#{stage_id}")
    return (await stage_facts([found]))[0]


async def open_stages(actor: Actor, limit: int = 30) -> list[StageFacts]:
    """Stages of placed orders that have not ended and that the actor's organisation carries out, those due first."""
    placed = visible(actor).filter(state__in=[OrderState.PLACED.value, OrderState.RUNNING.value])
    mine = stages_seen(actor).filter(
        order_id__in=Subquery(placed.values("id")), state__not_in=[one.value for one in ENDED]
    )
    if people.scope(actor).partner_id is None:
        mine = mine.filter(partner_id=None)
    return await stage_facts(await mine.order_by("planned_end", "order_id", "position").limit(limit))


async def stages_of_lot(actor: Actor, lot_id: int) -> list[StageFacts]:
    """The stages that a lot went into or came out of, in the actor's scope, oldest first."""
    through = {one.stage_id for one in await StageLot.filter(lot_id=lot_id)}
    rows = await stages_seen(actor).filter(id__in=through or {0}).order_by("started_at", "id")
    kept = {one.id for one in await visible(actor).filter(id__in={row.order_id for row in rows} or {0})}
    return await stage_facts([row for row in rows if row.order_id in kept])


async def present_stage(plant_id: int, lot_id: int) -> tuple[int | None, int] | None:
    """At which stage a lot was last recorded, and the stage before that one in the order, for rooms above."""
    last = await StageLot.filter(lot_id=lot_id, stage__plant_id=plant_id).order_by("-at", "-id").first()
    if last is None:
        return None
    return await _before(await Stage.get(id=last.stage_id)), last.stage_id


async def stage_pair(actor: Actor, stage_id: int) -> tuple[int | None, int]:
    """A stage and the one before it in its order, if any; of the latter the number alone.

    Raises:
        NotFound: no such stage in the actor's scope.
    """
    await stage(actor, stage_id)
    return await _before(await Stage.get(id=stage_id)), stage_id


async def _before(here: Stage) -> int | None:
    earlier = Stage.filter(order_id=here.order_id, position__lt=here.position)
    before = await earlier.exclude(state=StageState.SKIPPED.value).order_by("-position").first()
    return None if before is None else before.id


async def legs_of(
    actor: Actor, *, stage_id: int | None = None, shipment_id: int | None = None
) -> list[LegFacts]:
    """The transport legs of a stage or a shipment that the actor may see, in their order."""
    wanted = {"stage_id": stage_id} if stage_id is not None else {"shipment_id": shipment_id}
    rows = await Leg.filter(plant_id=actor.plant_id, **wanted).order_by("id")
    if stage_id is not None:
        await stage(actor, stage_id)
        return [row.facts() for row in rows]
    partner = people.scope(actor).partner_id
    return [row.facts() for row in rows if partner in (None, row.carrier_id)]


async def open_legs(actor: Actor, limit: int = 20) -> list[LegFacts]:
    """Legs that have not arrived: those the actor's partner drives, for the plant's people those of nobody else."""
    actor.must(Permission(Module.LOTS, Level.READ))
    partner = people.scope(actor).partner_id
    rows = Leg.filter(plant_id=actor.plant_id, arrived_at=None, carrier_id=partner)
    return [row.facts() for row in await rows.order_by("planned_departure", "id").limit(limit)]


async def leg(actor: Actor, leg_id: int) -> LegFacts:
    """One transport leg: of a stage that the actor may see, or that the actor's organisation drives.

    Raises:
        NotFound: none in the actor's scope.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    row = await Leg.get_or_none(id=leg_id, plant_id=actor.plant_id)
    partner = people.scope(actor).partner_id
    if row is None:
        raise NotFound(what=f"#{leg_id}")
    if partner not in (None, row.carrier_id):
        if row.stage_id is None:
            raise NotFound(what=f"#{leg_id}")
        await stage(actor, row.stage_id)
    return row.facts()


async def handovers_of(
    actor: Actor, *, stage_id: int | None = None, lot_id: int | None = None
) -> list[HandoverFacts]:
    """Handovers at a stage or of a lot, oldest first; a partner sees those that it was a party of."""
    wanted = {"stage_id": stage_id} if stage_id is not None else {"lot_id": lot_id}
    rows = await Handover.filter(plant_id=actor.plant_id, **wanted).order_by("at", "id")
    return [row.facts() for row in rows if _party(actor, row)]


async def unconfirmed(actor: Actor, limit: int = 20) -> list[HandoverFacts]:
    """Handovers that wait for the word of the actor's organisation."""
    rows = await Handover.filter(
        Q(giver_id=actor.organisation_id) | Q(taker_id=actor.organisation_id),
        plant_id=actor.plant_id,
        confirmed_at=None,
    ).order_by("at", "id")
    return [row.facts() for row in rows if row.recorded_for != actor.organisation_id][:limit]


def _party(actor: Actor, row: Handover) -> bool:
    return people.scope(actor).sees(plant_id=row.plant_id, partner_ids=(row.giver_id, row.taker_id))


async def lots_in_stage(plant_id: int, stage_id: int, *, until: dt.datetime | None = None) -> list[int]:
    """The lots that went into a stage or came out of it up to an instant, for rooms above."""
    moved = StageLot.filter(stage_id=stage_id, stage__plant_id=plant_id)
    if until is not None:
        moved = moved.filter(at__lte=until)
    return list(dict.fromkeys([one.lot_id for one in await moved.order_by("at", "id")]))
