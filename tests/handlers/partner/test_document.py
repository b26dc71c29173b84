"""The served document is the table: no route without a description, none described that is not served."""

from __future__ import annotations

import aiohttp
import jsonschema_rs

from bot import serving
from core.clients import Scope
from handlers.partner import described, tokens
from handlers.partner.routes import ROUTES
from tests.handlers.partner.program import Programs

ELSEWHERE = ("/api/v1/witness/", "/api/v1/openapi.json", "/api/v1/token")


async def test_the_document_describes_every_route_that_is_served(programs: Programs) -> None:
    """Method by method, path by path; all references lead somewhere; every scope and operation is named once."""
    async with aiohttp.ClientSession() as stranger:
        async with stranger.get(programs.url("/api/v1/openapi.json")) as answer:
            document = await answer.json()
    assert document["openapi"] == "3.1.0"
    served = {
        (route.method, route.resource.canonical)
        for route in serving.build(programs.house.house).router.routes()
        if route.resource is not None
        and route.resource.canonical.startswith("/api/v1/")
        and not route.resource.canonical.startswith(ELSEWHERE)
        and route.method != "HEAD"
    }
    said = {
        (method.upper(), path)
        for path, one in document["paths"].items()
        for method in one
        if path != tokens.PATH
    }
    assert served == said == {(one.method, one.path) for one in ROUTES}
    names = [described.operation_id(one) for one in ROUTES]
    assert len(names) == len(set(names))
    scopes = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"]
    assert set(scopes) == set(Scope)
    schemas = document["components"]["schemas"]

    def references(part: object) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [one for value in part.values() for one in references(value)]
        return [one for value in part for one in references(value)] if isinstance(part, list) else []

    used = {one.rpartition("/")[2] for one in references(document)}
    assert used
    assert used <= set(schemas)
    for schema in schemas.values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_row_says_what_it_needs() -> None:
    """Reads need a reading scope, writes a writing one; a GET says what the access log says."""
    for one in ROUTES:
        assert one.path.startswith("/api/v1/")
        assert one.summary
        assert one.subject
        if one.method == "GET":
            assert not one.has_body, one.path
        assert one.answer is not None or one.answer_media != ("application/json",) or one.status == 204, (
            one.path
        )
