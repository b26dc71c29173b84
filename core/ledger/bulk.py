"""Many rows of one table at once: written and digested without making objects of them.

Values are canonical as ``canonical.plain`` gives them: numbers, texts in NFC, decimals and instants as text. Their
digests are those of ``Regulated.state_digest``, so that verification treats these rows as any others.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec
from tortoise import fields

from core.kit import canonical
from core.kit.regulated import Refused, Regulated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tortoise.backends.base.client import BaseDBAsyncClient

_encode: Final = msgspec.json.Encoder().encode
_CASTS: Final[tuple[tuple[type, str, str], ...]] = (
    (fields.BooleanField, "boolean", ""),
    (fields.IntField, "bigint", ""),
    (fields.BigIntField, "bigint", ""),
    (fields.DecimalField, "text", "::numeric"),
    (fields.DatetimeField, "text", "::timestamptz"),
    (fields.DateField, "text", "::date"),
    (fields.CharField, "text", ""),
    (fields.TextField, "text", ""),
)

Plain = tuple[Any, ...]
"""A row in canonical values, in the order of ``BulkTable.columns``."""


class BulkTable:
    """How rows of one table are written: ``columns`` in the order of their names."""

    def __init__(self, model: type[Regulated]) -> None:
        """Prepare for a table whose key is a number of its own and all of whose columns are vouched for."""
        if model.unvouched:
            msg = f"{model.__name__} has columns outside its digest; write its rows one by one"
            raise Refused(msg)
        meta = model._meta  # noqa: SLF001  the ORM's own description of a table
        held = sorted((stored, meta.fields_map[name]) for name, stored in meta.fields_db_projection.items())
        self.table = model.table()
        self.columns = tuple(stored for stored, _ in held)
        self.key = self.columns.index(str(meta.db_pk_column))
        self._instants = [
            place for place, (_, one) in enumerate(held) if isinstance(one, fields.DatetimeField)
        ]
        self._casts = [_cast(one) for _, one in held]

        self._blank = [_default(one) for _, one in held]
        self._places = {name: place for place, name in enumerate(self.columns)}

    def row(self, values: dict[str, Any]) -> Plain:
        """Put named values in order; a column without one has its default."""
        made = self._blank.copy()
        places = self._places
        for name, value in values.items():
            made[places[name]] = value
        return tuple(made)

    def digest(self, row: Plain) -> str:
        """Answer the digest of a row's state."""
        return sha256(_encode({"row": dict(zip(self.columns, row, strict=True))})).hexdigest()

    async def keys(self, db: BaseDBAsyncClient, count: int) -> Sequence[int]:
        """Answer so many keys for new rows; on SQLite the running transaction holds the write lock."""
        if db.capabilities.dialect == "postgres":
            found = await db.execute_query_dict(
                f"SELECT nextval(pg_get_serial_sequence('{self.table}', 'id')) AS id FROM generate_series(1, $1)",  # noqa: S608
                [count],
            )
            return [row["id"] for row in found]
        (last,) = await db.execute_query_dict(
            f'SELECT COALESCE(MAX("id"), 0) AS id FROM "{self.table}"'  # noqa: S608  our own names
        )
        return range(last["id"] + 1, last["id"] + 1 + count)

    async def insert(self, db: BaseDBAsyncClient, rows: Sequence[Plain]) -> list[dict[str, str]]:
        """Write rows in the running transaction; answers what the ledger entry must record of them."""
        if not rows:
            return []
        names = ", ".join(f'"{name}"' for name in self.columns)
        if db.capabilities.dialect == "postgres":
            marks = ", ".join(f"${place}::{kind}[]" for place, (kind, _) in enumerate(self._casts, 1))
            taken = ", ".join(f"c{place}{cast}" for place, (_, cast) in enumerate(self._casts))
            given = ", ".join(f"c{place}" for place in range(len(self.columns)))
            await db.execute_query(
                f'INSERT INTO "{self.table}" ({names}) SELECT {taken} FROM unnest({marks}) AS u({given})',  # noqa: S608
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            marks = ", ".join("?" * len(self.columns))
            await db.execute_many(
                f'INSERT INTO "{self.table}" ({names}) VALUES ({marks})',  # noqa: S608
                [self._stored(row) for row in rows],
            )
        return self.recorded(rows)

    def recorded(self, rows: Sequence[Plain]) -> list[dict[str, str]]:
        """Answer what a ledger entry records of rows that stand in the database like this."""
        key, table = self.key, self.table
        return [{"table": table, "key": str(row[key]), "digest": self.digest(row)} for row in rows]

    def _stored(self, row: Plain) -> list[Any]:
        """Answer a row as SQLite keeps it."""
        values = list(row)
        for place in self._instants:
            text = values[place]
            if text is not None:
                values[place] = f"{text[:10]} {text[11:26]}+00:00"
        return values


def _default(field: fields.Field[Any]) -> object:
    return None if field.default is None or callable(field.default) else canonical.plain(field.default)


def _cast(field: fields.Field[Any]) -> tuple[str, str]:
    for kind, sent, cast in _CASTS:
        if isinstance(field, kind):
            return sent, cast
    msg = f"{type(field).__name__} is not written in bulk"
    raise Refused(msg)
