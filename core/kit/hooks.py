"""Telling the rooms above without knowing them: handlers run inside the same transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Hook(Generic[P]):
    """A named moment in a lower room that a higher room may join. All joiners commit or none."""

    def __init__(self, name: str) -> None:
        """Name the moment, e.g. ``anomaly reported``."""
        self.name = name
        self._joined: list[Callable[P, Awaitable[None]]] = []

    def join(self, handler: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
        """Add a handler once; usable as a decorator."""
        if handler not in self._joined:
            self._joined.append(handler)
        return handler

    async def happen(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run every handler in the order of joining, inside the caller's transaction."""
        for handler in self._joined:
            await handler(*args, **kwargs)
