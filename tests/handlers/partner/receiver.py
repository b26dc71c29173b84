"""A partner's receiver of webhooks on loopback: it checks signatures in its own few lines, as a stranger would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


def genuine(secret: str, headers: Any, body: bytes, now: float) -> bool:
    """Standard Webhooks: one of the signatures is HMAC-SHA-256 of ``id.seconds.body``, not older than five minutes."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [one.split(",", 1)[1] for one in headers["webhook-signature"].split() if one.startswith("v1,")]
    return abs(now - int(headers["webhook-timestamp"])) <= 300 and any(
        hmac.compare_digest(wanted, one) for one in given
    )


class Receiver:
    """Answers as it is told and keeps what came."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._take)
        self.server = TestServer(app, host="127.0.0.1")

    async def _take(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        status, headers = self.answers.pop(0) if self.answers else (200, {})
        return web.Response(status=status, headers=headers)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.port}/hook"

    def bodies(self) -> list[dict[str, Any]]:
        """What was said, in order."""
        return [json.loads(body) for _headers, body in self.heard]
