"""Taking an import back: its lots are withdrawn and free their numbers, its links are void. Nothing is deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from typing import Any, Final

from tortoise import fields

from core import ledger
from core.kit import REGULATED, Actor, Level, Module, NotPermitted, current, verb
from core.kit.canonical import instant_text
from core.kit.regulated import Regulated
from core.ledger import BulkTable, Entered, Kind, RowDigests
from core.lots.errors import ImportChanged, ImportInUse
from core.lots.models import LinkVoid, Lot, LotLink
from core.lots.terms import LotStatus

_PAGE: Final = 2000
_LONGEST: Final = 60


@verb(Module.LOTS, Level.CONFIGURE, Kind.LOT_WITHDRAW)
async def withdraw_lots(actor: Actor, *, import_id: int, run: str, digest: str) -> int:
    """Withdraw every lot of an import as long as it is as it came in and nothing refers to it; answers how many.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ImportChanged: a lot was changed since (``digest`` stands for all rows as they came in).
        ImportInUse: a link, hold, case or another record refers to one of the lots.
    """
    await _must_be_untouched(actor, Lot, import_id, run, digest)
    await _must_be_free(import_id, run)
    db = current().db
    mark = "?" if db.capabilities.dialect == "sqlite" else "$1"
    await db.execute_query(
        f"UPDATE lots_lot SET status = '{LotStatus.WITHDRAWN.value}', "  # noqa: S608  our own words
        f"number = substr(number, 1, {_LONGEST} - length('~' || id)) || '~' || id WHERE import_id = {mark}",
        [import_id],
    )
    count = 0
    digests = RowDigests(Lot)
    async for page in _rows(Lot, import_id):
        recorded = [Entered(digests.of(row), str(row[0]), Lot.table()) for row in page]
        await ledger.append(
            Kind.LOT_WITHDRAW, actor, recorded=recorded, facts={"count": len(recorded), "import": run}
        )
        count += len(page)
    return count


@verb(Module.LOTS, Level.CONFIGURE, Kind.LINK_VOID)
async def void_links(actor: Actor, *, import_id: int, run: str, digest: str, reason: str) -> int:
    """Void every link of an import; answers how many.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ImportChanged: a link is not as it came in.
    """
    await _must_be_untouched(actor, LotLink, import_id, run, digest)
    work, table, count = current(), BulkTable(LinkVoid), 0
    async for page in _rows(LotLink, import_id):
        keys = await table.keys(work.db, len(page))
        recorded = await table.insert(
            work.db,
            len(page),
            {
                "id": keys,
                "plant_id": actor.plant_id,
                "link_id": [row[0] for row in page],
                "reason": reason,
                "at": instant_text(work.now),
            },
        )
        await ledger.append(
            Kind.LINK_VOID, actor, recorded=recorded, facts={"count": len(recorded), "import": run}
        )
        count += len(page)
    return count


async def _must_be_untouched(
    actor: Actor, model: type[Regulated], import_id: int, run: str, digest: str
) -> None:
    if actor.partner_id is not None:
        raise NotPermitted
    digests, whole = RowDigests(model), sha256()
    async for page in _rows(model, import_id):
        for row in page:
            whole.update(digests.of(row).encode())
    if whole.hexdigest() != digest:
        raise ImportChanged(number=run)


async def _rows(model: type[Regulated], import_id: int) -> AsyncIterator[Sequence[Any]]:
    """Yield an import's rows as the database holds them, in the order in which they came."""
    db = current().db
    columns = ", ".join(f'"{name}"' for name in RowDigests(model).columns)
    marks = ("?", "?") if db.capabilities.dialect == "sqlite" else ("$1", "$2")
    last = 0
    while True:
        page: Sequence[Any] = (
            await db.execute_query(
                f'SELECT {columns} FROM "{model.table()}" WHERE import_id = {marks[0]} AND id > {marks[1]} '  # noqa: S608
                f"ORDER BY id LIMIT {_PAGE}",
                [import_id, last],
            )
        )[1]
        if page:
            yield page
        if len(page) < _PAGE:
            return
        last = page[-1][0]


def references() -> list[tuple[str, str]]:
    """Name every column of a regulated table that holds a lot's id."""
    found: list[tuple[str, str]] = []
    for model in REGULATED.values():
        for name, field in model._meta.fields_map.items():  # noqa: SLF001  the ORM's own description
            if isinstance(field, fields.relational.ForeignKeyFieldInstance) and field.related_model is Lot:
                found.append((model.table(), str(field.source_field or f"{name}_id")))
            elif name == "lot_id" and (model.table(), name) not in found:
                found.append((model.table(), name))
    return sorted(set(found))


async def _must_be_free(import_id: int, run: str) -> None:
    db = current().db
    mark = "?" if db.capabilities.dialect == "sqlite" else "$1"
    for table, column in references():
        unless = (
            "AND NOT EXISTS (SELECT 1 FROM lots_link_void v WHERE v.link_id = t.id)"
            if table == LotLink.table()
            else ""
        )
        _, rows = await db.execute_query(
            f'SELECT l.number FROM "{table}" t JOIN lots_lot l ON l.id = t."{column}" '  # noqa: S608
            f"WHERE l.import_id = {mark} {unless} LIMIT 1",
            [import_id],
        )
        if rows:
            raise ImportInUse(number=run, lot=rows[0][0])
