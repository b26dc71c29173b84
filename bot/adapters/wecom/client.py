"""WeCom's API as one app uses it: with a token that may die early."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from bot.adapters.wecom.answers import DEAD_TOKEN, Refused, Unreached
from bot.adapters.wecom.calls import Answer, Calls, Sent
from bot.adapters.wecom.tokens import Tokens
from core.kit.keys import KeyRing

Body = dict[str, Any]


class WecomApi:
    """One app's access to the API."""

    def __init__(self, *, base: str, corp: str, secret: str, agent: int, ring: KeyRing) -> None:
        """Keep the credentials; no connection is opened yet."""
        self.corp = corp
        self.agent = agent
        self._calls = Calls(base)
        app = f"{self._calls.base}\n{corp}\n{agent}\n{secret}"
        self.tokens = Tokens(ring, app, lambda: self._calls.token(corp, secret))

    async def close(self) -> None:
        """Close the connections."""
        await self._calls.close()

    async def get(self, api: str, **query: str) -> Answer:
        """Ask.

        Raises:
            Refused, Unreached: see ``post``.
        """
        return await self._with_token("GET", api, query, None)

    async def post(self, api: str, body: Body, **query: str) -> Answer:
        """Tell; the body goes out as the same bytes for the same body.

        Raises:
            Refused: WeCom answers with an error number, after one renewal of a dead token.
            Unreached: no answer came.
        """
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return await self._with_token("POST", api, query, text)

    async def upload(self, data: bytes, name: str, media_type: str, kind: str = "image") -> str:
        """Upload a picture, or a file (``kind``); answers its id, good for three days.

        Raises:
            Refused, Unreached: it is not taken.
        """

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field("media", data, filename=name, content_type=media_type)
            return made

        answer = await self._with_token("POST", "media/upload", {"type": kind}, form)
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
        query = {"media_id": media_id}
        try:
            return await self._calls.downloaded("media/get", {**query, "access_token": token}, limit)
        except Refused as refused:
            if refused.code not in DEAD_TOKEN:
                raise
        token = await self.tokens.renew(token)
        return await self._calls.downloaded("media/get", {**query, "access_token": token}, limit)

    async def _with_token(self, method: str, api: str, query: dict[str, str], sent: Sent) -> Answer:
        token = await self.tokens.current()
        try:
            return await self._calls.asked(method, api, {**query, "access_token": token}, sent)
        except Refused as refused:
            if refused.code not in DEAD_TOKEN:
                raise
        token = await self.tokens.renew(token)
        return await self._calls.asked(method, api, {**query, "access_token": token}, sent)
