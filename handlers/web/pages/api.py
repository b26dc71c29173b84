"""API v1 for the pages of this installation: the same templates, the same verb, RFC 9457 answers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core import anomalies, inbox, people, sop
from core.kit import Actor, Refusal, canonical, unit_of_work
from handlers import text
from handlers.web import asking, bodies, showing
from handlers.web.pages import api_description

BODY_MAX = 64_000
CHAT_COOKIE = "bihuan_chat"
CHANNEL = "api"
KEY = re.compile(r"[A-Za-z0-9_\-:.]{8,80}")
EVIDENCE_MAX = 2**53
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Call = Callable[[web.Request, Actor], Awaitable[web.StreamResponse]]


class ReportBody(BaseModel):
    """A new anomaly: category, answers by the keys of its template, evidence ids kept before."""

    model_config = ConfigDict(extra="forbid", strict=True)
    category: str = Field(min_length=1, max_length=4, pattern="^[A-Z]+$")
    answers: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], str] = Field(max_length=60)
    evidence_ids: list[Annotated[int, Field(ge=1, le=EVIDENCE_MAX)]] = Field(max_length=9)


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
            actor = await _actor(request, writing=writing)
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
    """Report an anomaly by its category's template; the same Idempotency-Key makes no second case."""
    key = request.headers.get("Idempotency-Key", "")
    if key and KEY.fullmatch(key) is None:
        return problem(400, "Idempotency-Key takes 8 to 80 letters, digits and _-:.")
    try:
        body = ReportBody.model_validate(await bodies.json_of(request, BODY_MAX))
    except ValidationError as wrong:
        faults = json.loads(wrong.json(include_input=False, include_url=False))
        return problem(422, "the body is not what this route takes", faults=faults)
    if not key:
        return _created(_shown(await _report(actor, body)))
    kept_key = hashlib.sha256(f"{actor.identity}:{key}".encode()).hexdigest()
    digest = canonical.digest(body.model_dump())
    given = await inbox.answer_of(CHANNEL, kept_key)
    if given is None:
        try:
            async with unit_of_work():
                given = {"digest": digest, "answer": _shown(await _report(actor, body))}
                await inbox.keep_answer(CHANNEL, kept_key, f"p{actor.identity}", given)
        except inbox.AnsweredAlready:
            given = await inbox.answer_of(CHANNEL, kept_key)
    if given is None or given["digest"] != digest:
        return problem(422, "this Idempotency-Key was used for another body")
    return _created(given["answer"])


def _created(answer: object) -> web.Response:
    return web.json_response(answer, status=201, headers=showing.HEADERS)


async def _report(actor: Actor, body: ReportBody) -> anomalies.AnomalyFacts:
    found = await sop.current_template(actor.plant_id, body.category)
    return await anomalies.report(
        actor,
        template_id=found.id,
        answers=dict(body.answers),
        evidence_ids=body.evidence_ids,
        channel=CHANNEL,
    )


async def anomaly(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One case."""
    return web.json_response(
        _shown(await anomalies.get(actor, request.match_info["number"][:40])), headers=showing.HEADERS
    )


async def openapi(_request: web.Request) -> web.StreamResponse:
    """This document's own description, OpenAPI 3.1; it shows no record and needs no sign-in."""
    return web.json_response(api_description.document(ReportBody, AnomalyBody), headers=showing.HEADERS)


ROUTES = [
    web.get("/api/v1/openapi.json", openapi),
    web.get("/api/v1/templates", answering(templates, subject="templates")),
    web.get("/api/v1/templates/{category}", answering(template, subject="template {category}")),
    web.post("/api/v1/anomalies", answering(report, subject="report", writing=True)),
    web.get("/api/v1/anomalies/{number}", answering(anomaly, subject="case {number}", of_case=True)),
]
