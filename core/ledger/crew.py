"""Other processes that look at the log ahead of the one that verifies it, a stretch each, on every processor.

They spare time and nothing else: a stretch that none of them looked at, or not to its end, is read here.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

import msgspec
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.sqlite.client import SqliteClient

from core.ledger.stretches import LENGTH, PAGE, Looked, Piece, Source, Stretch

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from tortoise.backends.base.client import BaseDBAsyncClient

log = logging.getLogger(__name__)
FEWEST: Final = 50_000
"""Leaves of a log from which on starting processes takes less time than they spare."""
STRETCH: Final = 16 * PAGE
MOST: Final = 8
_NAMED: Final = ("host", "port", "user", "password", "database", "server_settings")
_LENT: Final[tuple[str, ...]] = ("timeout", "command_timeout", "ssl")
"""What more of a pool's settings holds for a single connection too; the others say how a pool keeps its own."""
_AHEAD: Final = 3
"""Stretches for each process that may wait to be taken in: so memory stays flat."""
_START: Final = """
import sys, types
for name, folders in {packages}.items():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = folders
from core.ledger.stretch_process import main
main()
"""
"""Starts a process without what the front doors of these packages import: that would take ten times as long."""
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Looked).decode


def hands(leaves: int) -> int:
    """Answer how many processes a log of so many leaves is worth: none for a short one or on one processor."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, MOST) if processors > 1 and leaves >= FEWEST else 0


async def source(client: BaseDBAsyncClient, db: BaseDBAsyncClient, *, rows: bool) -> Source | None:
    """Answer where others find what the running transaction ``db`` of a client reads; None where they cannot."""
    if isinstance(client, SqliteClient):
        return None if ":memory:" in client.filename else Source(file=client.filename, rows=rows)
    if not isinstance(client, AsyncpgDBClient):
        return None
    ((snapshot,),) = (await db.execute_query("SELECT pg_export_snapshot()"))[1]
    server = {name: client.extra[name] for name in _LENT if name in client.extra}
    server |= {name: getattr(client, name) for name in _NAMED}
    return Source(server=server, snapshot=str(snapshot), rows=rows)


class Crew:
    """Stretches handed out in the order of the log, and what was found of them."""

    def __init__(self, leaves: int, workers: int) -> None:
        """Have so many processes look at a log of so many leaves, from its second page on."""
        self._leaves, self._next = leaves, PAGE
        self.taken, self.working = 0, workers
        self._given: dict[int, asyncio.Future[list[Piece]]] = {}
        self._free = asyncio.Semaphore(workers * _AHEAD)

    async def take(self, start: int) -> list[Piece]:
        """Answer what was looked at from a place on; nothing if that is for the one who asks to do."""
        for passed in [first for first in self._given if first < start]:
            self._drop(passed)
        if start not in self._given:
            self._next = max(self._next, start + PAGE)
            return []
        found = await self._given[start]
        self._drop(start)
        self.taken += sum(piece.leaves for piece in found)
        return found

    def free(self, start: int) -> int | None:
        """Answer how many leaves from a place on nobody looks at yet; None if that is all of them."""
        return min((first - start for first in self._given if first > start), default=None)

    def _drop(self, first: int) -> None:
        del self._given[first]
        self._free.release()

    async def serve(self, process: Process, source: Source) -> None:
        """Have one process look at a stretch after the other."""
        await self._told(process, source)
        while True:
            await self._free.acquire()
            first = self._next
            end = self._next = min(first + STRETCH, max(first, self._leaves))
            if first == end:
                self._free.release()
                return
            awaited = self._given[first] = asyncio.get_running_loop().create_future()
            try:
                awaited.set_result((await self._told(process, Stretch(first, end))).pieces)
            finally:
                if not awaited.done():
                    awaited.set_result([])

    async def _told(self, process: Process, said: Source | Stretch) -> Looked:
        """Say something to a process and answer what it says.

        Raises:
            ChildProcessError: it ended, or says that it cannot go on.
        """
        if process.stdin is None or process.stdout is None:
            msg = "a process without pipes"
            raise ChildProcessError(msg)
        message = _encode(said)
        process.stdin.write(len(message).to_bytes(LENGTH, "big") + message)
        try:
            await process.stdin.drain()
            length = int.from_bytes(await process.stdout.readexactly(LENGTH), "big")
            looked = _decode(await process.stdout.readexactly(length))
        except (ConnectionError, asyncio.IncompleteReadError) as ended:
            msg = "it ended"
            raise ChildProcessError(msg) from ended
        if looked.failed:
            raise ChildProcessError(looked.failed)
        return looked


async def _work(crew: Crew, source: Source) -> None:
    """Start a process and keep it busy; if it cannot be had, the others do its part."""
    process = None
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", _START.format(packages=_packages()),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        await crew.serve(process, source)
    except (OSError, TypeError, msgspec.MsgspecError) as wrong:
        log.warning("verification goes on with a process less: %s", wrong)
    finally:
        crew.working -= 1
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _packages() -> dict[str, list[str]]:
    return {name: [*sys.modules[name].__path__] for name in ("core", "core.kit", "core.ledger")}


@asynccontextmanager
async def crew(source: Source | None, leaves: int, workers: int) -> AsyncIterator[Crew | None]:
    """Have processes look ahead, as many as ``workers``; they are gone at the end. None where there are none."""
    if source is None or not workers:
        yield None
        return
    made = Crew(leaves, workers)
    tasks = [asyncio.create_task(_work(made, source)) for _ in range(workers)]
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
