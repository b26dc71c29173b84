"""What API v1 says of itself: an OpenAPI 3.1 document made from the bodies' own models."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

MODELS = "#/components/schemas/{model}"
STATUSES = {
    "400": "not well-formed",
    "401": "not signed in, or X-CSRF-Token is missing",
    "403": "no right to it",
    "404": "not found, or not shared with the reader",
    "413": "too large",
    "415": "another content type",
    "422": "not what the template takes; `fields` says why per field",
}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _parameter(name: str, place: str, *, required: bool, **schema: object) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": {"type": "string", **schema}}


def document(report: type[BaseModel], anomaly: type[BaseModel]) -> dict[str, Any]:
    """The whole document; ``report`` is what is sent in, ``anomaly`` what comes back."""
    _map, made = models_json_schema([(report, "validation"), (anomaly, "serialization")], ref_template=MODELS)
    problem = {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            "faults": {"type": "array"},
        },
    }
    wrong = {"application/problem+json": {"schema": {"$ref": MODELS.format(model="Problem")}}}
    refused = {code: {"description": why, "content": wrong} for code, why in STATUSES.items()}
    case = _json({"$ref": MODELS.format(model=anomaly.__name__)})
    body = _json({"$ref": MODELS.format(model=report.__name__)})
    listed = _json({"type": "array", "items": {"type": "object"}})
    reads: list[dict[str, list[str]]] = [{"admin": []}, {"chat": []}]
    writes: list[dict[str, list[str]]] = [{**one, "csrf": []} for one in reads]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bihuan", "version": "1"},
        "paths": {
            "/api/v1/templates": {
                "get": {
                    "summary": "Categories that can be reported",
                    "security": reads,
                    "responses": {"200": {"description": "a list", **listed}, **refused},
                }
            },
            "/api/v1/templates/{category}": {
                "get": {
                    "summary": "One template with its fields",
                    "security": reads,
                    "parameters": [_parameter("category", "path", required=True)],
                    "responses": {
                        "200": {"description": "a template", **_json({"type": "object"})},
                        **refused,
                    },
                }
            },
            "/api/v1/anomalies": {
                "post": {
                    "summary": "Report an anomaly",
                    "security": writes,
                    "parameters": [
                        _parameter("Idempotency-Key", "header", required=False, minLength=8, maxLength=80)
                    ],
                    "requestBody": {"required": True, **body},
                    "responses": {"201": {"description": "the new case", **case}, **refused},
                }
            },
            "/api/v1/anomalies/{number}": {
                "get": {
                    "summary": "One case",
                    "security": reads,
                    "parameters": [_parameter("number", "path", required=True)],
                    "responses": {"200": {"description": "a case", **case}, **refused},
                }
            },
        },
        "components": {
            "schemas": {**made["$defs"], "Problem": problem},
            "securitySchemes": {
                "admin": {"type": "apiKey", "in": "cookie", "name": "bihuan_admin"},
                "chat": {"type": "apiKey", "in": "cookie", "name": "bihuan_chat"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
            },
        },
    }
