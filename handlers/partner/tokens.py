"""The token endpoint: client credentials (RFC 6749, 4.4) by HTTP Basic or in the form, answers as the RFC words them."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from aiohttp import web

from core import clients
from core.kit import clock
from handlers.web import bodies, showing

PATH = "/api/v1/token"
BODY_MAX = 8_000
FORM = "application/x-www-form-urlencoded"


class _Wrong(Exception):  # noqa: N818  it carries the RFC's word
    """What RFC 6749, 5.2 calls the error, and its status."""

    def __init__(self, error: str, said: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.said, self.status = error, said, status


async def _form(request: web.Request) -> dict[str, str]:
    if request.content_type != FORM:
        raise _Wrong("invalid_request", f"send {FORM}")
    raw = await bodies.whole(request, BODY_MAX)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise _Wrong("invalid_request", "not a form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _Wrong("invalid_request", "a parameter stands twice")
    if any("\x00" in part for pair in pairs for part in pair):
        raise _Wrong("invalid_request", "NUL is no text")
    return fields


def _by_header(request: web.Request) -> tuple[str, str] | None:
    kind, _gap, rest = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        return None
    if kind.lower() != "basic":
        raise _Wrong("invalid_client", "use HTTP Basic or the form", 401)
    try:
        name, _colon, secret = base64.b64decode(rest, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise _Wrong("invalid_client", "the header cannot be read", 401) from None
    return unquote_plus(name), unquote_plus(secret)


async def token(request: web.Request) -> web.StreamResponse:
    """Give an access token for a client's id and secret."""
    try:
        made = await _token(request)
    except _Wrong as wrong:
        headers = {**showing.HEADERS, "Pragma": "no-cache"}
        if wrong.status == 401:  # noqa: PLR2004
            headers["WWW-Authenticate"] = 'Basic realm="bihuan", charset="UTF-8"'
        said = {"error": wrong.error, "error_description": wrong.said}
        return web.json_response(said, status=wrong.status, headers=headers)
    except clients.TooFast as fast:
        headers = {**showing.HEADERS, "Retry-After": str(fast.facts["seconds"])}
        said = {"error": "temporarily_unavailable", "error_description": str(fast)}
        return web.json_response(said, status=429, headers=headers)
    lasts = int((made.expires_at - clock.now()).total_seconds())
    return web.json_response(
        {
            "access_token": made.token,
            "token_type": "Bearer",
            "expires_in": max(lasts, 0),
            "scope": " ".join(one.value for one in made.scopes),
        },
        headers={**showing.HEADERS, "Pragma": "no-cache"},
    )


async def _token(request: web.Request) -> clients.TokenMade:
    form = await _form(request)
    header = _by_header(request)
    if request.query_string:
        raise _Wrong("invalid_request", "parameters belong in the body")
    if form.get("grant_type") != "client_credentials":
        missing = "grant_type" not in form
        raise _Wrong("invalid_request" if missing else "unsupported_grant_type", "use client_credentials")
    if header is not None and ("client_secret" in form or form.get("client_id", header[0]) != header[0]):
        raise _Wrong("invalid_request", "use the header or the form, not both")
    name, secret = header or (form.get("client_id", ""), form.get("client_secret", ""))
    scopes = form["scope"].split() if form.get("scope", "").strip() else None
    try:
        return await clients.issue_token(name, secret, scopes, pace=clients.TOKENS)
    except clients.ClientRefused as refused:
        raise _Wrong("invalid_client", str(refused), 401) from None
    except clients.ScopesUnfit as unfit:
        raise _Wrong("invalid_scope", str(unfit)) from None


def described() -> dict[str, Any]:
    """The endpoint for the OpenAPI document."""

    def text(pattern: str = "") -> dict[str, Any]:
        return {"type": "string"} | ({"pattern": pattern} if pattern else {})

    error = {
        "type": "object",
        "required": ["error", "error_description"],
        "properties": {"error": text(), "error_description": text()},
    }
    made = {
        "type": "object",
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "properties": {
            "access_token": text(),
            "token_type": {"const": "Bearer"},
            "expires_in": {"type": "integer"},
            "scope": text(),
        },
    }
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"]},
            "client_id": text(),
            "client_secret": text(),
            "scope": text(),
        },
    }

    def json_of(schema: dict[str, Any], why: str) -> dict[str, Any]:
        return {"description": why, "content": {"application/json": {"schema": schema}}}

    return {
        "post": {
            "operationId": "post_token",
            "summary": "An access token for a client's id and secret (RFC 6749, 4.4)",
            "tags": ["token"],
            "security": [{"client": []}, {}],
            "requestBody": {"required": True, "content": {FORM: {"schema": form}}},
            "responses": {
                "200": json_of(made, "a token for 15 minutes"),
                "400": json_of(error, "invalid_request, invalid_scope, unsupported_grant_type"),
                "401": json_of(error, "invalid_client"),
                "413": {
                    "description": "too large",
                    "content": {"application/problem+json": {"schema": {"type": "object"}}},
                },
                "429": json_of(error, "too many tokens; `Retry-After` says when"),
            },
        }
    }
