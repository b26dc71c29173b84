"""Where backups are restored to in these tests, and what is left there."""

from __future__ import annotations

import errno
import io
import sqlite3
from pathlib import Path

from bot import database
from bot.backups import postgres
from tests.bot.backups.conftest import Empty
from tests.bot.backups.installations import Installation


async def moved(installation: Installation, folder: Path, empty: Empty) -> Installation:
    """The keys put back on a clean machine."""
    return installation.moved(folder, await empty(folder))


def left(folder: Path) -> set[str]:
    """Every file but the keys that were put back."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    return {name for name in found if not name.startswith("keys")}


def tables(path: Path) -> list[str]:
    with sqlite3.connect(path) as db:
        return [line for line in db.iterdump() if "sqlite_stat" not in line]


async def tell(url: str, statement: str) -> None:
    """What an insider with the owner's rights does, on a connection of their own."""
    if url.startswith("sqlite:"):
        with sqlite3.connect(database.sqlite_file(url)) as db:
            db.executescript(statement)
        return
    async with postgres.connected(url) as db:
        await db.execute(statement)


class Full(io.BytesIO):
    """A disk with room for so many bytes."""

    room = 100_000

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)
