"""One request to WeCom's API: HTTP 200 with an error number in it, connections that break, answers that are half."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.adapters.wecom.answers import Refused, Unreached

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
ANSWER_MAX = 1_000_000
OK = 200
GATEWAY = 500
"""From this HTTP status on, a gateway on the way failed: WeCom did not take the request."""
JSON_TYPES = ("application/json", "text/plain", "text/html")
NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""The connection was never made, so WeCom cannot have taken anything."""
BROKEN = (aiohttp.ClientError, TimeoutError, OSError)
Answer = dict[str, Any]
Sent = str | Callable[[], aiohttp.FormData] | None


class Calls:
    """Connections to one base address; it is a setting, so that tests and proxies may stand there."""

    def __init__(self, base: str) -> None:
        """Keep the address; no connection is opened yet."""
        self.base = base.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=TIMEOUT,
                connector=aiohttp.TCPConnector(limit=16, keepalive_timeout=10),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _address(self, api: str) -> str:
        return f"{self.base}/cgi-bin/{api}"

    async def token(self, corp: str, secret: str) -> tuple[str, int]:
        """Ask for an access token; answers it with its seconds of life.

        Raises:
            Refused, Unreached: there is none to be had; the secret is in no message.
        """
        try:
            answer = await self.asked("GET", "gettoken", {"corpid": corp, "corpsecret": secret})
        except Unreached as fault:
            raise Unreached(str(fault), left=False) from None  # what it is needed for was not sent
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            why = "gettoken answered without a token"
            raise Unreached(why, left=False)
        return token, seconds

    async def asked(self, method: str, api: str, query: dict[str, str], sent: Sent = None) -> Answer:
        """One request and what WeCom says to it.

        Raises:
            Refused: an error number.
            Unreached: no whole answer.
        """
        data = sent() if callable(sent) else None if sent is None else sent.encode()
        headers = {"Content-Type": "application/json"} if isinstance(sent, str) else None
        try:
            async with self._connections().request(
                method, self._address(api), params=query, data=data, headers=headers
            ) as answer:
                return _judged(answer.status, await _at_most(answer, ANSWER_MAX) or b"")
        except NEVER_LEFT as fault:
            raise Unreached(_said(api, fault), left=False) from None
        except BROKEN as fault:
            raise Unreached(_said(api, fault), left=True) from None

    async def downloaded(self, api: str, query: dict[str, str], limit: int) -> bytes | None:
        """A file; None when it is larger than ``limit`` bytes.

        Raises:
            Refused: WeCom does not give it.
            Unreached: it cannot be had now.
        """
        try:
            async with self._connections().get(self._address(api), params=query) as answer:
                # an error comes as JSON; a file never comes without its name
                if "Content-Disposition" not in answer.headers and answer.content_type in JSON_TYPES:
                    _judged(answer.status, await _at_most(answer, ANSWER_MAX) or b"")
                    why = f"{api} answered without a file"
                    raise Unreached(why, left=False)
                if answer.status != OK:
                    why = f"{api}: HTTP {answer.status}"
                    raise Unreached(why, left=False)
                return await _at_most(answer, limit)
        except BROKEN as fault:
            raise Unreached(_said(api, fault), left=False) from None


def _said(api: str, fault: BaseException) -> str:
    """What happened, without the address: it holds the secret or the token."""
    return f"{api}: {type(fault).__name__}"


def _judged(status: int, said: bytes) -> Answer:
    """The answer, when it is one.

    Raises:
        Refused: with an error number.
        Unreached: a gateway on the way, or half an answer; after a good status the request was taken.
    """
    try:
        answer = json.loads(said)
        code = int(answer.get("errcode", 0))
    except (ValueError, AttributeError, TypeError):
        why = f"HTTP {status} without an answer of WeCom"
        raise Unreached(why, left=status < GATEWAY) from None
    if code != 0:
        raise Refused(code, str(answer.get("errmsg", "")))
    if status != OK:
        why = f"HTTP {status}"
        raise Unreached(why, left=status < GATEWAY)
    return dict(answer)


async def _at_most(answer: aiohttp.ClientResponse, limit: int) -> bytes | None:
    kept = bytearray()
    async for piece in answer.content.iter_chunked(65_536):
        kept += piece
        if len(kept) > limit:
            return None
    return bytes(kept)
