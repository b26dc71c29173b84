"""Every regulated row as it is now, against what the ledger recorded of it last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.kit.regulated import REGULATED
from core.ledger import reading
from core.ledger.digests import ordered
from core.ledger.faults import Fault, Findings
from core.ledger.legible import finished
from core.ledger.row_digests import RowDigests

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tortoise.backends.base.client import BaseDBAsyncClient

    from core.kit.regulated import Regulated
    from core.ledger.digests import Digests, Key

_PAGE: Final = 2000
OWN: Final = frozenset({"ledger_entry", "ledger_leaf", "ledger_checkpoint"})


def regulated() -> dict[str, type[Regulated]]:
    """Answer the tables whose rows entries record: all regulated ones but those of the ledger itself."""
    return {model.table(): model for model in REGULATED.values() if model.table() not in OWN}


async def compare(
    db: BaseDBAsyncClient,
    digests: Digests,
    findings: Findings,
    tell: Callable[[], None],
    *,
    lost: frozenset[str] = frozenset(),
) -> None:
    """Add a fault for every row that was changed, added or taken away without an entry; ``tell`` after each page.

    Tables that are ``lost`` have their fault already.
    """
    known = {table: model for table, model in regulated().items() if table not in lost}
    for table in sorted(known):
        await finished(table, findings.add, _table(db, table, known[table], digests, findings, tell))
    for table in sorted({*digests.tables} - known.keys() - lost):
        _judge(table, {}, None, digests, findings, after=None, upto=None)


async def _table(
    db: BaseDBAsyncClient,
    table: str,
    model: type[Regulated],
    digests: Digests,
    findings: Findings,
    tell: Callable[[], None],
) -> None:
    """Compare every row of one table."""
    after: Key | None = None
    reader = RowDigests(model)
    async for page, last in _pages(db, table, reader):
        findings.rows += len(page)
        upto = None if last else next(reversed(page))
        _judge(table, page, reader, digests, findings, after=after, upto=upto)
        after = upto
        tell()


def _judge(
    table: str,
    present: dict[Key, Any],
    reader: RowDigests | None,
    digests: Digests,
    findings: Findings,
    *,
    after: Key | None,
    upto: Key | None,
) -> None:
    """Hold the rows of one range of keys to the recorded ones of the same range."""
    for key, recorded in digests.between(table, after, upto):
        row = present.pop(key, None)
        if row is not None and reader is not None and reader.is_state(row, recorded):
            continue
        entry, position, case = digests.place(table, key)
        what = (
            f"the row that entry {entry} recorded is gone"
            if row is None
            else f"its present state is not the one that entry {entry} recorded last"
        )
        findings.add(Fault(where=table, number=str(key), what=what, position=position, case=case))
    for key in present:
        findings.add(Fault(where=table, number=str(key), what="no ledger entry records this row"))


async def _pages(
    db: BaseDBAsyncClient, table: str, reader: RowDigests
) -> AsyncIterator[tuple[dict[Key, Any], bool]]:
    """Yield the rows of a table by key, a page at a time in key order, and whether it is the last page.

    Keys of regulated tables are whole numbers or UUIDs, whose order is that of their text.
    """
    key = reader.columns[0]
    names = ", ".join(f'"{name}"' for name in reader.columns)
    mark = "?" if db.capabilities.dialect == "sqlite" else "$1"
    last: Any = None
    while True:
        beyond = "" if last is None else f' WHERE "{key}" > {mark}'
        statement = f'SELECT {names} FROM "{table}"{beyond} ORDER BY "{key}" LIMIT {_PAGE}'  # noqa: S608  our names
        rows: Sequence[Any] = await reading.asked(db, statement, [] if last is None else [last])
        yield {ordered(row[0]): row for row in rows}, len(rows) < _PAGE
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]
