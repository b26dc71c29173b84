"""Lots: the list and one lot's genealogy, as picture and list."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from aiohttp import web

from core import lots, people
from core.lots import LotStatus
from handlers import charts
from handlers.web import showing
from handlers.web.asking import Asked

WAYS = {"up": lots.trace_up, "down": lots.trace_down, "both": lots.trace_both}


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Lots, newest first, by state and number; a whole number typed leads to its lot."""
    said, state = asked.query("text", 60), asked.query("status")
    status = LotStatus(state) if state in set(LotStatus) else None
    page = await lots.page(asked.actor, status=status, search=said, after=asked.number("after"))
    if len(page.rows) == 1 and said.casefold() == page.rows[0].number.casefold():
        raise web.HTTPSeeOther(f"/admin/lots/{quote(page.rows[0].number, safe='')}")
    kept = {"text": said, "status": state, "after": page.next_key}
    return showing.shown(
        asked,
        "lots.html",
        rows=page.rows,
        text=said,
        chosen=status,
        statuses=list(LotStatus),
        quote=quote,
        next_link=None if page.next_key is None else "?" + urlencode({k: v for k, v in kept.items() if v}),
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
        openable=await lots.openable(asked.actor, [one.lot.id for one in traced.nodes]),
        chart=charts.svg.draw(charts.genealogy.chart(traced, asked.actor.locale)),
        holds=await lots.holds_on(asked.actor, found.id),
        names={one.id: one.printed_name for one in await people.everyone(asked.actor)},
        quote=quote,
    )
