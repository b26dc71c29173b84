"""Pictures are worked on in a process of their own: the loop stays free, a crashing decoder is contained."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from core.evidence import imaging
from core.evidence.errors import Damaged
from core.kit.refusal import Refusal

if TYPE_CHECKING:
    from core.evidence.terms import Prepared

log = logging.getLogger(__name__)
_Said = tuple[type[Refusal], dict[str, object]]


def _settle_in() -> None:
    """Leave the stop key to the parent, and end with the parent however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive_nobody, args=(parent.sentinel,), daemon=True).start()


def _outlive_nobody(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _work(data: bytes, must_be_picture: bool, seconds: int) -> Prepared | _Said:
    """Prepare in the worker; the alarm ends the process when a decoder hangs, even in native code."""
    signal.alarm(seconds)
    try:
        return imaging.prepare(data, must_be_picture=must_be_picture)
    except Refusal as refusal:
        return type(refusal), refusal.facts
    finally:
        signal.alarm(0)


class Workbench:
    """A few worker processes, started with the first picture."""

    def __init__(self, *, workers: int = 1, seconds: int = 30) -> None:
        """Work on up to ``workers`` pictures at once, each for at most ``seconds``."""
        self._workers = workers
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None
        self._apart = asyncio.Lock()

    async def prepare(self, data: bytes, *, must_be_picture: bool) -> Prepared:
        """Check a file and make its derivatives.

        Raises:
            Refusal: any of ``imaging.prepare``; ``Damaged`` also when the decoder crashed or hung on it.
        """
        imaging.check_size(data, must_be_picture=must_be_picture)
        pool = self._pool = self._pool or self._open(self._workers)
        try:
            return await self._in(pool, data, must_be_picture)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
        return await self._alone(data, must_be_picture)

    async def warm(self) -> None:
        """Start a worker now, so that the first picture need not wait for it."""
        await self.prepare(b"ready", must_be_picture=False)

    async def close(self) -> None:
        """End the workers when what they hold in hand is done."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    async def _alone(self, data: bytes, must_be_picture: bool) -> Prepared:
        """Try once more apart from the others, so that only the culprit is refused."""
        async with self._apart:
            pool = self._open(1)
            try:
                return await self._in(pool, data, must_be_picture)
            except BrokenProcessPool as crash:
                log.warning("a decoder crashed or hung on a file of %d bytes", len(data))
                raise Damaged from crash
            finally:
                await asyncio.to_thread(pool.shutdown)

    async def _in(self, pool: ProcessPoolExecutor, data: bytes, must_be_picture: bool) -> Prepared:
        # starting a worker takes milliseconds: that too happens off the loop
        future = await asyncio.to_thread(pool.submit, _work, data, must_be_picture, self._seconds)
        answer = await asyncio.wrap_future(future)
        if isinstance(answer, tuple):
            refusal, facts = answer
            raise refusal(**facts)
        return answer

    @staticmethod
    def _open(workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=_settle_in
        )
