"""The walk itself: one recursive statement per direction brings the reached lots and every link at them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tortoise import connections

from core.kit import clock
from core.kit.unit_of_work import ALIAS
from core.lots import flows
from core.lots.flows import Link
from core.lots.terms import Direction, LotStatus
from core.people import Scope

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient

# CROSS JOIN keeps SQLite at this order of tables, whatever figures it may have of them.
# UNION (not UNION ALL) keeps each lot once: the recursion visits every link once and ends on cycles. Lots out
# of scope are neither shown nor walked through. Links at the near side of each reached lot come with it in
# the same statement, also those that leave the scope, since they tell how much of a lot is left. The last part
# says whether the plant has voided links, so that only such plants pay for leaving them out.
_WALK: Final = """
WITH RECURSIVE reached(id, stop) AS (
    SELECT l.id, 0 FROM lots_lot l WHERE l.id = $1 AND l.status <> '{withdrawn}' AND {seen}
    UNION
    SELECT l.id, {stop}
    FROM reached r CROSS JOIN lots_link k CROSS JOIN lots_lot l
    WHERE k.{near} = r.id AND l.id = k.{far} AND r.stop = 0{link_seen}{standing} AND {seen}
)
"""
_BROUGHT: Final = """
SELECT l.id, l.product_id AS a, l.organisation_id AS b, {size}, l.unit, l.process, l.number, l.partner_id AS c,
    l.site_id AS d, l.place, l.status, l.made_at, r.stop, 0 AS what
FROM reached r CROSS JOIN lots_lot l WHERE l.id = r.id
UNION ALL
SELECT k.id, k.parent_id, k.child_id, {amount}, k.unit, k.process, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1
FROM reached r CROSS JOIN lots_link k WHERE k.{near} = r.id{link_seen}{standing}
UNION ALL
SELECT v.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2
FROM (SELECT id FROM lots_link_void WHERE plant_id = $2 LIMIT 1) v
"""
STANDING: Final = " AND NOT EXISTS (SELECT 1 FROM lots_link_void v WHERE v.link_id = k.id)"
"""Leaves voided links out; asked for only in plants that have some."""
_SEEN: Final = (
    "l.plant_id = $2 AND (CAST($3 AS BIGINT) IS NULL OR l.partner_id = $3 OR l.organisation_id = $3)"
)
GIVEN: Final = {
    "sqlite": "SELECT value AS id, 0 AS stop FROM json_each($1)",
    "postgres": "SELECT id, 0 AS stop FROM unnest(CAST($1 AS BIGINT[])) AS given(id)",
}
"""Lots given as one value, however many."""
_STOP: Final = f"CASE WHEN l.status = '{LotStatus.ON_HOLD.value}' AND l.id <> $1 THEN 1 ELSE 0 END"
"""The traced lot stops nothing, also where a loop leads back to it."""
_ENDS: Final = {Direction.DOWN: ("parent_id", "child_id"), Direction.UP: ("child_id", "parent_id")}

Row = Sequence[Any]
"""A reached lot as the statement brings it: id, product, maker, stored quantity, unit, process, number and so on."""
_voided: Final[set[int]] = set()
"""Plants known to have voided links; a link once voided stays so."""
ID, PRODUCT, MAKER, QUANTITY, UNIT, PROCESS, NUMBER, PARTNER, SITE, PLACE, STATUS, MADE, _STOPS, _WHAT = (
    range(14)
)
_LOT, _LINK = 0, 1
_COUNTED: Final = {
    "sqlite": ("l.quantity", "k.quantity"),
    "postgres": ("CAST(l.quantity * 1000000 AS BIGINT) AS quantity", "CAST(k.quantity * 1000000 AS BIGINT)"),
}
"""PostgreSQL counts in millionths, exactly; SQLite keeps decimals as texts, each of which is read once (``Amounts``)."""


class Amounts(dict[Any, int]):
    """Millionths by the form in which a database answers a quantity."""

    def __missing__(self, stored: Any) -> int:
        """Read a form once."""
        found = self[stored] = stored if type(stored) is int else flows.millionths(Decimal(str(stored)))
        return found


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What one statement found in one direction: the reached lots by id, and every link at them.

    ``stopped`` are held lots beyond which nothing was walked.
    """

    root_id: int
    direction: Direction
    rows: Mapping[int, Row]
    links: Sequence[Link]
    stopped: frozenset[int] = frozenset()
    amounts: Amounts = field(default_factory=Amounts)

    def size_of(self, lot_id: int) -> tuple[int, str]:
        """Answer a lot's own quantity in millionths, and its unit."""
        row = self.rows[lot_id]
        return self.amounts[row[QUANTITY]], row[UNIT]

    def walked(self) -> list[Link]:
        """Answer the links that were walked: between reached lots, and not out of a lot that stopped the walk."""
        near, far = flows.ends(self.direction)
        rows, stopped = self.rows, self.stopped
        if stopped:
            return [one for one in self.links if one[far] in rows and one[near] not in stopped]
        return [one for one in self.links if one[far] in rows]


