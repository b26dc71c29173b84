"""Faults a test orders: slow answers, errors, cut connections, an unknown outcome, 429."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeVar

EVERY = "*"
DOWNLOAD = "download"
T = TypeVar("T")
Fault = int | Literal["drop", "timeout_after_effect"]


@dataclass
class Faults:
    """Orders by method name; ``*`` is every method, ``download`` the download of a file."""

    delays: dict[str, float] = field(default_factory=dict)
    failures: dict[str, list[Fault]] = field(default_factory=dict)
    floods: dict[str, list[int]] = field(default_factory=dict)

    def delay(self, method: str) -> float:
        """Seconds to wait before the method is performed."""
        return self.delays.get(method, self.delays.get(EVERY, 0.0))

    def failure(self, method: str) -> Fault | None:
        """The next ordered failure, used up by asking."""
        return _next(self.failures, method)

    def flood(self, method: str) -> int | None:
        """The next ordered 429, as seconds to wait, used up by asking."""
        return _next(self.floods, method)


def _next(orders: dict[str, list[T]], method: str) -> T | None:
    for key in (method, EVERY):
        if orders.get(key):
            return orders[key].pop(0)
    return None
