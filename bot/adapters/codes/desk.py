"""Codes are looked for in a process of its own: the loop stays free, a crashing decoder is contained."""

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

from bot.adapters.codes import finding
from core.labels import Carrier, PictureTooSlow

log = logging.getLogger(__name__)


def _settle_in() -> None:
    """Leave the stop key to the parent, and end with the parent however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive_nobody, args=(parent.sentinel,), daemon=True).start()


def _outlive_nobody(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _work(data: bytes, seconds: int) -> tuple[Carrier, ...]:
    """Look in the worker; the alarm ends the process when a decoder hangs, even in native code."""
    signal.alarm(seconds)
    try:
        return finding.find(data)
    finally:
        signal.alarm(0)


class CodeDesk:
    """One worker process, started with the first picture that is looked at."""

    def __init__(self, *, seconds: int = 15) -> None:
        """Look at one picture at a time, for at most ``seconds``."""
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def read(self, picture: bytes) -> tuple[Carrier, ...]:
        """Answer the codes of a picture.

        Raises:
            PictureTooSlow: the search did not end in time, or ended its process.
        """
        async with self._turn:
            pool = self._pool = self._pool or ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"), initializer=_settle_in
            )
            try:
                # starting a worker takes milliseconds: that too happens off the loop
                future = await asyncio.to_thread(pool.submit, _work, picture, self._seconds)
                return await asyncio.wrap_future(future)
            except BrokenProcessPool as crash:
                self._pool = None
                log.warning("a search for codes crashed or hung on a picture of %d bytes", len(picture))
                raise PictureTooSlow from crash

    async def close(self) -> None:
        """End the worker when what it holds in hand is done."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
