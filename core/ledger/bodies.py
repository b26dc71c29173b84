"""Judging the stored bytes of entries: canonical, and one with the columns beside them. Pure."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from core.ledger.merkle import leaf_hash

_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Stored:
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


_decode = json.JSONDecoder(parse_float=_no_number, parse_constant=_no_number).decode
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _moment(value: object) -> dt.datetime:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _still_readable(body: bytes) -> list[dict[str, str]]:
    """Answer what a changed body says of rows, so that they are not called unrecorded besides."""
    try:
        return [
            {name: str(record[name]) for name in ("table", "key", "digest")}
            for record in json.loads(body)["records"]
        ]
    except (ValueError, KeyError, TypeError):
        return []


def judge(stored: Stored) -> tuple[str | None, list[dict[str, str]]]:
    """Answer what is wrong with an entry (None when nothing) and the record digests that it holds."""
    if leaf_hash(stored.body).hex() != stored.leaf:
        return "its body is not the one that was hashed", _still_readable(stored.body)
    try:
        text = stored.body.decode()
        body: dict[str, Any] = _decode(text)
        if _encode(body) != text or not unicodedata.is_normalized("NFC", text):
            return "its body is not canonical", []
        said = (
            ("schema", body["schema"], _SCHEMA),
            ("event id", body["event"], str(stored.event_id)),
            ("plant", body["plant"], stored.plant_id),
            ("case", body["case"], stored.case_number),
            ("kind", body["kind"], stored.kind),
            ("person", body["actor"]["person"], stored.person_id),
            ("time", dt.datetime.fromisoformat(body["recorded_at"]), _moment(stored.recorded_at)),
        )
        records = [
            {"table": record["table"], "key": record["key"], "digest": record["digest"]}
            for record in body["records"]
        ]
    except (ValueError, KeyError, TypeError) as wrong:
        return f"its body cannot be read: {wrong!r}", []
    for name, in_body, in_column in said:
        if in_body != in_column:
            return (
                f"its column for the {name} was changed: {in_column}, where the body says {in_body}",
                records,
            )
    return None, records
