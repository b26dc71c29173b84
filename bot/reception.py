"""What arrives is stored before it is answered: all that wait are committed together, each hears of it afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context

from aiohttp import web

from bot.away import AWAY
from bot.precedence import goes_first
from core import inbox
from core.inbox import Arrived, Batch
from core.kit import unit_of_work
from core.kit.unit_of_work import is_open

log = logging.getLogger(__name__)
MOST = 200
"""Updates in one commit."""
PATIENCE = 10.0
"""Seconds that a caller waits; messengers come again, and what is stored meanwhile is known by its number."""

Waiting = tuple[Batch, "asyncio.Future[int]"]


class Reception:
    """Collects what comes while a commit runs. While it goes on nothing of it is acknowledged."""

    def __init__(self, stored: Callable[[], None], *, patience: float = PATIENCE) -> None:
        """Keep what is called after a commit; nothing waits yet."""
        self._patience = patience
        self._stored = stored
        self._waiting: list[Waiting] = []
        self._work: asyncio.Task[None] | None = None

    async def take(self, channel: str, arrived: Sequence[Arrived], next_offset: int | None = None) -> int:
        """Return after the commit; answers how many were new.

        Inside a unit of work it is stored with what else that unit writes.

        Raises:
            Exception: what the storing failed with; a database that is away is one of AWAY.
        """
        batch = Batch(channel=channel, arrived=arrived, next_offset=next_offset)
        if is_open():
            async with unit_of_work() as work:
                work.after_commit(self._stored)
                return (await inbox.store_all([batch]))[0]
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, done))
        if self._work is None or self._work.done():
            # it works for all who wait, so it inherits nothing from the one who came first
            self._work = asyncio.get_running_loop().create_task(self._run(), context=Context())
        async with asyncio.timeout(self._patience):
            return await done

    async def _run(self) -> None:
        with goes_first():
            while self._waiting:
                if not (together := self._next()):
                    return
                try:
                    new = await inbox.store_all([batch for batch, _done in together])
                except AWAY as fault:  # one by one would fail as well
                    for _batch, done in together:
                        _failed(done, fault)
                except Exception as fault:  # noqa: BLE001  it is handed to everybody who waits
                    await self._one_by_one(together, fault)
                else:
                    self._stored()
                    for (_batch, done), count in zip(together, new, strict=True):
                        _told(done, count)

    def _next(self) -> list[Waiting]:
        """Those who wait longest, as many as one commit takes, one at least."""
        self._waiting = [one for one in self._waiting if not one[1].done()]  # who gave up comes again
        count = size = 0
        for batch, _done in self._waiting:
            size += len(batch.arrived)
            if count and size > MOST:
                break
            count += 1
        together, self._waiting = self._waiting[:count], self._waiting[count:]
        return together

    async def _one_by_one(self, together: Sequence[Waiting], fault: Exception) -> None:
        """What one cannot be stored with, the others can."""
        for batch, done in together:
            wrong = fault
            if len(together) > 1:
                try:
                    (count,) = await inbox.store_all([batch])
                except Exception as own:  # noqa: BLE001  it is handed on
                    wrong = own
                else:
                    self._stored()
                    _told(done, count)
                    continue
            _failed(done, wrong)


async def answered(
    store: Callable[[list[Arrived], None], Awaitable[int]], arrived: list[Arrived]
) -> web.Response:
    """The answer to a callback: good after the commit only; while the database is away, come again."""
    try:
        await store(arrived, None)
    except AWAY as fault:
        log.warning("not stored", extra={"action": "intake_away", "why": type(fault).__name__})
        return web.Response(status=503)
    return web.Response()


def _told(done: asyncio.Future[int], count: int) -> None:
    if not done.done():  # whoever waited may have hung up
        done.set_result(count)


def _failed(done: asyncio.Future[int], fault: Exception) -> None:
    if not done.done():
        done.set_exception(fault)
