"""Enrolment: the QR code stands behind a one-time link, is shown once, and two codes in a row confirm it."""

from __future__ import annotations

import io
from typing import Any

import segno
from aiohttp import web

from core import people, signing
from core.kit import Refusal
from handlers import text
from handlers.web import asking, showing
from handlers.web.rooms import ROOMS

COOKIE = "bihuan_enrol"
PATH = "/enrol"


def _show(
    request: web.Request, locale: str, step: str, *, status: int = 200, **facts: object
) -> web.Response:
    translate = text.translator(locale)
    shown: dict[str, Any] = {
        "trouble": "",
        "qr": "",
        "secret": "",
        "csrf": "",
        "name": "",
        "undertaking": signing.undertaking_text(translate),
        "accepts": signing.undertaking_accepted(translate, locale).sha256,
        **facts,
    }
    return showing.page(
        "enrol.html", locale=locale, zone=request.app[ROOMS].timezone, status=status, step=step, **shown
    )


def _accepted(fields: dict[str, str], locale: str) -> signing.Undertaking | None:
    """What the person ticked, when it is the text of now in the language in which the page showed it."""
    now = signing.undertaking_accepted(text.translator(locale), locale)
    return now if fields.get("undertaking") == now.sha256 else None


async def form(request: web.Request) -> web.StreamResponse:
    """Ask for the link's token; looking does not use it up."""
    return _show(request, request.app[ROOMS].locale, "link")


async def offer(request: web.Request) -> web.StreamResponse:
    """Use the link up and show the QR code, once."""
    fields = await asking.form_of(request)
    if asking.foreign(request):
        raise web.HTTPForbidden
    token = fields.get("token", "").strip().rpartition("#")[2][:200]
    try:
        link = await people.open_link(token, "enrol")
        made = await signing.enrolment(link.person_id, proofed_by=link.made_by)
    except Refusal as refusal:
        locale = request.app[ROOMS].locale
        return _show(request, locale, "link", trouble=text.said(refusal, locale), status=403)
    person = await people.person(link.person_id)
    session = await people.open_session(link.person_id, "admin")
    kept = io.BytesIO()
    segno.make(made.uri, error="m").save(kept, kind="svg", scale=6, border=2, xmldecl=False, svgns=True)
    facts = await people.session(session.token, "admin")
    answer = _show(
        request,
        person.locale,
        "codes",
        qr=kept.getvalue().decode(),
        secret=made.secret,
        csrf="" if facts is None else facts.csrf,
        name=person.printed_name,
    )
    answer.set_cookie(
        COOKIE,
        session.token,
        httponly=True,
        samesite="Strict",
        secure=request.app[ROOMS].secure,
        path=PATH,
        max_age=600,
    )
    return answer


async def confirm(request: web.Request) -> web.StreamResponse:
    """Two codes in a row prove that the authenticator holds the secret."""
    fields = await asking.form_of(request)
    token = request.cookies.get(COOKIE, "")
    session = await people.session(token, "admin") if token else None
    if session is None:
        raise web.HTTPSeeOther(PATH)
    if asking.foreign(request) or not asking.same_token(fields.get("csrf", ""), session):
        raise web.HTTPForbidden
    person = await people.person(session.person_id)
    try:
        await signing.enrol(
            session.person_id,
            fields.get("code1", "")[:20],
            fields.get("code2", "")[:20],
            chosen_pin=fields.get("pin", "")[:40],
            undertaking=_accepted(fields, person.locale),
        )
    except Refusal as refusal:
        return _show(
            request,
            person.locale,
            "again",
            trouble=text.said(refusal, person.locale),
            csrf=session.csrf,
            name=person.printed_name,
            status=403,
        )
    await people.close_session(token, "admin")
    answer = _show(request, person.locale, "done", name=person.printed_name)
    answer.del_cookie(COOKIE, path=PATH)
    return answer


ROUTES = [web.get(PATH, form), web.post(PATH, offer), web.post(f"{PATH}/confirm", confirm)]
