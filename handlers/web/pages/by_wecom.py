"""Ways in for members of WeCom: it says who holds the phone, our own link and code open the page.

out: /wecom/enter → WeCom → /wecom/entered → a one-time link of their own → the page's usual steps
join: /wecom/join (an invitation) → WeCom → /wecom/entered → the account is bound
"""

from __future__ import annotations

import hmac
import re
from typing import Any

from aiohttp import web

from core import people
from core.kit import Refusal, unit_of_work
from handlers import text
from handlers.web import asking, showing
from handlers.web.members import MemberSignIn, NotConnected, NotFromHere
from handlers.web.rooms import ROOMS

CHANNEL = "wecom"
PAGES = {"admin": "/admin/enter", "chat": "/chat"}
"""Purposes of a sign-in, and the page that takes the link."""
JOIN = "join"
CLIENT = "wxwork"
"""How WeCom's own browser names itself."""
COOKIE = "bihuan_wecom"
AGE = 600
LONGEST = 600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")
"""An invitation, as it may stand in a cookie."""


def _door(request: web.Request) -> MemberSignIn:
    door = request.app[ROOMS].members
    if door is None:
        raise web.HTTPNotFound
    return door


def _cookie(request: web.Request) -> str:
    return f"__Host-{COOKIE}" if request.app[ROOMS].secure else COOKIE


def _page(request: web.Request, step: str, *, status: int = 200, **facts: str) -> web.Response:
    shown: dict[str, Any] = {"trouble": "", "sentence": "", "address": "", **facts}
    return showing.page(
        "wecom.html",
        locale=asking.locale_of(request),
        zone=request.app[ROOMS].timezone,
        status=status,
        step=step,
        **shown,
    )


def _out(request: web.Request, purpose: str, kept: str = "") -> web.Response:
    """Send the browser to WeCom by a page of ours; it keeps what must come back with it.

    The cookie is lax: the way back begins at another site.
    """
    inside = CLIENT in request.headers.get("User-Agent", "").lower()
    way = _door(request).begin(purpose, inside=inside)
    answer = _page(request, "out", address=way.address)
    answer.set_cookie(
        _cookie(request),
        f"{way.state}.{kept}" if kept else way.state,
        httponly=True,
        samesite="Lax",
        secure=request.app[ROOMS].secure,
        path="/",
        max_age=AGE,
    )
    return answer


async def enter(request: web.Request) -> web.StreamResponse:
    """Begin to sign in to a page."""
    _door(request)
    purpose = request.query.get("to", "admin")
    if purpose not in PAGES:
        raise web.HTTPNotFound
    return _out(request, purpose)


async def invited(request: web.Request) -> web.StreamResponse:
    """Show what an invitation asks; looking does not use it up, and nothing happens without a press."""
    _door(request)
    return _page(request, JOIN)


async def join(request: web.Request) -> web.StreamResponse:
    """Begin to bind the account of whoever holds the phone."""
    _door(request)
    fields = await asking.form_of(request)
    if asking.foreign(request):
        raise web.HTTPForbidden
    token = fields.get("token", "").strip().rpartition("#")[2].removeprefix("/start").strip()
    if not _TOKEN.fullmatch(token):
        sentence = text.said(people.InviteUnknown(), asking.locale_of(request))
        return _page(request, JOIN, trouble=sentence, status=403)
    return _out(request, JOIN, token)


async def entered(request: web.Request) -> web.StreamResponse:
    """Back from WeCom: the state must be this browser's, the code counts once, the account must be somebody's."""
    door = _door(request)
    kept = request.cookies.get(_cookie(request), "")[:LONGEST]
    try:
        answer = await _back(request, door, *kept.partition(".")[::2])
    except Refusal as refusal:
        sentence = text.said(refusal, asking.locale_of(request))
        answer = _page(request, "refused", sentence=sentence, status=403)
    answer.del_cookie(_cookie(request), path="/", secure=request.app[ROOMS].secure, httponly=True)
    return answer


async def _back(request: web.Request, door: MemberSignIn, state: str, token: str) -> web.Response:
    given, code = request.query.get("state", ""), request.query.get("code", "")
    ours = hmac.compare_digest(given.encode(errors="surrogateescape"), state.encode(errors="surrogateescape"))
    purpose = await door.spent(given) if given and ours else None
    if purpose is None or not code or len(code) > LONGEST:
        raise NotFromHere
    account = await door.member(code)
    if purpose == JOIN:
        async with unit_of_work():
            actor = await people.accept_invite(CHANNEL, account, account, token)
        _ = text.translator(actor.locale)
        welcome = _("Welcome, {name}! This WeCom account is now yours here. Open the app in WeCom and begin.")
        return _page(request, "done", sentence=welcome.format(name=actor.name))
    found = await people.actor_for(CHANNEL, account)
    if found is None:
        raise NotConnected
    link = await people.one_time_link(found, found.identity, purpose)
    return _page(request, "in", address=f"{PAGES[purpose]}#{link}")


ROUTES = [
    web.get("/wecom/enter", enter),
    web.get("/wecom/join", invited),
    web.post("/wecom/join", join),
    web.get("/wecom/entered", entered),
]
