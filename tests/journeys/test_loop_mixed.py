"""The whole loop with everybody where they are: operator on Telegram, approver in WeCom, manager on the phone page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import serving
from tests.journeys import story
from tests.journeys.by_telegram import TelegramStage, telegram_at
from tests.journeys.by_wecom import WecomStage, wecom_at
from tests.journeys.chromium import chromium
from tests.journeys.real_house import RealHouse
from tests.journeys.story import Someone, Stage
from tests.journeys.test_loop_in_chromium import ChromiumStage
from tests.plants import Plant, small_plant
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.wecom import WeComServer


@dataclass
class Everywhere:
    """One house, three ways to reach it; ``places`` says where a person is, the rest are in WeCom."""

    house: RealHouse
    plant: Plant
    wecom: WecomStage
    places: dict[str, Stage]

    async def joins(self, name: str, locale: str) -> Someone:
        return await self.places.get(name, self.wecom).joins(name, locale)

    async def fast_forward(self, by: dt.timedelta) -> None:
        await self.house.fast_forward(by)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.req("G-87")
async def test_from_the_photo_to_the_closure_with_everybody_elsewhere(database: str, tmp_path: Path) -> None:
    """Nobody notices where the others are; no server of a messenger has anything to complain about."""
    plant = await small_plant()
    async with TelegramServer(limits=Limits.off(), callback_age=3600.0) as telegram, WeComServer() as wecom:
        async with (
            RealHouse(tmp_path, plant.ring, telegram_at(telegram), wecom_at(wecom, plant.ring)) as house,
            chromium() as browser,
        ):
            web = await serving.serve(house.house)
            address = f"http://127.0.0.1:{web.port}"
            try:
                await wecom.sets_callback(f"{address}/wecom/callback")
                by_telegram = TelegramStage(house, telegram, plant)
                on_the_page = ChromiumStage(house, browser, address, plant, {})
                places: dict[str, Stage] = {
                    "coater_operator": by_telegram,
                    "supplier": by_telegram,
                    "manager": on_the_page,
                }
                stage = Everywhere(house, plant, WecomStage(house, wecom, plant), places)
                await story.play(stage, "zh_CN", tmp_path)
            finally:
                await web.stop()
        assert telegram.violations == []
        assert (wecom.violations, wecom.dropped, wecom.truncated, wecom.lost) == ([], [], [], [])
    on_telegram = {one.facts["first_name"] for one in telegram.state.world.accounts.values()}
    assert {"coater_operator", "supplier"} <= on_telegram
    assert set(wecom.state.world.accounts) == {"responsible", "supervisor", "manager2"}
    assert set(on_the_page.opened) == {"manager"}
