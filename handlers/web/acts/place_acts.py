"""Whose place or party an identifier of EPCIS events is, by a form."""

from __future__ import annotations

from core import epcis, people
from handlers.text import mark
from handlers.web.acts.filled import SETS_UP, Act, Filled, Input

PAGE = "/admin/places"


async def _inputs(filled: Filled) -> list[Input]:
    _, locale = filled.translate, filled.actor.locale
    houses = [one for one in await people.organisations_for(filled.actor) if one.active]
    sites = [
        (str(site.id), f"{one.name(locale)} · {site.name(locale)}")
        for one in houses
        for site in await people.sites(one.id)
    ]
    return [
        Input(
            name="uri",
            label=_("Identifier"),
            limit=400,
            hint=_("GLN, SGLN, PGLN, Digital Link or address, as it stands in events"),
        ),
        Input(
            name="organisation",
            label=_("Organisation"),
            kind="choice",
            choices=tuple((str(one.id), one.name(locale)) for one in houses),
        ),
        Input(
            name="site",
            label=_("Site"),
            kind="choice",
            required=False,
            choices=tuple(sites),
            hint=_("Empty: the organisation as a whole."),
        ),
        Input(name="name", label=_("Name"), required=False),
    ]


async def _record(filled: Filled) -> str:
    await epcis.record_place(
        filled.actor,
        filled.text("uri"),
        filled.key("organisation") or 0,
        site_id=filled.key("site"),
        name=filled.text("name"),
    )
    return PAGE


ACTS = (Act(name="place-record", title=mark("Record a place"), needs=SETS_UP, inputs=_inputs, do=_record),)
