"""What is left of reached lots, added up: in all, by place, by status. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.lots import flows
from core.lots.reaching import Reach
from core.lots.terms import LotStatus, Total
from core.lots.walking import PLACE, STATUS, UNIT

_HELD: Final = LotStatus.ON_HOLD.value
Part = tuple[str, str, str, int, int, int]
"""Lots of one place, status and unit: how many, how many of which something is left, and how many millionths."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What was reached, counted, and what is left of it."""

    lots: int
    held: int
    present: int
    whole: tuple[Total, ...]
    by_place: tuple[Total, ...]
    by_status: tuple[Total, ...]


def of_reach(down: Reach) -> Sums:
    """Add up lots whose rows were read."""
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    remaining = down.remaining
    for lot in down.order:
        row, left = down.walk.rows[lot], remaining[lot]
        part = sums[row[PLACE], row[STATUS], row[UNIT]]
        part[0] += 1
        part[1] += left > 0
        part[2] += left
    return added([(*key, lots, there, left) for key, (lots, there, left) in sums.items()])


def added(parts: Sequence[Part]) -> Sums:
    """Put the parts of each place and each status together."""
    ways: tuple[Callable[[Part], str], ...] = (lambda _: "", lambda part: part[0], lambda part: part[1])
    whole, by_place, by_status = (_totals(parts, way) for way in ways)
    return Sums(
        lots=sum(part[3] for part in parts),
        held=sum(part[3] for part in parts if part[1] == _HELD),
        present=sum(part[4] for part in parts),
        whole=whole,
        by_place=by_place,
        by_status=by_status,
    )


def _totals(parts: Iterable[Part], name_of: Callable[[Part], str]) -> tuple[Total, ...]:
    counts: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for part in parts:
        _, status, unit, _, there, left = part
        if there:
            name = name_of(part)
            counts[name] += there
            stopped[name] += there if status == _HELD else 0
            sums[name][unit] += left
    made = [
        Total(name=name, lots=count, held=stopped[name], quantities=flows.quantities(sums[name]))
        for name, count in counts.items()
    ]
    return tuple(sorted(made, key=lambda total: (-total.lots, total.name)))
