"""A served house for each test of the web door, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import serving
from tests.handlers.web.doors import Doors
from tests.journeys.real_house import RealHouse
from tests.plants import small_plant


@pytest.fixture
async def doors(database: str, tmp_path: Path) -> AsyncIterator[Doors]:
    """A served house."""
    plant = await small_plant()
    async with RealHouse(tmp_path, plant.ring) as house:
        server = await serving.serve(house.house)
        yield Doors(house, plant, f"http://127.0.0.1:{server.port}")
        await house.browser.stop()
        await server.stop()
