"""People: the list for everyone who may see it; links and revocation for administrators."""

from __future__ import annotations

from aiohttp import web

from core import people, signing
from core.kit import Level, Module, Permission
from core.people import Role
from handlers.web import showing
from handlers.web.asking import Asked
from handlers.web.rooms import ROOMS

DIGITS = 17


def _number(form: dict[str, str]) -> int:
    said = form.get("person", "")
    return int(said) if said.isdecimal() and len(said) <= DIGITS else 0


async def _show(asked: Asked, *, link: str = "", link_for: str = "") -> web.StreamResponse:
    persons = await people.everyone(asked.actor)
    return showing.shown(
        asked,
        "people.html",
        persons=persons,
        link=link,
        link_for=link_for,
        organisations={
            one.id: one.name(asked.actor.locale) for one in await people.organisations(asked.actor.plant_id)
        },
        role_words={role.value: role.says for role in Role},
        enrolled={one.id: await signing.is_enrolled(one.id) for one in persons},
        may_administer=asked.actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)),
    )


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Everyone of the plant."""
    return await _show(asked)


async def link(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Make an invitation, a phone-page link or an enrolment link; it is shown once."""
    person = await people.person_for(asked.actor, _number(form))
    base, kind = asked.request.app[ROOMS].public_url, form.get("kind", "")
    if kind == "invite":
        made = f"/start {await people.invite(asked.actor, person.id)}"
    elif kind == "enrol":
        made = f"{base}/enrol#{await people.one_time_link(asked.actor, person.id, 'enrol')}"
    else:
        made = f"{base}/chat#{await people.one_time_link(asked.actor, person.id, 'chat')}"
    return await _show(asked, link=made, link_for=person.printed_name)


async def revoke(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """End a person's access, with the reason."""
    await people.revoke_person(asked.actor, _number(form), form.get("reason", ""))
    return await _show(asked)
