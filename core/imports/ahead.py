"""Reading a file one batch ahead of writing it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from core.imports.reading import Reader
from core.imports.subjects import Checked, Writer
from core.kit.unit_of_work import dialect

_ROWS: Final = {"sqlite": 2000, "postgres": 8000}
"""More make fewer ways to a server; less is at hand at a time."""
_Next = tuple[Checked, int] | None


class Ahead:
    """Batches one ahead of the writer: the next is read and checked beside the event loop while one is written."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        """Begin with nothing read."""
        self._reader, self._writer = reader, writer
        self._batches = reader.batches(_ROWS[dialect()])
        self._coming: asyncio.Task[_Next] | None = None

    def begin(self) -> asyncio.Task[_Next]:
        """Begin with the next batch, unless that was done: best when the database is at work."""
        if self._coming is None:
            self._coming = asyncio.create_task(asyncio.to_thread(self._step))
        return self._coming

    async def each(self) -> AsyncGenerator[tuple[Checked, int], None]:
        """Yield each batch, and how many rows were read by then."""
        try:
            while (found := await self._next()) is not None:
                yield found
        finally:
            if self._coming is not None:
                # A thread cannot be stopped; the file is closed when it is done with it.
                await asyncio.gather(self._coming, return_exceptions=True)
            self._batches.close()

    async def _next(self) -> _Next:
        found = await asyncio.shield(self.begin())
        self._coming = None
        return found

    def _step(self) -> _Next:
        batch = next(self._batches, None)
        return None if batch is None else (self._writer.look(batch), self._reader.rows)
