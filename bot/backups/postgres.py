"""Dumping a PostgreSQL database in one snapshot, and filling an empty one; by COPY, without any other program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

import asyncpg

from bot import database
from bot.backups import state
from bot.backups.faults import BackupFault
from bot.backups.manifest import TABLES, LedgerState, Manifest, TableState
from bot.backups.parts import Part, PartWriter, Sink, Sum

_TABLES: Final = """
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
_NEEDS: Final = """
    SELECT c.relname AS name, t.relname AS needs FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND c.oid <> t.oid
"""
_SEQUENCES: Final = """
    SELECT c.relname AS table, a.attname AS column, s.relname AS sequence
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
    WHERE d.deptype IN ('a', 'i') AND c.relnamespace = current_schema()::regnamespace
"""
_CLOSING_SECONDS: Final = 10
_LEAVES: Final = '"ledger_leaf"'
_GUARD: Final = '"guard_ledger_leaf_place"'
"""Lets in only leaves that wait; those of a backup have waited already."""
_SETTINGS: Final = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection of its own to the database of an address.

    Raises:
        BackupFault: it cannot be reached, or says no to what is asked of it.
    """
    found = database.connection(url)["credentials"]
    settings = dict(_SETTINGS)
    if "schema" in found:
        settings["search_path"] = found["schema"]
    try:
        connection = await asyncpg.connect(
            host=found["host"],
            port=found["port"],
            user=found["user"],
            password=found["password"],
            database=found["database"],
            server_settings=settings,
        )
    except (OSError, asyncpg.PostgresError) as wrong:
        msg = f"the database cannot be reached: {wrong}. Check BIHUAN_DATABASE_URL."
        raise BackupFault(msg) from None
    try:
        yield connection
        with suppress(TimeoutError):
            await connection.close(timeout=_CLOSING_SECONDS)
    except asyncpg.PostgresError as wrong:
        msg = (
            f"the database says no: {wrong}. A restore needs the owner of the tables "
            "(BIHUAN_DATABASE_OWNER_URL, docs/operating/postgresql.md)."
        )
        raise BackupFault(msg) from None
    finally:
        connection.terminate()  # after a failure nothing more is said over it; closed already, this does nothing


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Open one state of the database, read only, whatever is committed meanwhile; it ends with the connection."""
    async with connected(url) as connection:
        await connection.transaction(isolation="repeatable_read", readonly=True).start()
        yield connection


async def described(db: asyncpg.Connection, keys: tuple[str, ...]) -> tuple[tuple[str, ...], LedgerState]:
    """Answer the migrations that ran and the ledger's state."""
    newest = await db.fetchrow(state.NEWEST)
    ledger = state.ledger_state(
        None if newest is None else (newest["size"], newest["root"]),
        await db.fetchval(state.ENTRIES),
        await db.fetchval(state.WAITING),
        keys,
    )
    return tuple(row["version"] for row in await db.fetch(state.MIGRATED)), ledger


async def tables(db: asyncpg.Connection) -> dict[str, list[str]]:
    """Answer every table with its columns, each after those that it refers to.

    Raises:
        BackupFault: tables refer to one another in a circle.
    """
    found = {
        row["name"]: list(row["columns"]) for row in await db.fetch(_TABLES) if row["name"] != state.HISTORY
    }
    needs: dict[str, set[str]] = {name: set() for name in found}
    for row in await db.fetch(_NEEDS):
        needs[row["name"]].add(row["needs"])
    try:
        return {name: found[name] for name in TopologicalSorter(needs).static_order()}
    except CycleError as wrong:
        msg = f"the tables {wrong.args[1]} refer to one another: they cannot be restored one by one"
        raise BackupFault(msg) from None


