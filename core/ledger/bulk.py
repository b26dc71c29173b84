"""Many rows of one table at once: written and digested without making objects of them.

Values come by column and are canonical as ``canonical.plain`` gives them: numbers, texts in NFC, decimals and
instants as text. Their digests are those of ``Regulated.state_digest``, so that verification treats these rows as
any others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import msgspec
from tortoise import fields
from tortoise.backends.base_postgres.client import translate_exceptions

from core.kit import canonical
from core.kit.regulated import Refused, Regulated
from core.ledger.bodies import Entered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tortoise.backends.base.client import BaseDBAsyncClient

Given = Sequence[Any] | str | int | None
"""A value for each row, or one for all of them."""
ROWS_A_STATEMENT: Final = 400
"""On SQLite: before every statement that a guard may refuse, SQLite copies the pages that it changes, to undo it."""
_MOST_VALUES: Final = 32_000
"""SQLite takes 32,766 bound values a statement."""
_encode: Final = msgspec.json.Encoder().encode
_ESCAPED: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_KINDS: Final = (
    fields.BooleanField,
    fields.IntField,
    fields.BigIntField,
    fields.DecimalField,
    fields.DatetimeField,
    fields.DateField,
    fields.CharField,
    fields.TextField,
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
        for _, one in held:
            if not isinstance(one, _KINDS):
                msg = f"{type(one).__name__} is not written in bulk"
                raise Refused(msg)
        self._blank = [_default(one) for _, one in held]

    async def keys(self, db: BaseDBAsyncClient, count: int) -> Sequence[int]:
        """Answer so many keys for new rows; on SQLite the running transaction holds the write lock."""
        if db.capabilities.dialect == "postgres":
            (found,) = await db.execute_query_dict(
                "WITH own AS MATERIALIZED (SELECT pg_get_serial_sequence($1, 'id')::regclass AS name) "
                "SELECT array_agg(nextval(own.name)) AS ids FROM own, generate_series(1, $2)",
                [self.table, count],
            )
            keys: list[int] = found["ids"]
            return keys
        (last,) = await db.execute_query_dict(
            f'SELECT COALESCE(MAX("id"), 0) AS id FROM "{self.table}"'  # noqa: S608  our own names
        )
        return range(last["id"] + 1, last["id"] + 1 + count)

    async def insert(
        self,
        db: BaseDBAsyncClient,
        count: int,
        given: Mapping[str, Given],
        meanwhile: Callable[[], object] = lambda: None,
    ) -> list[Entered]:
        """Write so many rows in the running transaction; answers what the ledger entry must record of them.

        Columns that are not ``given`` have their default. ``meanwhile`` is called when the database is at work.
        """
        if not count:
            return []
        columns: list[Given] = [
            given.get(name, self._blank[place]) for place, name in enumerate(self.columns)
        ]
        if db.capabilities.dialect == "postgres":
            return await self._on_postgres(db, count, columns, meanwhile)
        return await self._on_sqlite(db, count, columns, meanwhile)

    async def _on_postgres(
        self, db: BaseDBAsyncClient, count: int, columns: list[Given], meanwhile: Callable[[], object]
    ) -> list[Entered]:
        """Copy the rows in; their digests are made while the server writes."""
        held = [place for place, values in enumerate(columns) if values is not None]
        row, varied = _template("\t".join, [(columns[place], _copied(columns[place])) for place in held])
        text = "\n".join([row % one for one in _rows(varied, count)])
        entered: list[asyncio.Task[list[Entered]]] = []

        async def enter() -> list[Entered]:
            meanwhile()
            return self._entered(count, columns)

        async def source() -> AsyncIterator[bytes]:
            yield f"{text}\n".encode()
            entered.append(asyncio.create_task(enter()))

        await _copy(db, self.table, [self.columns[place] for place in held], source())
        return await entered[0]

    async def _on_sqlite(
        self, db: BaseDBAsyncClient, count: int, columns: list[Given], meanwhile: Callable[[], object]
    ) -> list[Entered]:
        meanwhile()
        held = [(place, values) for place, values in enumerate(columns) if values is not None]
        stored = [
            _each(values, count)
            if place not in self._instants
            else [_as_sqlite_keeps(text) for text in _each(values, count)]
            for place, values in held
        ]
        names = ", ".join(f'"{self.columns[place]}"' for place, _ in held)
        together = min(ROWS_A_STATEMENT, _MOST_VALUES // len(held))
        rows = list(zip(*stored, strict=True))
        whole = count - count % together
        for size, some in ((together, rows[:whole]), (count - whole, rows[whole:])):
            if some:
                marks = ", ".join([f"({', '.join('?' * len(held))})"] * size)
                await db.execute_many(
                    f'INSERT INTO "{self.table}" ({names}) VALUES {marks}',  # noqa: S608
                    [
                        list(chain.from_iterable(some[start : start + size]))
                        for start in range(0, len(some), size)
                    ],
                )
        return self._entered(count, columns)

    def _entered(self, count: int, columns: Sequence[Given]) -> list[Entered]:
        table, keys = self.table, _each(columns[self.key], count)
        return [
            Entered(digest, str(key), table)
            for digest, key in zip(self.digests(count, columns), keys, strict=True)
        ]

    def digests(self, count: int, columns: Sequence[Given]) -> Iterator[str]:
        """Answer the digest of each row: every column once made JSON, the rows put together of that."""

        def joined(parts: Iterable[str]) -> str:
            named = zip(self.columns, parts, strict=True)
            return '{"row":{' + ",".join(f'"{name}":{part}' for name, part in named) + "}}"

        row, varied = _template(joined, [(values, _as_json(values)) for values in columns])
        for one in _rows(varied, count):
            yield sha256((row % one).encode()).hexdigest()


@translate_exceptions
async def _copy(
    db: BaseDBAsyncClient, table: str, columns: Sequence[str], source: AsyncIterator[bytes]
) -> None:
    async with db.acquire_connection() as connection:
        await connection.copy_to_table(table, source=source, columns=columns)


Written = tuple[str, Sequence[Any]]
"""A form, and what it takes for each row."""


def _template(
    joined: Callable[[Iterable[str]], str], parts: Sequence[tuple[Given, Written]]
) -> tuple[str, list[Sequence[Any]]]:
    """Answer the form of a whole row, and the columns that differ from row to row."""
    forms = [
        form if _is_column(values) else (form % texts[0]).replace("%", "%%")
        for values, (form, texts) in parts
    ]
    return joined(forms), [texts for values, (_, texts) in parts if _is_column(values)]


def _rows(columns: Sequence[Sequence[Any]], count: int) -> Iterable[tuple[Any, ...]]:
    return zip(*columns, strict=True) if columns else [()] * count


def _as_json(values: Given) -> Written:
    """Write each value as the encoder would."""
    found: Sequence[Any] = values if _is_column(values) else [values]
    kinds = set(map(type, found))
    if kinds == {int}:
        return "%d", found
    if kinds == {str}:
        joined = "".join(found)
        if joined.isprintable() and '"' not in joined and "\\" not in joined:
            return '"%s"', found
    return "%s", [_encode(one).decode() for one in found]


def _copied(values: Given) -> Written:
    """Write each value as PostgreSQL's COPY reads it."""
    found: Sequence[Any] = values if _is_column(values) else [values]
    kinds = set(map(type, found))
    if kinds == {int}:
        return "%d", found
    if kinds == {str}:
        joined = "".join(found)
        if joined.isprintable() and "\\" not in joined:
            return "%s", found
    return "%s", ["\\N" if one is None else str(one).translate(_ESCAPED) for one in found]


def _is_column(values: Given) -> TypeGuard[Sequence[Any]]:
    return isinstance(values, Sequence) and not isinstance(values, str)


def _each(values: Given, count: int) -> Sequence[Any]:
    return values if _is_column(values) else [values] * count


def _as_sqlite_keeps(text: str | None) -> str | None:
    return None if text is None else f"{text[:10]} {text[11:26]}+00:00"


def _default(field: fields.Field[Any]) -> Given:
    return None if field.default is None or callable(field.default) else canonical.plain(field.default)
