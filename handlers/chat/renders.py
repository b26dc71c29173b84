"""Where the words of notices register themselves: one function a kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handlers.chat.cards import Reader
from handlers.chat.vocabulary import Outgoing

Render = Callable[[Reader, dict[str, object]], Awaitable[Outgoing | None]]
RENDERS: dict[str, Render] = {}


class TooEarlyError(Exception):
    """What a notice tells of is not done yet; it is carried out a little later, which is no attempt."""


def renders(kind: str) -> Callable[[Render], Render]:
    """Register how a kind of notice reads."""

    def keep(call: Render) -> Render:
        RENDERS[kind] = call
        return call

    return keep
