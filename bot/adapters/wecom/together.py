"""Callbacks that come at the same time are stored in one commit, so that a rush of them waits for the database once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from core.inbox import Arrived

MOST = 50
"""In one commit."""
Store = Callable[[list[Arrived], None], Awaitable[int]]


class Together:
    """Collects what comes while a commit runs; everybody who waits hears what became of their own."""

    def __init__(self) -> None:
        """Nothing waits yet."""
        self._waiting: list[tuple[Arrived, Store, asyncio.Future[None]]] = []
        self._work: asyncio.Task[None] | None = None

    async def stored(self, arrived: Arrived, store: Store) -> None:
        """Return after the commit.

        Raises:
            Exception: what the storing failed with.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrived, store, done))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run())
        await done

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await batch[0][1]([arrived for arrived, _store, _done in batch], None)
            except Exception as fault:  # noqa: BLE001  it is handed to everybody who waits
                await self._one_by_one(batch, fault)
            else:
                for _arrived, _store, done in batch:
                    _tell(done, None)

    @staticmethod
    async def _one_by_one(batch: list[tuple[Arrived, Store, asyncio.Future[None]]], fault: Exception) -> None:
        """What one cannot be stored with, the others can."""
        for arrived, store, done in batch:
            wrong: Exception | None = fault
            if len(batch) > 1:
                try:
                    await store([arrived], None)
                except Exception as own:  # noqa: BLE001  it is handed on
                    wrong = own
                else:
                    wrong = None
            _tell(done, wrong)


def _tell(done: asyncio.Future[None], wrong: Exception | None) -> None:
    if done.done():  # whoever waited hung up
        return
    if wrong is None:
        done.set_result(None)
    else:
        done.set_exception(wrong)
