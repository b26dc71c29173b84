"""The links that this process keeps in memory for large recalls, and what of the database they lack at this moment.

An answer is what the recursive statement would answer in the same transaction. Links are append-only: those that were
seen outside any transaction are committed and stay. Everything else is read with each question, in one statement:
links with a later number, those whose number was missing (``adjacency.Gaps``), links that are void, lots that are
scrapped. Where that is much, or nothing is kept yet, there is no answer, and SQL is asked.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Final

from tortoise import connections
from tortoise.backends.base.client import TransactionalDBClient

from core.kit.unit_of_work import ALIAS, dialect, is_open
from core.lots.adjacency import Adjacency, of_columns
from core.lots.terms import LotStatus
from core.lots.walking import tuples

LARGE: Final = 20_000
"""A recall of so many lots has the links read into memory, for the next one."""
MOST: Final = 20_000_000
"""Links, and numbers of lots, that are kept at most: 160 MB."""
_PAGE: Final = 20_000
_ASIDE: Final = 50_000
_GAPS: Final = 200
_PRESSED: Final = 50_000

_SINCE: Final = """
SELECT * FROM (SELECT 0 AS what, id, parent_id, child_id FROM lots_link WHERE id >= $1 ORDER BY id LIMIT {most}) a
UNION ALL
SELECT * FROM (
    SELECT 1, k.id, k.parent_id, k.child_id FROM lots_link_void v JOIN lots_link k ON k.id = v.link_id
    WHERE v.plant_id = $2 AND NOT EXISTS (
        SELECT 1 FROM lots_link o WHERE o.parent_id = k.parent_id AND o.child_id = k.child_id
        AND NOT EXISTS (SELECT 1 FROM lots_link_void w WHERE w.link_id = o.id)
    ) LIMIT {most}
) b
UNION ALL
SELECT * FROM (
    SELECT 2, id, 0, 0 FROM lots_lot WHERE plant_id = $2 AND status = '{scrapped}' LIMIT {most}
) c
UNION ALL
SELECT 3, id, 0, 0 FROM lots_lot WHERE id = $3 AND plant_id = $2 AND status <> '{withdrawn}'
"""
_PAGES: Final = f"SELECT id, parent_id, child_id FROM lots_link WHERE id > $1 ORDER BY id LIMIT {_PAGE}"  # noqa: S608
_MISSING: Final = (
    "UNION ALL SELECT 0, id, parent_id, child_id FROM lots_link WHERE id BETWEEN {first} AND {last}\n"
)


@dataclass
class _Held:
    """What this process keeps."""

    links: Adjacency | None = None
    reading: asyncio.Task[None] | None = None


_held = _Held()


def forget() -> None:
    """Keep nothing any more."""
    _held.links = None


def wanted() -> None:
    """Have the links read into memory beside everything else, unless they are there or on their way."""
    if _held.links is None and (_held.reading is None or _held.reading.done()):
        _held.reading = asyncio.create_task(remember(), context=Context())


async def remember() -> None:
    """Read every committed link, a page at a time; call it outside any transaction."""
    numbers, parents, children = 0, array("I"), array("I")
    made = Adjacency()
    while not isinstance(db := connections.get(ALIAS), TransactionalDBClient):
        text = _PAGES.replace("$", "?") if dialect() == "sqlite" else _PAGES
        page = await tuples(db, text, [made.last[0]])
        if page:
            ids, ups, downs = zip(*page, strict=True)
            numbers += len(ids)
            if max(*ups, *downs) > MOST or numbers > MOST:
                return
            parents.extend(ups)
            children.extend(downs)
            made.gaps.behind(made.last[0], ids)
            made.last = (ids[-1], ups[-1], downs[-1])
        if len(page) < _PAGE:
            break
    pressed = await asyncio.to_thread(of_columns, parents, children)
    pressed.gaps, pressed.last = made.gaps, made.last
    _held.links = pressed


@dataclass(frozen=True)
class Known:
    """Every lot made from one with its distance, which lots of the plant are scrapped, and the links themselves."""

    distance: Mapping[int, int]
    scrapped: Collection[int]
    links: Adjacency
    more: Mapping[int, Sequence[int]]
    gone: Collection[tuple[int, int]]

    def steps(self) -> Iterator[tuple[int, int]]:
        """Answer every reached lot with each lot that was made of it."""
        return self.links.steps(self.distance, more=self.more, gone=self.gone)


async def reached(plant_id: int, lot_id: int) -> Known | None:
    """Answer every lot made from one; none is reached where the plant has no such lot.

    None where memory cannot answer.
    """
    links = _held.links
    if links is None or len(links.gaps.ranges) > _GAPS:
        return None
    db = connections.get(ALIAS)
    inside = isinstance(db, TransactionalDBClient)
    if inside and not is_open():
        return None  # it may look at an earlier instant than that of what is kept
    version = links.fresh
    text = _SINCE.format(most=_ASIDE, scrapped=LotStatus.SCRAPPED.value, withdrawn=LotStatus.WITHDRAWN.value)
    text += "".join(_MISSING.format(first=first, last=last) for first, last in links.gaps.ranges)
    if dialect() == "sqlite":
        text = text.replace("$", "?")
    parts: dict[int, list[Any]] = defaultdict(list)
    for what, *row in await tuples(db, text, [links.last[0], plant_id, lot_id]):
        parts[what].append(tuple(row))
    if any(len(parts[what]) >= _ASIDE for what in range(3)) or links.fresh != version:
        return None
    delta = {edge for edge in parts[0] if edge != links.last}
    if links.last[0] and len(delta) == len(parts[0]):
        forget()  # the database is another one than that which was read
        return None
    scrapped = {row[0] for row in parts[2]}
    if not parts[3]:
        return Known({}, scrapped, links, {}, ())
    more: dict[int, list[int]] = defaultdict(list)
    for _, parent, child in delta:
        more[parent].append(child)
    gone = {(row[1], row[2]) for row in parts[1]}
    found = links.down(lot_id, more=more, gone=gone)
    if delta and not inside and links is _held.links:
        await _learn(links, delta)
    return Known(found, scrapped, links, more, gone)


async def _learn(links: Adjacency, delta: set[Any]) -> None:
    """Keep what was seen outside any transaction; now and then put it where it is quickest."""
    known = links.last[0]
    fresh = [
        edge for edge in delta if edge[0] > known or any(a <= edge[0] <= b for a, b in links.gaps.ranges)
    ]
    links.learn(fresh)
    if links.fresh > _PRESSED:
        pressed = await asyncio.to_thread(links.pressed)
        if _held.links is links and pressed.last == links.last:
            _held.links = pressed
