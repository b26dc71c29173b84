"""The WeCom server as its own process: members driven over HTTP under /control.

POST /control/callback {url} · /control/member {userid, name} · /control/say {userid, text} · /control/photo
{userid, picture (base64)} · /control/tap {userid, text} · /control/enter {userid} · /control/fault {verb, arguments};
GET /control/screen/<userid> · /control/state.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.servers.wecom import WeComServer
from tests.servers.wecom_limits import Rates
from tests.servers.wecom_people import Member
from tests.servers.wecom_screen import Shown

FAULTS = ("delay", "fail", "kill_tokens", "trust", "repeat_callbacks", "reorder")
Deed = Callable[[Member, dict[str, Any]], Awaitable[object]]


async def _say(member: Member, asked: dict[str, Any]) -> object:
    return as_plain(await member.says(asked["text"]))


async def _photo(member: Member, asked: dict[str, Any]) -> object:
    return as_plain(await member.sends_photo(base64.b64decode(asked["picture"])))


async def _tap(member: Member, asked: dict[str, Any]) -> object:
    return {"key": await member.taps(asked["text"], timeout=asked.get("timeout", 0.0))}


async def _enter(member: Member, asked: dict[str, Any]) -> object:
    await member.enters()
    return {}


DEEDS: dict[str, Deed] = {"say": _say, "photo": _photo, "tap": _tap, "enter": _enter}


def as_plain(shown: Shown) -> dict[str, Any]:
    """A message as JSON for a test in another process."""
    return {
        "from_app": shown.from_app,
        "kind": shown.kind,
        "words": shown.words,
        "buttons": shown.buttons,
        "options": shown.options,
        "edits": shown.edits,
        "deleted": shown.deleted,
    }


class ControlledServer(WeComServer):
    """The server with control addresses."""

    def add_routes(self, application: web.Application) -> None:
        """Adds /control."""
        application.router.add_get("/control/state", self._state)
        application.router.add_get("/control/screen/{userid}", self._screen)
        application.router.add_post("/control/callback", self._callback)
        application.router.add_post("/control/member", self._member)
        application.router.add_post("/control/fault", self._fault)
        application.router.add_post("/control/{deed}", self._deed)

    async def _callback(self, request: web.Request) -> web.Response:
        asked = await request.json()
        try:
            await self.sets_callback(asked["url"])
        except AssertionError as failed:
            return web.json_response({"failure": str(failed)}, status=409)
        return web.json_response({})

    async def _member(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response({"userid": self.member(asked["userid"], asked.get("name", "")).userid})

    async def _deed(self, request: web.Request) -> web.Response:
        asked = await request.json()
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            return web.json_response({"failure": f"no such deed; there are {sorted(DEEDS)}"}, status=404)
        try:
            return web.json_response(await deed(self.member(asked["userid"]), asked))
        except AssertionError as failed:
            return web.json_response({"failure": str(failed)}, status=409)

    async def _fault(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["verb"] not in FAULTS:
            return web.json_response({"failure": f"no such fault; there are {FAULTS}"}, status=404)
        getattr(self, asked["verb"])(**asked.get("arguments", {}))
        return web.json_response({})

    async def _screen(self, request: web.Request) -> web.Response:
        member = self.member(request.match_info["userid"])
        return web.json_response({"messages": [as_plain(one) for one in member.history]})

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "waiting": len(self.state.courier.waiting),
                "lost": [one.fields for one in self.lost],
                "results": [one.results for one in self.callbacks],
                "violations": self.violations,
                "dropped": len(self.dropped),
                "truncated": len(self.truncated),
                "calls": [one.api for one in self.calls],
            }
        )


async def _serve(port: int, *, rates: bool) -> None:
    async with ControlledServer(port=port, rates=None if rates else Rates.off()) as server:
        facts = {"corp_id": server.corp_id, "agent_id": server.agent_id, "secret": server.secret}
        facts |= {"token": server.token, "aes_key": server.aes_key, "api_url": server.api_url}
        print(json.dumps(facts), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serves until it is ended; the first line printed says where and with which secrets, as JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--no-rates", action="store_true", help="switches the rates off")
    chosen = arguments.parse_args()
    try:
        asyncio.run(_serve(chosen.port, rates=not chosen.no_rates))
    except KeyboardInterrupt:
        return
