"""Judging the stored bytes of entries: canonical, and one with the columns beside them. Pure."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from json.decoder import JSONDecodeError
from typing import Any, Final, NamedTuple, NoReturn

from core.ledger.merkle import leaf_hash

_SCHEMA: Final = 1
Record = tuple[str, str, str]
"""Table, key and state digest of a row that an entry recorded."""


class Stored(NamedTuple):
    """An entry as its row holds it; ``event_id`` and ``recorded_at`` as the database gives them."""

    event_id: object
    plant_id: int
    case_number: str | None
    kind: str
    person_id: int | None
    recorded_at: object
    body: bytes
    leaf: str


def _no_number(text: str) -> NoReturn:
    msg = f"holds the number {text}, which has no canonical form"
    raise ValueError(msg)


_decoder: Any = json.JSONDecoder(parse_float=_no_number, parse_constant=_no_number)
_scan = _decoder.scan_once
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def _decode(text: str) -> dict[str, Any]:
    """Read one value; ``scan_once`` leaves out what only skips spaces, which no canonical text has."""
    try:
        value, end = _scan(text, 0)
    except StopIteration as wrong:
        raise JSONDecodeError("no value", text, wrong.value) from None
    if end != len(text):
        raise JSONDecodeError("more than one value", text, end)
    return dict(value)


def _moment(value: object) -> dt.datetime:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _records(body: dict[str, Any]) -> list[Record]:
    return [(str(row["table"]), str(row["key"]), str(row["digest"])) for row in body["records"]]


def _still_readable(raw: bytes) -> list[Record]:
    """Answer what a changed body says of rows, so that they are not called unrecorded besides."""
    try:
        return _records(json.loads(raw))
    except (ValueError, KeyError, TypeError):
        return []


def judge(stored: Stored) -> tuple[str | None, list[Record]]:
    """Answer what is wrong with an entry (None when nothing) and the rows that it recorded."""
    if leaf_hash(stored.body).hex() != stored.leaf:
        return "its body is not the one that was hashed", _still_readable(stored.body)
    try:
        text = stored.body.decode()
        body = _decode(text)
        if _encode(body) != text or not unicodedata.is_normalized("NFC", text):
            return "its body is not canonical", _still_readable(stored.body)
        return _other_column(stored, body), _records(body)
    except (ValueError, KeyError, TypeError) as wrong:
        return f"its body cannot be read: {wrong!r}", _still_readable(stored.body)


def _other_column(stored: Stored, body: dict[str, Any]) -> str | None:
    event, plant, case, kind, person, at, *_ = stored
    if (
        body["kind"] == kind
        and body["case"] == case
        and body["plant"] == plant
        and body["actor"]["person"] == person
        and body["event"] == str(event)
        and body["schema"] == _SCHEMA
        and dt.datetime.fromisoformat(body["recorded_at"]) == _moment(at)
    ):
        return None
    for name, in_body, in_column in (
        ("schema", body["schema"], _SCHEMA),
        ("event id", body["event"], str(event)),
        ("plant", body["plant"], plant),
        ("case", body["case"], case),
        ("kind", body["kind"], kind),
        ("person", body["actor"]["person"], person),
    ):
        if in_body != in_column:
            return f"its column for the {name} was changed: {in_column}, where the body says {in_body}"
    return f"its column for the time was changed: {_moment(at)}, where the body says {body['recorded_at']}"
