"""What the application's own SQLite connection may ask for: reading and writing rows, nothing that changes the database.

SQLite asks before each statement is prepared. Migrations and backups run on connections without it.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from tortoise import connections
from tortoise.backends.sqlite.client import SqliteClient

from core.kit.unit_of_work import ALIAS

_ALWAYS: Final = frozenset(
    {
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
        sqlite3.SQLITE_RECURSIVE,
    }
)
_ROWS: Final = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_LOADS: Final = "load_extension"
_ASKED: Final = frozenset({"foreign_keys", "integrity_check", "journal_mode", "quick_check", "user_version"})
"""Settings that may be asked for, never set."""

_COLUMNS: Final = "table_info"
"""Names a table's columns; it sets nothing, whatever its argument."""


def allowed(
    action: int, first: str | None, second: str | None, database: str | None, trigger: str | None
) -> int:
    """Answer SQLite's question about one thing that a statement does; what is not named here is refused."""
    del database, trigger
    may = (
        action in _ALWAYS
        or (action in _ROWS and not (first or "").startswith("sqlite_"))
        or (action == sqlite3.SQLITE_FUNCTION and second != _LOADS)
        or (action == sqlite3.SQLITE_PRAGMA and second is None and first in _ASKED)
        or (action == sqlite3.SQLITE_PRAGMA and first == _COLUMNS)
    )
    return sqlite3.SQLITE_OK if may else sqlite3.SQLITE_DENY


_FIRST: Final = "SELECT 1 FROM json_each('[]')"
"""SQLite makes this table when a connection first asks for it, and takes that for a change of the schema."""


async def lock_down() -> None:
    """Refuse from now on, on this process's connection, whatever is not reading and writing rows.

    Does nothing on PostgreSQL, where the role that runs the application owns no table.
    """
    client = connections.get(ALIAS)
    if isinstance(client, SqliteClient):
        async with client.acquire_connection() as connection:
            await connection.execute_fetchall(_FIRST)
            await connection.set_authorizer(allowed)
