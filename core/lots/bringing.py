"""Bringing many lots and links in at once, for imports: checked and written a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import eq
from typing import Any, NamedTuple

from core import ledger
from core.kit import Actor, Level, Module, NotPermitted, Refusal, current, verb
from core.ledger import BulkTable, Kind
from core.lots import policy
from core.lots.errors import HoldStatusNotRecorded, LinkToItself, LotNumberTaken, LotUnknown
from core.lots.models import Lot, LotLink
from core.lots.named import BroughtLinks, Numbered, numbered
from core.lots.terms import LotStatus

_NOT_BROUGHT = {LotStatus.ON_HOLD.value, LotStatus.WITHDRAWN.value}


class BroughtLots(NamedTuple):
    """Lots of an import by column: checked texts, canonical amounts and instants, rows of others by id.

    ``row`` says where each stands in the file.
    """

    row: Sequence[int]
    number: Sequence[str]
    product_id: Sequence[int]
    organisation_id: Sequence[int]
    partner_id: Sequence[int | None]
    quantity: Sequence[str]
    unit: Sequence[str]
    made_at: Sequence[str]
    place: Sequence[str]
    process: Sequence[str]
    status: Sequence[str]


Meanwhile = Callable[[], object]
Wrong = tuple[int, str, Refusal]
"""Row of the file, field, why."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of a batch: how many rows were written, their digests in order, and what was wrong where."""

    written: int
    digests: list[str]
    faults: list[Wrong]


@verb(Module.LOTS, Level.CONFIGURE, Kind.LOT_IMPORT)
async def bring_lots(
    actor: Actor, rows: BroughtLots, *, import_id: int, run: str, meanwhile: Meanwhile
) -> Brought:
    """Write lots of an import that have nothing against them; answers what is wrong with the others.

    ``meanwhile`` is begun when the database is at work.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
    """
    _of_the_plant(actor)
    taken = {number for number, *_ in await numbered(actor.plant_id, rows.number)}
    faults: list[Wrong] = []
    if taken or len(set(rows.number)) < len(rows.number) or not _NOT_BROUGHT.isdisjoint(rows.status):
        faults = _faults_of_lots(rows, taken)
        rows = BroughtLots(*_without(rows, faults))
    columns: dict[str, Any] = rows._asdict()
    del columns["row"]
    count = len(rows.row)
    return await _written(
        actor, Kind.LOT_IMPORT, BulkTable(Lot), count, columns, faults, import_id, run, meanwhile
    )


def _faults_of_lots(rows: BroughtLots, taken: set[str]) -> list[Wrong]:
    faults: list[Wrong] = []
    for row, number, status in zip(rows.row, rows.number, rows.status, strict=True):
        if number in taken:
            faults.append((row, "number", LotNumberTaken(number=number)))
        elif status in _NOT_BROUGHT:
            faults.append((row, "status", HoldStatusNotRecorded(number=number)))
        taken.add(number)
    return faults


@verb(Module.LOTS, Level.CONFIGURE, Kind.LOT_LINK)
async def bring_links(
    actor: Actor, rows: BroughtLinks, *, import_id: int, run: str, found: Numbered, meanwhile: Meanwhile
) -> Brought:
    """Write links of an import that have nothing against them; answers what is wrong with the others.

    ``found`` is what the batches before this one knew of the lots; their states are those of the beginning;
    ``meanwhile`` is begun when the database is at work.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
    """
    _of_the_plant(actor)
    rows = await found.filled(actor.plant_id, rows)
    faults: list[Wrong] = []
    if (
        None in rows.parent_id
        or None in rows.child_id
        or any(map(eq, rows.parent_id, rows.child_id))
        or (found.kept and not found.kept.keys().isdisjoint(rows.parent))
    ):
        faults = _faults_of_links(rows, found.kept)
        rows = BroughtLinks(*_without(rows, faults))
    columns = rows._asdict()
    for name in ("row", "parent", "child"):
        del columns[name]
    count = len(rows.row)
    return await _written(
        actor, Kind.LOT_LINK, BulkTable(LotLink), count, columns, faults, import_id, run, meanwhile
    )


def _faults_of_links(rows: BroughtLinks, kept: dict[str, LotStatus]) -> list[Wrong]:
    faults: list[Wrong] = []
    ends = zip(rows.row, rows.parent, rows.child, rows.parent_id, rows.child_id, strict=True)
    for row, parent, child, parent_id, child_id in ends:
        if parent_id is None:
            faults.append((row, "parent", LotUnknown(number=parent)))
        elif child_id is None:
            faults.append((row, "child", LotUnknown(number=child)))
        elif parent == child:
            faults.append((row, "child", LinkToItself(number=parent)))
        elif parent in kept:
            faults.append((row, "parent", _kept_back(parent, kept[parent])))
    return faults


def _without(rows: Sequence[Sequence[Any]], faults: Sequence[Wrong]) -> list[list[Any]]:
    """Leave out of every column what is wrong; the first says which row of the file it is."""
    wrong = {row for row, _, _ in faults}
    good = [row not in wrong for row in rows[0]]
    return [list(compress(column, good)) for column in rows]


def _of_the_plant(actor: Actor) -> None:
    if actor.partner_id is not None:
        raise NotPermitted


def _kept_back(number: str, status: LotStatus) -> Refusal:
    try:
        policy.may_leave(number, status)
    except Refusal as why:
        return why
    return LotUnknown(number=number)


async def _written(
    actor: Actor,
    kind: Kind,
    table: BulkTable,
    count: int,
    columns: dict[str, Any],
    faults: list[Wrong],
    import_id: int,
    run: str,
    meanwhile: Meanwhile,
) -> Brought:
    db = current().db
    own = {"id": await table.keys(db, count), "plant_id": actor.plant_id, "import_id": import_id}
    recorded = await table.insert(db, count, columns | own, meanwhile)
    if recorded:
        await ledger.append(kind, actor, recorded=recorded, facts={"count": count, "import": run})
    return Brought(written=count, digests=[one.digest for one in recorded], faults=faults)
