"""The callback address: WeCom's check of it, and messages stored before they are confirmed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.adapters.wecom import reading, wire
from bot.adapters.wecom.crypto import CallbackSeal, Forged
from bot.reception import answered
from core.kit import clock
from handlers.chat.vocabulary import Intake
from handlers.web import bodies

log = logging.getLogger(__name__)
PATH = "/wecom/callback"
BODY_MAX = 200_000
WINDOW = 300
"""Seconds that a callback's own time may differ from ours: WeCom repeats for some twenty, clocks differ a little."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """The two handlers of the route. A repeat within the window finds its number in the inbox and changes nothing."""

    seal: CallbackSeal
    agent: int
    intake: Callable[[], Intake | None]

    def routes(self) -> list[web.RouteDef]:
        """GET for the check, POST for what comes."""
        return [web.get(PATH, self._checked, allow_head=False), web.post(PATH, self._taken)]

    async def _checked(self, request: web.Request) -> web.Response:
        """Give back what WeCom sealed for us, plainly: that is how it knows that the address is ours."""
        plain = self._opened(request, request.query.get("echostr", ""))
        echo = None if plain is None else wire.echo_in(plain)
        return (
            web.Response(status=403) if echo is None else web.Response(body=echo, content_type="text/plain")
        )

    async def _taken(self, request: web.Request) -> web.Response:
        """Store, commit, and only then answer; nothing is said here, answers go out by the API."""
        body = await _body(request)
        encrypted = None if body is None else wire.encrypted_in(body)
        if encrypted is None:
            return web.Response(status=400)
        plain = self._opened(request, encrypted)
        if plain is None:
            return web.Response(status=403)
        message = wire.message_in(plain)
        if message is None or message.agent not in ("", str(self.agent)):
            log.error("a callback that is no message of our app", extra={"action": "callback_malformed"})
            return web.Response(status=400)
        store = self.intake()
        if store is None:
            return web.Response(status=503)
        return await answered(store, [reading.arrived(message)])

    def _opened(self, request: web.Request, encrypted: str) -> bytes | None:
        """What WeCom sealed for us just now; None for anything else, with the reason in the log only."""
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        try:
            plain = self.seal.opened(query.get("msg_signature", ""), timestamp, nonce, encrypted)
        except Forged as forged:
            log.warning("callback refused", extra={"action": "callback_refused", "why": str(forged)})
            return None
        if not _is_fresh(timestamp):
            log.warning("callback refused", extra={"action": "callback_refused", "why": "time"})
            return None
        return plain


def _is_fresh(timestamp: str) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):  # noqa: PLR2004  seconds until the year 33658
        return False
    return abs(clock.now().timestamp() - int(timestamp)) <= WINDOW


async def _body(request: web.Request) -> bytes | None:
    try:
        return await bodies.whole(request, BODY_MAX)
    except web.HTTPException:
        return None
