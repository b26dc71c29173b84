"""Bringing many lots and links in at once, for imports: checked and written a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import eq
from sys import intern
from typing import Any, Final, NamedTuple

import msgspec

from core import ledger
from core.kit import Actor, Level, Module, NotPermitted, Refusal, current, verb
from core.ledger import BulkTable, Kind
from core.lots import policy
from core.lots.errors import HoldStatusNotRecorded, LinkToItself, LotNumberTaken, LotUnknown
from core.lots.models import Lot, LotLink
from core.lots.terms import LotStatus

_ONE_BY_ONE = """
SELECT l.number, l.id, l.unit, l.status
FROM unnest($2::text[]) AS wanted(number) CROSS JOIN LATERAL (
    SELECT number, id, unit, status FROM lots_lot WHERE plant_id = $1 AND number = wanted.number LIMIT 1
) l
"""
"""Each by the unique index: in a table that is just being filled, PostgreSQL has no figures to choose a plan by."""
_NOT_BROUGHT = {LotStatus.ON_HOLD.value, LotStatus.WITHDRAWN.value}
_FREE = {one.value for one in LotStatus} - {LotStatus.ON_HOLD.value, LotStatus.SCRAPPED.value}


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


class BroughtLinks(NamedTuple):
    """Links of an import by column; without a unit one counts in that of its input lot."""

    row: Sequence[int]
    parent: Sequence[str]
    child: Sequence[str]
    quantity: Sequence[str]
    unit: Sequence[str]
    at: Sequence[str]
    process: Sequence[str]


class Found(msgspec.Struct, gc=False):
    """What an import asks of a lot that stands already; many are kept, so they are nothing to the garbage collector."""

    id: int
    unit: str
    status: str


class Numbered:
    """Lots by number that one import asked for, so that each is looked up once.

    Those of the last batches are kept: ``MOST`` and a batch, and as many of the time before.
    """

    MOST: Final = 100_000

    def __init__(self) -> None:
        """Begin with none."""
        self.lots: dict[str, Found] = {}
        self._before: dict[str, Found] = {}

    async def know(self, plant_id: int, numbers: set[str]) -> None:
        """See to it that ``lots`` holds those of these numbers that the plant has."""
        if len(self.lots) > self.MOST:
            self._before, self.lots = self.lots, {}
        new = numbers - self.lots.keys()
        again = new & self._before.keys()
        self.lots.update((one, self._before[one]) for one in again)
        if new := new - again:
            self.lots.update(await _numbered(plant_id, new))


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
    taken: set[str] = set(await _numbered(actor.plant_id, rows.number))
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
    parents, children = set(rows.parent), set(rows.child)
    await found.know(actor.plant_id, parents | children)
    known = found.lots
    kept = {one for one in parents & known.keys() if known[one].status not in _FREE}
    faults: list[Wrong] = []
    if kept or not known.keys() >= parents | children or any(map(eq, rows.parent, rows.child)):
        faults = _faults_of_links(rows, known, kept)
    if faults:
        rows = BroughtLinks(*_without(rows, faults))
    inputs = [known[one] for one in rows.parent]
    columns = {
        "parent_id": [one.id for one in inputs],
        "child_id": [known[one].id for one in rows.child],
        "quantity": rows.quantity,
        "unit": [unit or one.unit for unit, one in zip(rows.unit, inputs, strict=True)],
        "process": rows.process,
        "at": rows.at,
    }
    count = len(rows.row)
    return await _written(
        actor, Kind.LOT_LINK, BulkTable(LotLink), count, columns, faults, import_id, run, meanwhile
    )


def _faults_of_links(rows: BroughtLinks, known: dict[str, Found], kept: set[str]) -> list[Wrong]:
    faults: list[Wrong] = []
    for row, parent, child in zip(rows.row, rows.parent, rows.child, strict=True):
        if parent not in known or child not in known:
            field, name = ("parent", parent) if parent not in known else ("child", child)
            faults.append((row, field, LotUnknown(number=name)))
        elif parent == child:
            faults.append((row, "child", LinkToItself(number=parent)))
        elif parent in kept:
            faults.append((row, "parent", _kept_back(parent, known[parent].status)))
    return faults


def _without(rows: Sequence[Sequence[Any]], faults: Sequence[Wrong]) -> list[list[Any]]:
    """Leave out of every column what is wrong; the first says which row of the file it is."""
    wrong = {row for row, _, _ in faults}
    good = [row not in wrong for row in rows[0]]
    return [list(compress(column, good)) for column in rows]


def _of_the_plant(actor: Actor) -> None:
    if actor.partner_id is not None:
        raise NotPermitted


def _kept_back(number: str, status: str) -> Refusal:
    try:
        policy.may_leave(number, LotStatus(status))
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


async def _numbered(plant_id: int, numbers: Collection[str]) -> dict[str, Found]:
    """Answer id, unit and status of the lots of these numbers that the plant has."""
    wanted: list[Any] = sorted(set(numbers))
    db = current().db
    if db.capabilities.dialect == "postgres":
        rows = (await db.execute_query(_ONE_BY_ONE, [plant_id, wanted]))[1]
    else:
        marks = ", ".join("?" * len(wanted))
        text = f"SELECT number, id, unit, status FROM lots_lot WHERE plant_id = ? AND number IN ({marks})"  # noqa: S608
        rows = (await db.execute_query(text, [plant_id, *wanted]))[1]
    return {number: Found(key, intern(unit), intern(status)) for number, key, unit, status in rows}
