"""Many rows of one table at once: written and digested without making objects of them.

Values come by column and are canonical as ``canonical.plain`` gives them: numbers, texts in NFC, decimals and
instants as text. Their digests are those of ``Regulated.state_digest``, so that verification treats these rows as
any others.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec
from tortoise import fields

from core.kit import canonical
from core.kit.regulated import Refused, Regulated

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    async def insert(
        self, db: BaseDBAsyncClient, count: int, given: Mapping[str, Sequence[Any] | str | int | None]
    ) -> list[dict[str, str]]:
        """Write so many rows in the running transaction; answers what the ledger entry must record of them.

        ``given`` holds a value for each row of a column, or one for all of them; other columns have their default.
        """
        if not count:
            return []
        columns: list[list[Any]] = [
            list(values) if isinstance(values, Sequence) and not isinstance(values, str) else [values] * count
            for values in (given.get(name, self._blank[place]) for place, name in enumerate(self.columns))
        ]
        names = ", ".join(f'"{name}"' for name in self.columns)
        if db.capabilities.dialect == "postgres":
            marks = ", ".join(f"${place}::{kind}[]" for place, (kind, _) in enumerate(self._casts, 1))
            taken = ", ".join(f"c{place}{cast}" for place, (_, cast) in enumerate(self._casts))
            names_given = ", ".join(f"c{place}" for place in range(len(self.columns)))
            await db.execute_query(
                f'INSERT INTO "{self.table}" ({names}) SELECT {taken} FROM unnest({marks}) AS u({names_given})',  # noqa: S608
                columns,
            )
        else:
            stored = columns.copy()
            for place in self._instants:
                stored[place] = [_as_sqlite_keeps(text) for text in columns[place]]
            marks = ", ".join("?" * len(self.columns))
            await db.execute_many(
                f'INSERT INTO "{self.table}" ({names}) VALUES ({marks})',  # noqa: S608
                [list(row) for row in zip(*stored, strict=True)],
            )
        named, table = self.columns, self.table
        return [
            {
                "table": table,
                "key": str(row[self.key]),
                "digest": sha256(_encode({"row": dict(zip(named, row, strict=True))})).hexdigest(),
            }
            for row in zip(*columns, strict=True)
        ]


def _as_sqlite_keeps(text: str | None) -> str | None:
    return None if text is None else f"{text[:10]} {text[11:26]}+00:00"


def _default(field: fields.Field[Any]) -> object:
    return None if field.default is None or callable(field.default) else canonical.plain(field.default)


def _cast(field: fields.Field[Any]) -> tuple[str, str]:
    for kind, sent, cast in _CASTS:
        if isinstance(field, kind):
            return sent, cast
    msg = f"{type(field).__name__} is not written in bulk"
    raise Refused(msg)
