"""How the API says no: RFC 9457 problem documents, a code for programs, a sentence for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from core import clients, epcis, imports, inbox
from core.kit import Refusal
from handlers import text
from handlers.text import mark
from handlers.web import asking, showing

MEDIA = "application/problem+json"
SAID = {
    "BadBody": mark("The body is not what this route takes. Please see the faults and the OpenAPI document."),
    "BadQuery": mark("The parameters are not what this route takes. Please see the faults."),
    "BadJson": mark("The body is not well-formed JSON, or holds what is no text."),
    "NoText": mark("The body holds a NUL character, which is no text."),
    "TooDeep": mark("The body is nested too deeply."),
    "BadKey": mark("Idempotency-Key takes 8 to 80 letters, digits and _-:."),
    "KeyReused": mark("This Idempotency-Key was used for another body. Please take a new key."),
    "StillRunning": mark(
        "A request with this Idempotency-Key is being carried out. Please ask again in a moment."
    ),
    "SignIn": mark("Please send an access token; people sign in first, and writing needs X-CSRF-Token."),
}
"""What is said where no room refuses but the door itself."""


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: object
) -> web.Response:
    """A problem document."""
    said = {
        "type": f"urn:bihuan:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **{name: value for name, value in more.items() if value},
    }
    return web.json_response(
        said, status=status, content_type=MEDIA, headers={**showing.HEADERS, **(headers or {})}
    )


def by_door(status: int, code: str, locale: str, **more: object) -> web.Response:
    """A problem that the door itself sees; its sentence stands in ``SAID``."""
    return problem(status, code, text.translator(locale)(SAID[code]), **more)  # type: ignore[arg-type]


def by_protocol(fault: web.HTTPException) -> web.Response:
    """A fault of the protocol: too large, another type, broken off."""
    return problem(fault.status, HTTPStatus(fault.status).phrase.replace(" ", ""), fault.reason)


def invalid(wrong: ValidationError, code: str, locale: str) -> web.Response:
    """What does not fit the model: 400; what fits, but is no such time or value: 422."""
    faults = json.loads(wrong.json(include_input=False, include_url=False, include_context=False))
    shape = any(
        not one["type"].startswith(("value_error", "datetime", "timezone", "date_")) for one in faults
    )
    return by_door(400 if shape else 422, code, locale, faults=faults)


def status_of(refusal: Refusal) -> int:
    """The status of a refusal."""
    if isinstance(refusal, clients.TooFast):
        return 429
    if isinstance(refusal, clients.TokenDead):
        return 401
    if isinstance(refusal, inbox.AnsweredAlready):
        return 409
    if isinstance(refusal, epcis.EventUnknown):
        return 404
    return asking.status_of(refusal, 422)


def refused(refusal: Refusal, locale: str) -> web.Response:
    """A room's refusal: what is wrong by field, or by line and column of a file."""
    more: dict[str, Any] = {}
    faults = getattr(refusal, "faults", None)
    if isinstance(refusal, imports.Faulty):
        more["faults"] = [
            {
                "line": one.line,
                "column": one.column,
                "code": one.why.code,
                "detail": text.said(one.why, locale),
            }
            for one in refusal.faults
        ]
    elif isinstance(refusal, epcis.CaptureRefused):
        more["faults"] = [
            {
                "index": one.index,
                "path": one.path,
                "code": one.why.code,
                "detail": text.said(one.why, locale),
            }
            for one in refusal.faults
        ]
    elif isinstance(faults, dict):
        more["fields"] = {key: text.said(fault, locale) for key, fault in faults.items()}
    headers: dict[str, str] = {}
    if isinstance(refusal, clients.TooFast):
        headers["Retry-After"] = str(refusal.facts["seconds"])
    if isinstance(refusal, clients.TokenDead):
        headers["WWW-Authenticate"] = 'Bearer realm="bihuan", error="invalid_token"'
    if isinstance(refusal, clients.ScopeMissing):
        scope = str(refusal.facts["scope"])
        headers["WWW-Authenticate"] = f'Bearer realm="bihuan", error="insufficient_scope", scope="{scope}"'
    return problem(status_of(refusal), refusal.code, text.said(refusal, locale), headers=headers, **more)
