"""The whole loop through the real Telegram adapter against the loopback server, which refuses what the real one refuses."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.journeys import story
from tests.journeys.by_telegram import TelegramStage, telegram_at
from tests.journeys.leaks import leaks
from tests.journeys.real_house import RealHouse
from tests.plants import small_plant
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits

LOCALES = {"sqlite": "zh_CN", "postgres": "en"}
"""Each language once; what is said does not depend on the database."""


@pytest.mark.req("G-87", "S-03")
async def test_from_the_photo_to_the_closure_by_telegram(
    database: str, tmp_path: Path, everything_logged: io.StringIO
) -> None:
    """Every call is one that the published Bot API allows; codes leave the chats, and no secret reaches the logs."""
    plant = await small_plant()
    async with TelegramServer(limits=Limits.off(), callback_age=3600.0) as server:
        async with RealHouse(tmp_path, plant.ring, telegram_at(server)) as house:
            stage = TelegramStage(house, server, plant)
            await story.play(stage, LOCALES[database], tmp_path)
        assert server.violations == []
        assert server.calls_of("deleteMessage"), "the codes are taken out of the chat"
    log = everything_logged.getvalue()
    assert log.count("\n") > 100, "the test reads a real log"
    assert leaks(log, (server.token, *stage.secrets, *plant.secrets.values()), plant.codes) == []
