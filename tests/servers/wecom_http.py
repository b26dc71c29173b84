"""The HTTP side of the WeCom API: calls as they come, answers whole, half or not at all."""

from __future__ import annotations

import json
import secrets
from typing import Any

from aiohttp import web

from tests.servers import wecom_access, wecom_menu, wecom_sending, wecom_updating
from tests.servers.wecom_limits import RefusedError
from tests.servers.wecom_state import Call, State

APIS: dict[str, str] = {
    "gettoken": "GET",
    "message/send": "POST",
    "message/update_template_card": "POST",
    "message/recall": "POST",
    "media/upload": "POST",
    "media/get": "GET",
    "auth/getuserinfo": "GET",
    "getcallbackip": "GET",
    "menu/create": "POST",
    "agent/get": "GET",
}


def perform(state: State, call: Call, method: str) -> web.Response:
    """Performs a call of the app.

    Raises:
        RefusedError: whatever the real server would refuse.
    """
    api = call.api
    if method != APIS[api]:
        raise RefusedError.wrong(43001 if APIS[api] == "GET" else 43002, f"{api} wants {APIS[api]}")
    if api == "gettoken":
        return _json(call, wecom_access.get_token(state, call))
    if not state.faults.is_trusted:
        raise RefusedError(60020, "not allow to access from your ip")
    app = call.app = wecom_access.app_of(state, call)
    if not state.rates.api.admits(api, state.wall()):
        raise RefusedError(45009, "api freq out of limit")
    if api == "media/get":
        kept = state.media.find(call.query.get("media_id"))
        disposition = f'attachment; filename="{kept.name}"'
        return web.Response(
            body=kept.content,
            headers={"Content-Type": kept.mime, "Content-disposition": disposition},
        )
    if call.is_broken:
        raise RefusedError.wrong(47001, "data format error")
    match api:
        case "message/send":
            return _json(call, wecom_sending.send(state, call, app))
        case "message/update_template_card":
            return _json(call, wecom_updating.update(state, call, app))
        case "message/recall":
            return _json(call, wecom_sending.recall(state, call, app))
        case "media/upload":
            return _json(call, wecom_sending.upload(state, call, app))
        case "agent/get":
            return _json(call, wecom_access.get_agent(state, call, app))
        case "menu/create":
            return _json(call, wecom_menu.create(state, call, app))
        case "auth/getuserinfo":
            return _json(call, wecom_access.get_user_info(state, call))
    return _json(call, wecom_access.get_callback_ip(state, call))


async def read(request: web.Request, api: str) -> Call:
    """Query and body of a call; a body that is no JSON object is remembered as broken."""
    call = Call(api, dict(request.query))
    if request.method != "POST":
        return call
    if request.content_type == "multipart/form-data":
        for name, value in (await request.post()).items():
            if name == "media" and isinstance(value, web.FileField):
                call.upload = (value.filename, value.file.read())
        return call
    try:
        sent = json.loads(await request.text())
    except (ValueError, UnicodeDecodeError):
        sent = None
    if isinstance(sent, dict):
        call.body = sent
    else:
        call.is_broken = True
    return call


def _json(call: Call, found: dict[str, Any]) -> web.Response:
    call.answer = {"errcode": 0, "errmsg": "ok", **found}
    return web.json_response(call.answer)


def refused(call: Call, refused: RefusedError) -> web.Response:
    """A refusal as it is answered."""
    # the words carry a hint that changes each time: whoever compares them fails
    hint = f"{refused.words}, hint: [{secrets.randbelow(10**12)}], from ip: 127.0.0.1"
    call.answer = {"errcode": refused.code, "errmsg": hint}
    return web.json_response(call.answer)


def cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def half(request: web.Request, whole: web.Response) -> web.StreamResponse:
    """Promises the whole answer, gives half of it, and hangs up."""
    body = whole.body if isinstance(whole.body, bytes) else b"{}"
    answer = web.StreamResponse(headers={**whole.headers, "Content-Length": str(len(body))})
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return answer
