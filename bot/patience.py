"""A connection must say what it wants: one that never finishes the head of its first request is closed.

The server itself waits for ever; whoever opens many connections and says nothing would hold them all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiohttp import web

PATIENCE = 20.0
"""Seconds for the first head."""
LOOK = 5.0
IDLE = 75.0
"""Seconds that a connection is kept open for its next request."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Doorman:
    """Watches the connections of one server."""

    def __init__(self, *, patience: float = PATIENCE, look: float = LOOK) -> None:
        """Seconds for the first head, and between two looks."""
        self._patience = patience
        self._look = look
        self._spoke: set[int] = set()
        self._since: dict[int, float] = {}
        self._watch: asyncio.Task[None] | None = None

    def guard(self, application: web.Application) -> None:
        """Note of every connection that it has said what it wants."""

        @web.middleware
        async def noted(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._spoke.add(id(request.protocol))
            return await handler(request)

        application.middlewares.insert(0, noted)

    def start(self, server: web.Server) -> None:
        """Begin to watch."""
        self._watch = asyncio.get_running_loop().create_task(self._watching(server), name="doorman")

    async def stop(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch

    async def _watching(self, server: web.Server) -> None:
        while True:
            await asyncio.sleep(self._look)
            self._look_round(server)

    def _look_round(self, server: web.Server) -> None:
        now = asyncio.get_running_loop().time()
        there = {id(one): one for one in server.connections}
        self._spoke &= there.keys()
        self._since = {key: self._since.get(key, now) for key in there if key not in self._spoke}
        for key, since in self._since.items():
            if now - since >= self._patience:
                there[key].force_close()
