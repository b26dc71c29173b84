"""What a request says: its path, query and body, held to their models before any room hears of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from aiohttp import web
from pydantic import BaseModel

from handlers.partner.table import DEPTH_MAX, Route
from handlers.web import bodies


class BadBody(Exception):  # noqa: N818  it names what was found
    """The body is none that could be read; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class BadQuery(Exception):  # noqa: N818  it names what was found
    """A parameter stands twice or holds what is no text."""


async def raw_of(request: web.Request, route: Route) -> bytes:
    """The bytes of the body; none where the route takes none.

    Raises:
        HTTPUnsupportedMediaType, HTTPRequestEntityTooLarge, HTTPRequestTimeout, HTTPBadRequest: see ``bodies``.
    """
    if not route.has_body:
        return b""
    if request.content_type not in route.media:
        raise web.HTTPUnsupportedMediaType(reason=f"send {' or '.join(route.media)}")
    return await bodies.whole(request, route.most)


def body_of(raw: bytes, route: Route) -> Any:
    """The body as its model; None where the route reads the bytes itself.

    Raises:
        BadBody: not well-formed, too deep, or no text that can be kept.
        ValidationError: not what the model takes.
    """
    if route.body is None:
        return None
    must_be_json(raw)
    return route.body.model_validate_json(raw)


def must_be_json(raw: bytes) -> Any:
    """What JSON says whose texts a database can keep: no NaN, no name twice, no halves of surrogate pairs, no NUL.

    Raises:
        BadBody: it is none, or nested more than ``DEPTH_MAX`` deep.
    """
    try:
        body = json.loads(
            raw.decode(), parse_constant=_no_constant, object_pairs_hook=_once, parse_int=_bounded
        )
        said = json.dumps(body, ensure_ascii=False)
        said.encode()
    except (ValueError, RecursionError):
        raise BadBody("BadJson") from None
    if "\\u0000" in said:
        raise BadBody("NoText")
    level = [body]
    for _ in range(DEPTH_MAX):
        level = [part for one in level if isinstance(one, dict | list) for part in _parts(one)]
        if not level:
            return body
    raise BadBody("TooDeep")


def _parts(one: dict[str, Any] | list[Any]) -> list[Any]:
    return list(one.values()) if isinstance(one, dict) else one


def _no_constant(name: str) -> NoReturn:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a name stands twice"
        raise ValueError(msg)
    return found


def _bounded(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004  no field takes more; more would only cost time
        msg = "a number too long"
        raise ValueError(msg)
    return int(digits)


def query_of(request: web.Request, model: type[BaseModel] | None) -> Any:
    """The query as its model; a route without one takes no parameter.

    Raises:
        BadQuery: a parameter stands twice, or one where none is taken.
        ValidationError: not what the model takes.
    """
    names = [name for name, _value in request.query.items()]
    if len(names) != len(set(names)) or (names and model is None):
        raise BadQuery
    return None if model is None else model.model_validate_strings(dict(request.query))


def path_of(match: Mapping[str, str], model: type[BaseModel] | None) -> Any:
    """The parts of the path as their model.

    Raises:
        ValidationError: nothing can have such a name.
    """
    return dict(match) if model is None else model.model_validate_strings(dict(match))
