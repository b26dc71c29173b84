"""Random genealogies, and a walk over them that shares nothing with the room's own."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from core.kit import clock
from core.lots.models import Lot, LotLink
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


async def planted(graph: Graph) -> tuple[int, list[int]]:
    """Write a graph into a plant of its own; answers the plant and the lots' ids by number."""
    plant = uuid.uuid4().int >> 68
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
            made_at=clock.now(),
        )
        ids.append(lot.id)
    for parent, child, quantity, unit in graph.edges:
        await LotLink.create(
            plant_id=plant,
            parent_id=ids[parent],
            child_id=ids[child],
            quantity=quantity,
            unit=unit,
            at=clock.now(),
        )
    return plant, ids
