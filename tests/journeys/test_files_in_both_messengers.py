"""A logger's file and the list of a trace through the real adapters: documents reach the dialogue, and come back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import pytest

from bot import serving
from core import people
from core.anomalies.models import Anomaly
from handlers import text
from tests.journeys import story
from tests.journeys.by_telegram import ByTelegram, TelegramStage, telegram_at
from tests.journeys.by_wecom import ByWecom
from tests.journeys.real_house import RealHouse
from tests.journeys.test_files_in_chat import LOGGER
from tests.journeys.test_loop_by_wecom import wecom_house
from tests.plants import Plant, small_plant
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.wecom import WeComServer

_ = text.translator("zh_CN")


class Stage(Protocol):
    """Where people with files join."""

    plant: Plant

    async def joins(self, name: str, locale: str) -> ByTelegram | ByWecom: ...


async def files_both_ways(stage: Stage) -> None:
    """A forwarded logger's file opens its case with its curve; a list and a template come as files."""
    operator = await stage.joins("coater_operator", "zh_CN")
    await operator.sends_file(LOGGER.encode(), "logger.csv")
    await story.sees(operator, _("Nothing is wrong with it, and nothing was changed yet. Bring it in?"))
    assert await Anomaly.all().count() == 0
    await operator.taps(_("📥 Bring it in"))
    card = await story.sees(operator, _("It opened a case by itself; those responsible were told."))
    assert card.pictures
    assert (await Anomaly.get(plant_id=stage.plant.id)).number in str(card.buttons)
    await operator.sends_file(LOGGER.encode(), "logger.csv")
    await story.sees(operator, "已经导入过")
    await operator.says("/trace CT-001")
    await operator.taps(_("📄 List as a file (CSV)"))
    assert b"CT-001" in (await operator.files())["trace-CT-001-both.csv"]
    await operator.says("模板")
    await operator.taps("温湿度记录仪数据 · xlsx")
    assert (await operator.files())["bihuan-series-v1-zh_CN.xlsx"].startswith(b"PK")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_files_by_telegram(database: str, tmp_path: Path) -> None:
    """Nothing that the published Bot API refuses."""
    plant = await small_plant()
    async with TelegramServer(limits=Limits.off(), callback_age=3600.0) as server:
        async with RealHouse(tmp_path, plant.ring, telegram_at(server)) as house:
            await files_both_ways(TelegramStage(house, server, plant))
        assert server.violations == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_files_by_wecom(database: str, tmp_path: Path) -> None:
    """Nothing is refused, cut or dropped; every callback is taken at the first try."""
    plant = await small_plant()
    async with WeComServer() as server:
        async with wecom_house(server, plant, tmp_path) as stage:
            await files_both_ways(stage)
        assert (server.violations, server.dropped, server.truncated) == ([], [], [])
        assert {tuple(one.results) for one in server.callbacks} == {(200,)}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_files_by_the_phone_page(database: str, tmp_path: Path) -> None:
    """The upload of the page leads to the same cards; its list is a link to save."""
    plant = await small_plant()
    async with RealHouse(tmp_path, plant.ring) as house:
        web = await serving.serve(house.house)
        try:
            jar = aiohttp.CookieJar(unsafe=True)
            base = f"http://127.0.0.1:{web.port}"
            async with aiohttp.ClientSession(base_url=base, cookie_jar=jar) as session:
                await _by_page(house, session, plant)
        finally:
            await web.stop()


async def _by_page(house: RealHouse, session: aiohttp.ClientSession, plant: Plant) -> None:
    admin = await plant.actor("administrator")
    token = await people.one_time_link(admin, plant.persons["coater_operator"], "chat")
    assert (await session.post("/chat/enter", json={"token": token})).status == 200
    async with session.get("/chat/me") as answer:
        session.headers["X-CSRF-Token"] = (await answer.json())["csrf"]
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", LOGGER.encode(), filename="logger.csv")
    assert (await session.post("/chat/photo?id=aaaaaaaa-1", data=form)).status == 202
    card = await _newest(house, session)
    assert "logger.csv" in card["payload"]["head"]
    await _tap(session, card, _("📥 Bring it in"), "aaaaaaaa-2")
    card = await _newest(house, session)
    assert [one["source"].split(":")[0] for one in card["payload"]["pictures"]] == ["series"]
    assert await Anomaly.filter(plant_id=plant.id).count() == 1
    await session.post("/chat/send", json={"id": "aaaaaaaa-3", "text": "/trace CT-001"})
    await _tap(session, await _newest(house, session), _("📄 List as a file (CSV)"), "aaaaaaaa-4")
    card = await _newest(house, session)
    (listed,) = card["payload"]["documents"]
    query = {"message": str(card["message"]), **listed}
    async with session.get("/chat/document", params=query) as answer:
        assert b"CT-001" in await answer.read()


async def _newest(house: RealHouse, session: aiohttp.ClientSession) -> dict[str, Any]:
    await house.rest()
    async with session.get("/chat/messages") as answer:
        cards = [one for one in (await answer.json())["messages"] if one["what"] == "show"]
    found: dict[str, Any] = cards[-1]
    return found


async def _tap(session: aiohttp.ClientSession, card: dict[str, Any], label: str, name: str) -> None:
    pressed = [one for row in card["payload"]["buttons"] for one in row if label in one["text"]]
    assert pressed, json.dumps(card, ensure_ascii=False)
    await session.post("/chat/send", json={"id": name, "button": pressed[0]["data"], "label": label})
