"""The door of every route: who asks, what of, once, within the allowance; refusals become problem documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from core import clients, people
from core.clients import Caller, Spent
from core.kit import Actor, NotFound, Refusal, unit_of_work
from handlers.partner import once, problems, reading
from handlers.partner.table import JSON, Asked, Route, Said
from handlers.web import asking, showing
from handlers.web.pages import api

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
BEARER = "bearer"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="bihuan"'}


def bearer_of(request: web.Request) -> str | None:
    """The access token of a request; never from its address, where logs would keep it."""
    kind, _gap, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == BEARER and token.strip() else None


async def _known(request: web.Request, route: Route, locale: str) -> tuple[Actor, Caller | None] | None:
    token = bearer_of(request)
    if token is not None:
        caller = await clients.caller_of(token, locale)
        return caller.actor, caller
    if not route.people or "Authorization" in request.headers:
        return None
    actor = await api.actor_of(request, writing=route.method != "GET")
    if actor is None:
        return None
    people.must_be_let_in(actor)
    return actor, None


def answering(route: Route) -> Answer:
    """Make the handler of a row."""

    async def answer(request: web.Request) -> web.StreamResponse:
        locale = asking.locale_of(request)
        known: tuple[Actor, Caller | None] | None = None
        spent: Spent | None = None
        try:
            known = await _known(request, route, locale)
            if known is None:
                made: web.Response = problems.by_door(401, "SignIn", locale, headers=CHALLENGE)
            else:
                if (caller := known[1]) is not None:
                    spent = await clients.spend(caller.key, clients.REQUESTS)
                    caller.must(route.scope)
                    if route.pace is not None:
                        await clients.spend(caller.key, route.pace)
                made = await _made(request, route, known, locale)
        except Refusal as refusal:
            made = problems.refused(refusal, locale)
        except ValidationError as wrong:
            made = problems.invalid(wrong, "BadBody", locale)
        except web.HTTPException as known_fault:
            made = problems.by_protocol(known_fault)
        return marked(made, locale, spent, None if known is None else known[1])

    return answer


def marked(made: web.Response, locale: str, spent: Spent | None, caller: Caller | None) -> web.Response:
    """Say on every answer its language, what is left of the allowance, and whether it is the sandbox's."""
    made.headers["Content-Language"] = locale.replace("_", "-")
    made.headers["Vary"] = "Accept-Language, Authorization"
    if spent is not None:
        made.headers["RateLimit-Policy"] = f'"requests";q={spent.most};w=60'
        made.headers["RateLimit"] = f'"requests";r={spent.left};t={spent.seconds}'
    if caller is not None:
        made.headers["Bihuan-Sandbox"] = "true" if caller.sandbox else "false"
    return made


async def _made(
    request: web.Request, route: Route, known: tuple[Actor, Caller | None], locale: str
) -> web.Response:
    actor, caller = known
    try:
        path = reading.path_of(request.match_info, route.path_model)
    except ValidationError:
        raise NotFound(what=request.path[:60]) from None
    try:
        query = reading.query_of(request, route.query)
    except ValidationError as wrong:
        return problems.invalid(wrong, "BadQuery", locale)
    except reading.BadQuery:
        return problems.by_door(400, "BadQuery", locale)
    raw = await reading.raw_of(request, route)
    try:
        body = reading.body_of(raw, route)
    except reading.BadBody as bad:
        return problems.by_door(422 if bad.code == "NoText" else 400, bad.code, locale)
    asked = Asked(
        actor=actor,
        caller=caller,
        locale=locale,
        path=path,
        query=query,
        body=body,
        raw=raw,
        media=request.content_type if route.has_body else "",
        request=request,
    )
    if route.before is not None:
        asked = replace(asked, ready=await route.before(asked))
    return await (_written(asked, route) if route.writes else _read(asked, route))


async def _read(asked: Asked, route: Route) -> web.Response:
    said = await route.call(asked)
    await people.log_access(
        asked.actor,
        "api",
        route.subject.format(**asked.request.match_info),
        case=asked.request.match_info["number"][:40]
        if "{number}" in route.path and "case" in route.subject
        else None,
        detail=asked.actor.client,
    )
    made = _response(_plain(said, route))
    tag = f'"{hashlib.sha256(made.body if isinstance(made.body, bytes) else b"").hexdigest()[:32]}"'
    if made.status == route.status and route.method == "GET":
        if asked.request.headers.get("If-None-Match") == tag:
            made = web.Response(status=304, headers=showing.HEADERS)
        made.headers["ETag"] = tag
    return made


async def _written(asked: Asked, route: Route) -> web.Response:
    async def work() -> dict[str, Any]:
        return _plain(await route.call(asked), route)

    key = asked.request.headers.get("Idempotency-Key")
    if key is None or route.method != "POST":
        async with unit_of_work():
            made = await work()
        return _response(made)
    if once.KEY.fullmatch(key) is None:
        return problems.by_door(400, "BadKey", asked.locale)
    try:
        made, before = await once.once(asked, key, once.digest_of(asked, route.path), work)
    except once.KeyReused:
        return problems.by_door(422, "KeyReused", asked.locale)
    except once.StillRunning:
        return problems.by_door(409, "StillRunning", asked.locale, headers={"Retry-After": "1"})
    answer = _response(made)
    if before:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _plain(said: Said, route: Route) -> dict[str, Any]:
    """An answer as it is kept and sent: status, headers, type, text."""
    body = said.body
    if isinstance(body, BaseModel):
        text = body.model_dump_json()
    elif isinstance(body, list):
        text = f"[{','.join(one.model_dump_json() for one in body)}]"
    elif isinstance(body, bytes):
        text = body.decode("latin-1")
    else:
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body, ensure_ascii=False)
    return {
        "status": said.status or route.status,
        "headers": dict(said.headers),
        "media": said.media,
        "text": text,
        "bytes": isinstance(body, bytes),
    }


def _response(made: dict[str, Any]) -> web.Response:
    """What is sent of it."""
    content = made["text"].encode("latin-1" if made["bytes"] else "utf-8")
    if made["status"] == 204:  # noqa: PLR2004
        return web.Response(status=204, headers={**showing.HEADERS, **made["headers"]})
    return web.Response(
        body=content,
        status=made["status"],
        content_type=made["media"],
        charset="utf-8" if made["media"] == JSON else None,
        headers={**showing.HEADERS, **made["headers"]},
    )
