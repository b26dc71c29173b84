"""Both attack lists, made with the application's own connection against the real migrations: all refused."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from tortoise import connections
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.exceptions import BaseORMException

from bot import database
from bot.__main__ import Assembled
from bot.settings import Settings
from core import ledger, people
from core.kit.unit_of_work import ALIAS
from core.ledger import Signer, keys
from handlers.cli.tools import Refused
from tests.core.ledger.logs import ORIGIN, record, seal_all, verified
from tests.databases import PostgresServer
from tests.plants import small_plant

REFUSALS = (BaseORMException, sqlite3.DatabaseError, asyncpg.PostgresError)

BOTH = {
    "change an entry": "UPDATE ledger_entry SET kind = 'x'",
    "take an entry away": "DELETE FROM ledger_entry WHERE id = 1",
    "put another leaf over one": "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (0, 77, 'x')"
    " ON CONFLICT (position) DO UPDATE SET leaf = 'x'",
    "drop a table": "DROP TABLE ledger_leaf",
    "rename a table": "ALTER TABLE ledger_entry RENAME TO gone",
    "hide what waits": "DELETE FROM ledger_pending",
    "forge a leaf": "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (1, 2, 'x')",
    "change the access log": "UPDATE people_access_log SET door = 'x'",
    "take a person away": "DELETE FROM people_person",
}
SQLITE = BOTH | {
    "replace by the key": "INSERT OR REPLACE INTO ledger_leaf (position, entry_id, leaf) VALUES (0, 2, 'x')",
    "replace by a unique value": "REPLACE INTO ledger_leaf (position, entry_id, leaf) VALUES (9, 1, 'x')",
    "drop a guard": "DROP TRIGGER guard_ledger_entry_update",
    "add a column": "ALTER TABLE ledger_entry ADD COLUMN x TEXT",
    "write the schema": "PRAGMA writable_schema = ON",
    "change the schema": "UPDATE sqlite_master SET sql = '' WHERE name = 'guard_ledger_entry_update'",
    "another file beside": "ATTACH DATABASE ':memory:' AS other",
    "copy the file": "VACUUM INTO 'copy.db'",
    "a trigger of one's own": "CREATE TEMP TRIGGER mine AFTER INSERT ON ledger_entry BEGIN SELECT 1; END",
    "foreign keys off": "PRAGMA foreign_keys = OFF",
    "load code": "SELECT load_extension('x')",
}
POSTGRES = BOTH | {
    "empty a table": "TRUNCATE ledger_entry",
    "merge": "MERGE INTO ledger_leaf l USING (SELECT 0 AS p) s ON l.position = s.p"
    " WHEN MATCHED THEN UPDATE SET leaf = 'x'",
    "guards off": "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "act as a replica": "SET session_replication_role = replica",
    "drop a guard": "DROP TRIGGER guard_ledger_entry_change ON ledger_entry",
    "hollow a guard": "CREATE OR REPLACE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN OLD; END'",
    "become the owner": "SET ROLE bihuan_owner",
    "join the owners": "GRANT bihuan_owner TO bihuan_app",
    "a table of one's own": "CREATE TABLE mine (id int)",
    "unlogged": "ALTER TABLE ledger_entry SET UNLOGGED",
}
WATCHED = ("ledger_entry", "ledger_leaf", "ledger_pending", "ledger_checkpoint", "people_access_log")


async def contents() -> list[Any]:
    """Every row that an attack is after."""
    db = connections.get(ALIAS)
    return [(await db.execute_query(f"SELECT * FROM {name} ORDER BY 1"))[1] for name in WATCHED]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return keys.create(tmp_path / "ledger.key", ORIGIN)


def assembled(folder: Path, url: str, owner: str | None = None) -> Assembled:
    """An installation as the command line opens it."""
    return Assembled(
        Settings(
            _env_file=None,
            database_url=url,
            database_owner_url=owner,
            master_key_file=folder / "master.key",
            ledger_key_file=folder / "ledger.key",
        )  # type: ignore[call-arg]
    )


@pytest.fixture
async def server(postgres_server: PostgresServer) -> AsyncIterator[Callable[[str], str]]:
    """An empty database that belongs to ``bihuan_owner``; answers its address for a role."""
    EXECUTOR_CACHE.clear()
    made = await postgres_server.empty()
    name = made["credentials"]["database"]
    where = f"localhost:{postgres_server.port}/{name}?host={quote(postgres_server.host)}"
    await database.open_database(f"postgres://postgres@{where}")
    db = connections.get(ALIAS)
    for role in ("bihuan_owner", "bihuan_app"):
        if not await db.execute_query_dict("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]):
            await db.execute_query(f"CREATE ROLE {role} LOGIN")
    await db.execute_query(f"ALTER DATABASE {name} OWNER TO bihuan_owner")
    await db.execute_query("ALTER SCHEMA public OWNER TO bihuan_owner")
    await database.close_database()
    yield lambda role: f"postgres://{role}@{where}"
    await postgres_server.drop(made)


@pytest.fixture(params=["sqlite", "postgres"])
async def running(
    request: pytest.FixtureRequest, tmp_path: Path, server: Callable[[str], str]
) -> AsyncIterator[dict[str, str]]:
    """The application's connection to a migrated database, as ``serve`` has it; answers the attack list."""
    EXECUTOR_CACHE.clear()
    if request.param == "sqlite":
        house, attacks = assembled(tmp_path, f"sqlite://{tmp_path}/plant.db"), SQLITE
    else:
        house, attacks = assembled(tmp_path, server("bihuan_app"), server("bihuan_owner")), POSTGRES
    assert await house.migrate(check=False)
    assert await house.migrate(check=False) == []
    async with house.database():
        yield attacks


@pytest.mark.req("G-46b")
async def test_every_attack_is_refused_and_nothing_changed(running: dict[str, str], signer: Signer) -> None:
    """§3.4: what the application's connection cannot do, an error or an intruder in it cannot do either."""
    assert not await database.owns_tables()
    await record("A")
    await seal_all(signer)
    plant = await small_plant()
    await people.log_access(await plant.actor("auditor"), "admin", "/anomalies")
    before = await contents()
    assert all(before)
    for name, attack in running.items():
        with pytest.raises(REFUSALS):
            await connections.get(ALIAS).execute_script(attack)
            pytest.fail(f"{name}: it was let through")
        assert await contents() == before, name
    assert await ledger.guards.missing(connections.get(ALIAS)) == []


async def test_work_goes_on(running: dict[str, str], signer: Signer) -> None:
    """A plant is founded, sealed and verified with no right that the application does not have."""
    await small_plant(anew=True)
    await seal_all(signer)
    report = await verified(signer)
    assert report.sound
    assert report.rows > 50


async def test_a_role_that_is_not_there_is_said(server: Callable[[str], str], tmp_path: Path) -> None:
    """With the command that makes it; nothing was granted to anyone."""
    house = assembled(tmp_path, server("nobody"), server("bihuan_owner"))
    with pytest.raises(Refused, match="there is no database role nobody: create it first"):
        await house.migrate(check=False)


async def test_without_its_owner_the_database_is_not_migrated(
    server: Callable[[str], str], tmp_path: Path
) -> None:
    """The application's role may not make tables; what waits is said instead of served."""
    house = assembled(tmp_path, server("bihuan_app"))
    with pytest.raises(Refused, match="bihuan migrate"):
        async with house.database():
            pytest.fail("it opened")
    with pytest.raises(Refused, match="BIHUAN_DATABASE_OWNER_URL"):
        await house.migrate(check=False)
