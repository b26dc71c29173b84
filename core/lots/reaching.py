"""A walk put in order: lots by distance and number, what flowed into each, and what of it is listed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from core.lots import flows
from core.lots.flows import Link
from core.lots.terms import Carried, Direction, LotStatus
from core.lots.walking import NUMBER, QUANTITY, STATUS, UNIT, Walk

HELD_LISTED: Final = 40
"""Held lots that a shortened list keeps, however far away they are, with the way to them."""


@dataclass(frozen=True)
class Reach:
    """The lots of one direction, the traced one first, nearest before farther, then by number."""

    walk: Walk
    order: Sequence[int]
    distance: Mapping[int, int]

    @cached_property
    def links(self) -> list[Link]:
        """The links that were walked."""
        return self.walk.walked()

    @cached_property
    def into(self) -> dict[int, dict[str, int]]:
        """What flowed into each lot on this way, in millionths per unit."""
        return flows.summed(self.links, flows.ends(self.walk.direction)[1])

    @cached_property
    def taken(self) -> dict[int, dict[str, int]]:
        """What is recorded as taken out of each reached lot, in millionths per unit; downwards only."""
        return flows.summed(self.walk.links, 1)

    @cached_property
    def remaining(self) -> dict[int, int]:
        """What is left of each lot, in millionths of its own unit, never below zero; downwards only."""
        rows, taken, amounts = self.walk.rows, self.taken, self.walk.amounts
        none: dict[str, int] = {}
        return {
            lot: max(0, amounts[rows[lot][QUANTITY]] - taken.get(lot, none).get(rows[lot][UNIT], 0))
            for lot in self.order
        }

    def carried(self, wanted: Collection[int]) -> dict[int, Carried | None]:
        """How much of the traced lot is in each wanted lot, or of each in it; see ``flows.carried``.

        Only what lies on a way to them is looked at: in a large recall few are listed.
        """
        walk = self.walk
        links = self.links
        if len(wanted) < len(self.order):
            links = flows.towards(links, wanted, walk.direction)
        found = flows.carried(walk.root_id, links, walk.direction, walk.size_of)
        root = walk.rows[walk.root_id][UNIT]
        down = walk.direction is Direction.DOWN
        answer: dict[int, Carried | None] = {}
        for lot in wanted:
            amount = found[lot]
            unit = root if down else walk.rows[lot][UNIT]
            answer[lot] = None if amount is None else Carried(amount=amount, unit=unit)
        return answer

    def statuses(self) -> dict[int, LotStatus]:
        """Answer the present state of every reached lot, the traced one included."""
        return {lot: LotStatus(self.walk.rows[lot][STATUS]) for lot in self.order}


def arranged(walk: Walk) -> Reach:
    """Put a walk in order."""
    links = walk.walked()
    distance = flows.distances(walk.root_id, links, walk.direction)
    rows = walk.rows
    made = Reach(walk, ordered(distance, {lot: rows[lot][NUMBER] for lot in distance}), distance)
    made.__dict__["links"] = links
    return made


def ordered(distance: Mapping[int, int], numbers: Mapping[int, str]) -> list[int]:
    """Answer lots nearest before farther, then by number."""
    rings: dict[int, list[int]] = defaultdict(list)
    for lot, steps in distance.items():
        rings[steps].append(lot)
    return [lot for steps in sorted(rings) for lot in sorted(rings[steps], key=lambda one: numbers[one])]


def hung(reach: Reach) -> dict[int, int]:
    """Answer the lot that each lot hangs on in a tree: of those one step nearer, that of the smallest number."""
    near, far = flows.ends(reach.walk.direction)
    numbers = {lot: row[NUMBER] for lot, row in reach.walk.rows.items()}
    return tree_of(((link[near], link[far]) for link in reach.links), reach.distance, numbers)


def tree_of(
    steps: Iterable[tuple[int, int]], distance: Mapping[int, int], numbers: Mapping[int, str]
) -> dict[int, int]:
    """Answer the same from bare steps, each from a nearer lot to a farther one."""
    found: dict[int, int] = {}
    for here, lot in steps:
        if distance[here] + 1 == distance.get(lot):
            known = found.get(lot)
            if known is None or numbers[here] < numbers[known]:
                found[lot] = here
    return found


def listed(reach: Reach, most: int, held: Collection[int]) -> tuple[set[int], dict[int, tuple[int, int]]]:
    """Choose the nearest ``most`` lots and some held ones with the way to them; count what hangs beyond each."""
    if len(reach.order) <= most:
        return set(reach.order), {}
    return shortened(reach.order, hung(reach), most, held)


def shortened(
    order: Sequence[int], tree: Mapping[int, int], most: int, held: Collection[int]
) -> tuple[set[int], dict[int, tuple[int, int]]]:
    """Choose the same from lots in their order, the traced one first, and the tree in which they hang."""
    root = order[0]
    chosen = set(order[: most + 1])
    for lot in _first(HELD_LISTED, (one for one in order if one in held and one != root)):
        here = lot
        while here not in chosen:
            chosen.add(here)
            here = tree[here]
    at: dict[int, int] = {}
    folded: dict[int, tuple[int, int]] = {}
    for lot in order:
        if lot in chosen:
            at[lot] = lot
            continue
        here = at[lot] = at[tree[lot]]
        lots, stopped = folded.get(here, (0, 0))
        folded[here] = (lots + 1, stopped + (lot in held))
    return chosen, folded


def _first(most: int, found: Iterable[int]) -> Iterator[int]:
    for _, one in zip(range(most), found, strict=False):
        yield one
