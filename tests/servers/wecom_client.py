"""The smallest client of the loopback server: what its own tests call it with, apart from the product's."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.servers.wecom import WeComServer


@dataclass
class Client:
    """Holds a token and calls; fetches no new one by itself."""

    server: WeComServer
    token: str = ""
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self.token = (await self.asks_token())["access_token"]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def asks_token(self, **other: str) -> dict[str, Any]:
        query = {"corpid": self.server.corp_id, "corpsecret": self.server.secret} | other
        return await self.gets("gettoken", **query)

    async def gets(self, api: str, **query: str) -> dict[str, Any]:
        assert self._session is not None
        asked = query if api == "gettoken" else {"access_token": self.token, **query}
        async with self._session.get(f"{self.server.api_url}/cgi-bin/{api}", params=asked) as answer:
            answer.raise_for_status()
            if answer.content_type != "application/json":
                return {"content": await answer.read(), "type": answer.content_type}
            return dict(await answer.json())

    async def posts(self, api: str, body: Any, **query: str) -> dict[str, Any]:
        assert self._session is not None
        sent = {"data": body} if isinstance(body, aiohttp.FormData | str) else {"json": body}
        asked = {"access_token": self.token, **query}
        async with self._session.post(f"{self.server.api_url}/cgi-bin/{api}", params=asked, **sent) as answer:
            answer.raise_for_status()
            return dict(await answer.json())

    async def uploads(self, kind: str, content: bytes, name: str = "a.jpg") -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("media", io.BytesIO(content), filename=name, content_type="application/octet-stream")
        return await self.posts("media/upload", form, type=kind)

    async def sends(self, to: str, kind: str = "text", **more: Any) -> dict[str, Any]:
        """``text="…"`` is short for the content of a text."""
        text = more.pop("text", "hello")
        body = {"touser": to, "msgtype": kind, "agentid": self.server.agent_id}
        if kind in ("text", "markdown"):
            body[kind] = {"content": text}
        return await self.posts("message/send", body | more)

    async def sends_card(self, to: str, **other: Any) -> dict[str, Any]:
        return await self.sends(to, "template_card", template_card=button_card(**other))

    async def updates(self, code: str, **more: Any) -> dict[str, Any]:
        body = {"agentid": self.server.agent_id, "response_code": code} | more
        return await self.posts("message/update_template_card", body)


def button_card(task: str = "task-1", **other: Any) -> dict[str, Any]:
    """A right card with two buttons."""
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "AN-1 待确认", "desc": "涂层剥落"},
        "task_id": task,
        "button_list": [
            {"text": "确认", "style": 1, "key": "yes"},
            {"text": "转交", "style": 2, "key": "no"},
        ],
    }
    return {name: value for name, value in (card | other).items() if value is not None}


@dataclass
class CallbackDoor:
    """An address for callbacks that keeps what comes and answers what it is told to."""

    server: WeComServer
    statuses: list[int] = field(default_factory=list)
    """Answers before 200 is answered for ever; 0 leaves the caller without one."""
    reply: str = ""
    came: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/wecom/callback", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        await self.server.sets_callback(f"http://127.0.0.1:{port}/wecom/callback")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        seal = self.server.state.seal
        if request.method == "GET":
            return web.Response(text=seal.decrypt(request.query["echostr"]))
        body = await request.text()
        self.queries.append(dict(request.query))
        self.came.append(seal.decrypt(body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status or 200, text=self.reply)
