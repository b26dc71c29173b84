"""Random genealogies, and a walk over them that shares nothing with the room's own."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from core.lots.models import Lot, LotLink
from core.people.models import Organisation
from core.products.models import Product

Edge = tuple[int, int, Decimal, str]


@dataclass(frozen=True)
class Graph:
    """Lots 0…n-1 and what went from which into which."""

    lots: int
    edges: tuple[Edge, ...]

    def towards(self, *, down: bool) -> list[Edge]:
        """Answer the edges in walking order: near, far."""
        return [(a, b, q, u) if down else (b, a, q, u) for a, b, q, u in self.edges]


_amounts = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(5000), places=3)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Splits, merges, diamonds, repeated issues of one lot into another, and sometimes loops."""
    lots = draw(st.integers(min_value=1, max_value=9))
    loops = draw(st.booleans())
    pairs = [(a, b) for a in range(lots) for b in range(lots) if a != b and (loops or a < b)]
    if not pairs:
        return Graph(lots, ())
    edge = st.tuples(st.sampled_from(pairs), _amounts, st.sampled_from(["pcs", "pcs", "kg"]))
    drawn = draw(st.lists(edge, max_size=22))
    return Graph(lots, tuple((a, b, quantity, unit) for (a, b), quantity, unit in drawn))


def walked(graph: Graph, root: int, *, down: bool) -> dict[int, tuple[int, dict[str, Decimal]]]:
    """Answer, for each lot reached, its fewest steps and what flowed there per unit.

    Relaxes every edge again and again until nothing gets nearer (Bellman and Ford), then adds up.
    """
    far = graph.lots + 1
    steps = [far] * graph.lots
    steps[root] = 0
    for _round in range(graph.lots):
        for near, onward, _quantity, _unit in graph.towards(down=down):
            steps[onward] = min(steps[onward], steps[near] + 1)
    reached = {lot for lot in range(graph.lots) if steps[lot] < far}
    flows: dict[int, Counter[str]] = {lot: Counter() for lot in reached}
    for near, onward, quantity, unit in graph.towards(down=down):
        if near in reached:
            flows[onward][unit] += quantity  # type: ignore[assignment]
    return {lot: (steps[lot], dict(flows[lot])) for lot in reached}  # type: ignore[arg-type]


def shares(graph: Graph, root: int, *, down: bool) -> dict[int, Fraction | None]:
    """Answer what each lot carries of the root (or the root of it), by multiplying along every single path.

    Lots hold 100 pcs each. None behind a link in another unit, and on loops and behind them.
    """
    edges = graph.towards(down=down)
    reached = set(walked(graph, root, down=down))
    edges = [edge for edge in edges if edge[0] in reached]

    def behind(starts: set[int]) -> set[int]:
        found: set[int] = set()
        new = set(starts)
        while new:
            found |= new
            new = {far for near, far, _, _ in edges if near in new} - found
        return found

    looping = {lot for lot in reached if lot in behind({far for near, far, _, _ in edges if near == lot})}
    unknown = behind({far for _, far, _, unit in edges if unit != "pcs"} | looping)
    if root in looping:
        unknown = set(reached)

    def ways(here: int, lot: int) -> Iterator[list[Fraction]]:
        if here == lot:
            yield []
            return
        for near, far, quantity, _unit in edges:
            if near == here and far not in unknown:
                for rest in ways(far, lot):
                    yield [Fraction(quantity) / 100, *rest]

    found: dict[int, Fraction | None] = {
        lot: None if lot in unknown else sum((100 * math.prod(way) for way in ways(root, lot)), Fraction(0))
        for lot in reached
    }
    return found | {root: Fraction(100)}


def cut(graph: Graph, root: int, *, until: int, held: frozenset[int], down: bool) -> Graph:
    """Take away what was recorded later than the edge of that number, and all ways out of held lots."""
    return Graph(
        graph.lots,
        tuple(
            edge
            for edge in graph.edges[:until]
            if edge[0 if down else 1] == root or edge[0 if down else 1] not in held
        ),
    )


DAWN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


async def planted(graph: Graph, held: frozenset[int] = frozenset()) -> tuple[int, list[int]]:
    """Write a graph into a plant of its own, one edge a minute; answers the plant and the lots' ids by number."""
    plant = uuid.uuid4().int >> 68
    await Organisation.create(
        id=plant, plant_id=plant, code=f"G{plant:x}", name_zh="某厂", name_en="Plant", kind="maker"
    )
    product = await Product.create(plant_id=plant, code="X", name_zh="某品", name_en="Thing", unit="pcs")
    ids = []
    for number in range(graph.lots):
        lot = await Lot.create(
            plant_id=plant,
            number=f"L{number}",
            product_id=product.id,
            organisation_id=plant,
            quantity=Decimal(100),
            unit="pcs",
            made_at=DAWN - dt.timedelta(hours=1),
            status="on_hold" if number in held else "available",
        )
        ids.append(lot.id)
    for minute, (parent, child, quantity, unit) in enumerate(graph.edges):
        await LotLink.create(
            plant_id=plant,
            parent_id=ids[parent],
            child_id=ids[child],
            quantity=quantity,
            unit=unit,
            at=DAWN + dt.timedelta(minutes=minute),
        )
    return plant, ids
