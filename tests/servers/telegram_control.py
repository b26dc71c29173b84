"""The test server as its own process: people driven over HTTP under /control.

POST /control/person {id, first_name, language_code} · /control/say {person, text} · /control/photo
{person, picture (base64), caption} · /control/album {person, pictures} · /control/document {person, content,
filename, mime} · /control/location {person, lat, lon} · /control/tap {person, text} or {person, data,
message_id} · /control/block {person} · /control/fault {verb, arguments}; GET /control/chat/<person> ·
/control/state.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.servers.telegram import TOKEN, TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.telegram_people import Person
from tests.servers.telegram_rooms import Shown

FAULTS = ("delay", "fail", "too_many_requests", "repeat_updates", "reorder")
Deed = Callable[[Person, dict[str, Any]], Awaitable[object]]


async def _say(person: Person, asked: dict[str, Any]) -> object:
    return as_plain(await person.says(asked["text"]))


async def _photo(person: Person, asked: dict[str, Any]) -> object:
    return as_plain(await person.sends_photo(base64.b64decode(asked["picture"]), asked.get("caption")))


async def _album(person: Person, asked: dict[str, Any]) -> object:
    pictures = [base64.b64decode(one) for one in asked["pictures"]]
    return [as_plain(one) for one in await person.sends_album(pictures, asked.get("caption"))]


async def _document(person: Person, asked: dict[str, Any]) -> object:
    content = base64.b64decode(asked["content"])
    return as_plain(await person.sends_document(content, asked["filename"], asked["mime"]))


async def _location(person: Person, asked: dict[str, Any]) -> object:
    return as_plain(await person.shares_location(asked["lat"], asked["lon"]))


async def _tap(person: Person, asked: dict[str, Any]) -> object:
    if "data" in asked:
        return {"query": await person.taps_data(asked["data"], asked["message_id"])}
    return {"query": await person.taps(asked["text"], timeout=asked.get("timeout", 0.0))}


async def _block(person: Person, asked: dict[str, Any]) -> object:
    await person.blocks_bot()
    return {}


DEEDS: dict[str, Deed] = {
    "say": _say,
    "photo": _photo,
    "album": _album,
    "document": _document,
    "location": _location,
    "tap": _tap,
    "block": _block,
}


def as_plain(shown: Shown) -> dict[str, Any]:
    """A message as JSON for a test in another process."""
    return {
        "message_id": shown.message_id,
        "from_bot": shown.from_bot,
        "text": shown.text,
        "caption": shown.caption,
        "photo": shown.photo_ids,
        "document": shown.document.name if shown.document else None,
        "rows": shown.rows,
        "edits": shown.edits,
        "deleted": shown.deleted,
        "date": shown.date,
    }


class ControlledServer(TelegramServer):
    """The server with control addresses."""

    def add_routes(self, app: web.Application) -> None:
        """Adds /control."""
        app.router.add_get("/control/state", self._state)
        app.router.add_get("/control/chat/{person}", self._chat)
        app.router.add_post("/control/person", self._person)
        app.router.add_post("/control/fault", self._fault)
        app.router.add_post("/control/{deed}", self._deed)

    async def _person(self, request: web.Request) -> web.Response:
        asked = await request.json()
        made = self.person(asked["id"], asked.get("first_name", ""), asked.get("language_code", "zh-hans"))
        return web.json_response({"id": made.id})

    async def _deed(self, request: web.Request) -> web.Response:
        asked = await request.json()
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            return web.json_response({"failure": f"no such deed; there are {sorted(DEEDS)}"}, status=404)
        try:
            return web.json_response(await deed(self.person(asked["person"]), asked))
        except AssertionError as failed:
            return web.json_response({"failure": str(failed)}, status=409)

    async def _fault(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["verb"] not in FAULTS:
            return web.json_response({"failure": f"no such fault; there are {FAULTS}"}, status=404)
        getattr(self, asked["verb"])(**asked.get("arguments", {}))
        return web.json_response({})

    async def _chat(self, request: web.Request) -> web.Response:
        person = self.person(int(request.match_info["person"]))
        return web.json_response(
            {
                "messages": [as_plain(one) for one in person.history],
                "toasts": [one.text for one in person.toasts],
            }
        )

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "delivered": self.delivered,
                "acknowledged": self.acknowledged,
                "pending": self.pending,
                "violations": self.violations,
                "refused_by_rate": self.state.limits.refusals,
                "calls": [one.method for one in self.calls if one.method != "getUpdates"],
            }
        )


async def _serve(port: int, token: str, scale: float) -> None:
    async with ControlledServer(port=port, token=token, limits=Limits(scale=scale)) as server:
        print(json.dumps({"base_url": server.base_url, "file_base_url": server.file_base_url}), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serves until it is ended; the first line printed says where, as JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--token", default=TOKEN)
    arguments.add_argument("--limit-scale", type=float, default=1.0, help="0 switches the rates off")
    chosen = arguments.parse_args()
    try:
        asyncio.run(_serve(chosen.port, chosen.token, chosen.limit_scale))
    except KeyboardInterrupt:
        return
