"""A shop for every test of imports, on both databases."""

from __future__ import annotations

import pytest

from tests.core.lots.shop import Shop, opened


@pytest.fixture
async def shop(database: object) -> Shop:
    """A plant with people, partners and products, without lots."""
    return await opened()
