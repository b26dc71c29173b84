"""The last recorded digest of every row, in a file of its own while verifying, so that memory stays flat."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -65536;
    CREATE TABLE last (
        tab TEXT, key TEXT, digest TEXT, entry INTEGER, position INTEGER, kase TEXT, PRIMARY KEY (tab, key)
    ) WITHOUT ROWID;
    CREATE TABLE live (tab TEXT, key TEXT, digest TEXT, PRIMARY KEY (tab, key)) WITHOUT ROWID;
    CREATE TABLE stated (size INTEGER PRIMARY KEY, root TEXT);
"""
_RECORD = """
    INSERT INTO last VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (tab, key) DO UPDATE SET
        digest = excluded.digest, entry = excluded.entry, position = excluded.position, kase = excluded.kase
    WHERE excluded.entry > entry
"""
_DIFFERENT = """
    SELECT v.tab, v.key, l.entry, l.position, l.kase, l.key IS NULL
    FROM live v LEFT JOIN last l ON l.tab = v.tab AND l.key = v.key
    WHERE l.key IS NULL OR l.digest <> v.digest
"""
_GONE = """
    SELECT l.tab, l.key, l.entry, l.position, l.kase, 0
    FROM last l LEFT JOIN live v ON v.tab = l.tab AND v.key = l.key WHERE v.key IS NULL
"""


class Difference(NamedTuple):
    """A row whose state and last record do not match, with the entry that recorded it last."""

    table: str
    key: str
    entry: int | None
    position: int | None
    case: str | None
    unrecorded: bool


class Digests:
    """Recorded against live digests; a context manager, since its file goes when it ends."""

    def __enter__(self) -> Self:
        """Open an empty store in a temporary folder."""
        self._folder = tempfile.TemporaryDirectory(prefix="bihuan-verify-")
        self._store = sqlite3.connect(Path(self._folder.name) / "digests.db", isolation_level=None)
        self._store.executescript(_TABLES)
        self._store.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the file away."""
        self._store.close()
        self._folder.cleanup()

    def record(self, rows: Iterable[tuple[str, str, str, int, int | None, str | None]]) -> None:
        """Keep (table, key, digest, entry, position, case); of one row the latest entry counts."""
        self._store.executemany(_RECORD, rows)

    def live(self, table: str, rows: Iterable[tuple[str, str]]) -> None:
        """Keep (key, digest) of the rows of a table as they are now."""
        self._store.executemany(
            "INSERT INTO live VALUES (?, ?, ?)", ((table, key, digest) for key, digest in rows)
        )

    def state(self, size: int, root: str) -> None:
        """Keep what a checkpoint of the database states."""
        self._store.execute("INSERT OR IGNORE INTO stated VALUES (?, ?)", (size, root))

    def stated(self, size: int) -> str | None:
        """Answer the root that the database's checkpoint of a size states; None without one."""
        row = self._store.execute("SELECT root FROM stated WHERE size = ?", (size,)).fetchone()
        return row[0] if row else None

    def different(self) -> Iterator[Difference]:
        """Yield live rows that differ from their last record, or that have none."""
        yield from map(_difference, self._store.execute(_DIFFERENT))

    def gone(self) -> Iterator[Difference]:
        """Yield recorded rows that are not there any more."""
        yield from map(_difference, self._store.execute(_GONE))


def _difference(row: tuple[str, str, int | None, int | None, str | None, int]) -> Difference:
    table, key, entry, position, case, unrecorded = row
    return Difference(table, key, entry, position, case, unrecorded=bool(unrecorded))
