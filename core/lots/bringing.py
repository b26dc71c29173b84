"""Bringing many lots and links in at once, for imports: checked and written a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

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


class BroughtLot(NamedTuple):
    """A lot of an import: checked texts, canonical amount and instant, rows of others by id; ``row`` in the file."""

    row: int
    number: str
    product_id: int
    organisation_id: int
    partner_id: int | None
    quantity: str
    unit: str
    made_at: str
    place: str
    process: str
    status: str


class BroughtLink(NamedTuple):
    """A link of an import; without a unit it counts in that of its input lot."""

    row: int
    parent: str
    child: str
    quantity: str
    unit: str
    at: str
    process: str


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of a batch: how many rows were written, their digests in order, and what was wrong where."""

    written: int
    digests: list[str]
    faults: list[tuple[int, str, Refusal]]
    """Row of the file, field, why."""


@verb(Module.LOTS, Level.CONFIGURE, Kind.LOT_IMPORT)
async def bring_lots(actor: Actor, rows: Sequence[BroughtLot], *, import_id: int, run: str) -> Brought:
    """Write lots of an import that have nothing against them; answers what is wrong with the others.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
    """
    _of_the_plant(actor)
    taken = set(await _numbered(actor.plant_id, (one.number for one in rows)))
    faults: list[tuple[int, str, Refusal]] = []
    good: list[BroughtLot] = []
    for one in rows:
        if one.number in taken:
            faults.append((one.row, "number", LotNumberTaken(number=one.number)))
        elif one.status in _NOT_BROUGHT:
            faults.append((one.row, "status", HoldStatusNotRecorded(number=one.number)))
        else:
            good.append(one)
        taken.add(one.number)
    columns: dict[str, Any] = (
        dict(zip(BroughtLot._fields, zip(*good, strict=True), strict=True)) if good else {}
    )
    columns.pop("row", None)
    return await _written(actor, Kind.LOT_IMPORT, BulkTable(Lot), len(good), columns, faults, import_id, run)


@verb(Module.LOTS, Level.CONFIGURE, Kind.LOT_LINK)
async def bring_links(actor: Actor, rows: Sequence[BroughtLink], *, import_id: int, run: str) -> Brought:
    """Write links of an import that have nothing against them; answers what is wrong with the others.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
    """
    _of_the_plant(actor)
    known = await _numbered(actor.plant_id, (name for one in rows for name in (one.parent, one.child)))
    faults: list[tuple[int, str, Refusal]] = []
    good: list[tuple[BroughtLink, int, int, str]] = []
    for one in rows:
        parent, child = known.get(one.parent), known.get(one.child)
        if parent is None or child is None:
            field, name = ("parent", one.parent) if parent is None else ("child", one.child)
            faults.append((one.row, field, LotUnknown(number=name)))
        elif parent[0] == child[0]:
            faults.append((one.row, "child", LinkToItself(number=one.parent)))
        elif parent[2] not in _FREE:
            faults.append((one.row, "parent", _kept_back(one.parent, parent[2])))
        else:
            good.append((one, parent[0], child[0], one.unit or parent[1]))
    columns = {
        "parent_id": [parent for _, parent, _, _ in good],
        "child_id": [child for _, _, child, _ in good],
        "quantity": [one.quantity for one, *_ in good],
        "unit": [unit for *_, unit in good],
        "process": [one.process for one, *_ in good],
        "at": [one.at for one, *_ in good],
    }
    return await _written(
        actor, Kind.LOT_LINK, BulkTable(LotLink), len(good), columns, faults, import_id, run
    )


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
    faults: list[tuple[int, str, Refusal]],
    import_id: int,
    run: str,
) -> Brought:
    db = current().db
    own = {"id": await table.keys(db, count), "plant_id": actor.plant_id, "import_id": import_id}
    recorded = await table.insert(db, count, columns | own)
    if recorded:
        await ledger.append(kind, actor, recorded=recorded, facts={"count": count, "import": run})
    return Brought(written=count, digests=[one["digest"] for one in recorded], faults=faults)


async def _numbered(plant_id: int, numbers: Iterable[str]) -> dict[str, tuple[int, str, str]]:
    """Answer id, unit and status of the lots of these numbers that the plant has."""
    wanted: list[Any] = sorted(set(numbers))
    db = current().db
    if db.capabilities.dialect == "postgres":
        rows = (await db.execute_query(_ONE_BY_ONE, [plant_id, wanted]))[1]
    else:
        marks = ", ".join("?" * len(wanted))
        text = f"SELECT number, id, unit, status FROM lots_lot WHERE plant_id = ? AND number IN ({marks})"  # noqa: S608
        rows = (await db.execute_query(text, [plant_id, *wanted]))[1]
    return {number: (key, unit, status) for number, key, unit, status in rows}
