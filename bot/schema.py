"""Does the database fit this program? Asked at the start, and every second while it runs."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from asyncpg import UndefinedTableError
from tortoise import connections
from tortoise.exceptions import OperationalError

from core.kit.unit_of_work import ALIAS

log = logging.getLogger(__name__)
FOLDER = Path(__file__).resolve().parents[1] / "migrations" / "core"
LOOK = 1.0


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
