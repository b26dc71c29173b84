"""Genealogies built by hand, for pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from core.kit.quantity import Quantity
from core.lots import Direction, Genealogy, Impact, LotFacts, LotStatus, Total, TraceLink, TraceNode
from core.products import ProductFacts

SCREW = ProductFacts(
    id=1,
    plant_id=1,
    code="LS",
    name_zh="无菌锁定螺钉 3.5×20",
    name_en="Sterile locking screw 3.5×20",
    unit="pcs",
    sterile=True,
    implant=True,
    label_critical=False,
)


def lot(number: str, status: LotStatus = LotStatus.AVAILABLE, place: str = "Finished goods") -> LotFacts:
    """Answer a lot of 1,200 screws."""
    return LotFacts(
        id=sum(ord(char) * 7**place for place, char in enumerate(number)),
        plant_id=1,
        number=number,
        product=SCREW,
        organisation_id=1,
        organisation_zh="螺钉厂",
        organisation_en="Screw maker",
        partner_id=None,
        site_id=None,
        place=place,
        quantity=Decimal(1200),
        unit="pcs",
        status=status,
        made_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        process="",
    )


def family(
    root: LotFacts,
    links: list[tuple[LotFacts, LotFacts]],
    depths: dict[str, int],
    contributed: Decimal = Decimal("34.5"),
) -> Genealogy:
    """Put a genealogy together; ``depths`` maps numbers to steps, negative upwards."""
    members = {one.number: one for pair in links for one in pair}
    nodes = [
        TraceNode(
            lot=members[number],
            direction=Direction.DOWN if depth > 0 else Direction.UP,
            depth=abs(depth),
            contributed=(Quantity(amount=contributed, unit="pcs"),),
            left=Decimal(10),
        )
        for number, depth in sorted(depths.items(), key=lambda item: (item[1] > 0, abs(item[1]), item[0]))
    ]
    top = TraceNode(lot=root, direction=Direction.ROOT, depth=0, left=Decimal(10))
    made = tuple(
        TraceLink(id=index, parent_id=a.id, child_id=b.id, quantity=contributed, unit="pcs", process="")
        for index, (a, b) in enumerate(links)
    )
    return Genealogy(root=top, nodes=(top, *nodes), links=made)


def fan(count: int, held: frozenset[int] = frozenset()) -> Genealogy:
    """Answer a lot from which ``count`` lots came, some of them held."""
    root = lot("ROOT", LotStatus.ON_HOLD)
    made = [
        lot(f"CHILD-{step:03}", LotStatus.ON_HOLD if step in held else LotStatus.AVAILABLE)
        for step in range(count)
    ]
    return family(root, [(root, one) for one in made], {one.number: 1 for one in made})


def every_status() -> Genealogy:
    """Answer a genealogy with inputs, a diamond, and each status."""
    root = lot("LS-C-260918-01", LotStatus.ON_HOLD, "Coater, line 2")
    bar, rod = lot("TI-2026-0412", LotStatus.RELEASED), lot("TI-2026-0398")
    made = lot("LS-M-260911-02")
    downs = [lot(f"LS-S-{status.value}", status) for status in LotStatus]
    merged = lot("LS-S-260930-REWORK-OF-A-VERY-LONG-NUMBER-0001")
    return family(
        root,
        [
            (bar, made),
            (rod, made),
            (made, root),
            *((root, one) for one in downs),
            (downs[0], merged),
            (downs[1], merged),
        ],
        {
            bar.number: -2,
            rod.number: -2,
            made.number: -1,
            merged.number: 2,
            **{one.number: 1 for one in downs},
        },
    )


def reached(genealogy: Genealogy) -> Impact:
    """Answer the impact of a family: every lot with what is left of it, by place and by status."""
    nodes = [genealogy.root, *genealogy.side(Direction.DOWN)]

    def total(name: str, group: list[TraceNode]) -> Total:
        left = sum((node.left or Decimal(0) for node in group), Decimal(0))
        held = sum(node.lot.status is LotStatus.ON_HOLD for node in group)
        return Total(name=name, lots=len(group), held=held, quantities=(Quantity(amount=left, unit="pcs"),))

    def totals(named: Callable[[TraceNode], str]) -> tuple[Total, ...]:
        made = [total(name, [one for one in nodes if named(one) == name]) for name in set(map(named, nodes))]
        return tuple(sorted(made, key=lambda one: (-one.lots, one.name)))

    whole = total("", nodes)
    return Impact(
        genealogy=genealogy,
        lots=whole.lots,
        held=whole.held,
        used_up=0,
        quantities=whole.quantities,
        by_place=totals(lambda one: one.lot.place),
        by_status=totals(lambda one: one.lot.status.value),
    )
