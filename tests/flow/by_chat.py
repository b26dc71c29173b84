"""People at their phones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from handlers import text
from tests import drawing
from tests.core.capa.test_whole_story import photo
from tests.flow.by_api import PLACES, ByApi, said, who_of
from tests.flow.by_epcis import lot_uri
from tests.flow.by_file import ByFile
from tests.flow.house import FlowHouse
from tests.journeys import acts
from tests.journeys.memory_house import Someone

_ = text.translator("zh_CN")
NAMES = {"supplier": "晨光涂层", "laboratory": "精测实验室", "steriliser": "安灭灭菌"}


@dataclass
class ByChat:
    """What is told in the chat."""

    house: FlowHouse
    files: ByFile
    api: ByApi
    case: str = ""
    """The case that the operator opened."""

    def person(self, by: str) -> Someone:
        """Somebody's phone."""
        self.house.asked["chat"] += 1
        return self.house.persons[by]

    async def ship(
        self, by: str, *, lot: str, part: str, amount: Fraction, to: str, product: str = ""
    ) -> None:
        """From the lot's card: to whom, how many, which number, which waybill."""
        person = self.person(by)
        await person.says(lot)
        await person.taps(_("📦 Ship"))
        await person.taps(NAMES[to])
        await self._so_many(person, amount, part)
        person.sees("已发运：批 " + (part or lot))

    async def _so_many(self, person: Someone, amount: Fraction, part: str) -> None:
        await person.says(said(amount))
        if part:
            await person.says(part)
        await person.says(f"DN-{amount}")
        await person.taps(_("Confirm ✓"))

    async def deliver(self, by: str, *, lot: str, part: str, amount: Fraction, to: str) -> None:
        """To a customer."""
        person = self.person(by)
        await person.says(lot)
        await person.taps(_("📦 Ship"))
        await person.taps(_("A customer"))
        await person.says(to)
        await self._so_many(person, amount, part)
        person.sees("已发运：批 " + (part or lot))

    async def receive(self, by: str, *, lot: str, amount: Fraction, product: str = "") -> None:
        """At the stage of the order that it comes for: begun if need be, then which lot, how many, where."""
        person = self.person(by)
        order = int(lot.split("-")[1].rstrip("B"))
        at_plant = 4 if who_of(by) == "plant" else 5
        position = {"TI": 1, "CT": at_plant, "CL": 6, "ST": 7}[lot.split("-", maxsplit=1)[0]]
        await person.says("/stages")
        name = f"{self.api.orders[order]['number']} · {position}."
        await person.taps(name)
        if person.chat[-1].button(_("▶ Begin")) is not None:
            await person.taps(_("▶ Begin"))
        await person.taps(_("📥 Receive a lot"))
        await person.says(lot)
        await person.says(said(amount))
        await person.says(PLACES[who_of(by)])
        await person.taps(_("Confirm ✓"))
        person.sees(_("📥 Received: {lot}").format(lot=lot))

    async def logger(self, by: str, *, lot: str, hot: bool, begins: dt.datetime, again: bool) -> None:
        """The logger's file of a lorry, sent into the chat."""
        await self.files.logger(by, lot=lot, hot=hot, begins=begins, again=again, door="chat")

    # what goes wrong

    async def report(self, by: str, *, lot: str) -> None:
        """An operator reports what they see, with a photo."""
        from core.sop import BUILTIN

        person = self.person(by)
        await person.says("/report")
        await person.taps("工艺偏离")
        usual = {
            "interface_from": "coating",
            "interface_to": "receipt",
            "detection": "visual",
            "risk": "none",
        }
        while person.chat[-1].button(_("Confirm ✓")) is None:
            shown = person.chat[-1].text
            field = next((one for one in BUILTIN["P"] if one.label["zh"] in shown), None)
            assert field is not None, person.transcript()
            if field.type == "photos":
                await person.photographs(photo())
                await person.taps(_("Done ✓"))
            elif field.type == "lot":
                await person.says(lot)
            elif field.type == "datetime":
                await person.taps(_("Just now"))
            elif field.options:
                value = usual.get(field.key, field.options[0].value)
                await person.taps(next(one.label["zh"] for one in field.options if one.value == value))
            else:
                await person.says("3")
        await person.taps(_("Confirm ✓"))
        head = person.sees("AN-").outgoing.head
        self.case = head[head.index("AN-") :][:14]

    async def hold_by_label(self, by: str, *, lot: str, product: str, stopped: list[str]) -> None:
        """A photo of the label, and two taps: everything made of it is stopped."""
        person = self.person(by)
        await person.photographs(drawing.photo(drawing.code(lot, "QRCode"), turned=7))
        assert lot_uri(product, lot)
        assert lot in person.chat[-1].outgoing.head, person.transcript()
        await person.taps(_("⛔ Hold everything affected ({n})").format(n=len(stopped)))
        await person.taps(_("For the open case {number}").format(number=self.case))
        person.sees(_("⛔ {n} lots are on hold for {number}").format(n=len(stopped), number=self.case))

    async def hold_by_case(self, by: str, *, lot: str, stopped: list[str]) -> None:
        """The case that opened by itself: its lots are held."""
        person = self.person(by)
        await self.house.settle()
        head = person.sees(lot).text
        number = head[head.index("AN-") :][:14]
        await person.says(number)
        await person.taps(_("✅ Acknowledge"))
        await person.says(number)
        await person.taps(_("⛔ Hold the affected lots"))
        person.sees(_("⛔ {n} lots are on hold for {number}").format(n=len(stopped), number=number))

    async def decide(self, by: str, *, lot: str, stopped: list[str]) -> None:
        """The whole loop: graded, contained, planned, carried out, judged; the second manager lets the lots go and closes."""
        owner, manager = self.person("responsible"), self.person(by)
        second, supplier = self.person("manager2"), self.person("supplier")
        await owner.says(self.case)
        await acts.graded(owner, "B")
        await owner.says(self.case)
        await owner.taps(_("Containment done: sign"))
        await owner.signs()
        await owner.says(self.case)
        await owner.taps(_("Open a CAPA"))
        await acts.planned(owner, self.case)
        await acts.carried_out(manager, supplier, owner, self.case)
        await acts.judged(manager, self.case, _("Effective"), "此后各批无剥落")
        await acts.closed(second, self.case, lots=len(stopped))
        second.sees("✔ 已签名")

    async def release(self, by: str, *, lot: str) -> None:
        """Released by signature."""
        await self._signed(by, lot, _("✅ Release"), "检验合格")

    async def clear(self, by: str, *, lot: str, why: str) -> None:
        """Out of quarantine, by signature."""
        await self._signed(by, lot, _("🟢 Out of quarantine"), why)

    async def _signed(self, by: str, lot: str, button: str, why: str) -> None:
        person = self.person(by)
        await person.says(lot)
        await person.taps(button)
        await person.says(why)
        await person.signs()
        person.sees(_("✔ Signed: {number}").format(number=lot))

    async def scrap(self, by: str, *, lot: str, why: str) -> None:
        """Scrapped for good."""
        person = self.person(by)
        await person.says(lot)
        await person.taps(_("🗑 Scrap"))
        await person.says(why)
        await person.taps(_("🗑 Scrap it for good"))
        person.sees(lot)
