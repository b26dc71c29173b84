"""Reading the log in the order of its keys, a page at a time: the statements and the loop around them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tortoise.exceptions import OperationalError

from core.ledger.key_book import KeyChange
from core.ledger.statements import PAGES
from core.ledger.stretches import PAGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tortoise.backends.base.client import BaseDBAsyncClient

_PAGE = PAGE
_COLUMNS: Final = "e.event_id, e.plant_id, e.case_number, e.kind, e.person_id, e.recorded_at, e.body, e.leaf"
SEALED: Final = f"""
    SELECT l.position, l.entry_id, l.leaf, e.id, {_COLUMNS}
    FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id
    WHERE l.position >= {{start}} ORDER BY l.position LIMIT {{limit}}
"""  # noqa: S608  column names only
UNSEALED: Final = f"""
    SELECT e.id, p.entry_id, {_COLUMNS}
    FROM ledger_entry e
    LEFT JOIN ledger_leaf l ON l.entry_id = e.id LEFT JOIN ledger_pending p ON p.entry_id = e.id
    WHERE l.entry_id IS NULL AND e.id >= {{start}} ORDER BY e.id LIMIT {{limit}}
"""  # noqa: S608
WAITING: Final = f"""
    SELECT e.id, p.entry_id, {_COLUMNS}
    FROM ledger_pending p JOIN ledger_entry e ON e.id = p.entry_id
    LEFT JOIN ledger_leaf l ON l.entry_id = e.id
    WHERE l.entry_id IS NULL AND e.id >= {{start}} ORDER BY e.id LIMIT {{limit}}
"""  # noqa: S608
PENDING: Final = """
    SELECT p.entry_id, e.id FROM ledger_pending p
    LEFT JOIN ledger_entry e ON e.id = p.entry_id LEFT JOIN ledger_leaf l ON l.entry_id = p.entry_id
    WHERE (e.id IS NULL OR l.entry_id IS NOT NULL) AND p.entry_id >= {start} ORDER BY p.entry_id LIMIT {limit}
"""
CHECKPOINTS: Final = """
    SELECT size, root, frontier, note, made_at FROM ledger_checkpoint
    WHERE size >= {start} ORDER BY size LIMIT {limit}
"""
_KEYS: Final = """
    SELECT l.position, e.id, e.kind, e.body FROM ledger_entry e JOIN ledger_leaf l ON l.entry_id = e.id
    WHERE e.kind IN ('ledger:key:adopt', 'ledger:key:retire') ORDER BY l.position
"""
EVERY_ROW: Final = 1 - 2**63
LAST: Final = 2**63 - 1


async def asked(db: BaseDBAsyncClient, statement: str, values: list[Any] | None = None) -> Sequence[Any]:
    """Answer the rows of a statement; text that is no UTF-8, which SQLite keeps, comes with what is wrong escaped."""
    try:
        return (await db.execute_query(statement, values))[1]
    except OperationalError as wrong:
        if db.capabilities.dialect != "sqlite" or "decode" not in str(wrong):
            raise
    async with db.acquire_connection() as connection:
        usual, connection.text_factory = connection.text_factory, _escaped
        try:
            return [*await connection.execute_fetchall(statement, values)]
        finally:
            connection.text_factory = usual


def _escaped(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")


async def pages(db: BaseDBAsyncClient, statement: str, start: int = EVERY_ROW) -> AsyncIterator[list[Any]]:
    """Yield rows of a statement in key order, a page at a time; the first column is the key."""
    while True:
        rows = await asked(db, statement.format(start=start, limit=_PAGE))
        if rows:
            yield list(rows)
        if len(rows) < _PAGE:
            return
        start = rows[-1][0] + 1


async def placed(db: BaseDBAsyncClient, start: int, most: int | None = None) -> Sequence[Any]:
    """Answer the leaves from a place on with their entries, a page of them, as ``whole_pages`` looks at them."""
    return await asked(db, PAGES[db.capabilities.dialect], [start, min(_PAGE, most or _PAGE)])


async def sealed(db: BaseDBAsyncClient, start: int, most: int | None = None) -> Sequence[Any]:
    """Answer the same page with every column as it is stored."""
    return await asked(db, SEALED.format(start=start, limit=min(_PAGE, most or _PAGE)))


async def key_changes(db: BaseDBAsyncClient) -> list[KeyChange]:
    """The sealed entries that change the ledger's key; what cannot be read is left to the check of its entry."""
    rows = await asked(db, _KEYS)
    found = []
    for position, entry_id, kind, body in (tuple(row) for row in rows):
        try:
            facts = json.loads(body if type(body) is bytes else b"")["facts"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(facts, dict):
            found.append(KeyChange(position, entry_id, kind, facts))
    return found


async def count(db: BaseDBAsyncClient, rows_of: str) -> int:
    """Count the rows of a table or join."""
    rows = await db.execute_query_dict(f"SELECT COUNT(*) AS counted FROM {rows_of}")  # noqa: S608  our names
    return int(rows[0]["counted"])


async def one_by_one(pages: AsyncIterator[list[Any]]) -> AsyncIterator[Any]:
    """Yield the rows of all pages."""
    async for page in pages:
        for row in page:
            yield row
