"""Digests of rows as the database holds them, without making objects of them: many rows, little work.

They are those of ``Regulated.state_digest``; what a column holds is read by its field unless its form is plain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec
from tortoise import fields

from core.kit import canonical
from core.kit.spoilt import SPOILT

if TYPE_CHECKING:
    from core.kit.regulated import Regulated

Reading = Callable[[Any], object]
_STORED_INSTANT: Final = len("2026-11-23 21:46:00.000000+00:00")
_SAFE: Final = 2**53
_encode: Final = msgspec.json.Encoder().encode
_encode_sorted: Final = msgspec.json.Encoder(order="sorted").encode


class RowDigests:
    """How the rows of one table are read: ``columns`` in order, the key first, and the digest of such a row."""

    def __init__(self, model: type[Regulated]) -> None:
        """Prepare for a table."""
        meta = model._meta  # noqa: SLF001  the ORM's own description of a table
        vouched = sorted(
            (stored, meta.fields_map[name])
            for name, stored in meta.fields_db_projection.items()
            if name not in model.unvouched
        )
        self.columns = (meta.db_pk_column, *(stored for stored, _ in vouched))
        self._names = self.columns[1:]
        self._readings = [_reading(field) for _, field in vouched]
        self._special = [
            (place, read)
            for place, ((_, field), read) in enumerate(zip(vouched, self._readings, strict=True))
            if type(field) not in _AS_THEY_ARE
        ]
        plain = not any(isinstance(field, fields.JSONField) for _, field in vouched)
        self._encode = _encode if plain else _encode_sorted

    def is_state(self, row: Sequence[Any], recorded: str) -> bool:
        """Answer whether a row's digest is the recorded one."""
        return self._quick(row) == recorded or self.of(row) == recorded

    def _quick(self, row: Sequence[Any]) -> str:
        """Answer the digest of a row whose texts and numbers are canonical as they stand, else some other value."""
        values = list(row[1:])
        try:
            for place, read in self._special:
                if values[place] is not None:
                    values[place] = read(values[place])
            return sha256(self._encode({"row": dict(zip(self._names, values, strict=True))})).hexdigest()
        except SPOILT:
            return ""

    def of(self, row: Sequence[Any]) -> str:
        """Answer the digest of a row's columns; a state with no canonical form cannot have been recorded."""
        try:
            values = [
                None if value is None else read(value)
                for read, value in zip(self._readings, row[1:], strict=True)
            ]
            return sha256(self._encode({"row": dict(zip(self._names, values, strict=True))})).hexdigest()
        except SPOILT as wrong:
            return f"no canonical form: {wrong}"


def _whole(value: Any) -> object:
    if type(value) is not int:
        msg = f"{value!r} where a whole number belongs"
        raise ValueError(msg)
    return value if -_SAFE < value < _SAFE else str(value)


def _words(value: Any) -> object:
    return value if type(value) is str and _normal(value) else canonical.plain(value)


def _normal(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def _truth(value: Any) -> object:
    if value in (0, 1):
        return bool(value)
    msg = f"{value!r} where yes or no belongs"
    raise ValueError(msg)


_PLAIN: Final[dict[type, Reading]] = {
    fields.IntField: _whole,
    fields.BigIntField: _whole,
    fields.SmallIntField: _whole,
    fields.CharField: _words,
    fields.TextField: _words,
    fields.BooleanField: _truth,
}
"""Fields whose columns hold the value as it is; subclasses (enums) have readings of their own."""


_AS_THEY_ARE: Final = frozenset(_PLAIN) - {fields.BooleanField}


def _reading(field: fields.Field[Any]) -> Reading:
    def by_its_field(value: Any) -> object:
        return canonical.plain(field.to_python_value(value))

    def moment(value: Any) -> object:
        if type(value) is str and len(value) == _STORED_INSTANT and value.endswith("+00:00"):
            return f"{value[:10]}T{value[11:26]}Z"
        return by_its_field(value)

    return _PLAIN.get(type(field), moment if type(field) is fields.DatetimeField else by_its_field)
