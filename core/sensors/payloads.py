"""Messages of sensors read: our plain JSON, SenML JSON (RFC 8428), a bare number. Hostile until proven; pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from core.sensors import units
from core.sensors.terms import Format, Message, Sample, Why

LARGEST: Final = 256 * 1024
DEEPEST: Final = 8
MOST: Final = 5_000
"""Samples of one message: a gateway that was away hands in days at once."""
_LONGEST: Final = 40
_PLACES: Final = 6
_LIMIT: Final = Decimal(10) ** 12
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_RELATIVE: Final = 2**28
"""SenML times below this are relative to now (RFC 8428 §4.5.3)."""


class Unreadable(Exception):  # noqa: N818  a reason, not a fault
    """A message that is no reading, and why."""

    def __init__(self, why: Why) -> None:
        """Keep the reason."""
        super().__init__(why.value)
        self.why = why


def read(message: Message, form: Format, *, received: dt.datetime) -> list[Sample]:
    """Answer the samples of a message.

    Raises:
        Unreadable: it is none, with the reason.
    """
    if len(message.payload) > LARGEST:
        raise Unreadable(Why.LARGE)
    try:
        text = message.payload.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(Why.ENCODING) from None
    if form is Format.BARE:
        return [Sample(value=_number(text.strip()))]
    found = _parsed(text)
    samples = _plain(found) if form is Format.JSON else _senml(found, received)
    if not samples:
        raise Unreadable(Why.SHAPE)
    if len(samples) > MOST:
        raise Unreadable(Why.LARGE)
    return samples


def _parsed(text: str) -> Any:
    depth = deepest = 0
    for sign in text:
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    if deepest > DEEPEST:
        raise Unreadable(Why.SHAPE)
    try:
        return json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_constant, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        raise Unreadable(Why.SHAPE) from None


def _constant(_word: str) -> Decimal:
    raise Unreadable(Why.NUMBER)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):  # which of the two was meant, nobody knows
        raise Unreadable(Why.SHAPE)
    return made


def _number(text: str) -> Decimal:
    """A number in full, held to six decimals; a float's endless tail is rounded, not refused."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        raise Unreadable(Why.NUMBER)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Unreadable(Why.NUMBER) from None
    if not value.is_finite() or abs(value) >= _LIMIT:
        raise Unreadable(Why.NUMBER)
    return value


def kept(value: object) -> Decimal:
    """Answer a number as it is kept, to the millionth.

    Raises:
        Unreadable: it is none, or larger than any that is measured.
    """
    if not isinstance(value, Decimal) or abs(value) >= _LIMIT:
        raise Unreadable(Why.NUMBER)
    return round(value, _PLACES)


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise Unreadable(Why.SHAPE)
    return units.known(value)


def _plain(found: Any) -> list[Sample]:
    """``{"value": 5.1, "unit": "°C", "at": "2026-12-01T08:00:00Z", "seq": 12}``, or a list of such."""
    samples = []
    for one in found if isinstance(found, list) else [found]:
        if not isinstance(one, dict) or "value" not in one:
            raise Unreadable(Why.SHAPE)
        samples.append(
            Sample(
                value=kept(one["value"]),
                unit=_word(one.get("unit", "")),
                at=_instant(one.get("at")),
                seq=_whole(one.get("seq")),
            )
        )
    return samples


def _whole(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, Decimal) or value != value.to_integral_value() or abs(value) >= 2**62:
        raise Unreadable(Why.SHAPE)
    return int(value)


def _instant(value: object) -> dt.datetime | None:
    """An instant with its zone, or seconds since 1970; a time without zone is none."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return _epoch(value)
    if isinstance(value, str) and len(value) <= _LONGEST:
        try:
            at = dt.datetime.fromisoformat(value)
        except ValueError:
            raise Unreadable(Why.SHAPE) from None
        if at.tzinfo is not None:
            try:
                return at.astimezone(dt.UTC)
            except OverflowError:
                raise Unreadable(Why.SHAPE) from None
    raise Unreadable(Why.SHAPE)


def _epoch(seconds: Decimal) -> dt.datetime:
    try:
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=int(seconds * 1000))
    except (OverflowError, ValueError):
        raise Unreadable(Why.SHAPE) from None


def _senml(found: Any, received: dt.datetime) -> list[Sample]:
    """A SenML pack: base time, value and unit are carried on; records without a value say nothing."""
    if not isinstance(found, list):
        raise Unreadable(Why.SHAPE)
    base_time, base_value, base_unit = Decimal(0), Decimal(0), ""
    samples = []
    for one in found:
        if not isinstance(one, dict) or any(str(key).endswith("_") for key in one):
            raise Unreadable(Why.SHAPE)  # a field that must be understood, and is not (§4.4)
        base_time = kept(one.get("bt", base_time))
        base_value = kept(one.get("bv", base_value))
        base_unit = _word(one.get("bu", base_unit))
        if "v" not in one:
            continue
        seconds = base_time + kept(one.get("t", Decimal(0)))
        at = received + dt.timedelta(seconds=float(seconds)) if abs(seconds) < _RELATIVE else _epoch(seconds)
        samples.append(
            Sample(
                value=kept(base_value + kept(one["v"])),
                unit=_word(one.get("u", base_unit)),
                at=None if seconds == 0 else at,
            )
        )
    return samples
