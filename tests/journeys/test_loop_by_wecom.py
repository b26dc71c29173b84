"""The whole loop through the real WeCom adapter against the loopback server, which drops what the real one drops."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import serving
from bot.adapters.wecom import LIMITS
from core import notices
from tests.journeys import story
from tests.journeys.by_wecom import Weather, WecomStage, said_twice, wecom_at
from tests.journeys.leaks import leaks
from tests.journeys.real_house import RealHouse
from tests.plants import Plant, small_plant
from tests.servers.wecom import WeComServer


@asynccontextmanager
async def wecom_house(server: WeComServer, plant: Plant, folder: Path) -> AsyncIterator[WecomStage]:
    """A running house whose callback address WeCom has checked."""
    wecom = wecom_at(server, plant.ring)
    async with RealHouse(folder, plant.ring, wecom, limits={wecom.channel: LIMITS}) as house:
        web = await serving.serve(house.house)
        try:
            await server.sets_callback(f"http://127.0.0.1:{web.port}/wecom/callback")
            yield WecomStage(house, server, plant)
        finally:
            await web.stop()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.req("G-87", "S-03")
async def test_from_the_photo_to_the_closure_by_wecom(
    database: str, tmp_path: Path, everything_logged: io.StringIO
) -> None:
    """Nothing is refused, cut or dropped; every callback is taken at once, and no secret reaches the logs."""
    plant = await small_plant()
    async with WeComServer() as server:
        async with wecom_house(server, plant, tmp_path) as stage:
            await story.play(stage, "zh_CN", tmp_path)
            assert await server.posts(server.seals("<xml/>", signature="0" * 40)) == 403
        assert (server.violations, server.dropped, server.truncated) == ([], [], [])
        assert {tuple(one.results) for one in server.callbacks} == {(200,)}
        assert len(server.calls_of("gettoken")) < 10, "the token is kept"
        assert server.calls_of("message/update_template_card"), "what is over is said on its card"
    log = everything_logged.getvalue()
    assert "callback_refused" in log, "the test reads a real log"
    secrets = (server.secret, server.token, server.aes_key, *server.state.tokens, *stage.secrets)
    assert leaks(log, (*secrets, *plant.secrets.values()), plant.codes) == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.req("G-87")
async def test_from_the_photo_to_the_closure_on_a_bad_day(database: str, tmp_path: Path) -> None:
    """Tokens die, sends, changes and files fail before or after their effect, callbacks come twice: all is as on a good day."""
    plant = await small_plant()
    async with WeComServer() as server:
        async with wecom_house(server, plant, tmp_path) as stage:
            server.repeat_callbacks(2)
            stage.weather = Weather(server)
            await story.play(stage, "en", tmp_path)
            left = await notices.depth()
        assert (server.violations, server.dropped, server.truncated) == ([], [], [])
        assert {tuple(one.results) for one in server.callbacks} == {(200, 200)}
        assert (left["unknown"], left["failed-permanent"]) == (0, 0), "every message arrived"
        assert said_twice(server) == [], "and none arrived twice"
        assert len(server.calls_of("gettoken")) > stage.weather.acts // 10, "the weather was bad"
