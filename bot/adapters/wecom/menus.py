"""The app's menu in the chat: two things people do most, and the rest behind a third key."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from bot.adapters.wecom.client import WecomApi
from bot.adapters.wecom.names import CHANNEL
from core import wires
from handlers.chat import menu
from handlers.text import translator

FIRST = ("report", "trace")
WITHIN = ("start", "back", "cancel", "help")
"""At most five fit behind one key, the admin page is the fifth; everything else is a word to type."""
AGAIN = dt.timedelta(days=1)
SETTING = dt.timedelta(seconds=60)
NAME_MAX = 16
"""Bytes of a name on the first level."""
INNER_MAX = 40
ENTER = "/wecom/enter?to=admin"


def layout(locale: str, public_url: str = "") -> dict[str, Any]:
    """The menu as WeCom takes it; keys are the commands themselves, the admin page opens where https leads to us."""
    _ = translator(locale)
    named = dict(menu.offered(locale))
    keys = [
        {"type": "click", "name": _cut(named[one], NAME_MAX), "key": f"/{one}"}
        for one in FIRST
        if one in named
    ]
    inner = [
        {"type": "click", "name": _cut(named[one], INNER_MAX), "key": f"/{one}"}
        for one in WITHIN
        if one in named
    ]
    if public_url.startswith("https://"):
        inner.append(
            {"type": "view", "name": _cut(_("Admin page"), INNER_MAX), "url": f"{public_url}{ENTER}"}
        )
    return {"button": [*keys, {"name": _cut(_("More"), NAME_MAX), "sub_button": inner}]}


async def offer(api: WecomApi, locale: str, public_url: str = "") -> None:
    """Set the menu unless this very menu was set within a day.

    Raises:
        Refused, Unreached: WeCom does not take it.
    """
    made = layout(locale, public_url)
    digest = hashlib.sha256(json.dumps([api.agent, made], sort_keys=True).encode()).hexdigest()
    if await _is_set(api.agent, digest):
        return
    if not await wires.first(CHANNEL, f"menu:{api.agent}:setting", SETTING):
        return  # another process of ours is at it
    try:
        if await _is_set(api.agent, digest):  # that process was done just before we asked
            return
        await api.post("menu/create", made, agentid=str(api.agent))
        await wires.keep(CHANNEL, f"menu:{api.agent}", {"digest": digest}, AGAIN)
    finally:
        await wires.drop(CHANNEL, f"menu:{api.agent}:setting")


async def _is_set(agent: int, digest: str) -> bool:
    known = await wires.note(CHANNEL, f"menu:{agent}")
    return known is not None and known.get("digest") == digest


def _cut(name: str, most: int) -> str:
    return name.encode()[:most].decode(errors="ignore")
