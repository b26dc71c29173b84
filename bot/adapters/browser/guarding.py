"""What every request of the phone page must pass: session, token against forgery, origin, size, well-formed body."""

from __future__ import annotations

import hmac
from typing import Any

from aiohttp import web

from core import people
from core.people import SessionFacts
from handlers.web import bodies
from handlers.web.pages.api import problem

COOKIE = "bihuan_chat"
BODY_MAX = 64_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=()",
}


class Turned(Exception):  # noqa: N818  the request was turned away
    """A request that goes no further, with its answer."""

    def __init__(self, answer: web.Response) -> None:
        """Keep the answer."""
        super().__init__(answer.status)
        self.answer = answer


async def session_of(request: web.Request) -> SessionFacts:
    """The page's session.

    Raises:
        Turned: there is none (401).
    """
    token = request.cookies.get(COOKIE, "")
    found = await people.session(token, "chat") if token else None
    if found is None:
        raise Turned(problem(401, "sign in with a link"))
    return found


def same_origin(request: web.Request) -> None:
    """A browser says where a request comes from; another site's is turned away.

    Raises:
        Turned: foreign origin (403).
    """
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise Turned(problem(403, "foreign origin"))


async def writing_session(request: web.Request) -> SessionFacts:
    """The session of a request that changes something: cookie, token header, origin.

    Raises:
        Turned: 401 or 403.
    """
    same_origin(request)
    found = await session_of(request)
    must_carry_token(request, found)
    return found


def must_carry_token(request: web.Request, session: SessionFacts) -> None:
    """A request that changes something carries its session's token.

    Raises:
        Turned: 403.
    """
    given = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), session.csrf.encode()):
        raise Turned(problem(403, "missing or wrong X-CSRF-Token"))


async def json_body(request: web.Request) -> dict[str, Any]:
    """A small JSON object whose texts a database can keep.

    Raises:
        Turned: 408, 413, 415 or 400.
    """
    try:
        body = await bodies.json_of(request, BODY_MAX)
    except web.HTTPException as wrong:
        raise Turned(problem(wrong.status, wrong.reason)) from None
    if not isinstance(body, dict):
        raise Turned(problem(400, "send a JSON object"))
    return body
