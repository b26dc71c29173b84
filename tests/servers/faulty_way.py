"""A way between us and a server that can be cut, stand still, break off in the middle, or go on again."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Way(StrEnum):
    """How it is."""

    OPEN = "open"
    STILL = "still"
    """Connections are accepted, and nothing passes any more."""
    RESET = "reset"
    """Connections are reset, new ones as soon as they are made."""
    HALF = "half"
    """The next answer passes halfway, then the connection is reset."""
    REFUSED = "refused"
    """Nobody listens."""


class FaultyWay:
    """Listens on a port of its own and passes everything on while the way is open."""

    def __init__(self, opened: Callable[[], Awaitable[Opened]]) -> None:
        self._opened = opened
        self._way = Way.OPEN
        self._moved = asyncio.Event()
        self._pairs: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._met, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._reset_all()

    async def becomes(self, way: Way) -> None:
        """Change it. What stood still is reset when the way is open again, as after a firewall that forgot it."""
        before, self._way = self._way, way
        if way is Way.REFUSED:
            await self.stop()
        elif before is Way.REFUSED:
            await self.start()
        if way is Way.RESET or before is Way.STILL:
            self._reset_all()

    def _reset_all(self) -> None:
        for writer, passing in list(self._pairs.items()):
            _reset(writer)
            passing.cancel()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._way is Way.RESET:
            _reset(writer)
            return
        far_reader, far_writer = await self._opened()
        task = asyncio.current_task()
        assert task is not None
        self._pairs[writer] = task
        there = asyncio.create_task(self._pass(reader, far_writer, answers=False))
        back = asyncio.create_task(self._pass(far_reader, writer, answers=True))
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            there.cancel()
            back.cancel()
            self._pairs.pop(writer, None)
            for one in (writer, far_writer):
                one.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if self._way is Way.STILL:
                    await asyncio.Event().wait()  # until the connection is reset
                if self._way is Way.HALF and answers:
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                    _reset(writer)
                    return
                writer.write(data)
                await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close without a goodbye: the other side meets a reset."""
    found = writer.get_extra_info("socket")
    if found is not None:
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def way_to(opened: Callable[[], Awaitable[Opened]]) -> AsyncIterator[FaultyWay]:
    """A way, open at first."""
    way = FaultyWay(opened)
    await way.start()
    try:
        yield way
    finally:
        await way.stop()
