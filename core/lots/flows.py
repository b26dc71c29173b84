"""What flows along a genealogy: distances, amounts and exact shares. Pure: links in, figures out.

Amounts are counted in millionths, so that sums stay exact whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from core.kit.quantity import Quantity
from core.lots.terms import Direction

Link = tuple[Any, ...]
"""A recorded step: id, parent, child, millionths, unit, process."""
PLACES: Final = 6
_UNIT: Final = 10**PLACES
_OF_DECIMAL: Final = Decimal(_UNIT)


def millionths(amount: Decimal) -> int:
    """Count a stored quantity in millionths; it has no finer decimals."""
    return int(amount * _OF_DECIMAL)


def decimal(amount: int) -> Decimal:
    """Turn millionths back into a decimal."""
    return Decimal(amount).scaleb(-PLACES)


def ends(direction: Direction) -> tuple[int, int]:
    """Answer the places of the near and the far lot in a link: material is walked from near to far."""
    return (1, 2) if direction is Direction.DOWN else (2, 1)


def distances(
    root: int, links: Iterable[Link], direction: Direction, stops: Collection[int] = ()
) -> dict[int, int]:
    """Answer the fewest steps from the root to every lot, nearest first; nothing is walked beyond ``stops``."""
    near, far = ends(direction)
    onward: dict[int, list[int]] = defaultdict(list)
    for link in links:
        onward[link[near]].append(link[far])
    for stop in stops:
        if stop != root:
            onward.pop(stop, None)
    found, ring, steps = {root: 0}, [root], 0
    while ring:
        steps += 1
        beyond: list[int] = []
        for here in ring:
            for lot in onward.get(here, ()):
                if lot not in found:
                    found[lot] = steps
                    beyond.append(lot)
        ring = beyond
    return found


def towards(links: Sequence[Link], wanted: Iterable[int], direction: Direction) -> list[Link]:
    """Answer the links on the ways that lead to certain lots, loops on them included."""
    near, far = ends(direction)
    before: dict[int, list[int]] = defaultdict(list)
    for link in links:
        before[link[far]].append(link[near])
    found = set(wanted)
    waiting = list(found)
    while waiting:
        for lot in before.get(waiting.pop(), ()):
            if lot not in found:
                found.add(lot)
                waiting.append(lot)
    return [link for link in links if link[far] in found]


def summed(links: Iterable[Link], place: int) -> dict[int, dict[str, int]]:
    """Add up the links of each lot that stands at ``place`` in them, per unit."""
    totals: dict[int, dict[str, int]] = {}
    for link in links:
        found = totals.get(link[place])
        if found is None:
            totals[link[place]] = {link[4]: link[3]}
        else:
            found[link[4]] = found.get(link[4], 0) + link[3]
    return totals


def quantities(totals: Mapping[str, int] | None) -> tuple[Quantity, ...]:
    """Answer sums per unit, in the order of the units' names."""
    if not totals:
        return ()
    return tuple(Quantity(amount=decimal(totals[unit]), unit=unit) for unit in sorted(totals))


def carried(
    root: int,
    links: Sequence[Link],
    direction: Direction,
    size_of: Callable[[int], tuple[int, str]],
) -> dict[int, Fraction | None]:
    """Answer how much of the root's material each lot carries (down), or how much of each lot is in the root (up).

    A lot is taken as mixed evenly: a link of so much out of a lot of such a size carries that part of all that is
    in it. Counted in the unit of the root downwards, of each lot upwards, exactly. None where the records do
    not tell: a link counts in another unit than its input lot, or the lot lies on a loop or behind one.
    """
    near, far = ends(direction)
    waiting: dict[int, int] = defaultdict(int)
    onward: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        if link[far] != root:
            waiting[link[far]] += 1
            onward[link[near]].append(link)
    answer: dict[int, Fraction | None] = dict.fromkeys(waiting)
    answer[root] = Fraction(size_of(root)[0], _UNIT)
    arriving: dict[int, dict[int, int] | None] = {}
    on_a_loop = any(link[far] == root for link in links)
    ready = [root]
    while ready:
        here = ready.pop()
        part = _part(here, root, answer[here], size_of)
        for link in onward.get(here, ()):
            lot = link[far]
            taken = arriving.setdefault(lot, {})
            if taken is not None:
                if part is None or link[4] != size_of(link[1])[1]:
                    arriving[lot] = None
                else:
                    taken[part.denominator] = taken.get(part.denominator, 0) + part.numerator * link[3]
            waiting[lot] -= 1
            if not waiting[lot]:
                answer[lot] = _amount(arriving[lot])
                ready.append(lot)
    return dict.fromkeys(answer) | {root: answer[root]} if on_a_loop else answer


def _part(
    here: int, root: int, amount: Fraction | None, size_of: Callable[[int], tuple[int, str]]
) -> Fraction | None:
    """Answer how much of the root is in one unit of a lot."""
    if here == root:
        return Fraction(1)
    return None if amount is None else amount * _UNIT / size_of(here)[0]


def _amount(arriving: Mapping[int, int] | None) -> Fraction | None:
    if arriving is None:
        return None
    return sum((Fraction(above, below) for below, above in arriving.items()), Fraction(0)) / _UNIT
