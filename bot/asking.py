"""A question that may not be answered: whoever asks hears within a few seconds that it is not, and it is asked once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
PATIENCE = 3.0


class Asking(Generic[T]):
    """One question at a time, however many ask: a database that hangs is not asked again and again."""

    def __init__(self, question: Callable[[], Awaitable[T]], patience: float = PATIENCE) -> None:
        """Keep what is asked, and the seconds in which it must be answered."""
        self._question = question
        self._patience = patience
        self._under_way: asyncio.Task[T] | None = None

    async def answer(self) -> T:
        """Answer, together with all who ask at this moment.

        Raises:
            TimeoutError: no answer came in time; it goes on being waited for.
        """
        if self._under_way is None:
            self._under_way = asyncio.ensure_future(self._asked())
            self._under_way.add_done_callback(self._over)
        task = self._under_way
        if not (await asyncio.wait({task}, timeout=self._patience))[0]:
            raise TimeoutError
        return task.result()

    async def _asked(self) -> T:
        return await self._question()

    def _over(self, task: asyncio.Task[T]) -> None:
        self._under_way = None
        if not task.cancelled():
            task.exception()  # whoever waited has heard of it
