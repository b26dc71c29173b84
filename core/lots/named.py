"""Lots that an import names: looked up by number, each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from sys import intern
from typing import Any, Final, NamedTuple

from core.kit import current
from core.lots.terms import LotStatus
from core.lots.walking import tuples

_ONE_BY_ONE = """
SELECT l.number, l.id, l.unit, l.status
FROM unnest($2::text[]) AS wanted(number) CROSS JOIN LATERAL (
    SELECT number, id, unit, status FROM lots_lot WHERE plant_id = $1 AND number = wanted.number LIMIT 1
) l
"""
"""Each by the unique index: in a table that is just being filled, PostgreSQL has no figures to choose a plan by."""
_FREE = {one.value for one in LotStatus} - {LotStatus.ON_HOLD.value, LotStatus.SCRAPPED.value}


class BroughtLinks(NamedTuple):
    """Links of an import by column; without a unit one counts in that of its input lot.

    Ids are None of lots that ``Numbered`` did not know when it was asked beside the event loop.
    """

    row: Sequence[int]
    parent: Sequence[str]
    child: Sequence[str]
    parent_id: Sequence[int | None]
    child_id: Sequence[int | None]
    quantity: Sequence[str]
    unit: Sequence[str]
    at: Sequence[str]
    process: Sequence[str]


class Numbered:
    """What one import asked of lots that stand already, so that each is looked up once: its id and unit by number.

    Those of the last batches are kept: ``MOST`` and a batch, and as many of the time before.
    """

    MOST: Final = 150_000

    def __init__(self) -> None:
        """Begin with none."""
        self.ids: dict[str, int] = {}
        self.units: dict[str, str] = {}
        self.kept: dict[str, LotStatus] = {}
        """Those that nothing may leave, and why."""
        self._before: tuple[dict[str, int], dict[str, str]] = {}, {}

    def ids_of(self, numbers: Sequence[str]) -> list[int | None]:
        """Answer the ids that are known by now; may be asked in a thread while nothing is looked up."""
        found: list[int | None] = list(map(self.ids.get, numbers))
        if None in found:
            before = self._before[0]
            found = [before.get(one) if key is None else key for one, key in zip(numbers, found, strict=True)]
        return found

    def units_of(self, units: Sequence[str], numbers: Sequence[str]) -> list[str]:
        """Answer these units, and that of the lot where there is none; empty where it is not known by now."""
        now, before = self.units, self._before[1]
        return [unit or now.get(one) or before.get(one, "") for unit, one in zip(units, numbers, strict=True)]

    async def filled(self, plant_id: int, rows: BroughtLinks) -> BroughtLinks:
        """Answer the rows with the ids and units that the plant has; an id stays None where it has no such lot."""
        ends = (rows.parent, rows.parent_id), (rows.child, rows.child_id)
        new = {
            one
            for numbers, ids in ends
            if None in ids
            for one, key in zip(numbers, ids, strict=True)
            if key is None
        }
        if not new:
            return rows
        if len(self.ids) > self.MOST:
            self._before, self.ids, self.units = (self.ids, self.units), {}, {}
        for number, key, unit, status in await numbered(plant_id, new):
            self.ids[number], self.units[number] = key, intern(unit)
            if status not in _FREE:
                self.kept[number] = LotStatus(status)
        parent_id, child_id = (
            [self.ids.get(one) if key is None else key for one, key in zip(numbers, ids, strict=True)]
            for numbers, ids in ends
        )
        units = self.units_of(rows.unit, rows.parent) if "" in rows.unit else rows.unit
        return rows._replace(parent_id=parent_id, child_id=child_id, unit=units)


async def numbered(plant_id: int, numbers: Collection[str]) -> Sequence[Any]:
    """Answer number, id, unit and status of the lots of these numbers that the plant has."""
    if not numbers:
        return ()
    wanted: list[Any] = sorted(set(numbers))
    db = current().db
    if db.capabilities.dialect == "postgres":
        return await tuples(db, _ONE_BY_ONE, [plant_id, wanted])
    marks = ", ".join("?" * len(wanted))
    text = f"SELECT number, id, unit, status FROM lots_lot WHERE plant_id = ? AND number IN ({marks})"  # noqa: S608
    return await tuples(db, text, [plant_id, *wanted])
