"""SQLite's one connection, shared fairly: whoever stores what just arrived goes before everybody who waits.

A callback waits for one transaction at most, however many others are queued. Between two that go first one other
always has its turn, so a rush of callbacks holds the handling up but never stops it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tortoise.backends.sqlite.client import SqliteClient

_first: ContextVar[bool] = ContextVar("goes_first", default=False)


@contextmanager
def goes_first() -> Iterator[None]:
    """What asks for the connection inside goes before all that wait."""
    token = _first.set(True)
    try:
        yield
    finally:
        _first.reset(token)


class Turns(asyncio.Lock):
    """A lock handed over on release: to the next of those who go first, then to the next of all others."""

    def __init__(self) -> None:
        """Free, and nobody waits."""
        super().__init__()
        self._held = False
        self._queues: tuple[deque[asyncio.Future[None]], deque[asyncio.Future[None]]] = (deque(), deque())

    def locked(self) -> bool:
        """Whether somebody has it."""
        return self._held

    async def acquire(self) -> Any:
        """Wait for it."""
        if not self._held:
            self._held = True
            return True
        queue = self._queues[0 if _first.get() else 1]
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()  # it was handed over just now
            else:
                queue.remove(turn)
            raise
        return True

    def release(self) -> None:
        """Hand it on, or leave it free.

        Raises:
            RuntimeError: nobody has it.
        """
        if not self._held:
            msg = "nobody has the connection"
            raise RuntimeError(msg)
        for queue in self._queues:
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._held = False


class SharedSqliteClient(SqliteClient):
    """Tortoise's client whose connection is shared in this order."""

    def __init__(self, file_path: str, **kwargs: Any) -> None:
        """Keep the settings; nothing is opened yet."""
        super().__init__(file_path, **kwargs)
        self._lock = Turns()


client_class = SharedSqliteClient
"""What Tortoise asks an engine for."""
