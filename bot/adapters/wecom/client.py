"""Calls to WeCom's API: HTTP 200 with an error number in it, a token that may die early, connections that break."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from bot.adapters.wecom.answers import DEAD_TOKEN, Refused, Unreached
from bot.adapters.wecom.tokens import Tokens
from core.kit.keys import KeyRing

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
ANSWER_MAX = 1_000_000
JSON_TYPES = ("application/json", "text/plain", "text/html")
NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""The connection was never made, so WeCom cannot have taken anything."""
Body = dict[str, Any]


class WecomApi:
    """One app's access to the API; the base address is a setting, so that tests and proxies may stand there."""

    def __init__(self, *, base: str, corp: str, secret: str, agent: int, ring: KeyRing) -> None:
        """Keep the credentials; no connection is opened yet."""
        self.agent = agent
        self._base = base.rstrip("/")
        self._corp = corp
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None
        self.tokens = Tokens(ring, f"{self._base}\n{corp}\n{agent}\n{secret}", self.fetch_token)

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

    async def fetch_token(self) -> tuple[str, int]:
        """Ask for an access token; answers it with its seconds of life.

        Raises:
            Refused, Unreached: there is none to be had; the secret is in no message.
        """
        answer = await self._asked("GET", "gettoken", {"corpid": self._corp, "corpsecret": self._secret})
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            why = "gettoken answered without a token"
            raise Unreached(why, left=False)
        return token, seconds

    async def get(self, api: str, **query: str) -> Body:
        """Ask.

        Raises:
            Refused, Unreached: see ``post``.
        """
        return await self._with_token("GET", api, query, None)

    async def post(self, api: str, body: Body, **query: str) -> Body:
        """Tell; the body goes out as the same bytes for the same body.

        Raises:
            Refused: WeCom answers with an error number, after one renewal of a dead token.
            Unreached: no answer came.
        """
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return await self._with_token("POST", api, query, text)

    async def upload(self, data: bytes, name: str, media_type: str) -> str:
        """Upload a picture; answers its id, good for three days.

        Raises:
            Refused, Unreached: it is not taken.
        """

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field("media", data, filename=name, content_type=media_type)
            return made

        answer = await self._with_token("POST", "media/upload", {"type": "image"}, form)
        media = answer.get("media_id")
        if not isinstance(media, str) or not media:
            why = "media/upload answered without an id"
            raise Unreached(why, left=False)
        return media

    async def download(self, media_id: str, limit: int) -> bytes | None:
        """A picture or file that a member sent; None when it is larger than ``limit``.

        Raises:
            Refused: it is gone, or the id is none.
            Unreached: it cannot be had now.
        """
        token = await self.tokens.current()
        try:
            return await self._downloaded(media_id, token, limit)
        except Refused as refused:
            if refused.code not in DEAD_TOKEN:
                raise
        return await self._downloaded(media_id, await self.tokens.renew(token), limit)

    async def _downloaded(self, media_id: str, token: str, limit: int) -> bytes | None:
        query = {"access_token": token, "media_id": media_id}
        try:
            async with self._connections().get(self._address("media/get"), params=query) as answer:
                # an error comes as JSON, a file never without its name
                if "Content-Disposition" not in answer.headers and answer.content_type in JSON_TYPES:
                    _judged(answer.status, await answer.content.read(ANSWER_MAX))
                    why = "media/get answered without a file"
                    raise Unreached(why, left=False)
                if answer.status != 200:  # noqa: PLR2004  HTTP
                    why = f"media/get: HTTP {answer.status}"
                    raise Unreached(why, left=False)
                return await _at_most(answer, limit)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise Unreached(_said("media/get", fault), left=False) from None

    async def _with_token(self, method: str, api: str, query: dict[str, str], body: Any) -> Body:
        token = await self.tokens.current()
        try:
            return await self._asked(method, api, {**query, "access_token": token}, body)
        except Refused as refused:
            if refused.code not in DEAD_TOKEN:
                raise
        token = await self.tokens.renew(token)
        return await self._asked(method, api, {**query, "access_token": token}, body)

    def _address(self, api: str) -> str:
        return f"{self._base}/cgi-bin/{api}"

    async def _asked(self, method: str, api: str, query: dict[str, str], body: Any = None) -> Body:
        data = body() if callable(body) else None if body is None else body.encode()
        headers = {"Content-Type": "application/json"} if isinstance(body, str) else None
        try:
            async with self._connections().request(
                method, self._address(api), params=query, data=data, headers=headers
            ) as answer:
                said = await answer.content.read(ANSWER_MAX)
                while not answer.content.at_eof() and len(said) < ANSWER_MAX:
                    said += await answer.content.read(ANSWER_MAX)
                return _judged(answer.status, said)
        except NEVER_LEFT as fault:
            raise Unreached(_said(api, fault), left=False) from None
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as fault:
            raise Unreached(_said(api, fault), left=True) from None


def _said(api: str, fault: BaseException) -> str:
    """What happened, without the address: it holds the secret or the token."""
    return f"{api}: {type(fault).__name__}"


def _judged(status: int, said: bytes) -> Body:
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
        raise Unreached(why, left=status < 500) from None  # noqa: PLR2004  HTTP
    if code != 0:
        raise Refused(code, str(answer.get("errmsg", "")))
    if status != 200:  # noqa: PLR2004  HTTP
        why = f"HTTP {status}"
        raise Unreached(why, left=status < 500)  # noqa: PLR2004  HTTP
    return dict(answer)


async def _at_most(answer: aiohttp.ClientResponse, limit: int) -> bytes | None:
    kept = bytearray()
    async for piece in answer.content.iter_chunked(65_536):
        kept += piece
        if len(kept) > limit:
            return None
    return bytes(kept)
