"""A served phone page with a plant behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.plants import small_plant


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[EchoHouse]:
    """The page, served; the echo answers."""
    made = EchoHouse(await small_plant(enrolled=False), tmp_path)
    await made.start()
    yield made
    await made.stop()
