"""EPCIS 2.0 documents as partners' systems write them, handed in at the capture address."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.flow.by_api import Programs, said, who_of
from tests.flow.house import FlowHouse

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CAPTURE = "/api/v1/epcis/capture"
GTINS = {"SCREW-35S": "06972000000011", "SCREW-27S": "06972000000028"}
PREFIX = "6972000"
UNITS = {"kg": "KGM", "m": "MTR"}


def lot_uri(product: str, lot: str) -> str:
    """A lot by its article's GTIN, or in the plant's own way where it has none."""
    gtin = GTINS.get(product)
    return f"urn:x-bihuan:lot:{product}:{lot}" if gtin is None else f"https://id.gs1.org/01/{gtin}/10/{lot}"


def line(product: str, lot: str, amount: Fraction, unit: str = "pcs") -> dict[str, Any]:
    """So much of a lot."""
    named: dict[str, Any] = {"epcClass": lot_uri(product, lot), "quantity": Number(said(amount))}
    return named | ({"uom": UNITS[unit]} if unit in UNITS else {})


class Number(Decimal):
    """A decimal that is written into JSON as it stands."""


def written(body: Any) -> str:
    """JSON with exact decimals."""
    if isinstance(body, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{written(one)}" for key, one in body.items()) + "}"
    if isinstance(body, list):
        return "[" + ",".join(written(one) for one in body) + "]"
    return format(body, "f") if isinstance(body, Decimal) else json.dumps(body, ensure_ascii=False)


@dataclass
class ByEpcis:
    """What is told by events."""

    house: FlowHouse
    programs: Programs
    documents: list[tuple[str, bytes]] = field(default_factory=list)
    events: int = 0

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        """An event of now."""
        self.events += 1
        at = self.house.now()
        return {
            "type": kind,
            "eventID": f"urn:uuid:00000000-0000-4000-8000-{self.events:012d}",
            "eventTime": at.isoformat(timespec="milliseconds"),
            "eventTimeZoneOffset": "+08:00",
            **more,
        }

    async def hand_in(self, by: str, *events: dict[str, Any], refused: bool = False) -> Any:
        """A document of events is captured."""
        document = {
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": self.house.now().astimezone(dt.UTC).isoformat(timespec="seconds"),
            "epcisBody": {"eventList": list(events)},
        }
        self.house.asked["epcis"] += 1
        raw = written(document).encode()
        who = who_of(by)
        if not refused:
            self.documents.append((who, raw))
        return await self.programs.send(who, CAPTURE, raw, refused=refused)

    async def everything_again(self) -> None:
        """Every document once more, as a new request."""
        for who, raw in list(self.documents):
            await self.programs.send(who, CAPTURE, raw)

    def seen(self, step: str, product: str, lot: str, amount: Fraction, **more: Any) -> dict[str, Any]:
        """A lot was seen."""
        unit = "kg" if product.startswith("BAR") else "pcs"
        return self.event(
            "ObjectEvent",
            action="OBSERVE",
            bizStep=step,
            quantityList=[line(product, lot, amount, unit)],
            **more,
        )

    async def ship(
        self, by: str, *, lot: str, part: str, amount: Fraction, to: str, product: str = "BAR-TI64"
    ) -> None:
        """A lot, or a part of it, is sent."""
        await self.hand_in(by, self._sent(lot, amount, to, product))

    def _sent(self, lot: str, amount: Fraction, to: str, product: str) -> dict[str, Any]:
        party = {"type": "possessing_party", "destination": f"urn:x-bihuan:party:{self.house.code_of(to)}"}
        return self.seen("shipping", product, lot, amount, disposition="in_transit", destinationList=[party])

    async def ship_in_vain(self, by: str, *, lot: str, amount: Fraction, to: str, product: str) -> None:
        """What is stopped does not leave."""
        answer = await self.hand_in(by, self._sent(lot, amount, to, product), refused=True)
        assert "LotOnHold" in json.dumps(answer), answer

    async def receive(self, by: str, *, lot: str, amount: Fraction, product: str = "BAR-TI64") -> None:
        """What was on its way has come."""
        place = f"urn:x-bihuan:party:{self.house.code_of(who_of(by))}"
        await self.hand_in(by, self.seen("receiving", product, lot, amount, bizLocation={"id": place}))

    async def doubt(self, by: str, *, lot: str, product: str, amount: int) -> None:
        """Rejects are set apart."""
        await self.hand_in(
            by, self.seen("inspecting", product, lot, Fraction(amount), disposition="non_conformant")
        )

    async def transform(
        self,
        by: str,
        *,
        sources: list[tuple[str, str, Fraction]],
        made: list[tuple[str, Fraction]],
        product: str,
        step: str,
        wrongly: bool,
        again: bool,
    ) -> None:
        """Lots become others; told wrongly, it is taken back and told rightly; some systems send all of it again."""
        event = self.event(
            "TransformationEvent",
            bizStep="commissioning",
            readPoint={"id": f"https://epcis.example.com/{step}"},
            inputQuantityList=[line(of, lot, amount) for lot, of, amount in sources],
            outputQuantityList=[line(product, lot, amount) for lot, amount in made],
        )
        before = [await self._wrongly(by, event, made[0][0])] if wrongly else []
        await self.hand_in(by, *before, event)
        if again:
            who, raw = self.documents[-1]
            self.house.asked["epcis"] += 1
            await self.programs.send(who, CAPTURE, raw)

    async def _wrongly(self, by: str, event: dict[str, Any], lot: str) -> dict[str, Any]:
        """Tell it under wrong numbers; answers the declaration that takes this back."""
        wrong = copy.deepcopy(event) | {"eventID": event["eventID"].replace("00000000-", "0000000f-")}
        for one in wrong["outputQuantityList"]:
            one["epcClass"] = one["epcClass"].replace("CT-", "TC-")
        assert lot not in written(wrong["outputQuantityList"])
        await self.hand_in(by, wrong)
        return wrong | {
            "errorDeclaration": {
                "declarationTime": self.house.now().isoformat(timespec="milliseconds"),
                "reason": "incorrect_data",
                "correctiveEventIDs": [event["eventID"]],
            }
        }

    async def number(self, by: str, *, lot: str, product: str, serials: list[str]) -> None:
        """Pieces get their numbers."""
        pieces = [f"https://id.gs1.org/01/{GTINS[product]}/21/{one}" for one in serials]
        await self.hand_in(
            by,
            self.event(
                "ObjectEvent",
                action="ADD",
                bizStep="commissioning",
                epcList=pieces,
                ilmd={"cbvmda:lotNumber": lot},
            ),
        )

    async def pack(self, by: str, *, product: str, serials: list[str], carton: int) -> None:
        """Pieces go into a carton."""
        await self.hand_in(
            by,
            self.event(
                "AggregationEvent",
                action="ADD",
                bizStep="packing",
                parentID=f"urn:epc:id:sscc:{PREFIX}.{carton:010d}",
                childEPCs=[f"https://id.gs1.org/01/{GTINS[product]}/21/{one}" for one in serials],
            ),
        )
