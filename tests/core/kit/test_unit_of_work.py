"""A unit that is cancelled while it begins lets its connection go: nobody waits for it afterwards."""

from __future__ import annotations

import asyncio

import pytest

from core.kit import unit_of_work
from core.kit.unit_of_work import snapshot


@pytest.mark.parametrize("opened", [unit_of_work, snapshot])
async def test_units_cancelled_anywhere_hold_nothing(database: str, opened: type) -> None:
    """More of them than a pool has connections, each cancelled some turns of the loop later than the one before."""

    async def begin() -> None:
        async with opened():
            await asyncio.sleep(0)

    await begin()  # the connection is open
    for turns in range(16):
        task = asyncio.create_task(begin())
        for _turn in range(turns):
            await asyncio.sleep(0)
        if turns % 2:
            await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(30):
        await asyncio.gather(*(begin() for _one in range(10)))
