"""Opening the database: one alias, every room's tables, UTC, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from aerich import Command
from aerich.migrate import Migrate
from asyncpg import Connection
from tortoise import Tortoise, connections
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from bot import schema
from core import ledger
from core.kit.unit_of_work import ALIAS
from core.tables import MODULES

BUSY_MILLISECONDS = 10_000
CACHE = -65_536
"""Pages of SQLite that one process keeps, 64 MB at most, as they are asked for: by imports and large traces."""
CONNECTING = 5.0
PATIENCE = 20.0
"""Seconds for one statement of a serving process: beyond them the server or the way to it is broken. Commands wait."""
ALIVE = {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}
"""The server asks after a silent peer: what a lost process or way had locked is free after a minute, not after hours."""
APP = "core"
_MIGRATING = 0x6D696772  # "migr"
MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


class DatabaseFault(Exception):  # noqa: N818  it is read by an operator as a sentence
    """The database cannot be used; the text says how to mend it."""


def connection(url: str, patience: float | None = None) -> dict[str, Any]:
    """Turn a database address into Tortoise's description of a connection.

    ``sqlite://relative/path`` or ``sqlite:///absolute/path``; ``postgres://user:pass@host:port/name``, where
    ``?host=/directory`` names a socket directory, ``schema=name`` a schema instead of ``public``. With a ``patience``
    each statement must be answered within so many seconds, and a connection that was not is given up.

    Raises:
        DatabaseFault: the address is neither.
    """
    scheme = url.partition("://")[0]
    if scheme == "sqlite":
        path = sqlite_file(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        return {
            "engine": "bot.precedence",
            "credentials": {
                "file_path": str(path),
                "journal_mode": "WAL",
                "synchronous": "FULL",
                "foreign_keys": "ON",
                "cache_size": CACHE,
                "busy_timeout": BUSY_MILLISECONDS,
            },
        }
    if scheme in ("postgres", "postgresql"):
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        return {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": query.get("host", [parts.hostname or "127.0.0.1"])[0],
                "port": parts.port or 5432,
                "user": unquote(parts.username or "postgres"),
                "password": unquote(parts.password or "") or None,
                "database": parts.path.lstrip("/") or "bihuan",
                "minsize": 1,
                "maxsize": 10,
                **({} if patience is None else {"timeout": CONNECTING, "command_timeout": patience}),
                "reset": as_it_is,
                "server_settings": dict(ALIVE),
                **({"schema": query["schema"][0]} if "schema" in query else {}),
            },
        }
    msg = f"BIHUAN_DATABASE_URL must begin with sqlite:// or postgres://, not {scheme}://"
    raise DatabaseFault(msg)


async def as_it_is(_connection: Connection[Any]) -> None:
    """Leave a connection as it comes back, save one round trip to the server for each read.

    No statement of ours changes a session: settings and advisory locks end with their transaction, and the driver
    itself ends a transaction that was left open and forgets listeners.
    """


def sqlite_file(url: str) -> Path:
    """Name the file of a ``sqlite://`` address."""
    return Path(unquote(url.partition("://")[2].split("?")[0]))


def config(url: str, patience: float | None = None) -> dict[str, Any]:
    """Tortoise's whole configuration, aerich's own table included."""
    return {
        "connections": {ALIAS: connection(url, patience)},
        "apps": {"core": {"models": [*MODULES, "aerich.models"], "default_connection": ALIAS}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def open_database(url: str, *, patience: float | None = None) -> None:
    """Connect this process; every task of it sees the connection."""
    await Tortoise.init(config=config(url, patience), _enable_global_fallback=True)


async def close_database() -> None:
    """Let go of the connections."""
    await Tortoise.close_connections()


def _command(url: str) -> Command:
    """Aerich's command over the connection that is open already."""
    Migrate.app = APP
    Migrate.migrate_location = Migrate.get_migration_dir(str(MIGRATIONS), APP)
    return Command(tortoise_config=config(url), app=APP, location=str(MIGRATIONS))


async def migrate(url: str, *, app_role: str = "") -> list[str]:
    """Bring the open database up to date; answers the names of the migrations that ran.

    ``app_role`` is the PostgreSQL role that runs the application and owns nothing: it gets its rights anew.

    Raises:
        DatabaseFault: there is no such role, this connection may not give it rights, or the database is newer.
    """
    async with _alone():
        newer = [said for said in await schema.unfit() if "newer" in said]
        if newer:
            raise DatabaseFault(newer[0])
        await _must_be_ours()
        ran = await _command(url).upgrade(run_in_transaction=True)
    if app_role:
        await _grant(app_role)
    return ran


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    """One process migrates at a time; the next finds nothing left to do. SQLite's own lock is enough there."""
    db = connections.get(ALIAS)
    if not isinstance(db, AsyncpgDBClient):
        yield
        return
    async with db.acquire_connection() as one:
        await one.execute(f"SELECT pg_advisory_lock({_MIGRATING})")
        try:
            yield
        finally:
            await one.execute(f"SELECT pg_advisory_unlock({_MIGRATING})")


async def _grant(role: str) -> None:
    db = connections.get(ALIAS)
    if not await db.execute_query_dict("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]):
        msg = f"there is no database role {role}: create it first (docs/operating/postgresql.md)"
        raise DatabaseFault(msg)
    (home,) = await db.execute_query_dict("SELECT current_schema() AS name")
    found = await db.execute_query_dict(
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    )
    try:
        async with in_transaction(ALIAS) as one:
            for text in ledger.grants.statements(role, home["name"], [row["name"] for row in found]):
                await one.execute_query(text)
    except OperationalError as wrong:
        msg = f"the rights of {role} could not be set: {wrong} (docs/operating/postgresql.md)"
        raise DatabaseFault(msg) from None


def role_of(url: str) -> str:
    """Answer the PostgreSQL role of an address; empty on SQLite."""
    found = connection(url)
    return str(found["credentials"]["user"]) if found["engine"].endswith("asyncpg") else ""


async def owns_tables() -> bool:
    """Answer whether the open PostgreSQL connection could switch its own guards off; False on SQLite."""
    db = connections.get(ALIAS)
    if db.capabilities.dialect == "sqlite":
        return False
    owned = await db.execute_query_dict(
        "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'ledger_entry'"
        " AND pg_has_role(current_user, tableowner, 'MEMBER')"
    )
    return bool(owned)


async def pending(url: str) -> list[str]:
    """The migrations that have not run yet.

    Raises:
        DatabaseFault: none, but the database was made by an earlier state of this program.
    """
    command = _command(url)
    try:
        found = list(await command.heads())
    except OperationalError:
        return list(await command.history())
    await _must_be_ours()
    return found


async def _must_be_ours() -> None:
    """Refuse a database whose migrations have all run but were made by an earlier state of this program.

    Raises:
        DatabaseFault: it is one.
    """
    if not await schema.unfit() and (found := await schema.strange()):
        raise DatabaseFault(found[0])


async def faults() -> list[str]:
    """What keeps the open database from being used: pending migrations, missing guards. Empty when all is well."""
    if unfit := await schema.unfit() or await schema.strange():
        return unfit
    missing = await ledger.guards.missing(connections.get(ALIAS))
    return [f"guard {name} is missing: the database no longer protects its records" for name in missing]