async def dump(db: asyncpg.Connection, name: str, columns: list[str], sink: Sink) -> tuple[TableState, Sum]:
    """Write one table as a part, in COPY's text format; answers its state without sequences.

    Raises:
        OSError: the sink takes no more.
    """
    writer = PartWriter(sink, TABLES + name)
    failed: list[OSError] = []

    async def take(data: bytes) -> None:
        # A COPY that is broken off is cancelled over a second connection; a cancel that comes late leaves the
        # first one waiting for ever. So what still comes of this table is let through, and the fault raised after.
        if not failed:
            try:
                writer.write(data)
            except OSError as full:
                failed.append(full)

    status: str = await db.copy_from_table(name, columns=columns, output=take)
    if failed:
        raise failed[0]
    return TableState(int(status.rpartition(" ")[2]), tuple(columns)), writer.end()


async def sequences(db: asyncpg.Connection) -> dict[str, dict[str, tuple[int, bool]]]:
    """Answer by table and column where each sequence stands: read after the rows, so never behind them."""
    found: dict[str, dict[str, tuple[int, bool]]] = {}
    for row in await db.fetch(_SEQUENCES):
        at = await db.fetchrow(f'SELECT last_value, is_called FROM "{row["sequence"]}"')  # noqa: S608  catalogue
        found.setdefault(row["table"], {})[row["column"]] = (at["last_value"], at["is_called"])
    return found


async def must_be_free(url: str) -> None:
    """Refuse a database that holds any record.

    Raises:
        BackupFault: it does.
    """
    async with connected(url) as db:
        for name in await tables(db):
            if await db.fetchval(f'SELECT EXISTS (SELECT 1 FROM "{name}")'):  # noqa: S608  catalogue
                msg = (
                    f"the database is not empty: table {name} holds records. A backup is restored only into an "
                    "empty database; make a new one."
                )
                raise BackupFault(msg)


class PostgresPlace:
    """An empty migrated database that is filled in one transaction."""

    def __init__(self, db: asyncpg.Connection, manifest: Manifest) -> None:
        """Fill the database of a connection."""
        self._db = db
        self._manifest = manifest
        self._change: Any = None

    async def begin(self) -> None:
        """Begin the transaction, and let leaves in that no longer wait; their guard stands again with the commit.

        Raises:
            BackupFault: the tables are not those of the backup.
        """
        here = {name: set(columns) for name, columns in (await tables(self._db)).items()}
        theirs = {name: set(one.columns) for name, one in self._manifest.tables.items()}
        if here != theirs:
            msg = "the tables of the database are not those of the backup"
            raise BackupFault(msg)
        self._change = self._db.transaction()
        await self._change.start()
        await self._db.execute(f"ALTER TABLE {_LEAVES} DISABLE TRIGGER {_GUARD}")

    async def take(self, part: Part) -> None:
        """Fill one table.

        Raises:
            BackupFault: the part belongs to another engine, or the rows are not as many as they were.
        """
        name = part.name.removeprefix(TABLES)
        stated = self._manifest.tables.get(name)
        if part.name == name or stated is None:
            msg = f"part {part.name} does not belong into a PostgreSQL database"
            raise BackupFault(msg)

        async def blocks() -> AsyncIterator[bytes]:
            for block in part.blocks():
                yield block

        status: str = await self._db.copy_to_table(name, columns=list(stated.columns), source=blocks())
        if int(status.rpartition(" ")[2]) != stated.rows:
            msg = f"table {name} took {status.rpartition(' ')[2]} rows of {stated.rows}"
            raise BackupFault(msg)

    async def settle(self) -> None:
        """Set the sequences, put the guard up again, commit."""
        for table, stated in self._manifest.tables.items():
            for column, (value, called) in stated.sequences.items():
                await self._db.execute(
                    "SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), $3, $4)",
                    table,
                    column,
                    value,
                    called,
                )
        await self._db.execute(f"ALTER TABLE {_LEAVES} ENABLE ALWAYS TRIGGER {_GUARD}")
        change, self._change = self._change, None
        await change.commit()

    async def leave(self) -> None:
        """Undo what was not settled."""
        if self._change is not None and not self._db.is_closed():
            await self._change.rollback()
