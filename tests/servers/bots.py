"""A real python-telegram-bot Bot that talks to a loopback server."""

from __future__ import annotations

import contextlib
import io
from collections.abc import AsyncIterator

import telegram
from PIL import Image
from telegram.request import HTTPXRequest

from tests.servers.telegram import TelegramServer


def _request() -> HTTPXRequest:
    # A proxy named in the environment must not see loopback traffic; plain http needs no authorities loaded.
    plain = {"trust_env": False, "verify": False}
    return HTTPXRequest(read_timeout=5, connect_timeout=5, httpx_kwargs=plain)


@contextlib.asynccontextmanager
async def real_bot(server: TelegramServer, token: str | None = None) -> AsyncIterator[telegram.Bot]:
    """The Bot, not yet initialized, so that even a wrong token can be tried; closed at the end."""
    bot = telegram.Bot(
        token or server.token,
        base_url=server.base_url,
        base_file_url=server.file_base_url,
        request=_request(),
        get_updates_request=_request(),
    )
    try:
        yield bot
    finally:
        for one in bot._request:
            await one.shutdown()


def jpeg(width: int = 64, height: int = 48, *, colour: str = "teal", described: str | None = None) -> bytes:
    """A JPEG of one colour, perhaps with an EXIF description."""
    out = io.BytesIO()
    exif = Image.Exif()
    if described is not None:
        exif[0x010E] = described
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()
