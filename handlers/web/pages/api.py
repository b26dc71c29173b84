"""What the doors of programs share: problem documents, and the person behind a page's session at ``/api/v1``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from core import people
from core.kit import Actor, Refusal
from handlers import text
from handlers.web import asking, showing

CHAT_COOKIE = "bihuan_chat"
CHANNEL = "api"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Call = Callable[[web.Request, Actor], Awaitable[web.StreamResponse]]


def problem(status: int, title: str, **more: object) -> web.Response:
    """An RFC 9457 problem document."""
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status, **more},
        status=status,
        content_type="application/problem+json",
        headers=showing.HEADERS,
    )


async def actor_of(request: web.Request, *, writing: bool) -> Actor | None:
    """The person behind the admin or phone-page session; a writing request carries the session's token."""
    for cookie, door in ((asking.cookie_name(request), "admin"), (CHAT_COOKIE, "chat")):
        token = request.cookies.get(cookie, "")
        session = await people.session(token, door) if token and token.isascii() else None
        if session is None or (door == "admin" and not session.second_factor):
            continue
        given = request.headers.get("X-CSRF-Token", "")
        if writing and (asking.foreign(request) or not asking.same_token(given, session)):
            continue
        return await people.actor_of(session.person_id, CHANNEL)
    return None


def answering(call: Call, *, subject: str, writing: bool = False, of_case: bool = False) -> Answer:
    """Wrap a handler: sign-in, refusals as problem documents, the access log; ``of_case`` names the case there."""

    async def answer(request: web.Request) -> web.StreamResponse:
        locale = asking.locale_of(request)
        try:
            actor = await actor_of(request, writing=writing)
            if actor is None:
                return problem(401, "sign in first; writing needs X-CSRF-Token")
            people.must_be_let_in(actor)
            made = await call(request, actor)
            if not writing:
                await people.log_access(
                    actor,
                    CHANNEL,
                    subject.format(**request.match_info),
                    case=request.match_info["number"][:40] if of_case else None,
                )
        except Refusal as refusal:
            faults = getattr(refusal, "faults", {})
            return problem(
                asking.status_of(refusal, 422),
                text.said(refusal, locale),
                code=refusal.code,
                fields={key: text.said(fault, locale) for key, fault in faults.items()},
            )
        return made

    return answer
