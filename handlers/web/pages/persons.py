"""People: the list for everyone who may see it; links and revocation for administrators."""

from __future__ import annotations

import io

import segno
from aiohttp import web

from core import people, signing
from core.kit import Level, Malformed, Module, Permission
from core.people import OrganisationKind, Role
from handlers.text import mark
from handlers.web import showing
from handlers.web.asking import Asked, key_of
from handlers.web.rooms import ROOMS

PATHS = {"enrol": "/enrol", "chat": "/chat", "admin": "/admin/enter"}
HELP = {
    "invite": mark("To be sent to the bot from the person's own messenger account, once, within 24 hours."),
    "wecom": mark("To be opened in WeCom by the person, as a link or a QR code, once, within 24 hours."),
    "enrol": mark("Hand it over in person, after checking who it is. It works once, for ten minutes."),
    "chat": mark("Opens the phone page on the person's own phone. It works once, for ten minutes."),
    "admin": mark(
        "Opens the sign-in; the authenticator's code is asked next. It works once, for ten minutes."
    ),
}


async def _show(asked: Asked, *, link: str = "", link_for: str = "", kind: str = "") -> web.StreamResponse:
    persons = await people.everyone(asked.actor)
    return showing.shown(
        asked,
        "people.html",
        persons=persons,
        wecom=asked.request.app[ROOMS].members is not None,
        link=link,
        link_for=link_for,
        qr=_qr(link) if kind == "wecom" else "",
        link_help=asked.translate(HELP[kind]) if kind else "",
        organisations=await people.organisations_for(asked.actor),
        kinds={one.value: one.says for one in OrganisationKind},
        role_words={role.value: role.says for role in Role},
        enrolled={one.id: await signing.is_enrolled(one.id) for one in persons},
        keyed={one.id for one in persons if await signing.has_passkey(one.id)},
        may_administer=asked.actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)),
    )


def _qr(address: str) -> str:
    """An address to be photographed from the screen."""
    kept = io.BytesIO()
    segno.make(address, error="m").save(kept, kind="svg", scale=6, border=2, xmldecl=False, svgns=True)
    return kept.getvalue().decode()


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Everyone of the plant."""
    return await _show(asked)


async def link(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Make an invitation or a one-time link; it is shown once.

    Raises:
        Malformed: no such kind of link.
    """
    person = await people.person_for(asked.actor, key_of(form, "person"))
    kind = form.get("kind", "")
    if kind == "invite":
        made = f"/start {await people.invite(asked.actor, person.id)}"
    elif kind == "wecom" and asked.request.app[ROOMS].members is not None:
        token = await people.invite(asked.actor, person.id, "wecom")
        made = f"{asked.request.app[ROOMS].public_url}/wecom/join#{token}"
    elif kind in PATHS:
        if kind == "enrol":
            await signing.may_renew(asked.actor, person)
        token = await people.one_time_link(asked.actor, person.id, kind)
        made = f"{asked.request.app[ROOMS].public_url}{PATHS[kind]}#{token}"
    else:
        raise Malformed(field="kind", why=kind[:20])
    return await _show(asked, link=made, link_for=person.printed_name, kind=kind)


async def revoke(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """End a person's access, with the reason."""
    await people.revoke_person(asked.actor, key_of(form, "person"), form.get("reason", ""))
    return await _show(asked)
