"""A served house for each test of the partner API, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import serving
from tests.handlers.partner.program import Programs
from tests.journeys.real_house import RealHouse
from tests.plants import small_plant


@pytest.fixture
async def programs(database: str, tmp_path: Path) -> AsyncIterator[Programs]:
    """A served house, and programs of its partners."""
    plant = await small_plant()
    async with RealHouse(tmp_path, plant.ring) as house:
        server = await serving.serve(house.house)
        yield Programs(house, plant, f"http://127.0.0.1:{server.port}")
        await house.browser.stop()
        await server.stop()