@lru_cache
def statement(
    direction: Direction,
    speech: str,
    *,
    as_of: bool = False,
    stop_at_held: bool = False,
    voided: bool = False,
) -> str:
    """Write the walk for a direction (UP or DOWN) and a database (``sqlite`` or ``postgres``)."""
    near, far = _ENDS[direction]
    size, amount = _COUNTED[speech]
    text = (_WALK + _BROUGHT).format(
        near=near,
        far=far,
        size=size,
        amount=amount,
        seen=f"{_SEEN} AND l.made_at <= $4" if as_of else _SEEN,
        link_seen=" AND k.at <= $4" if as_of else "",
        standing=STANDING if voided else "",
        withdrawn=LotStatus.WITHDRAWN.value,
        stop=_STOP if stop_at_held else "0",
    )
    return text.replace("$", "?") if speech == "sqlite" else text


async def walk(
    scope: Scope,
    lot_id: int,
    direction: Direction,
    *,
    as_of: dt.datetime | None = None,
    stop_at_held: bool = False,
) -> Walk:
    """Reach every relative of a lot in one direction, inside a scope."""
    found = await _walk(scope, lot_id, direction, as_of, voided=scope.plant_id in _voided, held=stop_at_held)
    if found is None:
        _voided.add(scope.plant_id)
        found = await _walk(scope, lot_id, direction, as_of, voided=True, held=stop_at_held)
    return found or Walk(root_id=lot_id, direction=direction, rows={}, links=[])


async def _walk(
    scope: Scope, lot_id: int, direction: Direction, as_of: dt.datetime | None, *, voided: bool, held: bool
) -> Walk | None:
    """Walk once; None when the plant turns out to have voided links and they were not left out."""
    db = connections.get(ALIAS)
    speech = db.capabilities.dialect
    values: list[object] = [lot_id, scope.plant_id, scope.partner_id]
    if as_of is not None:
        then = clock.utc(as_of)
        values.append(then.isoformat(" ") if speech == "sqlite" else then)
    text = statement(direction, speech, as_of=as_of is not None, stop_at_held=held, voided=voided)
    found = await tuples(db, text, values)
    if not voided and found and found[-1][_WHAT] > _LINK:
        return None
    return _made(lot_id, direction, found, held=held)


def _made(lot_id: int, direction: Direction, found: Sequence[Row], *, held: bool) -> Walk:
    amounts = Amounts()
    return Walk(
        root_id=lot_id,
        direction=direction,
        rows={row[ID]: row for row in found if row[_WHAT] == _LOT},
        links=[
            (row[0], row[1], row[2], amounts[row[3]], row[4], row[5]) for row in found if row[_WHAT] == _LINK
        ],
        stopped=frozenset(row[ID] for row in found if row[_STOPS]) if held else frozenset(),
        amounts=amounts,
    )


def packed(lot_ids: Iterable[int], speech: str) -> object:
    """Put ids into the one value that ``GIVEN`` takes."""
    return json.dumps(sorted(lot_ids)) if speech == "sqlite" else sorted(lot_ids)


async def among(plant_id: int, root_id: int, lot_ids: Iterable[int]) -> Walk:
    """Answer what a walk down would have found, had it gone through these lots only."""
    db = connections.get(ALIAS)
    speech = db.capabilities.dialect
    size, amount = _COUNTED[speech]
    text = f"WITH reached AS ({GIVEN[speech]})" + _BROUGHT.format(
        near="parent_id", size=size, amount=amount, link_seen="", standing=STANDING
    )
    text = text.replace("$", "?") if speech == "sqlite" else text
    found = await tuples(db, text, [packed(lot_ids, speech), plant_id])
    return _made(root_id, Direction.DOWN, found, held=False)


async def tuples(db: BaseDBAsyncClient, text: str, values: list[object]) -> Sequence[Row]:
    """Answer rows without an object of names around each, which costs as much as the row itself on SQLite."""
    if db.capabilities.dialect != "sqlite":
        rows: Sequence[Any] = (await db.execute_query(text, values))[1]
        return rows
    async with db.acquire_connection() as connection:
        usual, connection.row_factory = connection.row_factory, None
        try:
            return list(await connection.execute_fetchall(text, values))
        finally:
            connection.row_factory = usual
