"""A stretch of the log as another process looked at it: what is left to do with it is little. Pure.

Only what is whole is handed over (``whole_pages``); from the first page on that is not, the one who asked reads again
and finds out what is wrong. So however the log is divided, the faults are those of one pass.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from core.ledger.bodies import Entered
from core.ledger.merkle import Node, compact
from core.ledger.time_bounds import spread
from core.ledger.whole_pages import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PAGE = 512
"""Rows read at a time: few enough to be looked at while they are still near the processor."""

LENGTH = 4
"""Bytes before a message between processes that say how long it is."""

Noted = tuple[int, str | None, list[Entered]]
"""An entry's id and case, and the rows that it recorded."""


class Source(msgspec.Struct, kw_only=True):
    """Where another process reads the log: a file of SQLite, or how to connect to PostgreSQL and to which snapshot."""

    file: str = ""
    server: dict[str, Any] = {}
    snapshot: str = ""
    rows: bool
    """Whether what entries recorded of rows is wanted."""


class Stretch(msgspec.Struct, array_like=True, frozen=True):
    """The places of the log from ``first`` up to, but without, ``end``."""

    first: int
    end: int


class Piece(msgspec.Struct, array_like=True, gc=False):
    """Some leaves in a row, with which nothing is wrong and under which no checkpoint ends but at their last."""

    leaves: int
    nodes: list[Node]
    earliest: str
    latest: str
    noted: list[Noted]


class Looked(msgspec.Struct, array_like=True):
    """The pieces from the beginning of a stretch on, fewer than all if something may be wrong; ``failed`` says why."""

    pieces: list[Piece] = []
    failed: str = ""


class Ahead(Protocol):
    """Who looks at stretches ahead of the one that walks through the log."""

    async def take(self, start: int) -> list[Piece]:
        """Answer what was looked at from a place on; nothing if that is for the one who asks to do."""

    def free(self, start: int) -> int | None:
        """Answer how many leaves from a place on nobody looks at yet; None if that is all of them."""


def pieces(
    rows: Sequence[Sequence[Any]], first: int, sizes: Iterable[int], *, noted: bool
) -> list[Piece] | None:
    """Answer a page, whose places begin with ``first``, cut at the sizes of checkpoints; None unless it is whole."""
    page = whole(rows, first)
    if page is None:
        return None
    found = []
    ends = sorted({size - first for size in sizes if first < size < first + len(rows)})
    for start, end in pairwise([0, *ends, len(rows)]):
        times = spread(page.recorded_at[start:end])
        if times is None:
            return None
        entries: list[Noted] = []
        if noted:
            records = page.records[start:end]
            entries = [(row[1], row[4], of) for row, of in zip(rows[start:end], records, strict=True)]
        found.append(Piece(end - start, compact(page.leaves[start:end], first + start), *times, entries))
    return found
