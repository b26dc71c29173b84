"""A large impact without its rows: which lots were reached comes out of memory, what is left is added up in SQL.

One statement adds up what is left of all lots, one brings their numbers, which order and fold them. Rows and links
are read for the listed lots alone, and for those on a way to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tortoise import connections

from core.kit.unit_of_work import ALIAS, dialect
from core.lots import remembered
from core.lots.adding import Sums, added
from core.lots.reaching import Reach, arranged, ordered, shortened, tree_of
from core.lots.remembered import Known
from core.lots.terms import LotStatus
from core.lots.walking import GIVEN, STANDING, among, packed, tuples

_LISTED: Final = 20_000
"""So many lots at most have their rows read; more are quicker walked than looked up."""
_HELD: Final = LotStatus.ON_HOLD.value
_WHOLE: Final = (
    "CASE WHEN instr({c}, 'E') THEN CAST(CAST({c} AS REAL) AS INTEGER) ELSE CAST({c} AS INTEGER) END"
)
"""Only whole numbers are written as 1.2E+5, and none beyond 10^12: each is exact as a float."""
_REST: Final = (
    "CASE WHEN instr({c}, 'E') OR NOT instr({c}, '.') THEN 0 "
    "ELSE CAST(substr(substr({c}, instr({c}, '.') + 1) || '000000', 1, 6) AS INTEGER) END"
)
_SIZE, _LINK = "l.quantity", "k.quantity"
_LEFT: Final = {
    "sqlite": (
        (
            f"({_WHOLE.format(c=_SIZE)} - COALESCE(SUM({_WHOLE.format(c=_LINK)}), 0)) * 1000000 + "
            f"{_REST.format(c=_SIZE)} - COALESCE(SUM({_REST.format(c=_LINK)}), 0)"
        ),
        "SUM(CASE WHEN rest > 0 THEN rest / 1000000 ELSE 0 END)",
        "SUM(CASE WHEN rest > 0 THEN rest % 1000000 ELSE 0 END)",
    ),
    "postgres": (
        "(l.quantity - COALESCE(SUM(k.quantity), 0)) * 1000000",
        "0",
        "SUM(CASE WHEN rest > 0 THEN rest ELSE 0 END)",
    ),
}
"""What is left of a lot in millionths; the sums of its whole units and of the rest, so that nothing overflows."""
_SUMS: Final = f"""
WITH reached AS ({{given}})
SELECT place, status, unit, COUNT(*), SUM(CASE WHEN rest > 0 THEN 1 ELSE 0 END), {{units}}, {{millionths}}
FROM (
    SELECT l.place, l.status, l.unit, {{rest}} AS rest
    FROM reached r CROSS JOIN lots_lot l LEFT JOIN lots_link k ON k.parent_id = l.id AND k.unit = l.unit{STANDING}
    WHERE l.id = r.id GROUP BY l.id
) one
GROUP BY place, status, unit
"""  # noqa: S608  our own words
_NAMES: Final = """
WITH reached AS ({given})
SELECT l.id, l.number, CASE WHEN l.status = '{held}' THEN 1 ELSE 0 END
FROM reached r CROSS JOIN lots_lot l WHERE l.id = r.id
"""
_ABOVE: Final = f"""
WITH reached AS ({{given}})
SELECT DISTINCT k.parent_id FROM reached r CROSS JOIN lots_link k WHERE k.child_id = r.id{STANDING}
"""  # noqa: S608  our own words


@dataclass(frozen=True)
class Far:
    """The listed lots of a large recall with all on a way to them, what is folded beyond them, and all added up."""

    near: Reach
    listed: set[int]
    folded: dict[int, tuple[int, int]]
    sums: Sums


async def found(plant_id: int, lot_id: int, most: int) -> Far | None:
    """Answer a large recall of a lot for somebody who sees the whole plant, at most so many lots listed.

    None where SQL has to answer: memory cannot, the recall is not large, or most of it is wanted.
    """
    if most > _LISTED:
        return None
    known = await remembered.reached(plant_id, lot_id)
    if known is None or len(known.distance) < max(remembered.LARGE, most + 1):
        return None
    names = await _asked(_NAMES.format(given="{given}", held=_HELD), known.distance)
    chosen, folded = await asyncio.to_thread(_listed, known, names, most)
    ways = await _ways(known, chosen)
    if ways is None:
        return None
    rest, units, millionths = _LEFT[dialect()]
    sums = await _asked(
        _SUMS.format(given="{given}", rest=rest, units=units, millionths=millionths), known.distance
    )
    near = arranged(await among(plant_id, lot_id, ways))
    parts = [(*row[:5], int(row[5]) * 1_000_000 + int(row[6])) for row in sums]
    return Far(near, chosen & near.distance.keys(), folded, added(parts))


async def _asked(text: str, lot_ids: Iterable[int]) -> Sequence[Any]:
    speech = dialect()
    text = text.replace("{given}", GIVEN[speech])
    text = text.replace("$", "?") if speech == "sqlite" else text
    return await tuples(connections.get(ALIAS), text, [packed(lot_ids, speech)])


def _listed(known: Known, names: Iterable[Any], most: int) -> tuple[set[int], dict[int, tuple[int, int]]]:
    numbers: dict[int, str] = {}
    held: set[int] = set()
    for lot, number, stopped in names:
        numbers[lot] = number
        if stopped:
            held.add(lot)
    order = ordered(known.distance, numbers)
    return shortened(order, tree_of(known.steps(), known.distance, numbers), most, held)


async def _ways(known: Known, chosen: Iterable[int]) -> set[int] | None:
    """Answer the reached lots from which something went into chosen ones, over however many steps; None of too many."""
    ways = set(chosen)
    ring = set(ways)
    while ring:
        above = {row[0] for row in await _asked(_ABOVE, ring)}
        ring = {lot for lot in above if lot in known.distance} - ways
        ways |= ring
        if len(ways) > _LISTED:
            return None
    return ways
