"""A lease given back is free: no question that was asked before can take it again, no failure keeps it unseen."""

from __future__ import annotations

import asyncio

import pytest

from bot.leases import Lease
from bot.unbroken import unbroken
from tests.databases import as_owner


@pytest.mark.parametrize("steps", [0, 3, 8, 15, 25, 60])
async def test_a_question_cancelled_anywhere_is_over_when_its_asker_is(database: str, steps: int) -> None:
    """The asker is cancelled after so many turns of the loop, in the middle of the statement or of the commit."""
    lease, other = Lease("thing"), Lease("thing", holder="elsewhere/1/x")
    asking = asyncio.create_task(lease.while_held())
    for _turn in range(steps):
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert await lease.give_back()
    assert await other.held()


async def test_giving_back_is_tried_again_and_its_failures_are_told(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    lease, other = Lease("thing"), Lease("thing", holder="elsewhere/1/x")
    assert await lease.held()
    async with as_owner() as db:
        await db.execute_script("ALTER TABLE wires_note RENAME TO wires_away")
    giving = asyncio.create_task(lease.give_back())
    async with asyncio.timeout(30):
        while "lease not given back" not in caplog.text:
            await asyncio.sleep(0)
    async with as_owner() as db:
        await db.execute_script("ALTER TABLE wires_away RENAME TO wires_note")
    assert await giving
    assert await other.held()


async def test_what_does_not_end_is_given_up_at_a_stop() -> None:
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("given up")

    waiting = asyncio.create_task(unbroken(endless(), patience=0.01))
    await asyncio.sleep(0)
    for _again in range(2):
        waiting.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == ["given up"]
