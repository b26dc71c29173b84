"""The search for codes in a thread: quick to start, for tests that are about something else than processes."""

from __future__ import annotations

import asyncio

from bot.adapters.codes import find
from core.labels import Carrier


class ThreadCodes:
    """Finds what the real one finds."""

    async def read(self, picture: bytes) -> tuple[Carrier, ...]:
        return await asyncio.to_thread(find, picture)

    async def close(self) -> None:
        """Threads end by themselves; nothing is held."""
