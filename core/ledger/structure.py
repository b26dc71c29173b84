"""Whether every table and column that the ledger speaks of is still there: what is gone is named, not stumbled over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tortoise.exceptions import OperationalError

from core.kit.regulated import REGULATED
from core.ledger.faults import Fault

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient

_COLUMNS: Final = (
    "SELECT table_name AS tbl, column_name AS col FROM information_schema.columns "
    "WHERE table_schema = current_schema()"
)


async def gone(db: BaseDBAsyncClient) -> dict[str, Fault]:
    """A fault for each regulated table that is missing or lacks a column, by the table's name."""
    wanted = {
        model.table(): sorted(set(model._meta.fields_db_projection.values()))  # noqa: SLF001  the ORM's own
        for model in REGULATED.values()
    }
    lost = await (_lost_sqlite if db.capabilities.dialect == "sqlite" else _lost_postgres)(db, wanted)
    return {
        table: Fault(
            where=table, number="", what=f"column {column} is gone" if column else "the whole table is gone"
        )
        for table, column in sorted(lost.items())
    }


async def _lost_postgres(db: BaseDBAsyncClient, wanted: dict[str, list[str]]) -> dict[str, str]:
    """The first missing column of each table that lacks one; empty for a missing table."""
    there: dict[str, set[str]] = {}
    for row in await db.execute_query_dict(_COLUMNS):
        there.setdefault(str(row["tbl"]), set()).add(str(row["col"]))
    return {
        table: next((one for one in columns if one not in there[table]), "") if table in there else ""
        for table, columns in wanted.items()
        if not set(columns) <= there.get(table, set())
    }


async def _lost_sqlite(db: BaseDBAsyncClient, wanted: dict[str, list[str]]) -> dict[str, str]:
    """The same by asking for no row: the locked connection of the application refuses to list columns."""
    found = {}
    for table, columns in wanted.items():
        if not await _answers(db, table, columns):
            there = await _answers(db, table, [])
            lacking = [one for one in columns if there and not await _answers(db, table, [one])]
            found[table] = lacking[0] if lacking else ""
    return found


async def _answers(db: BaseDBAsyncClient, table: str, columns: list[str]) -> bool:
    names = ", ".join(f't."{one}"' for one in columns) or "1"
    try:
        await db.execute_query(f'SELECT {names} FROM "{table}" t LIMIT 0')  # noqa: S608  our names
    except OperationalError:
        return False
    return True
