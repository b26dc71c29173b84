"""Partners' programs and the plant's own: a token for id and secret, then requests, each with a key of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from core import clients
from core.clients import SCOPES_OF
from tests.flow.house import FlowHouse

KINDS = {
    "plant": "maker", "supplier": "supplier", "laboratory": "laboratory", "carrier": "carrier",
    "steriliser": "supplier",
}  # fmt: skip
PLACES = {
    "plant": "原料库 A 区",
    "supplier": "精工 3 号线",
    "steriliser": "灭菌 2 号柜",
    "laboratory": "样品室",
}
HOUR = dt.timedelta(hours=1)
REFUSED = 400
MINUTE = dt.timedelta(minutes=1)
ASKED_A_MINUTE = 300
LASTS = dt.timedelta(minutes=14)


def said(amount: Fraction | int) -> str:
    """An amount as programs write it: decimals to the last millionth, and never rounded."""
    millionths = Fraction(amount) * 10**6
    assert millionths.denominator == 1, amount
    whole, rest = divmod(int(millionths), 10**6)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


@dataclass
class Post:
    """A request as it was sent, to be sent again."""

    who: str
    path: str
    body: bytes
    media: str
    key: str
    status: int
    answer: Any


@dataclass
class Programs:
    """One client each for the plant and its partners."""

    house: FlowHouse
    made: dict[str, tuple[str, str]] = field(default_factory=dict)
    tokens: dict[str, tuple[dt.datetime, str]] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    asked: int = 0

    async def prepared(self) -> None:
        """The administrator makes the clients."""
        actor = await self.house.plant.actor("administrator", "admin")
        for who, kind in KINDS.items():
            owner = self.house.plant.id if who == "plant" else self.house.plant.partners[who]
            one = await clients.make_client(
                actor,
                owner,
                f"ERP {who}",
                sorted(scope.value for scope in SCOPES_OF[kind]),
                valid_until=self.house.now() + dt.timedelta(days=300),
            )
            self.made[who] = one.client.client_id, one.secret

    async def token(self, who: str) -> str:
        """A token that lasts; a new one when it is old."""
        since, token = self.tokens.get(who, (None, ""))
        if since is None or self.house.now() - since > LASTS:
            name, secret = self.made[who]
            form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
            async with self.house.http.post(self.house.url("/api/v1/token"), data=form) as answer:
                assert answer.status == 200, await answer.text()
                token = (await answer.json())["access_token"]
            self.tokens[who] = self.house.now(), token
        return token

    def _paced(self) -> None:
        """Programs keep to their allowance: now and then a minute passes."""
        self.asked += 1
        if self.asked % ASKED_A_MINUTE == 0:
            self.house.time.now += MINUTE

    async def get(self, who: str, path: str) -> Any:
        """Ask."""
        self._paced()
        headers = {"Authorization": f"Bearer {await self.token(who)}"}
        async with self.house.http.get(self.house.url(path), headers=headers) as answer:
            assert answer.status == 200, (path, await answer.text())
            return await answer.json()

    async def pages(self, who: str, path: str) -> AsyncIterator[Any]:
        """Ask for one page after the other, as the Link header leads (RFC 8288)."""
        while path:
            self._paced()
            headers = {"Authorization": f"Bearer {await self.token(who)}"}
            async with self.house.http.get(self.house.url(path), headers=headers) as answer:
                assert answer.status == 200, (path, await answer.text())
                yield await answer.json()
                path = answer.headers.get("Link", "")[1:].partition(">")[0]

    async def send(
        self,
        who: str,
        path: str,
        body: bytes,
        *,
        media: str = "application/json",
        refused: bool = False,
        key: str = "",
    ) -> Any:
        """Send a body once; what must be done is done, or what must be refused is refused."""
        key = key or f"flow-{len(self.posts):06d}"
        status, answer = await self._sent(who, path, body, media, key)
        assert (status >= REFUSED) is refused, (who, path, body[:2000], status, answer)
        self.posts.append(Post(who, path, body, media, key, status, answer))
        return answer

    async def _sent(self, who: str, path: str, body: bytes, media: str, key: str) -> tuple[int, Any]:
        self._paced()
        headers = {
            "Authorization": f"Bearer {await self.token(who)}",
            "Content-Type": media,
            "Idempotency-Key": key,
        }
        async with self.house.http.post(self.house.url(path), data=body, headers=headers) as answer:
            raw = await answer.read()
            return answer.status, json.loads(raw) if "json" in answer.content_type and raw else raw.decode()

    async def post(self, who: str, path: str, body: Mapping[str, Any], *, refused: bool = False) -> Any:
        """Send JSON."""
        self.house.asked["api"] += 1
        return await self.send(who, path, json.dumps(body).encode(), refused=refused)

    async def everything_again(self) -> None:
        """Send every request of two months again: whoever lost the answers does."""
        for one in list(self.posts):
            status, answer = await self._sent(one.who, one.path, one.body, one.media, one.key)
            if one.status < REFUSED:
                assert (status, answer) == (one.status, one.answer), (one.path, one.status, status, answer)
            else:
                assert status >= REFUSED, (one.path, status, answer)


def who_of(person: str) -> str:
    """For which organisation a person works."""
    return person if person in KINDS else "plant"


@dataclass
class ByApi:
    """What is told by programs."""

    house: FlowHouse
    programs: Programs
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    legs: dict[tuple[int, int], int] = field(default_factory=dict)

    async def order(self, _by: str, *, order: int, product: str, pieces: int) -> None:
        """Plan and place an order with its stages."""
        stages = [
            {"kind": "process", "process": "machining", "partner": "KG-supplier"},
            {"kind": "process", "process": "coating", "partner": "KG-supplier"},
            {"kind": "transport", "partner": "KG-carrier"},
            {"kind": "receipt"},
            {"kind": "inspection", "partner": "KG-laboratory"},
            {"kind": "process", "process": "sterilisation", "partner": "KG-steriliser"},
            {"kind": "receipt"},
        ]
        body = {"product": product, "quantity": str(pieces), "stages": stages, "note": f"订单 {order}"}
        made = await self.programs.post("plant", "/api/v1/orders", body)
        await self.placed(order, made["number"])

    async def placed(self, order: int, number: str) -> None:
        """Place it; a lorry is planned for its transport."""
        self.orders[order] = await self.programs.post("plant", f"/api/v1/orders/{number}/place", {})
        transport = self.stage(order, 3)
        leg = {
            "from_place": "晨光涂层", "to_place": "康固骨科", "stage": transport, "carrier": "KG-carrier",
            "vehicle": "苏E·8K721",
        }  # fmt: skip
        self.legs[order, 0] = (await self.programs.post("plant", "/api/v1/legs", leg))["id"]

    def stage(self, order: int, position: int) -> int:
        """A stage of an order."""
        return next(one["id"] for one in self.orders[order]["stages"] if one["position"] == position)

    async def begun(self, order: int, position: int, who: str) -> str:
        """A stage is begun if it was not; its address."""
        path = f"/api/v1/stages/{self.stage(order, position)}"
        if (await self.programs.get(who, path))["state"] == "planned":
            await self.programs.post(who, f"{path}/start", {})
        return path

    async def worked(self, order: int, position: int, who: str, ins: list[str], outs: list[str]) -> None:
        """A whole stage told at its end: begun, lots in, lots out, finished."""
        path = await self.begun(order, position, who)
        for flow, lots in (("in", ins), ("out", outs)):
            if lots:
                await self.programs.post(who, f"{path}/lots", {"flow": flow, "lots": lots})
        await self.programs.post(who, f"{path}/finish", {})

    async def ship(
        self, by: str, *, lot: str, part: str, amount: Fraction, to: str, product: str = ""
    ) -> None:
        """A lot, or a part of it, is sent."""
        body: dict[str, Any] = {"lot": lot, "document": f"DN-{part or lot}"}
        if to != "plant":
            body["receiver"] = self.house.code_of(to)
        if part:
            body |= {"quantity": said(amount), "part_number": part}
        await self.programs.post(who_of(by), "/api/v1/shipments", body)

    async def receive(self, by: str, *, lot: str, amount: Fraction, product: str = "") -> None:
        """What is on its way has come."""
        who = who_of(by)
        if lot.startswith("CT") and who == "plant":
            path = await self.begun(int(lot.split("-")[1]), 4, who)
            body = {"lot": lot, "place": PLACES[who], "counted": said(amount)}
            await self.programs.post(who, f"{path}/receive", body)
            return
        coming = await self.programs.get(who, "/api/v1/shipments")
        shipment = next(one["id"] for one in coming["items"] if one["lot"] == lot)
        body = {"place": PLACES[who], "quantity": said(amount)}
        await self.programs.post(who, f"/api/v1/shipments/{shipment}/receive", body)

    async def operate(self, who: str, kind: str, **more: Any) -> Any:
        """Something is done to lots."""
        return await self.programs.post(who, "/api/v1/operations", {"kind": kind, **more})

    async def machine(
        self, by: str, *, source: str, amount: Fraction, made: list[tuple[str, int]], product: str
    ) -> None:
        """Bar becomes screws and scrap."""
        makes = [
            {
                "number": number,
                "quantity": said(count),
                "place": PLACES["supplier"],
                "scrap": number.endswith("X"),
            }
            for number, count in made
        ]
        takes = [{"lot": source, "quantity": said(amount)}]
        await self.operate(
            "supplier", "produce", takes=takes, makes=makes, product=product, process="machining"
        )
        order = int(source.split("-")[1].rstrip("B"))
        await self.worked(order, 1, "supplier", [source], [number for number, _count in made])

    async def merge(self, by: str, *, takes: list[tuple[str, Fraction]], made: str, amount: Fraction) -> None:
        """Lots become one."""
        await self.operate(
            "plant",
            "merge",
            takes=[{"lot": lot, "quantity": said(part)} for lot, part in takes],
            makes=[{"number": made, "quantity": said(amount), "place": "清洗间"}],
            process="cleaning",
        )

    async def split(self, by: str, *, lot: str, parts: list[tuple[str, Fraction]]) -> None:
        """A lot is packed into boxes."""
        makes = [{"number": one, "quantity": said(count), "place": "成品库 B 区"} for one, count in parts]
        await self.operate("plant", "split", takes=[{"lot": lot}], makes=makes, process="packing")

    async def consume(self, by: str, *, lot: str, amount: Fraction, into: str) -> None:
        """Material is used for a lot."""
        await self.operate("plant", "consume", takes=[{"lot": lot, "quantity": said(amount)}], into=into)

    async def deliver(self, by: str, *, lot: str, part: str, amount: Fraction, to: str) -> None:
        """A lot, or a part of it, goes to a hospital."""
        body: dict[str, Any] = {"lot": lot, "customer": to, "document": f"DN-{part or lot}"}
        if part:
            body |= {"quantity": said(amount), "part_number": part}
        await self.programs.post("plant", "/api/v1/shipments", body)

    async def depart(self, by: str, *, order: int, leg: int) -> None:
        """The lorry leaves, sealed."""
        body = {"vehicle": "苏E·8K721", "seal": f"S-{order:04d}"}
        await self.programs.post("carrier", f"/api/v1/legs/{self.legs[order, leg]}/depart", body)

    async def arrive(self, by: str, *, order: int, leg: int) -> None:
        """It arrives, with the seal it left with."""
        body = {"seal_found": f"S-{order:04d}"}
        await self.programs.post("carrier", f"/api/v1/legs/{self.legs[order, leg]}/arrive", body)
