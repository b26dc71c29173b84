"""Messenger limits kept in sliding windows, so that no minute of any length sees more than is allowed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


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

    def wait_for(self, channel: str, chat_ref: str, *, messages: int) -> float:
        """Seconds to wait before sending; 0 counts the messages as sent now."""
        limits = self._limits.get(channel)
        if limits is None:
            return 0.0
        chat = f"{channel}:{chat_ref}"
        window = limits.group if self._is_group(chat_ref) else limits.private
        now = self._now()
        wait = max(
            self._blocked.get(chat, 0.0) - now,
            self._free_in(channel, limits.overall, messages, now),
            self._free_in(chat, window, messages, now),
            0.0,
        )
        if wait == 0.0:
            for key in (channel, chat):
                self._sent.setdefault(key, deque()).extend([now] * messages)
        return wait

    def _free_in(self, key: str, window: Window, messages: int, now: float) -> float:
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= now - window.seconds:
            sent.popleft()
        # what is larger than the window goes out whole once the window is empty: an album is not torn
        over = len(sent) + messages - max(window.count, messages)
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
