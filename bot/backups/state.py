"""What a database says of its ledger and its shape, in SQL that both engines understand."""

from __future__ import annotations

from typing import Final

from bot.backups.manifest import LedgerState
from bot.database import MIGRATIONS
from core.ledger import merkle

MIGRATED: Final = "SELECT version FROM aerich ORDER BY id"
NEWEST: Final = "SELECT size, root FROM ledger_checkpoint ORDER BY size DESC LIMIT 1"
ENTRIES: Final = "SELECT count(*) FROM ledger_entry"
WAITING: Final = "SELECT count(*) FROM ledger_pending"
HISTORY: Final = "aerich"
"""The table of the migrations themselves: made by migrating, never copied by rows."""


def counted(table: str) -> str:
    """Answer the SQL that counts a table's rows."""
    return f'SELECT count(*) FROM "{table}"'  # noqa: S608  names come from the database's own catalogue


def ledger_state(
    newest: tuple[int, str] | None, entries: int, waiting: int, keys: tuple[str, ...]
) -> LedgerState:
    """Put together what was asked; a log without any checkpoint has size 0 and the empty root."""
    size, root = newest or (0, merkle.EMPTY_ROOT.hex())
    return LedgerState(size, root, entries, waiting, keys)


def known_migrations() -> frozenset[str]:
    """Name the migrations of this version of Bihuan, as the database records them."""
    return frozenset(one.name for one in (MIGRATIONS / "core").glob("[0-9]*.py"))
