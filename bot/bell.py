"""A bell between processes on PostgreSQL: what one of them stored, another takes up at once.

Nothing depends on it. A ring that is lost is made good by the next look, a second later at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from contextvars import Context
from enum import StrEnum

from tortoise import connections
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from core.kit.unit_of_work import ALIAS, dialect

log = logging.getLogger(__name__)
CHANNEL = "bihuan"
LOOK = 10.0
"""Seconds between looks whether the connection that listens still answers."""
ANSWER = 5.0
AGAIN = 1.0


class Topic(StrEnum):
    """What there is to look at."""

    INBOX = "inbox"
    OUTBOX = "outbox"


class Bell:
    """Rings for all processes on the database, and hears them."""

    def __init__(self, *, look: float = LOOK) -> None:
        """Nothing is opened yet."""
        self._look = look
        self._asked: set[Topic] = set()
        self._ringing: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()

    def ring(self, topic: Topic) -> None:
        """Tell the others, soon; many rings at once are one. On SQLite there are no others."""
        if dialect() != "postgres":
            return
        self._asked.add(topic)
        if self._ringing is None or self._ringing.done():
            # whoever rings may be inside a unit of work; the ring is not
            self._ringing = asyncio.get_running_loop().create_task(self._ring(), context=Context())

    async def _ring(self) -> None:
        while self._asked:
            topic = self._asked.pop()
            try:
                await connections.get(ALIAS).execute_query("SELECT pg_notify($1, $2)", [CHANNEL, topic.value])
            except Exception as fault:  # noqa: BLE001  the others look by themselves
                log.warning("bell not rung", extra={"action": "bell_failed", "why": type(fault).__name__})
                return

    async def listen(self, heard: Mapping[Topic, Callable[[], None]]) -> None:
        """Wake whoever a ring is for, for ever; a connection that died is opened anew, and meanwhile polling does."""
        db = connections.get(ALIAS)
        if not isinstance(db, AsyncpgDBClient):
            return
        while True:
            try:
                await self._listen(db, heard)
            except Exception as fault:  # noqa: BLE001  polling goes on
                log.warning("bell not heard", extra={"action": "bell_deaf", "why": type(fault).__name__})
            finally:
                self.listening.clear()
            await asyncio.sleep(AGAIN)

    async def _listen(self, db: AsyncpgDBClient, heard: Mapping[Topic, Callable[[], None]]) -> None:
        """Listen on one connection until it fails."""
        ended = asyncio.Event()

        def rung(_connection: object, _process: int, _channel: str, payload: object) -> None:
            for topic, wake in heard.items():
                if topic.value == payload:
                    wake()

        async with db.acquire_connection() as connection:
            connection.add_termination_listener(lambda _connection: ended.set())
            await connection.add_listener(CHANNEL, rung)
            try:
                self.listening.set()
                for wake in heard.values():  # what was stored before we listened
                    wake()
                while not ended.is_set():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(ended.wait(), self._look)
                    if not ended.is_set():
                        await connection.execute("SELECT 1", timeout=ANSWER)
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, rung)

    async def stop(self) -> None:
        """Let a ring that is under way finish."""
        if self._ringing is not None:
            await asyncio.gather(self._ringing, return_exceptions=True)
