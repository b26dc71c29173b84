"""What a witness script asks and hands in. Its registered key is its sign-in; people fetch the script with theirs."""

from __future__ import annotations

import base64
import binascii

from aiohttp import web

from core import witness
from core.kit import Actor, Refusal
from handlers import text
from handlers.web import asking, bodies, showing
from handlers.web.pages import api
from handlers.witness import shipping

BODY_MAX = 20_000
_DIGITS = 18


async def _by_key(request: web.Request) -> Actor:
    """The actor of the key that signed this request.

    Raises:
        KeyUnknown: none did.
    """
    kind, _gap, rest = request.headers.get("Authorization", "").partition(" ")
    name, _gap, rest = rest.partition(" ")
    moment, _gap, encoded = rest.partition(" ")
    try:
        signature = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise witness.KeyUnknown from None
    if kind != "Witness" or not (moment.isascii() and moment.isdecimal()) or len(moment) > _DIGITS:
        raise witness.KeyUnknown
    message = f"bihuan-witness-request/v1\n{int(moment)}\n{request.method} {request.path_qs}\n".encode()
    return await witness.actor_for_key(name, int(moment), signature, message)


def _plain(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/plain", headers=showing.HEADERS)


def _refused(request: web.Request, refusal: Refusal) -> web.Response:
    status = 401 if isinstance(refusal, witness.KeyUnknown) else asking.status_of(refusal, 409)
    return api.problem(status, text.said(refusal, asking.locale_of(request)), code=refusal.code)


async def request_to_sign(request: web.Request) -> web.StreamResponse:
    """The present checkpoint with the proof from ``old``, as C2SP tlog-witness writes it."""
    old = request.query.get("old", "0")
    if not (old.isascii() and old.isdecimal()) or len(old) > _DIGITS:
        return api.problem(400, "old is the size that the witness has seen last")
    try:
        await _by_key(request)
        return _plain(await witness.request(int(old)))
    except Refusal as refusal:
        return _refused(request, refusal)


async def take(request: web.Request) -> web.StreamResponse:
    """A checkpoint with cosignatures under it; answers how many are kept."""
    if request.content_type != "text/plain":
        raise web.HTTPUnsupportedMediaType
    try:
        actor = await _by_key(request)
        raw = await bodies.whole(request, BODY_MAX)
        taken = await witness.cosign(actor, raw.decode())
    except UnicodeDecodeError:
        return api.problem(400, "not UTF-8 text")
    except Refusal as refusal:
        return _refused(request, refusal)
    return _plain("".join(f"{one.size}:{one.root[:8]}\n" for one in taken))


async def script(_request: web.Request, _actor: Actor) -> web.StreamResponse:
    """The stand-alone script, as a download."""
    return web.Response(
        text=shipping.script(),
        content_type="text/x-python",
        headers={**showing.HEADERS, "Content-Disposition": f'attachment; filename="{shipping.NAME}"'},
    )


ROUTES = [
    web.get("/api/v1/witness/request", request_to_sign),
    web.post("/api/v1/witness/cosignatures", take),
    web.get("/api/v1/witness/script", api.answering(script, subject="witness script")),
]
