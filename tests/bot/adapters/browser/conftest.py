"""A served phone page with a plant behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.journeys.chromium import chromium
from tests.plants import small_plant


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[EchoHouse]:
    """The page, served; the echo answers."""
    made = EchoHouse(await small_plant(enrolled=False), tmp_path)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(scope="module")
async def chrome() -> AsyncIterator[Browser]:
    """One browser for the tests of this file."""
    async with chromium() as browser:
        yield browser
