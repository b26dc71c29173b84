"""Lots: the list and one lot's genealogy, as picture and list."""

from __future__ import annotations

from aiohttp import web

from core import lots
from handlers import charts
from handlers.web import showing
from handlers.web.asking import Asked

WAYS = {"up": lots.trace_up, "down": lots.trace_down, "both": lots.trace_both}


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Lots, newest first; a number typed leads to its lot."""
    said = asked.query("text", 60)
    if said:
        found = await lots.find(asked.actor, said)
        raise web.HTTPSeeOther(f"/admin/lots/{found.number}")
    page = await lots.page(asked.actor, after=asked.number("after"))
    return showing.shown(
        asked,
        "lots.html",
        rows=page.rows,
        next_link=None if page.next_key is None else f"?after={page.next_key}",
    )


async def lot(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """One lot with where it came from and where it went."""
    found = await lots.find(asked.actor, asked.request.match_info["number"][:60])
    way = asked.query("way", 5)
    way = way if way in WAYS else "both"
    traced = await WAYS[way](asked.actor, found.id)
    return showing.shown(
        asked,
        "lot.html",
        lot=found,
        way=way,
        nodes=traced.nodes,
        chart=charts.svg.draw(charts.genealogy.chart(traced, asked.actor.locale)),
        holds=await lots.holds_on(asked.actor, found.id),
    )
