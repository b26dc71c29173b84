"""API v1 for the pages of this installation: the same templates, the same verb, RFC 9457 answers."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import models_json_schema

from core import anomalies, people, sop
from core.kit import Actor, NotFound, NotPermitted, Refusal
from handlers import text
from handlers.web import asking, showing

BODY_MAX = 64_000
CHAT_COOKIE = "bihuan_chat"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ReportBody(BaseModel):
    """A new anomaly: category, answers by the keys of its template, evidence ids kept before."""

    model_config = ConfigDict(extra="forbid", strict=True)
    category: str = Field(min_length=1, max_length=4)
    answers: dict[str, str] = Field(max_length=60)
    evidence_ids: list[int] = Field(max_length=9)


class AnomalyBody(BaseModel):
    """A case as the API shows it."""

    number: str
    state: str
    stage: int
    grade: str | None
    proposed_grade: str | None
    lot: str | None
    description: str
    reported_at: str


def problem(status: int, title: str, **more: object) -> web.Response:
    """An RFC 9457 problem document."""
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status, **more},
        status=status,
        content_type="application/problem+json",
        headers=showing.HEADERS,
    )


async def _actor(request: web.Request, *, writing: bool) -> Actor | None:
    """The person behind the admin or phone-page session; a writing request carries the session's token."""
    for cookie, door in ((asking.COOKIE, "admin"), (CHAT_COOKIE, "chat")):
        token = request.cookies.get(cookie, "")
        session = await people.session(token, door) if token else None
        if session is None or (door == "admin" and not session.second_factor):
            continue
        given = request.headers.get("X-CSRF-Token", "")
        if writing and (
            asking.foreign(request) or not hmac.compare_digest(given.encode(), session.csrf.encode())
        ):
            continue
        return await people.actor_of(session.person_id, "api")
    return None


def answering(
    call: Callable[[web.Request, Actor], Awaitable[web.StreamResponse]], *, writing: bool = False
) -> Answer:
    """Wrap a handler: sign-in, refusals as problem documents."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            actor = await _actor(request, writing=writing)
            if actor is None:
                return problem(401, "sign in first; writing needs X-CSRF-Token")
            return await call(request, actor)
        except Refusal as refusal:
            status = (
                404 if isinstance(refusal, NotFound) else 403 if isinstance(refusal, NotPermitted) else 422
            )
            locale = "en" if request.headers.get("Accept-Language", "").startswith("en") else "zh_CN"
            faults = getattr(refusal, "faults", {})
            return problem(
                status,
                text.said(refusal, locale),
                code=refusal.code,
                fields={key: text.said(fault, locale) for key, fault in faults.items()},
            )

    return answer


async def templates(_request: web.Request, actor: Actor) -> web.StreamResponse:
    """The categories that can be reported, with their template's version."""
    found = [
        await sop.current_template(actor.plant_id, one.code) for one in await sop.categories(actor.plant_id)
    ]
    return web.json_response(
        [{"category": one.category, "version": one.version, "template": one.id} for one in found],
        headers=showing.HEADERS,
    )


async def template(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One template in full."""
    found = await sop.current_template(actor.plant_id, request.match_info["category"][:4])
    return web.json_response(
        {
            "category": found.category,
            "version": found.version,
            "fields": [one.to_json() for one in found.fields],
        },
        headers=showing.HEADERS,
    )


def _no_constant(name: str) -> None:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


async def _body(request: web.Request) -> Any:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > BODY_MAX:
        raise web.HTTPRequestEntityTooLarge(max_size=BODY_MAX, actual_size=request.content_length or 0)
    kept = bytearray()
    async for chunk in request.content.iter_chunked(16_384):
        kept += chunk
        if len(kept) > BODY_MAX:
            raise web.HTTPRequestEntityTooLarge(max_size=BODY_MAX, actual_size=len(kept))
    try:
        return json.loads(bytes(kept).decode(), parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise web.HTTPBadRequest(reason="not well-formed JSON") from None


def _shown(facts: anomalies.AnomalyFacts) -> dict[str, object]:
    return AnomalyBody(
        number=facts.number,
        state=facts.state,
        stage=anomalies.stage_of(facts.state).position,
        grade=facts.grade,
        proposed_grade=facts.proposed_grade,
        lot=facts.lot_number,
        description=facts.description,
        reported_at=facts.reported_at.isoformat(),
    ).model_dump()


async def report(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Report an anomaly by its category's template."""
    try:
        body = ReportBody.model_validate(await _body(request))
    except ValidationError as wrong:
        return problem(
            422, "the body is not what this route takes", faults=json.loads(wrong.json(include_input=False))
        )
    found = await sop.current_template(actor.plant_id, body.category)
    made = await anomalies.report(
        actor, template_id=found.id, answers=dict(body.answers), evidence_ids=body.evidence_ids, channel="api"
    )
    return web.json_response(_shown(made), status=201, headers=showing.HEADERS)


async def anomaly(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One case."""
    return web.json_response(
        _shown(await anomalies.get(actor, request.match_info["number"][:40])), headers=showing.HEADERS
    )


async def openapi(_request: web.Request) -> web.StreamResponse:
    """This document's own description, OpenAPI 3.1."""
    _map, schemas = models_json_schema(
        [(ReportBody, "validation"), (AnomalyBody, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    shown = {
        "description": "a case",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AnomalyBody"}}},
    }
    said_no = {"description": "a problem document (RFC 9457)"}
    refused = dict.fromkeys(("400", "401", "403", "404", "413", "415", "422"), said_no)
    number = [{"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}]
    category = [{"name": "category", "in": "path", "required": True, "schema": {"type": "string"}}]
    listed = {"description": "a list", "content": {"application/json": {}}}
    return web.json_response(
        {
            "openapi": "3.1.0",
            "info": {"title": "Bihuan", "version": "1"},
            "paths": {
                "/api/v1/templates": {"get": {"responses": {"200": listed, **refused}}},
                "/api/v1/templates/{category}": {
                    "get": {"parameters": category, "responses": {"200": listed, **refused}}
                },
                "/api/v1/anomalies": {
                    "post": {
                        "requestBody": {
                            "required": True,
                            "content": {
                                "application/json": {"schema": {"$ref": "#/components/schemas/ReportBody"}}
                            },
                        },
                        "responses": {"201": shown, **refused},
                    }
                },
                "/api/v1/anomalies/{number}": {
                    "get": {"parameters": number, "responses": {"200": shown, **refused}}
                },
            },
            "components": {"schemas": schemas["$defs"]},
        },
        headers=showing.HEADERS,
    )


ROUTES = [
    web.get("/api/v1/openapi.json", openapi),
    web.get("/api/v1/templates", answering(templates)),
    web.get("/api/v1/templates/{category}", answering(template)),
    web.post("/api/v1/anomalies", answering(report, writing=True)),
    web.get("/api/v1/anomalies/{number}", answering(anomaly)),
]
