"""Copying a SQLite database that is in use, and putting a copy in its place.

The copy is made by SQLite's online backup on a connection of its own: the application's is locked against it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from bot.backups import state
from bot.backups.faults import BackupFault
from bot.backups.manifest import DATABASE, LedgerState, TableState
from bot.backups.parts import Part
from bot.database import BUSY_MILLISECONDS

_PAGES: Final = 1024
_BESIDE: Final = ("", "-journal", "-wal", "-shm")


@dataclass(frozen=True)
class Copy:
    """A finished copy, open for reading and without a name any more; and what it holds."""

    file: BinaryIO
    migrations: tuple[str, ...]
    ledger: LedgerState
    tables: dict[str, TableState]


@contextmanager
def copied(source: Path, keys: tuple[str, ...], progress: Callable[[str, int], None]) -> Iterator[Copy]:
    """Copy one state of a database while others go on writing; the copy lies beside it, and is gone afterwards.

    Raises:
        BackupFault: there is no such database, it is not one of ours, or there is no room for the copy.
    """
    if not source.is_file():
        msg = f"there is no database {source}; check BIHUAN_DATABASE_URL"
        raise BackupFault(msg)
    copy = source.with_name(f".{source.name}.copy-{secrets.token_hex(4)}")
    try:
        try:
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _copy(source, copy, progress)
            found = _described(copy, keys)
            file = copy.open("rb")
        finally:
            _remove(copy)
    except (sqlite3.Error, OSError) as wrong:
        msg = f"the database {source} cannot be copied: {wrong}"
        raise BackupFault(msg) from None
    with file:
        yield Copy(file, *found)


def _copy(source: Path, copy: Path, progress: Callable[[str, int], None]) -> None:
    address = f"{source.absolute().as_uri()}?mode=rw"
    with (
        closing(
            sqlite3.connect(address, uri=True, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None)
        ) as live,
        closing(sqlite3.connect(copy, isolation_level=None)) as made,
    ):
        live.execute(
            "BEGIN"
        )  # one state for all steps: what is committed meanwhile neither comes in nor begins anew
        size = live.execute("PRAGMA page_size").fetchone()[0]
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        made.execute("PRAGMA synchronous = OFF")  # what a power cut leaves of it is never used
        live.backup(
            made, pages=_PAGES, progress=lambda _, left, all_: progress("database", (all_ - left) * size)
        )
        made.execute("PRAGMA journal_mode = DELETE")


def _described(
    copy: Path, keys: tuple[str, ...]
) -> tuple[tuple[str, ...], LedgerState, dict[str, TableState]]:
    with closing(sqlite3.connect(copy)) as db:

        def one(statement: str) -> int:
            return int(db.execute(statement).fetchone()[0])

        names = [
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
        migrations = tuple(name for (name,) in db.execute(state.MIGRATED))
        ledger = state.ledger_state(
            db.execute(state.NEWEST).fetchone(), one(state.ENTRIES), one(state.WAITING), keys
        )
        return migrations, ledger, {name: TableState(one(state.counted(name))) for name in names}


def _remove(file: Path) -> None:
    for end in _BESIDE:
        file.with_name(file.name + end).unlink(missing_ok=True)


def must_be_free(path: Path) -> None:
    """Refuse a place where a database lies; a file without any table, as a first look leaves it, is none.

    Raises:
        BackupFault: one lies there.
    """
    there = [path.with_name(path.name + end) for end in _BESIDE]
    found = [one for one in there if one.exists()]
    if found and (found[0] != path or not _bare(path)):
        msg = f"{found[0]} exists: a backup is restored only where there is no database. Move it away first."
        raise BackupFault(msg)


def _bare(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as db:
            return not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError:
        return False


class SqlitePlace:
    """Where a copy becomes a database: written under another name, and there only once all of it is."""

    def __init__(self, path: Path) -> None:
        """Put the database at a path, whose folder exists."""
        self._path = path
        self._partial = path.with_name(f".{path.name}.restoring-{secrets.token_hex(4)}")

    async def take(self, part: Part) -> None:
        """Write the copy out.

        Raises:
            BackupFault: the part belongs to another engine.
        """
        if part.name != DATABASE:
            msg = f"part {part.name} does not belong into a SQLite database"
            raise BackupFault(msg)
        with self._partial.open("xb") as file:
            for block in part.blocks():
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    async def settle(self) -> None:
        """Give the database its name, never another's.

        Raises:
            BackupFault: somebody was first.
        """
        must_be_free(self._path)
        _remove(self._path)
        self._partial.rename(self._path)

    async def leave(self) -> None:
        """Take away what was not settled."""
        _remove(self._partial)
