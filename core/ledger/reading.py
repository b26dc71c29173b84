"""Reading the log in the order of its keys, a page at a time: the statements and the loop around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tortoise.backends.base.client import BaseDBAsyncClient

_PAGE: Final = 2000
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
_EVERY_ROW: Final = 1 - 2**63


async def pages(db: BaseDBAsyncClient, statement: str, start: int = _EVERY_ROW) -> AsyncIterator[list[Any]]:
    """Yield rows of a statement in key order, a page at a time; the first column is the key."""
    while True:
        _, rows = await db.execute_query(statement.format(start=start, limit=_PAGE))
        if rows:
            yield list(rows)
        if len(rows) < _PAGE:
            return
        start = rows[-1][0] + 1


async def count(db: BaseDBAsyncClient, rows_of: str) -> int:
    """Count the rows of a table or join."""
    rows = await db.execute_query_dict(f"SELECT COUNT(*) AS counted FROM {rows_of}")  # noqa: S608  our names
    return int(rows[0]["counted"])


async def one_by_one(pages: AsyncIterator[list[Any]]) -> AsyncIterator[Any]:
    """Yield the rows of all pages."""
    async for page in pages:
        for row in page:
            yield row
