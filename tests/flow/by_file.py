"""Files as people and their programs save them, handed in by turns in the chat, on the page and through the API."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import aiohttp
import openpyxl

from handlers import text
from tests.flow import papers
from tests.flow.by_api import ByApi, Programs, said, who_of
from tests.flow.days import HERE
from tests.flow.house import FlowHouse

_ = text.translator("zh_CN")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEFORE_IN_CHAT = _("This file was brought in before, as {number}. Nothing was changed.").partition("，")[0]
BEFORE_ON_PAGE = _("This file was imported before, as {number}. Nothing was changed.").partition("，")[0]
LOT_HEADS = ("批号", "产品编码", "数量", "单位", "生产时间", "地点")


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """A CSV as a spreadsheet saves it."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(heads)
    table.writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook as a spreadsheet saves it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def here(moment: dt.datetime) -> str:
    """A moment as people here write it."""
    return moment.astimezone(HERE).isoformat(timespec="seconds")


@dataclass
class ByFile:
    """What is told by files."""

    house: FlowHouse
    programs: Programs
    api: ByApi
    sent: list[tuple[str, str, bytes, str, str]] = field(default_factory=list)
    """Who handed in what through which door: again, it changes nothing."""
    turns: itertools.cycle[str] = field(default_factory=lambda: itertools.cycle(("api", "chat", "page")))

    async def hand_in(
        self, by: str, name: str, content: bytes, media: str, *, door: str = "", before: bool = False
    ) -> None:
        """Bring a file in through the next door."""
        door = door or next(self.turns)
        self.house.asked["file"] += 1
        if not before:
            self.sent.append((by, name, content, media, door))
        match door:
            case "api":
                await self._by_api(by, name, content, media, before=before)
            case "chat":
                await self._by_chat(by, name, content, before=before)
            case _:
                await self._by_page(by, name, content, before=before)

    async def _by_api(self, by: str, name: str, content: bytes, media: str, *, before: bool) -> None:
        who = who_of(by)
        answer = await self.programs.send(who, f"/api/v1/files?name={name}", content, media=media)
        assert answer["before"] is before, answer

    async def _by_chat(self, by: str, name: str, content: bytes, *, before: bool) -> None:
        person = self.house.persons[by]
        await person.sends_file(content, name)
        if before:
            person.sees(BEFORE_IN_CHAT)
            return
        seen = sum("IM-" in one.text for one in person.chat)
        await person.taps("📥 导入")
        assert sum("IM-" in one.text for one in person.chat) > seen, person.transcript()

    async def _by_page(self, by: str, name: str, content: bytes, *, before: bool) -> None:
        session = await self.house.session(by)
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("csrf", session["X-CSRF-Token"])
        form.add_field("what", "import")
        form.add_field("file", io.BytesIO(content), filename=name)
        url = self.house.url("/admin/import")
        async with self.house.http.post(url, data=form, headers={"Cookie": session["Cookie"]}) as answer:
            page = await answer.text()
            assert answer.status == 200, page[-3000:]
            assert (BEFORE_ON_PAGE in page) is before, page[-3000:]

    async def everything_again(self) -> None:
        """Hand every file in a second time."""
        for by, name, content, media, door in list(self.sent):
            await self.hand_in(by, name, content, media, door=door, before=True)

    # what is in the files

    async def bring_products(self) -> None:
        """The articles, as the plant's system exports them."""
        rows = [("BAR-TI64", "钛合金棒料", "Titanium bar", "kg", "否", "否", "否")]
        rows.append(("FILM-TYVEK", "特卫强膜", "Tyvek film", "m", "否", "否", "否"))
        for size in ("35", "27"):
            for letter, zh, en in (
                ("M", "机加工", "machined"),
                ("C", "涂层", "coated"),
                ("S", "无菌", "sterile"),
            ):
                sterile = "是" if letter == "S" else "否"
                rows.append(
                    (f"SCREW-{size}{letter}", f"骨螺钉 {zh}", f"Screw {en}", "pcs", sterile, "是", "否")
                )
        heads = ("产品编码", "中文名称", "英文名称", "单位", "无菌", "植入", "标签关键")
        await self.hand_in("administrator", "products.csv", as_csv(heads, rows, "gb18030"), "text/csv")

    async def bring_lots(
        self,
        by: str,
        *,
        lots: list[tuple[str, str, Fraction, str, dt.datetime, str]],
        form: str,
        encoding: str,
    ) -> None:
        """Material has come: a filled template of lots."""
        rows = [
            (number, product, said(amount), unit, here(made), place)
            for number, product, amount, unit, made, place in lots
        ]
        name = f"lots-{lots[0][0]}.{form}"
        if form == "xlsx":
            await self.hand_in(by, name, as_xlsx(LOT_HEADS, rows), XLSX)
        else:
            await self.hand_in(by, name, as_csv(LOT_HEADS, rows, encoding), "text/csv")

    async def certificate(self, by: str, *, lot: str, bad: bool) -> None:
        """The mill's certificate of a bar."""
        day = self.house.now().astimezone(HERE).date()
        content = papers.certificate_of_analysis(lot, day, bad=bad)
        await self.hand_in(by, f"coa-{lot}.json", content, "application/json")

    async def measure(
        self, by: str, *, lot: str, product: str, values: list[Decimal], form: str, again: bool
    ) -> None:
        """The laboratory's results, in the form that its instrument or its people write."""
        now = self.house.now().astimezone(HERE)
        rows = papers.results(lot, "QP-07" if values else "QP-11", values, now)
        made: dict[str, tuple[bytes, str]] = {
            "csv": (as_csv(papers.RESULT_HEADS, rows, "gb18030"), "text/csv"),
            "xlsx": (as_xlsx(papers.RESULT_HEADS, rows), XLSX),
            "dfq": (papers.q_das(lot, product, values, now), "text/plain"),
            "qif": (papers.qif(lot, values, now), "application/xml"),
        }
        content, media = made[form]
        door = next(self.turns)
        door = "chat" if door == "page" else door
        name = f"results-{lot}.{form}"
        await self.hand_in(by, name, content, media, door=door)
        if again:
            await self.hand_in(by, name, content, media, door=door, before=True)

    async def drive(self, by: str, *, order: int, left: dt.datetime) -> None:
        """The carrier's filled template of a leg that is over."""
        number = self.api.orders[order]["number"]
        row = papers.leg(number, f"S-{order:04d}", left.astimezone(HERE), self.house.now().astimezone(HERE))
        await self.hand_in(by, f"legs-{number}.csv", as_csv(papers.LEG_HEADS, [row]), "text/csv", door="api")

    async def logger(
        self, by: str, *, lot: str, hot: bool, begins: dt.datetime, again: bool, door: str = "api"
    ) -> None:
        """The logger's file of a lorry; some people hand it in twice."""
        rows = papers.logger(lot, begins.astimezone(HERE), hot=hot)
        name, content = f"logger-{lot}.csv", as_csv(papers.LOGGER_HEADS, rows)
        await self.hand_in(by, name, content, "text/csv", door=door)
        if again:
            await self.hand_in(by, name, content, "text/csv", door=door, before=True)
