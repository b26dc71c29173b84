"""Passkeys in the browser: the page on which one signs a shown ceremony, and the page of the own ones.

The first opens by the link in the signer's chat, which is bound to that ceremony; the second within ten minutes of PIN
and code on the signing page. Both work without any script of others; what the device answers comes as a plain form.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from core import people, signing
from core.kit import Refusal
from core.people import SessionFacts
from core.signing import PageShown
from handlers import text
from handlers.web import asking, showing
from handlers.web.rooms import ROOMS

ACT, OWN = "/sign/act", "/sign/passkeys"
_TOKEN = 200
_COOKIE = "bihuan_sign"
_TEN_MINUTES = 600


def set_cookie(answer: web.StreamResponse, request: web.Request, token: str) -> None:
    """Give the browser of somebody who proved themselves the page of their passkeys, for ten minutes."""
    answer.set_cookie(
        _COOKIE,
        token,
        httponly=True,
        samesite="Strict",
        secure=request.app[ROOMS].secure,
        path=OWN,
        max_age=_TEN_MINUTES,
    )


def _show(
    request: web.Request, template: str, locale: str, step: str, *, status: int = 200, **facts: object
) -> web.Response:
    shown: dict[str, Any] = {"trouble": "", "csrf": "", "token": "", "name": "", **facts}
    return showing.page(
        template, locale=locale, zone=request.app[ROOMS].timezone, status=status, step=step, **shown
    )


# The page of a ceremony


def _token(fields: dict[str, str]) -> str:
    return fields.get("token", "").strip().rpartition("#")[2][:_TOKEN]


async def act_form(request: web.Request) -> web.StreamResponse:
    """Ask for the link's token; looking uses nothing up."""
    return _show(request, "sign_act.html", asking.locale_of(request), "link")


def _act(request: web.Request, token: str, page: PageShown, *, trouble: str = "") -> web.Response:
    ceremony = page.ceremony
    return _show(
        request,
        "sign_act.html",
        ceremony.locale,
        "sign",
        status=403 if trouble else 200,
        trouble=trouble,
        token=token,
        name=ceremony.signer,
        lines=signing.render(ceremony, text.translator(ceremony.locale)),
        word=ceremony.check_word,
        number=ceremony.number,
        digest=ceremony.shown_digest,
        shown_at=text.offset(ceremony.created_at, ceremony.timezone),
        until=text.offset(ceremony.expires_at, ceremony.timezone),
        options=page.options,
    )


async def act_shown(request: web.Request) -> web.StreamResponse:
    """Show the complete content that would be signed, and ask the signer's device."""
    fields = await asking.form_of(request)
    if asking.foreign(request):
        raise web.HTTPForbidden
    token = _token(fields)
    try:
        return _act(request, token, await signing.page(token))
    except Refusal as refusal:
        locale = asking.locale_of(request)
        said = text.said(refusal, locale)
        return _show(request, "sign_act.html", locale, "over", trouble=said, status=403)


async def act_signed(request: web.Request) -> web.StreamResponse:
    """The device has answered: sign, or say why not and show the content again where it still waits."""
    fields = await asking.form_of(request)
    if asking.foreign(request):
        raise web.HTTPForbidden
    token, locale = _token(fields), asking.locale_of(request)
    try:
        page = await signing.page(token)
        locale = page.ceremony.locale
        done = await signing.sign_by_passkey(token, fields.get("answer", ""))
    except Refusal as refusal:
        said = text.said(refusal, locale)
        try:
            return _act(request, token, await signing.page(token), trouble=said)
        except Refusal:
            return _show(request, "sign_act.html", locale, "over", trouble=said, status=403)
    return _show(
        request,
        "sign_act.html",
        locale,
        "done",
        lines=() if done.signature is None else signing.render(done.signature, text.translator(locale)),
    )


# The page of the own passkeys


async def _session(request: web.Request) -> SessionFacts | None:
    token = request.cookies.get(_COOKIE, "")
    return await people.session(token, "sign") if token and token.isascii() else None


async def _own(
    request: web.Request, session: SessionFacts, *, trouble: str = "", done: str = ""
) -> web.Response:
    person = await people.person(session.person_id)
    actor = await people.actor_of(session.person_id, "page")
    offer, why = None, ""
    try:
        offer = await signing.passkey_offer(session.person_id)
    except Refusal as refusal:
        why = text.said(refusal, person.locale)
    return _show(
        request,
        "passkeys.html",
        person.locale,
        "own",
        status=403 if trouble else 200,
        trouble=trouble,
        done=done,
        csrf=session.csrf,
        name=person.printed_name,
        rows=await signing.passkeys_of(actor, actor.identity),
        offer=offer,
        why=why,
    )


async def own(request: web.Request) -> web.StreamResponse:
    """The own passkeys; without PIN and code in the last ten minutes, the way to the signing page."""
    session = await _session(request)
    return _gone(request) if session is None else await _own(request, session)


def _gone(request: web.Request) -> web.Response:
    return _show(request, "passkeys.html", asking.locale_of(request), "gone", status=403)


async def _posted(request: web.Request) -> tuple[dict[str, str], SessionFacts | None]:
    """The form, and whose it is: None when PIN and code are too long ago."""
    fields, session = await asking.form_of(request), await _session(request)
    if session is None:
        return fields, None
    if asking.foreign(request) or not asking.same_token(fields.get("csrf", ""), session):
        raise web.HTTPForbidden
    return fields, session


async def add(request: web.Request) -> web.StreamResponse:
    """Keep the passkey that the browser made."""
    fields, session = await _posted(request)
    if session is None:
        return _gone(request)
    locale = (await people.person(session.person_id)).locale
    try:
        made = await signing.add_passkey(
            session.person_id,
            fields.get("name", ""),
            fields.get("answer", ""),
            fields.get("confirmation", ""),
        )
    except Refusal as refusal:
        return await _own(request, session, trouble=text.said(refusal, locale))
    _ = text.translator(locale)
    return await _own(
        request, session, done=_("“{name}” is added. You can sign with it now.").format(name=made.name)
    )


async def end(request: web.Request) -> web.StreamResponse:
    """End one of the own passkeys."""
    fields, session = await _posted(request)
    if session is None:
        return _gone(request)
    locale = (await people.person(session.person_id)).locale
    actor = await people.actor_of(session.person_id, "page")
    _ = text.translator(locale)
    try:
        number = asking.key_of(fields, "passkey")
        if number not in {one.id for one in await signing.passkeys_of(actor, actor.identity)}:
            number = 0
        await signing.end_passkey(actor, number, fields.get("reason") or _("ended by its owner"))
    except Refusal as refusal:
        return await _own(request, session, trouble=text.said(refusal, locale))
    return await _own(
        request, session, done=_("Ended. It signs nothing any more; what it signed stays good.")
    )


async def script(_request: web.Request) -> web.StreamResponse:
    """Our small script: speaks to the device and hands its answer to the form."""
    return showing.static("passkey.js", "text/javascript")


ROUTES = [
    web.get(ACT, act_form),
    web.post(ACT, act_shown),
    web.post(f"{ACT}/confirm", act_signed),
    web.get(OWN, own),
    web.post(f"{OWN}/add", add),
    web.post(f"{OWN}/end", end),
    web.get("/static/passkey.js", script),
]
