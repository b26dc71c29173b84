"""Messenger limits of this installation: which windows a message must keep. They are counted in the database."""

from __future__ import annotations

from collections.abc import Callable

from core.notices import Budget, Limits, Window

__all__ = ["Limits", "Pacing", "Window"]
SPARE = 60.0
"""Seconds that counted messages are kept after they left the longest window."""


class Pacing:
    """Knows the limits by channel; a channel without limits is never held back."""

    def __init__(self, limits: dict[str, Limits], is_group: Callable[[str], bool]) -> None:
        """Keep the limits by channel, and how a group's chat is told from a private one."""
        self._limits = limits
        self._is_group = is_group

    def budget(self, channel: str, chat_ref: str, messages: int) -> Budget | None:
        """What a message to a chat must fit into; None where nothing is limited."""
        limits = self._limits.get(channel)
        if limits is None:
            return None
        chat = limits.group if self._is_group(chat_ref) else limits.private
        return Budget(messages=messages, overall=limits.overall, chat=chat)

    @property
    def longest(self) -> float:
        """Seconds after which a counted message matters to no window any more."""
        every = [
            window.seconds
            for one in self._limits.values()
            for window in (*one.overall, *one.private, *one.group)
        ]
        return max(every, default=0.0) + SPARE
