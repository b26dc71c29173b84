"""menu/create: the keys below the chat, three of them with five more behind each."""

from __future__ import annotations

from typing import Any

from tests.servers.wecom_limits import RefusedError
from tests.servers.wecom_state import App, Call, State

FIRST, INNER, NAME, INNER_NAME, KEY = 3, 5, 16, 40, 128
KINDS = {
    "click": "key",
    "view": "url",
    "scancode_push": "key",
    "scancode_waitmsg": "key",
    "pic_sysphoto": "key",
    "pic_photo_or_album": "key",
    "location_select": "key",
}


def create(state: State, call: Call, app: App) -> dict[str, Any]:
    """Sets the menu of the app.

    Raises:
        RefusedError: 40056 agentid, 40016 to 40027 the key that is wrong.
    """
    if call.query.get("agentid") != str(app.agent):
        raise RefusedError.wrong(40056, "invalid agentid")
    keys = call.body.get("button")
    if not isinstance(keys, list) or not 1 <= len(keys) <= FIRST:
        raise RefusedError.wrong(40016, "invalid button size")
    state.menus[app.agent] = [shown for key in keys for shown in _key(key)]
    return {}


def _key(key: Any, *, inner: bool = False) -> list[dict[str, str]]:
    """The keys that can be tapped."""
    if not isinstance(key, dict):
        raise RefusedError.wrong(40058, "a button is an object")
    name = key.get("name")
    if not isinstance(name, str) or not 0 < len(name.encode()) <= (INNER_NAME if inner else NAME):
        raise RefusedError.wrong(40025 if inner else 40018, "invalid button name size")
    below = key.get("sub_button")
    if below and not inner:
        if not isinstance(below, list) or len(below) > INNER:
            raise RefusedError.wrong(40023, "invalid sub button size")
        return [shown for one in below for shown in _key(one, inner=True)]
    kind = key.get("type")
    if kind not in KINDS:
        raise RefusedError.wrong(40024 if inner else 40017, "invalid button type")
    value = key.get(KINDS[kind])
    if not isinstance(value, str) or not 0 < len(value.encode()) <= KEY:
        raise RefusedError.wrong(40026 if inner else 40019, "invalid button key size")
    return [{"name": name, "type": kind, "value": value}]
