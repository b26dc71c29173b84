"""The routes of the partner API, made of its table, with the document that describes them."""

from __future__ import annotations

import functools
import json

from aiohttp import web

from handlers.partner import described, tokens
from handlers.partner.door import answering
from handlers.partner.routes import ROUTES
from handlers.web import showing

DOCUMENT = "/api/v1/openapi.json"


@functools.cache
def _document() -> bytes:
    return json.dumps(described.document(ROUTES, tokens.described()), ensure_ascii=False).encode()


async def openapi(_request: web.Request) -> web.StreamResponse:
    """The API's own description, OpenAPI 3.1; it shows no record and needs no token."""
    return web.Response(
        body=_document(), content_type="application/json", charset="utf-8", headers=showing.HEADERS
    )


def routes() -> list[web.RouteDef]:
    """What the server answers under ``/api/v1``."""
    return [
        web.get(DOCUMENT, openapi),
        web.post(tokens.PATH, tokens.token),
        *(web.route(one.method, one.path, answering(one)) for one in ROUTES),
    ]
