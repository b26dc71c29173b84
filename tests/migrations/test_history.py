"""The migrations make exactly what the models and guards describe, on both engines, and keep what is there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tortoise import connections
from tortoise.backends.base.executor import EXECUTOR_CACHE

from bot import database as installed
from core.kit.unit_of_work import ALIAS
from core.products.models import Product
from tests.databases import PostgresServer, build, close_database, open_database

POSTGRES = (
    """SELECT concat_ws(' ', 'column', table_name, column_name, udt_name, is_nullable, character_maximum_length,
    numeric_precision, numeric_scale, column_default) AS part
    FROM information_schema.columns WHERE table_schema = 'public'""",
    "SELECT 'index ' || indexdef AS part FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT concat_ws(' ', 'constraint', conrelid::regclass, pg_get_constraintdef(oid)) AS part
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    """SELECT concat_ws(' ', 'trigger', tgenabled, pg_get_triggerdef(oid)) AS part
    FROM pg_trigger WHERE NOT tgisinternal""",
    """SELECT concat_ws(' ', 'function', proname, prosrc) AS part
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)  # Tortoise writes docstrings into SQLite's tables
SQLITE = ("SELECT type || ' ' || tbl_name || ' ' || coalesce(sql, name) AS part FROM sqlite_master",)


async def parts() -> set[str]:
    """Everything the connected database is made of, aerich's own table apart."""
    connection = connections.get(ALIAS)
    queries = SQLITE if connection.capabilities.dialect == "sqlite" else POSTGRES
    found = [row["part"] for query in queries for row in (await connection.execute_query(query))[1]]
    plain = (COMMENT.sub("", part) for part in found if "aerich" not in part)
    return {" ".join(part.split()).replace(" ,", ",") for part in plain}


@pytest.fixture(params=["sqlite", "postgres"])
async def two_addresses(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer
) -> AsyncIterator[tuple[str, str]]:
    """Two databases without any table: one to migrate, one to build from the models."""
    EXECUTOR_CACHE.clear()  # it would hand one engine's statements to the other
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path}/migrated.db", f"sqlite://{tmp_path}/built.db"
        return
    made = [await postgres_server.empty() for _ in range(2)]
    names = [one["credentials"]["database"] for one in made]
    where = f"?host={quote(postgres_server.host)}"
    port = f":{postgres_server.port}"
    yield tuple(f"postgres://postgres@localhost{port}/{name}{where}" for name in names)
    for one in made:
        await postgres_server.drop(one)


@pytest.mark.req("G-77")
async def test_migrations_make_what_the_models_describe(two_addresses: tuple[str, str]) -> None:
    """Run make migration (while unreleased) or write one by hand: the models moved on without it."""
    migrated, built = two_addresses
    await installed.open_database(migrated)
    try:
        await installed.migrate(migrated)
        assert await installed.faults() == []
        history = await parts()
    finally:
        await installed.close_database()
    await open_database(installed.connection(built))
    try:
        await build()
        models = await parts()
    finally:
        await close_database()
    assert len(models) > 100
    assert history - models == set(), "in the migrations, not in the models"
    assert models - history == set(), "in the models, not in the migrations"


async def test_a_second_migration_changes_nothing_and_keeps_the_rows(two_addresses: tuple[str, str]) -> None:
    migrated, _built = two_addresses
    await installed.open_database(migrated)
    try:
        assert await installed.pending(migrated)
        assert await installed.migrate(migrated)
        await Product.create(plant_id=1, code="P-1", name_zh="螺钉", name_en="Screw", unit="pcs")
        assert await installed.migrate(migrated) == []
        assert await installed.pending(migrated) == []
        assert await Product.all().count() == 1
    finally:
        await installed.close_database()
