"""What one process of many does: a lease in the database says which, and another takes over when it dies."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import logging
import os
import secrets
import socket
from pathlib import Path

from bot.unbroken import unbroken
from core import wires

log = logging.getLogger(__name__)
LASTS = dt.timedelta(seconds=10)
"""How long a lease outlives its holder on another machine."""
LOOK = 2.0
"""Seconds between renewals, and between looks whether the lease is free."""
GIVING_BACK = (0.05, 0.2, 0.5, 1.0)
"""Seconds between the attempts to give a lease back."""


@functools.cache
def _here() -> str:
    """Names this running machine and its processes' number space; two containers never share it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return f"{socket.gethostname()}/{secrets.token_hex(4)}"


@functools.cache
def _mark(process: int) -> str:
    return f"{_here()}/{process}/{secrets.token_hex(4)}"


def this_process() -> str:
    """Names this process among all that ever ran."""
    return _mark(os.getpid())


def is_gone(holder: str) -> bool:
    """Whether a holder was a process of this machine that runs no more. Of other machines nothing is known."""
    place, _sep, rest = holder.rpartition("/")[0].rpartition("/")
    if place != _here() or not rest.isdecimal():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


class Lease:
    """One thing that one process does at a time."""

    def __init__(
        self, name: str, *, holder: str | None = None, lasts: dt.timedelta = LASTS, look: float = LOOK
    ) -> None:
        """Name the thing; ``holder`` is this process unless said otherwise."""
        self.name = name
        self.holder = holder or this_process()
        self._lasts = lasts
        self._look = look
        self._asking = asyncio.Lock()

    async def held(self) -> bool:
        """Take or renew it; False when another has it, or when nobody can be asked.

        A question once asked is finished even when the asker is cancelled: none is under way after that.
        """
        async with self._asking:
            return await unbroken(self._held())

    async def _held(self) -> bool:
        try:
            return await wires.hold(self.name, self.holder, self._lasts, is_gone=is_gone)
        except Exception:
            log.exception("lease cannot be asked for", extra={"action": "lease_failed", "lease": self.name})
            return False

    async def until_held(self) -> None:
        """Wait until it is ours."""
        while not await self.held():  # noqa: ASYNC110  it is asked of the database
            await asyncio.sleep(self._look)

    async def while_held(self) -> None:
        """Renew it until it is lost."""
        while await self.held():  # noqa: ASYNC110  it is asked of the database
            await asyncio.sleep(self._look)

    async def give_back(self) -> bool:
        """Let another have it at once. A failure is tried again; should all fail, the lease ends by itself."""
        async with self._asking:
            return await unbroken(self._given_back())

    async def _given_back(self) -> bool:
        for pause in GIVING_BACK:
            try:
                await wires.give_back(self.name, self.holder)
            except Exception as fault:
                log.warning(
                    "lease not given back",
                    exc_info=fault,
                    extra={"action": "lease_kept", "lease": self.name},
                )
                await asyncio.sleep(pause)
            else:
                return True
        return False
