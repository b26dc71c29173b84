"""Export bundles: the form, and the ZIP that an auditor takes away."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from typing import BinaryIO

from aiohttp import web

from core.exchange import Made, Wanted
from handlers.text import mark
from handlers.web import showing
from handlers.web.asking import Asked, day_of
from handlers.web.pages.records import key_lines
from handlers.web.rooms import ROOMS

log = logging.getLogger(__name__)
LANGUAGES = {"zh_CN": ("zh_CN",), "en": ("en",), "both": ("zh_CN", "en")}
_NUMBER = 40
NO_ROOM = mark(
    "The server has no room for this export now; nothing was made. Please tell your administrator."
)


async def form_page(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """What can be exported, and how to check it."""
    return showing.shown(asked, "export.html", keys=await key_lines(asked))


async def bundle(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """The ZIP itself; it passes through a file without a name, so nothing of a failure is left."""
    wanted = read(form, asked.actor.locale)
    target: BinaryIO = await asyncio.to_thread(tempfile.TemporaryFile)
    try:
        made: Made = await asked.request.app[ROOMS].exporter.export(asked.actor, wanted, target)
    except OSError as wrong:
        target.close()
        log.warning("export failed: %s", wrong, extra={"action": "export_failed"})
        return showing.shown(asked, "sentence.html", status=507, sentence=asked.translate(NO_ROOM))
    except BaseException:
        target.close()
        raise
    target.seek(0)
    headers = {**showing.HEADERS, "Content-Disposition": f'attachment; filename="{made.name}"'}
    return web.Response(body=target, content_type="application/zip", headers=headers)


def read(form: dict[str, str], locale: str) -> Wanted:
    """What a form asks for.

    Raises:
        Malformed: a date that is none.
    """
    number = form.get("case", "").strip()
    return Wanted(
        cases=(number[:_NUMBER],) if number else (),
        since=None if number else day_of(form, "from"),
        until=None if number else day_of(form, "to"),
        locales=LANGUAGES.get(form.get("language", ""), (locale,)),
    )
