"""The application: every view passes the same gate — session, right, access log — in one place."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from core import people
from core.kit import NotPermitted, Refusal
from handlers import text
from handlers.web import asking, routes, showing, uploads
from handlers.web.asking import Asked
from handlers.web.pages import (
    api,
    by_wecom,
    enrolling,
    entering,
    importing,
    passkeys,
    signing_page,
    witnessing_api,
)
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
            view.admit(asked.actor)
            form: dict[str, str] = {}
            if view.method == "POST":
                form = await (uploads.form_of(request, view.most) if view.most else asking.form_of(request))
                if asking.foreign(request) or not asking.same_token(form.get("csrf", ""), asked.session):
                    return _said(asked, 403, NotPermitted())
            made = await view.call(asked, form)
            if view.logs_itself:
                return made
            await people.log_access(
                asked.actor,
                "admin",
                view.subject.format(**request.match_info),
                case=None if view.case_of is None else await view.case_of(asked),
                detail=request.query_string[:200],
            )
        except Refusal as refusal:
            return _said(asked, asking.status_of(refusal, 409), refusal)
        return made

    return answer


def _said(asked: Asked, status: int, refusal: Refusal) -> web.Response:
    log.info(
        "request refused",
        extra={
            "action": "request_refused",
            "person": asked.actor.person_id,
            "path": asked.request.path[:120],
            "reason": refusal.code,
        },
    )
    return showing.shown(
        asked, "sentence.html", status=status, sentence=text.said(refusal, asked.actor.locale)
    )


@web.middleware
async def calm(request: web.Request, handler: Answer) -> web.StreamResponse:
    """Faults of ours get a number and a calm page; errors of the protocol a page or a problem document."""
    if not asking.keepable(request):
        return _problem(request, 400, "the address holds what is no text")
    try:
        return await handler(request)
    except web.HTTPException as known:
        if known.status < 400:  # noqa: PLR2004  redirects pass
            known.headers.update(showing.HEADERS)
            raise
        answer = _problem(request, known.status, known.reason)
        if "Allow" in known.headers:
            answer.headers["Allow"] = known.headers["Allow"]
        return answer
    except ConnectionResetError:
        raise
    except Exception:
        number = secrets.token_hex(4)
        log.exception("request failed", extra={"action": "request_failed", "number": number})
        return _problem(request, 500, f"#{number}")


def _problem(request: web.Request, status: int, reason: str) -> web.Response:
    if request.path.startswith("/api/"):
        phrase = HTTPStatus(status).phrase
        return api.problem(status, phrase, detail=reason, code=phrase.replace(" ", ""))
    if request.path.startswith(("/telegram/", "/wecom/callback", "/chat")):
        return api.problem(status, reason)
    rooms = request.app[ROOMS]
    locale = asking.locale_of(request)
    _ = text.translator(locale)
    sentence = {
        400: _("That is not what this page takes. Nothing was changed; please go back and try again."),
        403: _("This form has expired or came from another page. Nothing was changed; please open it again."),
        404: _("There is no such page. Please go back to the start."),
        405: _("This address is not used in this way. Please go back to the start."),
        413: _(
            "That is too large; nothing was changed. A file may have {most} MB on this page. "
            "Split it, send it in the chat (up to 20 MB), or let your administrator bring it in by “bihuan import”."
        ).format(most=importing.FILE_MAX // 1_000_000)
        if request.path.startswith("/admin/import")
        else _("That is too large."),
        500: _(
            "Something went wrong on our side; nothing was lost. Please tell your administrator: {number}"
        ).format(number=reason),
    }.get(status, f"{status} {reason}")
    return showing.page("sentence.html", locale=locale, zone=rooms.timezone, status=status, sentence=sentence)


async def _only_by_tls(request: web.Request, answer: web.StreamResponse) -> None:
    """Where the installation is reached by TLS, browsers are told never to come without."""
    if request.app[ROOMS].secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def build(rooms: WebRooms) -> web.Application:
    """All routes of the web door."""
    application = web.Application(middlewares=[calm], client_max_size=BODY_MAX)
    application[ROOMS] = rooms
    application.on_response_prepare.append(_only_by_tls)
    for view in routes.VIEWS:
        application.router.add_route(view.method, view.path, gated(view))
    application.add_routes(
        [
            *entering.ROUTES,
            *by_wecom.ROUTES,
            *enrolling.ROUTES,
            *signing_page.ROUTES,
            *passkeys.ROUTES,
            *witnessing_api.ROUTES,
        ]
    )
    application.router.add_get("/", _home)
    return application


async def _home(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPSeeOther("/chat")
