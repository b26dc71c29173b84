"""The last recorded digest of every row, in a file of its own while verifying, so that memory stays flat."""

from __future__ import annotations

import sqlite3
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from core.ledger.bodies import Entered

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -65536;
    CREATE TABLE last (
        tab INTEGER, key, digest TEXT, entry INTEGER, position INTEGER, kase TEXT, PRIMARY KEY (tab, key)
    ) WITHOUT ROWID;
    CREATE TABLE stated (size INTEGER PRIMARY KEY, root TEXT);
    CREATE TABLE believed (note BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_RECORD = """
    INSERT INTO last VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (tab, key) DO UPDATE SET
        digest = excluded.digest, entry = excluded.entry, position = excluded.position, kase = excluded.kase
    WHERE excluded.entry > entry
"""
_PLACE = "SELECT entry, position, kase FROM last WHERE tab = ? AND key = ?"
_LONGEST = 18  # digits that surely fit into a key of SQLite
_BEYOND = 10**_LONGEST

Key = int | str
Held = tuple[int, int | None, str | None, "Sequence[Entered]"]
"""An entry's id, place and case, and the rows that it recorded."""


class Recorded(NamedTuple):
    """The entry that recorded a row last: its id, place in the log and case."""

    entry: int
    position: int | None
    case: str | None


def ordered(key: object) -> Key:
    """Answer a row's key as it is kept here: numbers as numbers, so that they lie in the order of their table."""
    if type(key) is int and 0 <= key < _BEYOND:
        return key
    text = str(key)
    plain = text.isascii() and text.isdigit() and len(text) <= _LONGEST and (text[0] != "0" or text == "0")
    return int(text) if plain else text


class Digests:
    """Recorded against live digests; a context manager, since its file goes when it ends."""

    def __enter__(self) -> Self:
        """Open an empty store in a temporary folder."""
        self._folder = tempfile.TemporaryDirectory(prefix="bihuan-verify-")
        self._store = sqlite3.connect(Path(self._folder.name) / "digests.db", isolation_level=None)
        self._store.executescript(_TABLES)
        self._store.execute("BEGIN")
        self._tables: dict[str, int] = {}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the file away."""
        self._store.close()
        self._folder.cleanup()

    def _number(self, table: str) -> int:
        return self._tables.setdefault(table, len(self._tables))

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that some entry recorded a row of."""
        return tuple(self._tables)

    def record(self, rows: Iterable[Held]) -> None:
        """Keep what entries recorded; of one row the latest entry counts."""
        number = self._number
        self._store.executemany(
            _RECORD,
            [
                (number(one.table), ordered(one.key), one.digest, entry, position, case)
                for entry, position, case, records in rows
                for one in records
            ],
        )

    def between(self, table: str, after: Key | None, upto: Key | None) -> Iterator[tuple[Key, str]]:
        """Yield (key, digest) of the recorded rows of a table whose keys lie in a range; None leaves it open."""
        limits, values = "", [self._number(table)]
        for sign, limit in ((">", after), ("<=", upto)):
            if limit is not None:
                limits += f" AND key {sign} ?"
                values.append(limit)  # type: ignore[arg-type]
        yield from self._store.execute(f"SELECT key, digest FROM last WHERE tab = ?{limits}", values)  # noqa: S608

    def place(self, table: str, key: Key) -> Recorded:
        """Answer which entry recorded a row that ``between`` gave."""
        return Recorded(*self._store.execute(_PLACE, (self._number(table), key)).fetchone())

    def state(self, size: int, root: str) -> None:
        """Keep what a checkpoint of the database states."""
        self._store.execute("INSERT OR IGNORE INTO stated VALUES (?, ?)", (size, root))

    def believe(self, note: str) -> None:
        """Keep that a signed checkpoint is right: known key, size and root as in the log."""
        self._store.execute("INSERT OR IGNORE INTO believed VALUES (?)", (_short(note),))

    def believed(self, note: str) -> bool:
        """Answer whether exactly this note was found right before."""
        return (
            self._store.execute("SELECT 1 FROM believed WHERE note = ?", (_short(note),)).fetchone()
            is not None
        )

    def stated(self, size: int) -> str | None:
        """Answer the root that the database's checkpoint of a size states; None without one."""
        row = self._store.execute("SELECT root FROM stated WHERE size = ?", (size,)).fetchone()
        return row[0] if row else None


def _short(note: str) -> bytes:
    return sha256(note.encode()).digest()
