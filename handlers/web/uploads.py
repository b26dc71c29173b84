"""Forms with a file: read to their end, within limits, the file kept with the request until the view takes it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from core.kit.plain_text import clean
from handlers.web import bodies

_FIELDS: Final = 20
_FIELD_MAX: Final = 8_000
_NAME_MAX: Final = 200
_BLOCK: Final = 65_536
_BROKEN: Final = (
    ValueError,
    AssertionError,
    RuntimeError,
    LookupError,
    web.RequestPayloadError,
    HttpProcessingError,
)


@dataclass(frozen=True)
class Upload:
    """The file of a form: its name as the sender's program gave it, and what it holds."""

    name: str
    content: bytes


UPLOAD: web.RequestKey[Upload] = web.RequestKey("upload", Upload)


async def form_of(request: web.Request, most: int) -> dict[str, str]:
    """Answer a form's fields; the file in its field ``file`` is put at ``request[UPLOAD]``.

    Raises:
        web.HTTPRequestEntityTooLarge: the file is larger than ``most`` bytes.
        web.HTTPRequestTimeout: it stood still.
        web.HTTPBadRequest: it is no such form.
    """
    if request.content_type != "multipart/form-data":
        raise web.HTTPBadRequest(reason="send a form with a file")
    if (request.content_length or 0) > most + _FIELDS * _FIELD_MAX:
        raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=request.content_length or 0)
    try:
        return await _fields(request, most)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except _BROKEN:
        raise web.HTTPBadRequest(reason="not a form with a file") from None


async def _fields(request: web.Request, most: int) -> dict[str, str]:
    fields: dict[str, str] = {}
    async with asyncio.timeout(bodies.STALL):
        reader = await request.multipart()
    for _ in range(_FIELDS):
        part = await asyncio.wait_for(reader.next(), bodies.STALL)
        if part is None:
            return fields
        if not isinstance(part, BodyPartReader) or not part.name or part.name in fields:
            raise web.HTTPBadRequest(reason="not a form with a file")
        if part.filename is None:
            fields[part.name] = _text(await _content(part, _FIELD_MAX))
        elif part.name == "file" and UPLOAD not in request:
            request[UPLOAD] = Upload(clean(part.filename)[-_NAME_MAX:], await _content(part, most))
        else:
            raise web.HTTPBadRequest(reason="one file only")
    raise web.HTTPBadRequest(reason="too many fields")


async def _content(part: BodyPartReader, most: int) -> bytes:
    kept = bytearray()
    while block := await asyncio.wait_for(part.read_chunk(_BLOCK), bodies.STALL):
        kept += block
        if len(kept) > most:
            raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(kept))
    return bytes(kept)


def _text(content: bytes) -> str:
    text = content.decode()
    if "\x00" in text:
        raise web.HTTPBadRequest(reason="NUL is no text")
    return text
