"""The signing page: behind a one-time link, PIN and code open ten minutes of signing in the chat."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from core import people, signing
from core.kit import Refusal
from core.people import LinkDead
from handlers import text
from handlers.web import asking, showing
from handlers.web.pages import passkeys
from handlers.web.rooms import ROOMS

PATH = "/sign"
_TOKEN, _PIN, _CODE = 200, 40, 20


def _show(
    request: web.Request, locale: str, step: str, *, status: int = 200, **facts: object
) -> web.Response:
    shown: dict[str, Any] = {"trouble": "", "token": "", "name": "", "until": "", **facts}
    return showing.page(
        "sign.html", locale=locale, zone=request.app[ROOMS].timezone, status=status, step=step, **shown
    )


async def form(request: web.Request) -> web.StreamResponse:
    """Ask for the link's token; looking does not use it up."""
    return _show(request, request.app[ROOMS].locale, "link")


def _token(fields: dict[str, str]) -> str:
    return fields.get("token", "").strip().rpartition("#")[2][:_TOKEN]


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask the link's owner for PIN and code."""
    fields = await asking.form_of(request)
    if asking.foreign(request):
        raise web.HTTPForbidden
    token = _token(fields)
    holder = await people.holder_of_link(token, "sign")
    if holder is None:
        locale = request.app[ROOMS].locale
        return _show(request, locale, "link", trouble=text.said(LinkDead(), locale), status=403)
    person = await people.person(holder)
    return _show(request, person.locale, "prove", token=token, name=person.printed_name)


async def open_session(request: web.Request) -> web.StreamResponse:
    """PIN and code are right: the link is used up and the session is open."""
    fields = await asking.form_of(request)
    if asking.foreign(request):
        raise web.HTTPForbidden
    token = _token(fields)
    holder = await people.holder_of_link(token, "sign")
    if holder is None:
        locale = request.app[ROOMS].locale
        return _show(request, locale, "link", trouble=text.said(LinkDead(), locale), status=403)
    person = await people.person(holder)
    try:
        until = await signing.open_session(
            holder, fields.get("pin", "")[:_PIN], fields.get("code", "")[:_CODE]
        )
        await people.open_link(token, "sign")
    except Refusal as refusal:
        return _show(
            request,
            person.locale,
            "prove",
            trouble=text.said(refusal, person.locale),
            token=token,
            name=person.printed_name,
            status=403,
        )
    answer = _show(
        request,
        person.locale,
        "open",
        name=person.printed_name,
        until=text.moment(until, person.timezone),
    )
    made = await people.open_session(holder, "sign", second_factor=True)
    passkeys.set_cookie(answer, request, made.token)
    return answer


ROUTES = [web.get(PATH, form), web.post(PATH, ask), web.post(f"{PATH}/confirm", open_session)]
