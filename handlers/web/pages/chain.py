"""The chain of outsourced work: orders with their stages as a picture and a list, products with what holds for them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from core import anomalies, epcis, inspections, lots, orders, people, products
from core.kit import Actor, NotFound, clock
from core.lots import LotFacts
from core.orders import OrderState
from handlers import charts
from handlers.charts import timeline
from handlers.web import showing
from handlers.web.asking import Asked

SERIALS = 12
"""Serial numbers that a page shows."""


async def names_of(actor: Actor) -> dict[int, str]:
    """The organisations that the reader may know of, in the reader's language."""
    return {one.id: one.name(actor.locale) for one in await people.organisations_for(actor)}


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Outsourcing orders, newest first, by state."""
    state = asked.query("state")
    chosen = OrderState(state) if state in set(OrderState) else None
    page = await orders.page(asked.actor, state=chosen, after=asked.number("after"))
    kept = {"state": state if chosen else "", "after": page.next_key}
    return showing.shown(
        asked,
        "orders.html",
        rows=page.rows,
        chosen=chosen,
        states=list(OrderState),
        names=await names_of(asked.actor),
        name_of=timeline.name_of,
        now=clock.now(),
        next_link=None if page.next_key is None else "?" + urlencode({k: v for k, v in kept.items() if v}),
    )


async def order(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """One order: its stages, their lots, transport and handovers."""
    actor = asked.actor
    found = await orders.get(actor, asked.request.match_info["number"][:40])
    names = await names_of(actor)
    now = clock.now()
    drawn = timeline.chart(found, names, actor.locale, now=now, zone=actor.timezone)
    return showing.shown(
        asked,
        "order.html",
        order=found,
        names=names,
        name_of=timeline.name_of,
        state_line=timeline.state_line,
        now=now,
        legs={one.id: await orders.legs_of(actor, stage_id=one.id) for one in found.stages},
        handovers={one.id: await orders.handovers_of(actor, stage_id=one.id) for one in found.stages},
        chart=charts.svg.draw(drawn),
        quote=quote,
    )


async def of_lot(actor: Actor, lot: LotFacts) -> dict[str, Any]:
    """What the page of a lot says besides its genealogy: where it is, what was done to it, what is known of it."""
    operations = await lots.operations_on(actor, lot.id)
    ends = {one for done in operations for link in done.links for one in (link.parent_id, link.child_id)}
    return {
        "found": await lots.where_is(actor, lot.id),
        "organisations": await names_of(actor),
        "operations": operations,
        "numbers": await lots.numbers(ends),
        "stages": await orders.stages_of_lot(actor, lot.id),
        "shipments": await lots.shipments_of(actor, lot.id),
        "rehearsals": await lots.rehearsals_of(actor, lot.id),
        "serials": await lots.serials_of(actor, lot.id, SERIALS),
        "proofs": await anomalies.proofs_of_lot(actor, lot.id),
        "name_of": timeline.name_of,
        "events": await epcis.events_on(actor, lot.id),
        "held": await epcis.held_of(actor, lot.id),
    }


async def goods(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Every product of the plant."""
    return showing.shown(asked, "products.html", rows=await products.products(asked.actor), quote=quote)


async def product(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """One product: identifiers, bills of materials and parameters by version, reference samples."""
    code = asked.request.match_info["code"][:60]
    found = next((one for one in await products.products(asked.actor) if one.code == code), None)
    if found is None:
        raise NotFound(what=code)
    return showing.shown(
        asked,
        "product.html",
        product=found,
        identifiers=await products.identifiers_of(found.id),
        boms=await products.boms_of(asked.actor, found.id),
        parameters=await products.parameters_of(asked.actor, found.id),
        samples=await inspections.samples_of(asked.actor, found.id),
        now=clock.now(),
    )
