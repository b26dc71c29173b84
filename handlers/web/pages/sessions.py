"""Where somebody is signed in: the own sessions for everybody, anybody's for administrators, each to be ended."""

from __future__ import annotations

from aiohttp import web

from core import people
from handlers.web import showing
from handlers.web.asking import Asked, key_of, token_of


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """The open sessions of the reader, or of the person asked for."""
    person = await people.person_for(asked.actor, asked.number("person") or asked.actor.identity)
    return showing.shown(
        asked,
        "sessions.html",
        person=person,
        own=person.id == asked.actor.person_id,
        rows=await people.sessions_of(asked.actor, person.id, token=token_of(asked.request)),
    )


async def end(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """End one session, or all of a person but the one in hand."""
    person, one, reason = key_of(form, "person"), key_of(form, "session"), form.get("reason", "")
    if one:
        await people.end_session(asked.actor, one, reason=reason)
    else:
        await people.end_sessions(asked.actor, person, reason=reason, token=token_of(asked.request))
    return showing.elsewhere(f"/admin/sessions?person={person}" if person else "/admin/sessions")
