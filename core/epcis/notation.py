"""JSON as it comes from anywhere, read strictly, kept as it was, compared by content. Pure.

Names twice, numbers beyond what is kept, NUL and nesting that no event needs are refused; numbers stay decimals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from core.epcis.errors import CharacterUnfit, DocumentTooLarge, NameTwice, NotJson, NumberUnfit, TooDeep

LARGEST: Final = 20_000_000
"""Bytes of one document."""
DEEPEST: Final = 40
_DIGITS: Final = 40
_SURROGATES: Final = ("\ud800", "\udfff")


def read(raw: bytes | str) -> Any:
    """Read a document.

    Raises:
        NotJson, TooDeep, DocumentTooLarge, NameTwice, NumberUnfit, CharacterUnfit: why not.
    """
    if len(raw) > LARGEST:
        raise DocumentTooLarge(most=LARGEST, what="bytes")
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        raise NotJson(line=1) from None
    _must_be_flat(text)
    try:
        found = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as broken:
        raise NotJson(line=broken.lineno) from None
    _look(found)
    return found


def write(value: Any) -> str:
    """Write what was read, names in their order and decimals as they were."""
    return "".join(_pieces(value, ordered=False))


def digest(value: Any) -> str:
    """SHA-256 over the content: names sorted, numbers by value, so that 1.0 and 1 are the same."""
    return hashlib.sha256("".join(_pieces(value, ordered=True)).encode()).hexdigest()


def _must_be_flat(text: str) -> None:
    depth, inside, escaped = 0, False, False
    for char in text:
        if inside:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                inside = False
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            if depth > DEEPEST:
                raise TooDeep(most=DEEPEST)
        elif char in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NameTwice(name=name[:60])
        _must_be_plain(name)
        _look(value)
        found[name] = value
    return found


def _look(value: Any) -> None:
    if isinstance(value, str):
        _must_be_plain(value)
    elif isinstance(value, list):
        for one in value:
            _look(one)


def _must_be_plain(text: str) -> None:
    first, last = _SURROGATES
    if "\x00" in text or any(first <= char <= last for char in text):
        raise CharacterUnfit


def _number(text: str) -> Decimal:
    if len(text) > _DIGITS:
        raise NumberUnfit(text=text[:40])
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise NumberUnfit(text=text[:40]) from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -_DIGITS <= exponent <= _DIGITS:
        raise NumberUnfit(text=text[:40])
    return value


def _no_number(text: str) -> NoReturn:
    raise NumberUnfit(text=text)


def _pieces(value: Any, *, ordered: bool) -> list[str]:
    if isinstance(value, Mapping):
        names = sorted(value) if ordered else list(value)
        inner = [
            piece
            for place, name in enumerate(names)
            for piece in (
                "," if place else "",
                json.dumps(name, ensure_ascii=False),
                ":",
                *_pieces(value[name], ordered=ordered),
            )
        ]
        return ["{", *inner, "}"]
    if isinstance(value, list | tuple):
        inner = [
            piece
            for place, one in enumerate(value)
            for piece in ("," if place else "", *_pieces(one, ordered=ordered))
        ]
        return ["[", *inner, "]"]
    if isinstance(value, Decimal):
        return [_plain(value) if ordered else str(value)]
    return [json.dumps(value, ensure_ascii=False)]


def _plain(value: Decimal) -> str:
    return "0" if value == 0 else format(value.normalize(), "f")
