"""A plant with partners for every test of the people room, on both databases."""

from __future__ import annotations

import pytest

from tests.core.people.house import House, opened


@pytest.fixture
async def house(database: str) -> House:
    """A plant with an administrator, an engineer, an operator, a supplier's contact, a carrier."""
    return await opened()
