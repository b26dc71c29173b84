"""What was asked of the database is finished even when whoever waits for it is told to stop.

A statement cancelled on its way may still take effect later, and its cancellation may hit the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds that a stop waits for what is under way; a database that does not answer holds no stop up for ever."""


async def unbroken(work: Coroutine[object, object, T], patience: float = PATIENCE) -> T:
    """Do the work to its end. A cancellation is passed on when it is over, or given up after ``patience``."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await _over(task, patience)
        raise


async def _over(task: asyncio.Task[T], patience: float) -> None:
    """Wait until it is over, however often somebody cancels the waiting."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while not task.done() and (left := end - loop.time()) > 0:
        try:
            await asyncio.wait({task}, timeout=left)
        except asyncio.CancelledError:
            continue
    if not task.done():
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
