"""What the API says of itself: the OpenAPI 3.1 document, made of the rows of the table and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from core.clients import Scope
from handlers.partner.shapes import Problem
from handlers.partner.table import Route

MODELS = "#/components/schemas/{model}"
KEY = r"^[A-Za-z0-9_\-:.]{8,80}$"
ALWAYS = {
    400: "not well-formed, or not what the route takes; `faults` says what is where",
    401: "no access token, or one that is not valid any more",
    403: "the scope is missing, or the organisation has no right to it",
    429: "more requests than the allowance; `Retry-After` says when",
}
MORE = {
    304: "as it was (`If-None-Match`)",
    404: "not found, or not shared with the organisation that asks",
    409: "a request with this Idempotency-Key is being carried out",
    413: "too large",
    415: "another type of body",
    422: "well-formed, but refused: `code` and `detail` say why, `fields` by field",
}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": MODELS.format(model=model.__name__)}


def _parameters(model: type[BaseModel] | None, place: str, defs: dict[str, Any]) -> list[dict[str, Any]]:
    if model is None:
        return []
    made = model.model_json_schema(ref_template=MODELS)
    defs.update(made.pop("$defs", {}))
    found = []
    for name, own in made["properties"].items():
        said = {key: value for key, value in own.items() if key not in ("title", "description", "default")}
        if own.get("default", 0) is None:  # what may be left out is never sent as null
            said |= next(one for one in said.pop("anyOf") if one != {"type": "null"})
        elif "default" in own:
            said["default"] = own["default"]
        required = place == "path" or name in made.get("required", ())
        line: dict[str, Any] = {"name": name, "in": place, "required": required, "schema": said}
        found.append(line | ({"description": own["description"]} if "description" in own else {}))
    return found


def _answers(route: Route) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _schema(Problem)}}
    statuses = {*ALWAYS, *route.statuses, *([304] if route.method == "GET" else ())}
    statuses |= {404} if "{" in route.path else set()
    statuses |= {413, 415} if route.has_body else set()
    statuses |= {409, 422} if route.writes else set()
    found: dict[str, Any] = {}
    for code in sorted(statuses):
        why = ALWAYS.get(code) or MORE[code]
        found[str(code)] = {"description": why} | ({} if code == 304 else {"content": problem})  # noqa: PLR2004
    schema: dict[str, Any] = {} if route.answer is None else _schema(route.answer)
    content = {
        media: {"schema": {"type": "array", "items": schema} if route.many else schema}
        for media in route.answer_media
    }
    done: dict[str, Any] = {"description": "done", "content": content}
    if route.status == 204:  # noqa: PLR2004
        del done["content"]
    done["headers"] = {
        "Bihuan-Sandbox": {"schema": {"type": "string", "enum": ["true", "false"]}},
        "RateLimit": {"schema": {"type": "string"}},
    }
    return {str(route.status): done, **found}


def _operation(route: Route, defs: dict[str, Any]) -> dict[str, Any]:
    security: list[dict[str, list[str]]] = [{"oauth2": [route.scope.value]}]
    if route.people:
        csrf: dict[str, list[str]] = {"csrf": []} if route.writes else {}
        security += [{"admin": [], **csrf}, {"chat": [], **csrf}]
    parameters = [
        *_parameters(route.path_model, "path", defs),
        *_parameters(route.query, "query", defs),
    ]
    if route.writes and route.method == "POST":
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key with the same body has one effect and one answer.",
                "schema": {"type": "string", "pattern": KEY},
            }
        )
    made: dict[str, Any] = {
        "operationId": operation_id(route),
        "summary": route.summary,
        "tags": [route.path.split("/")[3]],
        "security": security,
        "responses": _answers(route),
    }
    if parameters:
        made["parameters"] = parameters
    if route.has_body:
        schema = {} if route.body is None else _schema(route.body)
        made["requestBody"] = {
            "required": True,
            "content": {media: {"schema": schema} for media in route.media},
        }
    return made


def operation_id(route: Route) -> str:
    """A name that a generator of clients can use."""
    parts = [re.sub(r"\W", "_", part) for part in route.path.removeprefix("/api/v1/").split("/")]
    return "_".join([route.method.lower(), *(part.strip("_") for part in parts)])


def document(routes: Sequence[Route], token: dict[str, Any]) -> dict[str, Any]:
    """The whole document; ``token`` describes the token endpoint, which is no row."""
    models: Iterable[tuple[type[BaseModel], Any]] = [
        *((one.body, "validation") for one in routes if one.body is not None),
        *((one.answer, "serialization") for one in routes if one.answer is not None),
        (Problem, "serialization"),
    ]
    _map, made = models_json_schema(list(dict.fromkeys(models)), ref_template=MODELS)
    defs: dict[str, Any] = dict(made["$defs"])
    paths: dict[str, Any] = {"/api/v1/token": token}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, defs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bihuan 闭环 partner API",
            "version": "1",
            "description": "Answers are in the language of Accept-Language (zh, en). See docs/partners-api.md.",
        },
        "paths": paths,
        "components": {"schemas": defs, "securitySchemes": _schemes()},
    }


def _schemes() -> dict[str, Any]:
    flow = {"tokenUrl": "/api/v1/token", "scopes": {one.value: one.says for one in Scope}}
    return {
        "oauth2": {"type": "oauth2", "flows": {"clientCredentials": flow}},
        "admin": {"type": "apiKey", "in": "cookie", "name": "bihuan_admin"},
        "chat": {"type": "apiKey", "in": "cookie", "name": "bihuan_chat"},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
        "client": {"type": "http", "scheme": "basic"},
    }
