"""Bodies of requests: read to their end, never past a limit, never waited for without end.

A body comes in as many pieces as the network likes; one that was read in part is another body.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, NoReturn

from aiohttp import web

PATIENCE = 20.0
"""Seconds that a small body may take."""
STALL = 30.0
"""Seconds that a large upload may stand still; it may take long as a whole, for phones have slow networks."""


async def whole(request: web.Request, limit: int) -> bytes:
    """The body, all of it.

    Raises:
        web.HTTPRequestEntityTooLarge: announced or found to be longer than ``limit`` bytes.
        web.HTTPRequestTimeout: it did not come within ``PATIENCE``.
        web.HTTPBadRequest: it broke off.
    """
    announced = request.content_length or 0
    if announced > limit:
        raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=announced)
    kept = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.content.iter_any():
                kept += piece
                if len(kept) > limit:
                    raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=len(kept))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(reason="the body broke off") from None
    return bytes(kept)


async def json_of(request: web.Request, limit: int) -> Any:
    """The body as JSON whose texts a database can keep: no NaN, no halves of surrogate pairs, no NUL.

    Raises:
        web.HTTPUnsupportedMediaType, web.HTTPBadRequest: it is none.
        web.HTTPRequestEntityTooLarge, web.HTTPRequestTimeout: see ``whole``.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(reason="send application/json")
    raw = await whole(request, limit)
    try:
        body = json.loads(raw.decode(), parse_constant=_no_constant)
        said = json.dumps(body, ensure_ascii=False)
        said.encode()
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(reason="not well-formed JSON") from None
    if "\\u0000" in said:
        raise web.HTTPBadRequest(reason="NUL is no text")
    return body


def _no_constant(name: str) -> NoReturn:
    msg = f"{name} is no JSON"
    raise ValueError(msg)
