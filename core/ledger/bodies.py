"""Judging the stored bytes of entries: canonical, and one with the columns beside them. Pure."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from hashlib import sha256
from typing import Any, Final, NamedTuple, NoReturn

import msgspec

SCHEMA: Final = 1
_STORED_INSTANT: Final = len("2026-11-23 21:46:00.000000+00:00")
_UNREADABLE: Final = (msgspec.MsgspecError, ValueError, KeyError, TypeError, RecursionError)


class Entered(msgspec.Struct, gc=False):
    """A row that an entry recorded; like all of ``Body``, its members stand in canonical order."""

    digest: str
    key: str
    table: str


class Acting(msgspec.Struct, gc=False):
    """Who acted, as a body says it."""

    channel: str
    correlation: Any
    name: str
    organisation: int | None
    person: int | None
    roles: list[str]


class Body(msgspec.Struct, gc=False):
    """A body as ``append`` writes it: read and written again it gives the same bytes only if it is canonical."""

    actor: Acting
    before: dict[str, Any] | None
    case: str | None
    corrects: str | None
    event: str
    facts: dict[str, Any]
    kind: str
    plant: int
    reason: str | None
    recorded_at: str
    records: list[Entered]
    schema: int
    zone: str


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


def no_number(text: str) -> NoReturn:
    """Refuse a number with a point or exponent.

    Raises:
        ValueError: always.
    """
    msg = f"holds the number {text}, which has no canonical form"
    raise ValueError(msg)


_decode: Final = msgspec.json.Decoder(dict[str, Any], float_hook=no_number).decode
_encode: Final = msgspec.json.Encoder(order="sorted").encode


def moment(value: object) -> dt.datetime:
    """Read an instant of the database, whichever of the two engines gave it; UTC when it names no zone."""
    at = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _same_moment(text: str, at: object) -> bool:
    if type(at) is str and len(at) == _STORED_INSTANT and at.endswith("+00:00"):
        return f"{at[:10]}T{at[11:26]}Z" == text  # the form SQLite keeps, compared without reading it
    return dt.datetime.fromisoformat(text) == moment(at)


def _records(body: dict[str, Any]) -> list[Entered]:
    return [Entered(str(row["digest"]), str(row["key"]), str(row["table"])) for row in body["records"]]


def _still_readable(raw: bytes) -> list[Entered]:
    """Answer what a changed body says of rows, so that they are not called unrecorded besides."""
    try:
        return _records(json.loads(raw))
    except _UNREADABLE:
        return []


def judge(stored: Stored) -> tuple[str | None, list[Entered], str]:
    """Answer what is wrong with an entry (None when nothing), the rows that it recorded, and when it says it was.

    The last is the body's own ``recorded_at``, empty when the body cannot be believed.
    """
    raw = stored.body
    if type(raw) is not bytes:
        return "its body is no row of bytes", [], ""
    if sha256(b"\x00" + raw).hexdigest() != stored.leaf:
        return "its body is not the one that was hashed", _still_readable(raw), ""
    try:
        body = _decode(raw)
        if _encode(body) != raw or not (raw.isascii() or unicodedata.is_normalized("NFC", raw.decode())):
            return "its body is not canonical", _still_readable(raw), ""
        return _other_column(stored, body), _records(body), str(body["recorded_at"])
    except _UNREADABLE as wrong:
        return f"its body cannot be read: {wrong!r}", _still_readable(raw), ""


def _other_column(stored: Stored, body: dict[str, Any]) -> str | None:
    event, plant, case, kind, person, at, *_ = stored
    for name, in_body, in_column in (
        ("schema", body["schema"], SCHEMA),
        ("event id", body["event"], str(event)),
        ("plant", body["plant"], plant),
        ("case", body["case"], case),
        ("kind", body["kind"], kind),
        ("person", body["actor"]["person"], person),
    ):
        if in_body != in_column:
            return f"its column for the {name} was changed: {in_column}, where the body says {in_body}"
    if _same_moment(body["recorded_at"], at):
        return None
    return f"its column for the time was changed: {moment(at)}, where the body says {body['recorded_at']}"
