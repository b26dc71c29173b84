"""The application: every view passes the same gate — session, right, access log — in one place."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web

from core import people
from core.kit import NotFound, NotPermitted, Refusal
from handlers import text
from handlers.web import asking, routes, showing
from handlers.web.asking import Asked
from handlers.web.pages import api, enrolling, entering
from handlers.web.rooms import ROOMS, WebRooms

log = logging.getLogger(__name__)
BODY_MAX = 25_000_000
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def gated(view: routes.View) -> Answer:
    """Wrap a view: sign-in, right, the view itself, then the access log; nothing is shown that was not logged."""

    async def answer(request: web.Request) -> web.StreamResponse:
        asked = await asking.asked(request)
        if asked is None:
            raise web.HTTPSeeOther("/admin/enter")
        try:
            asked.actor.must(view.needs)
            form: dict[str, str] = {}
            if view.method == "POST":
                form = await asking.form_of(request)
                if asking.foreign(request) or not asking.same_token(form.get("csrf", ""), asked.session):
                    return _page(asked, 403, text.said(NotPermitted(), asked.actor.locale))
            made = await view.call(asked, form)
            case = request.match_info.get("number") if "case" in view.subject else None
            await people.log_access(
                asked.actor,
                "admin",
                view.subject.format(**request.match_info),
                case=case,
                detail=request.query_string[:200],
            )
        except Refusal as refusal:
            status = (
                404 if isinstance(refusal, NotFound) else 403 if isinstance(refusal, NotPermitted) else 409
            )
            return _page(asked, status, text.said(refusal, asked.actor.locale))
        return made

    return answer


def _page(asked: Asked, status: int, sentence: str) -> web.Response:
    return showing.page(
        "sentence.html",
        locale=asked.actor.locale,
        zone=asked.actor.timezone,
        status=status,
        asked=asked,
        sentence=sentence,
    )


@web.middleware
async def calm(request: web.Request, handler: Answer) -> web.StreamResponse:
    """Faults of ours get a number and a calm page; errors of the protocol a page or a problem document."""
    try:
        return await handler(request)
    except web.HTTPException as known:
        if known.status < 400:  # noqa: PLR2004  redirects pass
            known.headers.update(showing.HEADERS)
            raise
        return _problem(request, known.status, known.reason)
    except ConnectionResetError:
        raise
    except Exception:
        number = secrets.token_hex(4)
        log.exception("request failed", extra={"action": "request_failed", "number": number})
        return _problem(request, 500, f"#{number}")


def _problem(request: web.Request, status: int, reason: str) -> web.Response:
    if request.path.startswith(("/api/", "/telegram/", "/chat")):
        return web.json_response(
            {"type": "about:blank", "title": reason, "status": status},
            status=status,
            content_type="application/problem+json",
            headers=showing.HEADERS,
        )
    rooms = request.app[ROOMS]
    _ = text.translator(rooms.locale)
    sentence = {
        404: _("There is no such page. Please go back to the start."),
        413: _("That is too large."),
        500: _(
            "Something went wrong on our side; nothing was lost. Please tell your administrator: {number}"
        ).format(number=reason),
    }.get(status, f"{status} {reason}")
    return showing.page(
        "sentence.html", locale=rooms.locale, zone=rooms.timezone, status=status, sentence=sentence
    )


def build(rooms: WebRooms) -> web.Application:
    """All routes of the web door."""
    application = web.Application(middlewares=[calm], client_max_size=BODY_MAX)
    application[ROOMS] = rooms
    for view in routes.VIEWS:
        application.router.add_route(view.method, view.path, gated(view))
    application.add_routes([*entering.ROUTES, *enrolling.ROUTES, *api.ROUTES])
    application.router.add_get("/", _home)
    return application


async def _home(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPSeeOther("/chat")
