"""Places and parties of EPCIS events: whose each identifier is, and those that nobody recorded yet."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from core import epcis, people
from handlers.web import showing
from handlers.web.asking import Asked


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Recorded places, newest first, paged by key; above them identifiers of late events that nobody recorded."""
    found = await epcis.places(asked.actor, after=asked.number("after"))
    houses = {one.id: one for one in await people.organisations_for(asked.actor)}
    sites = {
        site.id: site.name(asked.actor.locale)
        for key in {one.organisation_id for one in found.rows}
        for site in await people.sites(key)
    }
    return showing.shown(
        asked,
        "places.html",
        rows=found.rows,
        names={key: one.name(asked.actor.locale) for key, one in houses.items()},
        sites=sites,
        unknown=await epcis.places_to_record(asked.actor),
        next_link=None if found.next_key is None else "?" + urlencode({"after": found.next_key}),
        urlencode=urlencode,
    )
