"""About 200 lots with their genealogy: bars → machined → coated → cleaned → sterile → packed → shipped."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.kit import clock
from core.lots import LotStatus, NewLink, NewLot

BARS = 10
RUNS_PER_BAR = 3
BAR_KG = 120
PIECES = 1200
AT_COATER = 14
"""Days ago that the last bar's runs were machined: what is younger still lies at the coater."""


class Goods:
    """Builds the lists step by step; numbers tell the step and the day."""

    def __init__(self, organisations: dict[str, int]) -> None:
        """Keep who makes what."""
        self.by = organisations
        self.lots: list[NewLot] = []
        self.links: list[NewLink] = []
        self.now = clock.now()

    def lot(
        self,
        number: str,
        product: str,
        maker: str,
        place: str,
        quantity: int,
        days_ago: float,
        *,
        at_partner: bool = False,
        unit: str = "pcs",
        status: LotStatus = LotStatus.AVAILABLE,
        process: str = "",
    ) -> str:
        """Add a lot; answers its number."""
        self.lots.append(
            NewLot(
                number=number,
                product=product,
                organisation_id=self.by[maker],
                partner_id=self.by[maker] if at_partner else None,
                place=place,
                quantity=Decimal(quantity),
                unit=unit,
                made_at=self.now - dt.timedelta(days=days_ago),
                status=status,
                process=process,
            )
        )
        return number

    def link(self, parent: str, child: str, quantity: int, unit: str, days_ago: float, process: str) -> None:
        """Add how much of a lot went into another."""
        self.links.append(
            NewLink(
                parent=parent,
                child=child,
                quantity=Decimal(quantity),
                unit=unit,
                at=self.now - dt.timedelta(days=days_ago),
                process=process,
            )
        )


def make(organisations: dict[str, int]) -> Goods:
    """Two months of work; the newest lots are still on their way."""
    goods = Goods(organisations)
    for bar in range(1, BARS + 1):
        age = 64 - bar * 5
        heat = goods.lot(f"TI64-{bar:03d}", "BAR-TI64", "KANGGU", "原料库 A 区", BAR_KG, age + 6, unit="kg")
        for run in range(1, RUNS_PER_BAR + 1):
            _run(goods, heat, bar, run, age - run)
    return goods


def _run(goods: Goods, heat: str, bar: int, run: int, age: float) -> None:
    size = "35" if (bar + run) % 2 else "27"
    name = f"{bar:02d}{run}"
    machined = goods.lot(
        f"MC-{name}",
        f"SCREW-{size}",
        "JINGGONG",
        "精工 3 号线",
        PIECES,
        age,
        at_partner=False,
        process="machining",
    )
    goods.link(heat, machined, BAR_KG // RUNS_PER_BAR, "kg", age, "machining")
    coated = goods.lot(
        f"CT-{name}",
        f"SCREW-{size}",
        "CHENGUANG",
        "晨光 涂层二线",
        PIECES - 10,
        age - 2,
        at_partner=age < AT_COATER,
        process="coating",
    )
    goods.link(machined, coated, PIECES - 10, "pcs", age - 2, "coating")
    if age < AT_COATER:
        return
    cleaned = goods.lot(
        f"CL-{name}", f"SCREW-{size}", "KANGGU", "清洗间", PIECES - 20, age - 3, process="cleaning"
    )
    goods.link(coated, cleaned, PIECES - 20, "pcs", age - 3, "cleaning")
    sterile = goods.lot(
        f"ST-{name}", f"SCREW-{size}S", "ANMIE", "安灭 2 号柜", PIECES - 20, age - 5, process="sterilisation"
    )
    goods.link(cleaned, sterile, PIECES - 20, "pcs", age - 5, "sterilisation")
    for pack, share in ((1, 600), (2, 400)):
        packed = goods.lot(
            f"PK-{name}{pack}", f"SCREW-{size}S", "KANGGU", "成品库 B 区", share, age - 6, process="packing"
        )
        goods.link(sterile, packed, share, "pcs", age - 6, "packing")
        if age > 30 and pack == 1:
            shipped = goods.lot(
                f"SH-{name}",
                f"SCREW-{size}S",
                "KANGGU",
                "华东医院联合采购",
                300,
                age - 12,
                status=LotStatus.SHIPPED,
                process="transport",
            )
            goods.link(packed, shipped, 300, "pcs", age - 12, "transport")
