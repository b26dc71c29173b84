"""What every request of the phone page must pass: session, token against forgery, origin, size, well-formed body."""

from __future__ import annotations

import hmac
import json
from typing import Any

from aiohttp import web

from core import people
from core.people import SessionFacts

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


def problem(status: int, title: str) -> web.Response:
    """An RFC 9457 problem document."""
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status},
        status=status,
        content_type="application/problem+json",
        headers=HEADERS,
    )


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
    given = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), found.csrf.encode()):
        raise Turned(problem(403, "missing or wrong X-CSRF-Token"))
    return found


def _no_constant(name: str) -> None:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


async def json_body(request: web.Request) -> dict[str, Any]:
    """A small JSON object whose texts a database can keep.

    Raises:
        Turned: 413, 415 or 400.
    """
    if request.content_type != "application/json":
        raise Turned(problem(415, "send application/json"))
    raw = bytearray()
    try:
        async for chunk in request.content.iter_chunked(16_384):
            raw += chunk
            if len(raw) > BODY_MAX:
                raise Turned(problem(413, f"at most {BODY_MAX} bytes"))
        body = json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError, web.RequestPayloadError):
        raise Turned(problem(400, "not well-formed JSON")) from None
    if not isinstance(body, dict):
        raise Turned(problem(400, "send a JSON object"))
    if not all(_keepable(value) for value in body.values() if isinstance(value, str)):
        raise Turned(problem(400, "half characters and NUL are no text"))
    return body


def _keepable(text: str) -> bool:
    """Whether a text is whole: no half of a surrogate pair, no NUL (PostgreSQL keeps neither)."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
