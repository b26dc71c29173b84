"""Lots: the list and one lot's genealogy, as picture, list and CSV."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from core import anomalies, lots, people
from core.kit.provenance import Source
from core.lots import LotStatus, Way
from handlers import charts, csv_lists
from handlers.web import showing
from handlers.web.asking import Asked, day_of
from handlers.web.pages import chain

LISTED = 100
"""Lots a direction that a page lists; the CSV has all of them."""
END_OF_DAY = dt.time(23, 59, 59, 999999)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of a genealogy is asked for."""

    way: Way
    day: dt.date | None
    held: bool
    as_of: dt.datetime | None

    @property
    def query(self) -> dict[str, str]:
        """The same as an address says it."""
        said = {"day": "" if self.day is None else self.day.isoformat(), "held": "1" if self.held else ""}
        return {"way": self.way.value, **{key: value for key, value in said.items() if value}}


def wanted_of(asked: Asked) -> Wanted:
    """Read direction, day (its end on the reader's clock) and whether held lots end the trace.

    Raises:
        Malformed: the day is none.
    """
    way = asked.query("way", 5)
    day = day_of({"day": asked.query("day", 20)}, "day")
    zone = ZoneInfo(asked.actor.timezone)
    return Wanted(
        way=Way(way) if way in set(Way) else Way.BOTH,
        day=day,
        held=asked.query("held", 1) == "1",
        as_of=None if day is None else dt.datetime.combine(day, END_OF_DAY, zone),
    )


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
    wanted = wanted_of(asked)
    told, reached = await lots.overview(
        asked.actor, found.id, wanted.way, most=LISTED, as_of=wanted.as_of, stop_at_held=wanted.held
    )
    traced = await lots.with_sources(told)
    return showing.shown(
        asked,
        "lot.html",
        lot=found,
        process=anomalies.stage_name(found.process, asked.actor.locale),
        wanted=wanted,
        link_of=lambda way: "?" + urlencode({**wanted.query, "way": way}),
        csv_link=f"/admin/lots/{quote(found.number, safe='')}/trace.csv?{urlencode(wanted.query)}",
        count=len(traced.nodes) + traced.unlisted,
        unlisted=traced.unlisted,
        stopped=len(traced.stopped),
        reached=reached,
        nodes=traced.nodes,
        told=traced.told,
        sources={one.value: one.says for one in Source},
        openable=await lots.openable(asked.actor, [one.lot.id for one in traced.nodes]),
        chart=charts.svg.draw(charts.genealogy.chart(traced, asked.actor.locale, zone=asked.actor.timezone)),
        holds=await lots.holds_on(asked.actor, found.id),
        names={one.id: one.printed_name for one in await people.everyone(asked.actor)},
        quote=quote,
        **await chain.of_lot(asked.actor, found),
    )


async def trace_csv(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """The whole genealogy as a CSV file."""
    found = await lots.find(asked.actor, asked.request.match_info["number"][:60])
    wanted = wanted_of(asked)
    traced = await lots.with_sources(
        await lots.trace(asked.actor, found.id, wanted.way, as_of=wanted.as_of, stop_at_held=wanted.held)
    )
    body = await asyncio.to_thread(csv_lists.of_trace, traced, asked.actor.locale, asked.actor.timezone)
    name = quote(f"trace-{found.number}-{wanted.way.value}.csv")
    headers = {**showing.HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)
