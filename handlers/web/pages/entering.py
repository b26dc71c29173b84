"""Signing in to the admin view: a one-time link, then the code of the authenticator; signing out."""

from __future__ import annotations

from aiohttp import web

from core import people, signing
from core.kit import Refusal
from handlers import text
from handlers.web import asking, showing
from handlers.web.rooms import ROOMS

TOKEN_MAX = 200


def _show(
    request: web.Request, step: str, *, trouble: str = "", status: int = 200, csrf: str = ""
) -> web.Response:
    return showing.page(
        "enter.html",
        locale=asking.locale_of(request),
        zone=request.app[ROOMS].timezone,
        status=status,
        step=step,
        trouble=trouble,
        csrf=csrf,
        wecom=request.app[ROOMS].members is not None,
    )


async def form(request: web.Request) -> web.StreamResponse:
    """Ask for the link's token (taken from the address by our script, or pasted), or for the code."""
    session = await asking.session_of(request)
    if session is None:
        return _show(request, "link")
    if session.second_factor:
        raise web.HTTPSeeOther("/admin")
    enrolled = await signing.is_enrolled(session.person_id)
    return _show(request, "code" if enrolled else "none", csrf=session.csrf)


async def enter(request: web.Request) -> web.StreamResponse:
    """Use the link up and open a session that is good for nothing but the second step."""
    fields = await asking.form_of(request)
    if asking.foreign(request):
        raise web.HTTPForbidden
    token = fields.get("token", "").strip().rpartition("#")[2][:TOKEN_MAX]
    try:
        link = await people.open_link(token, "admin")
    except Refusal as refusal:
        return _show(request, "link", trouble=text.said(refusal, asking.locale_of(request)), status=403)
    made = await people.open_session(link.person_id, "admin")
    answer = showing.elsewhere("/admin/enter")
    asking.set_cookie(answer, request, made.token)
    return answer


async def code(request: web.Request) -> web.StreamResponse:
    """The second step: a fresh code; the session gets a new token."""
    fields = await asking.form_of(request)
    session = await asking.session_of(request)
    if session is None:
        raise web.HTTPSeeOther("/admin/enter")
    if asking.foreign(request) or not asking.same_token(fields.get("csrf", ""), session):
        raise web.HTTPForbidden
    if session.second_factor:
        return showing.elsewhere("/admin")
    try:
        await signing.verify_login(session.person_id, fields.get("code", "")[:40])
    except Refusal as refusal:
        return _show(
            request,
            "code",
            trouble=text.said(refusal, asking.locale_of(request)),
            status=403,
            csrf=session.csrf,
        )
    made = await people.confirm_second_factor(asking.token_of(request), "admin")
    answer = showing.elsewhere("/admin")
    asking.set_cookie(answer, request, made.token)
    return answer


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session."""
    fields = await asking.form_of(request)
    session = await asking.session_of(request)
    if session is not None:
        if asking.foreign(request) or not asking.same_token(fields.get("csrf", ""), session):
            raise web.HTTPForbidden
        await people.close_session(asking.token_of(request), "admin")
    answer = showing.elsewhere("/admin/enter")
    asking.drop_cookie(answer, request)
    return answer


async def style(_request: web.Request) -> web.StreamResponse:
    """Our style sheet."""
    return showing.static("admin.css", "text/css")


async def script(_request: web.Request) -> web.StreamResponse:
    """Our small script: takes a token out of the address."""
    return showing.static("enter.js", "text/javascript")


async def copying(_request: web.Request) -> web.StreamResponse:
    """The script of buttons that copy."""
    return showing.static("copy.js", "text/javascript")


ROUTES = [
    web.get("/admin/enter", form),
    web.post("/admin/enter", enter),
    web.post("/admin/code", code),
    web.post("/admin/leave", leave),
    web.get("/static/admin.css", style),
    web.get("/static/enter.js", script),
    web.get("/static/copy.js", copying),
]
