"""What many tests begin with is made once by the real verbs; later tests get the same rows put into their database.

A kept beginning is made anew every minute, so that nothing in it looks old, and whenever something is unusual:
the database is not empty, or the test has moved the clock.
"""

from __future__ import annotations

import copy
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from tortoise import Tortoise, connections
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from core.kit import clock
from core.kit.unit_of_work import ALIAS
from tests.databases import as_owner

Made = TypeVar("Made")
LIFETIME = 60.0

SEQUENCES = """
SELECT format('SELECT setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename), last_value, true) AS text
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename NOT LIKE 'aerich%'"""


@dataclass(frozen=True)
class Kept:
    """The answer of whoever made it, the statements that bring its rows back, and when it was made."""

    answer: Any
    statements: list[tuple[str, list[list[Any]]]]
    script: str
    since: float


_kept: dict[Hashable, Kept] = {}


async def kept(key: Hashable, make: Callable[[], Awaitable[Made]]) -> Made:
    """Answer what ``make`` answers, with its rows in the open database."""
    db = connections.get(ALIAS)
    if not _now() or not await _empty(db):
        return await make()
    place = (db.capabilities.dialect, key)
    found = _kept.get(place)
    if found is not None and time.monotonic() - found.since < LIFETIME:
        await _restore(db, found)
        return copy.deepcopy(found.answer)
    since = time.monotonic()
    made = await make()
    if _now():
        _kept[place] = await _read(db, copy.deepcopy(made), since)
    return made


def _now() -> bool:
    """Nobody moved or stopped the clock."""
    return abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=1)


def _tables() -> list[str]:
    models = Tortoise.apps["core"].values()
    return sorted({table for model in models if (table := model._meta.db_table) != "aerich"})


async def _empty(db: BaseDBAsyncClient) -> bool:
    some = " OR ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in _tables())
    (answer,) = await db.execute_query_dict(f"SELECT {some} AS filled")
    return not answer["filled"]


async def _read(db: BaseDBAsyncClient, answer: Any, since: float) -> Kept:
    if db.capabilities.dialect == "postgres":
        return Kept(answer, [], await _as_script(db), since)
    statements = []
    for table in _tables():
        rows = await db.execute_query_dict(f'SELECT * FROM "{table}"')
        if rows:
            columns = ", ".join(f'"{name}"' for name in rows[0])  # migrations may order them otherwise
            marks = ", ".join("?" * len(rows[0]))
            statements.append(
                (f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', [list(row.values()) for row in rows])
            )
    return Kept(answer, statements, "", since)


LEAVES = "ledger_leaf"
UNGUARDED = f"ALTER TABLE {LEAVES} DISABLE TRIGGER USER"
GUARDED = f"""DO $guarded$ DECLARE one record; BEGIN
    FOR one IN SELECT tgname FROM pg_trigger WHERE tgrelid = '{LEAVES}'::regclass AND NOT tgisinternal LOOP
        EXECUTE format('ALTER TABLE {LEAVES} ENABLE ALWAYS TRIGGER %I', one.tgname);
    END LOOP;
END $guarded$"""
"""Leaves that were sealed come back past the guard that wants them to wait; it stands again afterwards."""


async def _as_script(db: BaseDBAsyncClient) -> str:
    lines = ["BEGIN", "SET LOCAL session_replication_role = replica"]
    for table in _tables():
        (found,) = await db.execute_query_dict(f'SELECT json_agg(one)::text AS rows FROM "{table}" AS one')
        if found["rows"] is not None:
            assert "$kept$" not in found["rows"]
            rows = f'json_populate_recordset(NULL::"{table}", $kept${found["rows"]}$kept$)'
            put = f'INSERT INTO "{table}" OVERRIDING SYSTEM VALUE SELECT * FROM {rows}'
            lines += [put] if table != LEAVES else [UNGUARDED, put, GUARDED]
    lines += [row["text"] for row in await db.execute_query_dict(SEQUENCES)]
    return ";\n".join([*lines, "COMMIT"])


async def _restore(db: BaseDBAsyncClient, found: Kept) -> None:
    if found.script:
        async with as_owner():
            await db.execute_script(found.script)
        return
    async with as_owner(), in_transaction(ALIAS) as unit:
        await unit.execute_query("PRAGMA defer_foreign_keys = ON")
        for statement, rows in found.statements:
            await unit.execute_many(statement, rows)
