"""Pictures and files go out by an id that WeCom gives to an upload; it lives three days and serves again until then."""

from __future__ import annotations

import datetime as dt
import hashlib

from bot.adapters.wecom.client import WecomApi
from bot.adapters.wecom.names import CHANNEL
from core import wires

LIFETIME = dt.timedelta(hours=68)
PNG = b"\x89PNG"


async def media_id(api: WecomApi, data: bytes, copy: int = 0) -> str:
    """The id of a picture, uploaded unless that was done before; another ``copy`` has an id of its own.

    Raises:
        Refused, Unreached: WeCom does not take it.
    """
    name = _name(data, copy)
    kept = await wires.note(CHANNEL, name)
    if kept is not None:
        return str(kept["id"])
    kind, media_type = ("png", "image/png") if data.startswith(PNG) else ("jpg", "image/jpeg")
    made = await api.upload(data, f"{name[6:18]}.{kind}", media_type)
    await wires.keep(CHANNEL, name, {"id": made}, LIFETIME)
    return made


async def file_id(api: WecomApi, data: bytes, name: str, copy: int = 0) -> str:
    """The id of a file under the name that it is saved by; as ``media_id``.

    Raises:
        Refused, Unreached: WeCom does not take it.
    """
    known = _name(data, copy, name)
    kept = await wires.note(CHANNEL, known)
    if kept is not None:
        return str(kept["id"])
    made = await api.upload(data, name, "application/octet-stream", "file")
    await wires.keep(CHANNEL, known, {"id": made}, LIFETIME)
    return made


async def forget(data: bytes, copy: int = 0, name: str = "") -> None:
    """WeCom does not know the id any more."""
    await wires.drop(CHANNEL, _name(data, copy, name))


def _name(data: bytes, copy: int, name: str = "") -> str:
    digest = hashlib.sha256(name.encode() + b"/" + data if name else data).hexdigest()
    return f"media:{digest}:{copy}"
