"""Messenger limits kept in sliding windows, so that no minute of any length sees more than is allowed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Window:
    """At most ``count`` messages in any ``seconds``."""

    count: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The windows of one channel: over all chats, per private chat, per group."""

    overall: Window
    private: Window
    group: Window


class Turn(NamedTuple):
    """A message's place in its chat's queue; the smaller goes first."""

    priority: int
    number: int


URGENT = 0
"""The priority that may use the last quarter of every window."""
GRACE = 1.0
"""Seconds that a place in the queue is kept after its wait is over."""


class Pacing:
    """Counts what was sent and answers how long the next message must wait."""

    def __init__(
        self,
        limits: dict[str, Limits],
        is_group: Callable[[str], bool],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the limits by channel; a channel without limits is never held back."""
        self._limits = limits
        self._is_group = is_group
        self._now = now
        self._sent: dict[str, deque[float]] = {}
        self._blocked: dict[str, float] = {}
        self._queue: dict[str, tuple[Turn, float]] = {}

    def wait_for(self, channel: str, chat_ref: str, *, messages: int, turn: Turn | None = None) -> float:
        """Seconds to wait before sending; 0 counts the messages as sent now.

        The last quarter of each window is kept for urgent turns. Whoever waits keeps the place: a later turn of the
        same chat does not slip past while the first one's wait lasts, an album is not overtaken by single messages.
        """
        limits = self._limits.get(channel)
        if limits is None:
            return 0.0
        chat = f"{channel}:{chat_ref}"
        window = limits.group if self._is_group(chat_ref) else limits.private
        now = self._now()
        urgent = turn is not None and turn.priority == URGENT
        wait = max(
            self._blocked.get(chat, 0.0) - now,
            self._free_in(channel, limits.overall, messages, now, urgent=urgent),
            self._free_in(chat, window, messages, now, urgent=urgent),
            0.0 if turn is None else self._behind(chat, turn, now),
            0.0,
        )
        if turn is not None:
            self._keep_place(chat, turn, now, wait)
        if wait == 0.0:
            for key in (channel, chat):
                self._sent.setdefault(key, deque()).extend([now] * messages)
        return wait

    def _behind(self, chat: str, turn: Turn, now: float) -> float:
        first, until = self._queue.get(chat, (turn, 0.0))
        if first >= turn or now >= until + GRACE:
            return 0.0
        return max(until - now, GRACE / 10)

    def _keep_place(self, chat: str, turn: Turn, now: float, wait: float) -> None:
        first, until = self._queue.get(chat, (turn, 0.0))
        if wait == 0.0:
            if first == turn:
                self._queue.pop(chat, None)
        elif turn <= first or now >= until + GRACE:
            self._queue[chat] = (turn, now + wait)

    def _free_in(self, key: str, window: Window, messages: int, now: float, *, urgent: bool) -> float:
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= now - window.seconds:
            sent.popleft()
        # what is larger than the window goes out whole once the window is empty: an album is not torn
        usable = window.count if urgent else window.count - window.count // 4
        over = len(sent) + messages - max(usable, messages)
        return 0.0 if over <= 0 else sent[over - 1] + window.seconds - now

    def blocked(self, channel: str, chat_ref: str, seconds: float) -> None:
        """The messenger asked for a pause in this chat."""
        self._blocked[f"{channel}:{chat_ref}"] = self._now() + seconds

    def busy(self) -> frozenset[str]:
        """Chats (``channel:chat``) that must rest now; their notices hold nobody else up."""
        now = self._now()
        self._blocked = {chat: until for chat, until in self._blocked.items() if until > now}
        return frozenset(self._blocked)

    def next_free(self) -> float | None:
        """Seconds until the first resting chat may be written to again."""
        now = self._now()
        return min((until - now for until in self._blocked.values() if until > now), default=None)
