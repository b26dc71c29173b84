"""Forms of the admin page, filled in by people who are signed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from tests.flow.by_api import ByApi, said
from tests.flow.by_epcis import GTINS
from tests.flow.house import FlowHouse

SENSORS = "/admin/sensors/change"


@dataclass
class ByPage:
    """What is told by forms."""

    house: FlowHouse
    api: ByApi

    async def sent(self, by: str, act: str, **fields: str) -> str:
        """The form of an act is sent; where it leads."""
        return await self._sent(by, f"/admin/act/{act}", sure="1", **fields)

    async def _sent(self, by: str, path: str, **fields: str) -> str:
        self.house.asked["page"] += 1
        session = await self.house.session(by)
        async with self.house.http.post(
            self.house.url(path),
            data={"csrf": session["X-CSRF-Token"], **fields},
            headers={"Cookie": session["Cookie"]},
            allow_redirects=False,
        ) as answer:
            assert answer.status in (302, 303), (path, fields, answer.status, (await answer.text())[-3000:])
            return answer.headers["Location"]

    async def order(self, by: str, *, order: int, product: str, pieces: int) -> None:
        """The planner fills an order in."""
        supplier, carrier, laboratory, steriliser = (
            str(self.house.plant.partners[one]) for one in ("supplier", "carrier", "laboratory", "steriliser")
        )
        stages = (
            ("process:machining", supplier), ("process:coating", supplier), ("transport", carrier),
            ("receipt", ""), ("inspection", laboratory), ("process:sterilisation", steriliser),
            ("receipt", ""),
        )  # fmt: skip
        fields = {"product": product, "quantity": str(pieces), "note": f"订单 {order}"}
        for place, (kind, partner) in enumerate(stages, 1):
            fields |= {f"kind{place}": kind, f"partner{place}": partner}
        led = await self.sent(by, "order-plan", **fields)
        await self.api.placed(order, led.rpartition("/")[2])

    async def merge(self, by: str, *, takes: list[tuple[str, Fraction]], made: str, amount: Fraction) -> None:
        """Lots become one."""
        lines = "\n".join(f"{lot}; {said(part)}" for lot, part in takes)
        await self.sent(
            by, "lot-merge", **{"from": lines}, made=f"{made}; {said(amount)}; 清洗间", process="cleaning"
        )

    async def rework(self, by: str, *, lot: str, made: str, amount: Fraction) -> None:
        """A lot is worked over again."""
        await self.sent(
            by, "lot-rework", lot=lot, made=f"{made}; {said(amount)}; 清洗间", reason="清洗后仍有残留"
        )

    async def consume(self, by: str, *, lot: str, amount: Fraction, into: str) -> None:
        """Material is used."""
        await self.sent(by, "lot-consume", **{"from": f"{lot}; {said(amount)}"}, lot=into)

    async def number(self, by: str, *, lot: str, product: str, serials: list[str]) -> None:
        """Pieces get their numbers."""
        await self.sent(by, "lot-serials", lot=lot, numbers="\n".join(serials))

    async def masters(self) -> None:
        """Identifiers of the sterile screws; how much bar a machined one takes; the laboratory's method."""
        for product, gtin in GTINS.items():
            await self.sent(
                "administrator", "product-identifier", product=product, agency="gs1", code=gtin, contains="1"
            )
        for size in ("35", "27"):
            await self.sent(
                "administrator",
                "product-bom",
                product=f"SCREW-{size}M",
                lines="BAR-TI64; 0.02; kg; 5",
                note="首版",
            )
        await self.sent(
            "administrator",
            "method-publish",
            code="QP-07",
            name_zh="涂层检验",
            name_en="Inspection of coating",
            measures="thickness; 涂层厚度; Coating thickness; μm; 25; 30; 35; 0.6\nlooks; 外观; Looks",
        )
        await self.sent(
            "administrator",
            "method-publish",
            code="QP-11",
            name_zh="无菌检查",
            name_en="Test for sterility",
            measures="growth; 无菌生长; Growth",
        )
        await self._sensor()

    async def _sensor(self) -> None:
        """The sensor of the clean room, and what it must not exceed."""
        await self._sent(
            "responsible", SENSORS, what="sensor", code="CLEAN-1", kind="temperature", unit="°C",
            topic="kanggu/clean-1/temperature", format="json", interval="86400", place="洁净间 1",
        )  # fmt: skip
        await self._sent(
            "responsible", SENSORS, what="rule", sensor=str(await self._key()), warning_high="25", alarm_high="26",
            alarm_low="18", hysteresis="1", reason="洁净间 18–26 ℃",
        )  # fmt: skip

    async def _key(self) -> int:
        """The sensor's key, as its page has it."""
        session = await self.house.session("responsible")
        url = self.house.url("/admin/sensors/CLEAN-1")
        async with self.house.http.get(url, headers={"Cookie": session["Cookie"]}) as answer:
            found = re.search(r'name="sensor" value="(\d+)"', await answer.text())
            assert found is not None
            return int(found[1])

    async def stands(self, by: str, *, lot: str) -> None:
        """A lot stands in the clean room from now on."""
        await self._sent(by, SENSORS, what="stand", sensor=str(await self._key()), lot=lot)
