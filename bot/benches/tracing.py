"""What a trace costs at its sizes, against hand-written recursive SQL and against arrays in memory."""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable
from decimal import Decimal
from statistics import median
from time import perf_counter, process_time
from typing import Any, Final

from tortoise import connections

from bot.benches import weaving
from bot.benches.scratch import addresses, scratch
from core import lots
from core.kit import Actor
from core.kit.unit_of_work import ALIAS
from core.lots import Reach, Way
from handlers.cli.tools import Bench, Figure

ROUNDS: Final = 5
WANTED: Final = (10, 100, 1_000, 10_000, 100_000)
RECALL: Final = 50_000
PLAIN: Final = """
WITH RECURSIVE reached(id, depth) AS (
    SELECT CAST({mark} AS BIGINT), 0
    UNION
    SELECT k.{far}, r.depth + 1 FROM reached r JOIN lots_link k ON k.{near} = r.id WHERE r.depth < 100
), nearest AS (
    SELECT id, MIN(depth) AS depth FROM reached GROUP BY id
), flow AS (
    SELECT k.{far} AS id, k.unit, SUM({amount}) AS quantity
    FROM nearest n CROSS JOIN lots_link k WHERE k.{near} = n.id GROUP BY k.{far}, k.unit
)
SELECT * FROM (
    SELECT l.id, l.product_id AS a, l.organisation_id AS b, l.quantity, l.unit, l.process, l.number, l.partner_id,
        l.site_id, l.place, l.status, l.made_at, n.depth, f.unit AS unit_in, f.quantity AS contributed
    FROM nearest n CROSS JOIN lots_lot l LEFT JOIN flow f ON f.id = n.id WHERE l.id = n.id
    ORDER BY n.depth, l.number
) found
UNION ALL
SELECT k.id, k.parent_id, k.child_id, k.quantity, k.unit, k.process, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL
FROM nearest n CROSS JOIN lots_link k WHERE k.{near} = n.id
"""
"""What somebody writes by hand who knows the tables, on the same connection, for the same answer: every lot with its
distance and order, what flowed into it per unit, exactly, and every link. One statement was faster than two."""
_AMOUNT: Final = {
    "sqlite": "CAST(ROUND(k.quantity * 1000000) AS INTEGER)",
    "postgres": "CAST(k.quantity * 1000000 AS BIGINT)",
}
_ENDS: Final = {Way.DOWN: ("parent_id", "child_id"), Way.UP: ("child_id", "parent_id")}
NUMBER, DEPTH, UNIT_IN, FLOWED = 6, 12, 13, 14


class Arrays:
    """The links as compressed adjacency arrays in memory: the plain way of a large recall."""

    def __init__(self, count: int, way: Way) -> None:
        """Build them for the plant of so many lots, lots counted from 0."""
        pairs = [
            (parent, child) if way is Way.DOWN else (child, parent)
            for parent, child, *_ in weaving.rows_of_links(count)
        ]
        self.starts = array("i", bytes(4 * (count + 2)))
        for parent, _child in pairs:
            self.starts[parent + 2] += 1
        for lot in range(2, count + 2):
            self.starts[lot] += self.starts[lot - 1]
        self.ends = array("i", bytes(4 * len(pairs)))
        for parent, child in pairs:
            self.ends[self.starts[parent + 1]] = child
            self.starts[parent + 1] += 1

    def walk(self, root: int) -> dict[int, int]:
        """Answer every lot reached from one, with its distance."""
        starts, ends = self.starts, self.ends
        found, ring, steps = {root: 0}, [root], 0
        while ring:
            steps += 1
            beyond: list[int] = []
            for here in ring:
                for lot in ends[starts[here] : starts[here + 1]]:
                    if lot not in found:
                        found[lot] = steps
                        beyond.append(lot)
            ring = beyond
        return found


