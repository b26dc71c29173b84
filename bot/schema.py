"""Does the database fit this program? Asked at the start, and every second while it runs."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aerich.utils import get_models_describe
from asyncpg import UndefinedTableError
from tortoise import BaseDBAsyncClient, connections
from tortoise.exceptions import OperationalError

from core.kit.unit_of_work import ALIAS

log = logging.getLogger(__name__)
FOLDER = Path(__file__).resolve().parents[1] / "migrations" / "core"
LOOK = 1.0
APP = "core"
_NAMED = 4
_COLUMNS = (
    "SELECT c.relname AS held_by, a.attname AS name FROM pg_class c JOIN pg_attribute a "
    "ON a.attrelid = c.oid WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' "
    "AND a.attnum > 0 AND NOT a.attisdropped"
)


def known() -> frozenset[str]:
    """The migrations that this program brings along."""
    return frozenset(path.name for path in FOLDER.glob("[0-9]*.py"))


async def unfit() -> list[str]:
    """Why the open database does not fit: it is newer than the program, or older. Empty when it fits.

    Raises:
        Exception: it cannot be asked now, which says nothing about its version.
    """
    try:
        rows = await connections.get(ALIAS).execute_query_dict(
            "SELECT version FROM aerich WHERE app = 'core'"
        )
    except OperationalError as fault:
        if not (isinstance(fault.__cause__, UndefinedTableError) or "no such table" in str(fault)):
            raise
        rows = []
    ran = {str(row["version"]) for row in rows}
    newer = [
        f"the database is newer than this program (it knows {name}): run the new program, "
        "or restore the backup of before (docs/operating/upgrade.md)"
        for name in sorted(ran - known())
    ]
    return newer or [f"migration {name} has not run: run `bihuan migrate`" for name in sorted(known() - ran)]


async def strange() -> list[str]:
    """Why the open database is none that this program's migrations make, though each of their names has run; else empty.

    Until the first release the first migrations keep their names while what they make changes (ADR 3). Told by the
    models that the last migration recorded, and by the columns that are really there.
    """
    wanted = _ours()
    db = connections.get(ALIAS)
    rows = await db.execute_query_dict(
        "SELECT content FROM aerich WHERE app = 'core' ORDER BY id DESC LIMIT 1"
    )
    if not rows:
        return []
    kept = rows[0]["content"]
    recorded = _read(kept) if isinstance(kept, str) else _shape(kept)
    there = await _there(db, wanted)
    differing = {name for name in wanted.keys() | recorded.keys() if wanted.get(name) != recorded.get(name)}
    differing |= {name for name in wanted if wanted[name].keys() != there.get(name, set())}
    if not differing:
        return []
    named = ", ".join(sorted(differing)[:_NAMED]) + (" …" if len(differing) > _NAMED else "")
    said = (
        f"this database was made by an earlier, unreleased state of this program (it differs in {named}): begin with a "
        "new one, or go on with the program that made it (docs/operating/upgrade.md)"
    )
    return [said]


async def _there(db: BaseDBAsyncClient, tables: Iterable[str]) -> dict[str, set[str]]:
    """The columns that tables really have."""
    found: dict[str, set[str]] = {}
    if db.capabilities.dialect == "sqlite":
        for name in tables:
            rows = await db.execute_query_dict(f'PRAGMA table_info("{name}")')
            found[name] = {str(row["name"]) for row in rows}
        return found
    for row in await db.execute_query_dict(_COLUMNS):
        found.setdefault(str(row["held_by"]), set()).add(str(row["name"]))
    return found


@functools.cache
def _ours() -> dict[str, dict[str, str]]:
    return _shape(get_models_describe(APP))


@functools.lru_cache(maxsize=1)
def _read(content: str) -> dict[str, dict[str, str]]:
    """What a migration recorded; read once, since /readyz asks all the time."""
    return _shape(json.loads(content))


def _shape(described: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    """What of models decides how their tables are made: for each table its columns with type, emptiness, uniqueness."""
    found: dict[str, dict[str, str]] = {}
    for model in described.values():
        fields = [model["pk_field"], *model["data_fields"]]
        found[str(model["table"])] = {
            str(one["db_column"]): json.dumps(
                [one["db_field_types"], one["nullable"], one["unique"]], sort_keys=True
            )
            for one in fields
        }
    return found


async def until_unfit() -> str:
    """Wait until somebody changes the database under this program; answers why it must not go on."""
    while True:
        await asyncio.sleep(LOOK)
        try:
            found = await unfit()
        except Exception:
            log.exception("the database's version cannot be asked", extra={"action": "schema_look"})
            continue
        if found:
            return found[0]
