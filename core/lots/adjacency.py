"""Links in memory, compressed: which lots were made of which, for recalls of tens of thousands of lots. Pure.

Four bytes a lot and four a link: 15 MB for 1,000,000 lots and 2,600,000 links, 50 MB while it is put together.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

Edge = tuple[int, int, int]
"""A link: its id, parent, child."""
_FOUR: Final = "I"


class Gaps:
    """Numbers of links that were not there when later ones were: given back, or not committed yet.

    PostgreSQL hands numbers out in one order and commits in another. A number once missing is asked for again each
    time; whether it will ever come cannot be known.
    """

    def __init__(self) -> None:
        """None is missing."""
        self.ranges: list[tuple[int, int]] = []

    def behind(self, last: int, new: Sequence[int]) -> None:
        """Add what is missing between the last number known so far and new ones, in their order."""
        for number in new:
            if number > last + 1:
                self.ranges.append((last + 1, number - 1))
            last = number

    def filled(self, number: int) -> None:
        """Take out a number that came late."""
        place = bisect_left(self.ranges, (number + 1, 0)) - 1
        first, last = self.ranges[place]
        self.ranges[place : place + 1] = [
            one for one in ((first, number - 1), (number + 1, last)) if one[0] <= one[1]
        ]


class Adjacency:
    """What was made of each lot, as of the links that are known to stay."""

    def __init__(self) -> None:
        """No link is known."""
        self.starts = array(_FOUR, [0, 0])
        self.ends = array(_FOUR)
        self.later: dict[int, list[int]] = {}
        self.fresh = 0
        self.gaps = Gaps()
        self.last: Edge = (0, 0, 0)

    def learn(self, found: Iterable[Edge]) -> None:
        """Take in links that are committed; they are never changed or taken out again."""
        known = self.last[0]
        late = sorted(found)
        new = late[bisect_left(late, (known + 1, 0, 0)) :]
        for number, _, _ in late[: len(late) - len(new)]:
            self.gaps.filled(number)
        self.gaps.behind(known, [number for number, _, _ in new])
        for _, parent, child in late:
            self.later.setdefault(parent, []).append(child)
        self.fresh += len(late)
        if new:
            self.last = new[-1]

    def pressed(self) -> Adjacency:
        """Answer the same with everything in its arrays."""
        parents, children = array(_FOUR), array(_FOUR)
        for parent, found in self.later.items():
            parents.extend([parent] * len(found))
            children.extend(found)
        for parent in range(len(self.starts) - 1):
            many = self.starts[parent + 1] - self.starts[parent]
            if many:
                parents.extend([parent] * many)
        children.extend(self.ends)
        made = of_columns(parents, children)
        made.gaps.ranges, made.last = list(self.gaps.ranges), self.last
        return made

    def down(
        self,
        root: int,
        *,
        more: Mapping[int, Sequence[int]],
        gone: Collection[tuple[int, int]],
    ) -> dict[int, int]:
        """Answer every lot made of one, with its distance: with some more links and without others."""
        starts, ends = self.starts, self.ends
        top = len(starts) - 1
        found, ring, steps = {root: 0}, [root], 0
        aside = [one for one in (self.later, more) if one]
        plain = not (aside or gone)
        while ring:
            steps += 1
            beyond: list[int] = []
            for here in ring:
                made: Sequence[int] = ends[starts[here] : starts[here + 1]] if here < top else ()
                if not plain:
                    made = [
                        lot
                        for some in (made, *(one.get(here, ()) for one in aside))
                        for lot in some
                        if (here, lot) not in gone
                    ]
                for lot in made:
                    if lot not in found:
                        found[lot] = steps
                        beyond.append(lot)
            ring = beyond
        return found

    def steps(
        self,
        lots: Iterable[int],
        *,
        more: Mapping[int, Sequence[int]],
        gone: Collection[tuple[int, int]],
    ) -> Iterator[tuple[int, int]]:
        """Answer each lot with every lot that was made of it: with some more links and without others."""
        starts, ends, later = self.starts, self.ends, self.later
        top = len(starts) - 1
        for here in lots:
            made: Sequence[int] = ends[starts[here] : starts[here + 1]] if here < top else ()
            for some in (made, later.get(here, ()), more.get(here, ())):
                for lot in some:
                    if not gone or (here, lot) not in gone:
                        yield here, lot


def of_columns(parents: array[int], children: array[int]) -> Adjacency:
    """Put links together that came by column."""
    made = Adjacency()
    counts = array(_FOUR, bytes(4 * (max(parents, default=0) + 2)))
    for parent in parents:
        counts[parent + 1] += 1
    made.starts = array(_FOUR, accumulate(counts))
    made.ends = array(_FOUR, bytes(4 * len(children)))
    place = made.starts[:]
    for parent, child in zip(parents, children, strict=True):
        made.ends[place[parent]] = child
        place[parent] += 1
    return made
