"""Writes the first migrations from the models, for both dialects. Used while unreleased; later files are by hand."""

from __future__ import annotations

import asyncio
import pprint
import re
from pathlib import Path

from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.utils import get_schema_sql

from core.kit.unit_of_work import ALIAS
from core.ledger import guards
from core.tables import MODULES

FOLDER = Path(__file__).parent / "core"
HEAD = '''"""{title}"""

from __future__ import annotations

from tortoise import BaseDBAsyncClient

from migrations import ddl

SQLITE = {sqlite}

POSTGRES = {postgres}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """{title}"""
    return await ddl.run(db, sqlite=SQLITE, postgres=POSTGRES)


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refused: records are never taken back; restore a backup instead."""
    msg = "records are never taken back; restore a backup instead"
    raise RuntimeError(msg)
'''


_COMMENTS = re.compile(r"/\*.*?\*/|COMMENT ON (?:TABLE|COLUMN) .*? IS '(?:[^']|'')*';", re.DOTALL)


def _split(script: str) -> list[str]:
    """Single statements of a generated schema; docstrings that Tortoise adds as comments are left out."""
    return [one.strip() for one in _COMMENTS.sub("", script).split(";") if one.strip()]


async def schema(dialect: str) -> list[str]:
    """The statements that make every table of the models in a dialect, without a server."""
    engine = {"sqlite": "tortoise.backends.sqlite", "postgres": "tortoise.backends.asyncpg"}[dialect]
    credentials = (
        {"file_path": ":memory:"}
        if dialect == "sqlite"
        else {"host": "localhost", "port": 1, "user": "x", "password": "x", "database": "x"}
    )
    context = await Tortoise.init(
        config={
            "connections": {ALIAS: {"engine": engine, "credentials": credentials}},
            "apps": {"core": {"models": [*MODULES, "aerich.models"], "default_connection": ALIAS}},
            "use_tz": True,
            "timezone": "UTC",
        },
        _enable_global_fallback=True,
    )
    client: AsyncpgDBClient | SqliteClient = context.connections.get(ALIAS)
    statements = _split(get_schema_sql(client, safe=True))
    await context.close_connections()
    return statements


def _literal(statements: list[str]) -> str:
    return pprint.pformat(tuple(statements), width=118)


async def write() -> None:
    """Write both files anew."""
    made = {dialect: await schema(dialect) for dialect in ("sqlite", "postgres")}
    (FOLDER / "0_20261123_init.py").write_text(
        HEAD.format(
            title="All tables.", sqlite=_literal(made["sqlite"]), postgres=_literal(made["postgres"])
        ),
        encoding="utf-8",
    )
    (FOLDER / "1_20261123_guards.py").write_text(
        HEAD.format(
            title="Guards: records that never change or vanish are kept by the database itself.",
            sqlite=_literal(guards.statements("sqlite")),
            postgres=_literal(guards.statements("postgres")),
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    asyncio.run(write())