async def _seconds(work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Of this process where the database is in it, which other processes of the machine disturb least; else passed."""
    clock = process_time if connections.get(ALIAS).capabilities.dialect == "sqlite" else perf_counter
    began = clock()
    answer = await work()
    return clock() - began, answer


async def _ours(actor: Actor, root: int, way: Way) -> Reach:
    (reached,) = await lots.reach(actor, root, way)
    assert reached.into is not None  # noqa: S101  it is worked out when it is asked for
    return reached


async def _plain(root: int, way: Way) -> list[Any]:
    db = connections.get(ALIAS)
    speech = db.capabilities.dialect
    near, far = _ENDS[way]
    mark = "?" if speech == "sqlite" else "$1"
    text = PLAIN.format(near=near, far=far, mark=mark, amount=_AMOUNT[speech])
    rows: list[Any] = list((await db.execute_query(text, [root]))[1])
    return rows


def _same(ours: Reach, rows: list[Any]) -> None:
    """Make sure that both answered the same lots in the same order, distances, quantities and links.

    Raises:
        RuntimeError: they did not.
    """
    order: dict[int, int] = {}
    into: dict[int, dict[str, int]] = {}
    links: set[tuple[Any, ...]] = set()
    for row in map(tuple, rows):
        if row[NUMBER] is None:
            key, parent, child, amount, unit, process = row[:6]
            links.add((key, parent, child, int(Decimal(str(amount)) * 1_000_000), unit, process))
            continue
        order[row[0]] = row[DEPTH]
        if row[UNIT_IN] is not None:
            into.setdefault(row[0], {})[row[UNIT_IN]] = int(row[FLOWED])
    found = (list(ours.order), dict(ours.distance), ours.into, {tuple(one) for one in ours.links})
    if found != (list(order), order, into, links):
        msg = f"the trace reached {len(ours.order)} lots and plain SQL {len(order)}, or not in the same way"
        raise RuntimeError(msg)


def _roots(size: int, arrays: Arrays) -> dict[int, int]:
    """Choose a lot for each wanted size: whose number of relatives comes nearest."""
    found: dict[int, tuple[float, int]] = {}
    for layer in range(weaving.LAYERS):
        begins = weaving.first_of(layer, size)
        for lot in range(begins, min(begins + 6, size)):
            reached = len(arrays.walk(lot))
            for wanted in WANTED:
                apart = max(reached, wanted) / min(reached, wanted)
                if wanted not in found or apart < found[wanted][0]:
                    found[wanted] = apart, lot
    near_enough = 3.0
    return {wanted: lot for wanted, (apart, lot) in found.items() if apart < near_enough}


async def _measure(engine: str, actor: Actor, size: int) -> list[Figure]:
    figures: list[Figure] = []
    first = (await lots.find(actor, weaving.number(0))).id
    if engine == "postgresql":
        await connections.get(ALIAS).execute_query("ANALYZE")
    for way in (Way.DOWN, Way.UP):
        for _wanted, root in sorted(_roots(size, Arrays(size, way)).items()):
            figures += await _against_sql(engine, actor, first + root, way)
    arrays = Arrays(size, Way.DOWN)
    whole = max(range(min(LOOKED_AT, weaving.first_of(1, size))), key=lambda lot: len(arrays.walk(lot)))
    figures += await _against_arrays(engine, actor, arrays, whole, first)
    return figures


LISTED: Final = 40
"""Lots that a card or a page lists of an impact; the others are added up."""
LOOKED_AT: Final = 20
"""Lots of the first layer of which the one that reaches most is the large recall."""


async def _against_sql(engine: str, actor: Actor, root: int, way: Way) -> list[Figure]:
    pairs: list[tuple[float, float]] = []
    count = 0
    for turn in range(ROUNDS + 1):
        plain, rows = await _seconds(lambda: _plain(root, way))
        ours, reached = await _seconds(lambda: _ours(actor, root, way))
        count = len(reached.order)
        if not turn:
            _same(reached, rows)
        del rows, reached
        pairs.append((ours, plain))
    warm = pairs[1:]
    what = f"{engine}: trace {way.value}, {count} lots"
    return [
        Figure(f"{what} / recursive SQL by hand", median(a / b for a, b in warm), "x", at_most=1.2),
        Figure(what, median(a for a, _ in warm) * 1000, "ms"),
    ]


async def _against_arrays(engine: str, actor: Actor, arrays: Arrays, root: int, first: int) -> list[Figure]:
    """A recall: every lot that a suspect one reached and that must be held, nearest first."""
    began = perf_counter()
    await lots.remember()
    reading = perf_counter() - began
    pairs: list[tuple[float, float]] = []
    count = 0
    for _ in range(ROUNDS + 1):
        at = process_time()
        found = arrays.walk(root)
        plain = process_time() - at
        ours, affected = await _seconds(lambda: lots.affected(actor, first + root))
        count = len(affected)
        away = [found.get(lot - first, -1) for lot in affected]
        if count != len(found) or min(away) < 0 or away != sorted(away):
            msg = f"the recall reached {count} lots, the arrays {len(found)}, or not in the same way"
            raise RuntimeError(msg)
        pairs.append((ours, plain))
    shown = [
        (await _seconds(lambda: lots.impact(actor, first + root, most=LISTED)))[0] for _ in range(ROUNDS)
    ]
    what = f"{engine}: recall of {count} lots / adjacency arrays in memory"
    goal = 4.0 if count >= RECALL else None
    return [
        Figure(what, median(a / b for a, b in pairs[1:]), "x", at_most=goal),
        Figure(f"{engine}: recall of {count} lots", median(a for a, _ in pairs[1:]) * 1000, "ms"),
        Figure(f"{engine}: impact of the same lot: amounts by place and state", median(shown) * 1000, "ms"),
        Figure(f"{engine}: reading all links into memory", reading, "s"),
    ]


async def run(installed: str, owner: str, size: int) -> list[Figure]:
    """Trace in a plant of so many lots on every engine at hand."""
    figures: list[Figure] = []
    for engine, address in addresses(installed, owner):
        async with scratch(address) as folder:
            actor = await weaving.found()
            await weaving.weave(actor, folder, size)
            figures += await _measure(engine, actor, size)
    return figures


TRACE: Final = Bench(
    name="trace",
    says="traces of 10 to 100,000 lots against recursive SQL and arrays in memory (--lots 1000000 for the goal)",
    size=20_000,
    run=run,
)
