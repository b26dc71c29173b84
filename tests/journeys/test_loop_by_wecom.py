"""The whole loop through the real WeCom adapter against the loopback server, which drops what the real one drops."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import serving
from tests.journeys import story
from tests.journeys.by_wecom import WecomStage, wecom_at
from tests.journeys.real_house import RealHouse
from tests.plants import Plant, small_plant
from tests.servers.wecom import WeComServer


@asynccontextmanager
async def wecom_house(server: WeComServer, plant: Plant, folder: Path) -> AsyncIterator[WecomStage]:
    """A running house whose callback address WeCom has checked."""
    async with RealHouse(folder, plant.ring, wecom_at(server, plant.ring)) as house:
        web = await serving.serve(house.house)
        try:
            await server.sets_callback(f"http://127.0.0.1:{web.port}/wecom/callback")
            yield WecomStage(house, server, plant)
        finally:
            await web.stop()


LOCALE = {"sqlite": "zh_CN", "postgres": "en"}


@pytest.mark.req("G-87", "S-03")
async def test_from_the_photo_to_the_closure_by_wecom(
    database: str, tmp_path: Path, everything_logged: io.StringIO
) -> None:
    """Nothing is refused, cut or dropped; every callback is taken at once, and no secret reaches the logs."""
    plant, locale = await small_plant(), LOCALE[database]
    async with WeComServer() as server:
        async with wecom_house(server, plant, tmp_path) as stage:
            await story.play(stage, locale, tmp_path)
            assert await server.posts(server.seals("<xml/>", signature="0" * 40)) == 403
        assert server.violations == []
        assert server.dropped == []
        assert server.truncated == []
        assert {tuple(one.results) for one in server.callbacks} == {(200,)}
        assert len(server.calls_of("gettoken")) < 10, "the token is kept"
        changed = server.calls_of("message/update_template_card" if locale == "zh_CN" else "message/recall")
        assert changed, "what is over is said on its card, or the card is taken away"
    log = everything_logged.getvalue()
    assert "callback_refused" in log, "the test reads a real log"
    tokens = list(server.state.tokens)
    for secret in (server.secret, server.token, server.aes_key, *tokens, *stage.secrets, *plant.codes):
        assert secret not in log, [line for line in log.splitlines() if secret in line][:1]
