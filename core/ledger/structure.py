"""Whether every table and column that the ledger speaks of is still there: what is gone is named, not stumbled over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.kit.regulated import REGULATED
from core.ledger.faults import Fault

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient

_COLUMNS: Final = {
    "sqlite": "SELECT m.name AS tbl, p.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) p "
    "WHERE m.type = 'table'",
    "postgres": "SELECT table_name AS tbl, column_name AS col FROM information_schema.columns "
    "WHERE table_schema = current_schema()",
}


async def gone(db: BaseDBAsyncClient) -> dict[str, Fault]:
    """A fault for each regulated table that is missing or lacks a column, by the table's name."""
    rows: list[dict[str, Any]] = await db.execute_query_dict(_COLUMNS[db.capabilities.dialect])
    there: dict[str, set[str]] = {}
    for row in rows:
        there.setdefault(str(row["tbl"]), set()).add(str(row["col"]))
    found = {}
    for model in REGULATED.values():
        table, wanted = model.table(), set(model._meta.fields_db_projection.values())  # noqa: SLF001  the ORM's own
        lost = sorted(wanted - there.get(table, set()))
        if lost:
            what = f"column {lost[0]} is gone" if table in there else "the whole table is gone"
            found[table] = Fault(where=table, number="", what=what)
    return dict(sorted(found.items()))
