"""What the real server refuses by count and size: message rates in sliding windows, lengths, bytes."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class RefusedError(Exception):
    """The answer is ``ok: false``: HTTP status, description, and parameters such as ``retry_after``."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @classmethod
    def bad(cls, description: str) -> RefusedError:
        """400, in the words of the real server."""
        return cls(400, f"Bad Request: {description}")

    @classmethod
    def too_many(cls, retry_after: int) -> RefusedError:
        """429 with the whole seconds to wait."""
        return cls(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


@dataclass(frozen=True)
class Sizes:
    """Lengths in characters after entities, sizes in bytes, counts, ages in seconds (messengers.md, 4)."""

    text: int = 4096
    caption: int = 1024
    callback_data: int = 64
    callback_answer: int = 200
    buttons: int = 100
    buttons_in_row: int = 8
    album_least: int = 2
    album_most: int = 10
    photo_upload: int = 10 * 1024 * 1024
    upload: int = 50 * 1024 * 1024
    download: int = 20 * 1024 * 1024
    deletable_for: float = 48 * 3600
    update_kept_for: float = 24 * 3600
    file_link_for: float = 3600


@dataclass
class Limits:
    """Rates of messages, each kept in every sliding window.

    ``overall`` a second; ``private`` in ``private_window`` seconds for one private chat (1/s with a small
    burst); ``group`` a minute for one group. ``scale`` stretches the windows: 0.01 makes a minute 0.6 s,
    0 switches the limits off. ``now`` answers seconds. Refused messages do not count; edits do not either
    (the real figures are unpublished).
    """

    scale: float = 1.0
    overall: int = 30
    private: int = 5
    private_window: float = 4.0
    group: int = 20
    now: Callable[[], float] = time.monotonic
    refusals: int = 0
    _sent: defaultdict[int | None, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    @classmethod
    def off(cls) -> Limits:
        """No rates at all."""
        return cls(scale=0)

    def admit(self, chat: int, messages: int = 1) -> None:
        """Counts messages to a chat (negative ids are groups).

        Raises:
            RefusedError: 429 with the wait, when any window would hold too many; nothing is counted then.
        """
        if self.scale == 0:
            return
        moment = self.now()
        window, most = (60.0, self.group) if chat < 0 else (self.private_window, self.private)
        # An album longer than the burst would never be let through; the real server lets one pass.
        wait = max(
            self._wait(None, moment, 1.0, max(self.overall, messages), messages),
            self._wait(chat, moment, window, max(most, messages), messages),
        )
        if wait > 0:
            self.refusals += 1
            raise RefusedError.too_many(max(1, math.ceil(wait)))
        for key in (None, chat):
            self._sent[key].extend([moment] * messages)

    def _wait(self, key: int | None, moment: float, window: float, most: int, messages: int) -> float:
        """Seconds until ``messages`` more fit into the window."""
        sent = self._sent[key]
        length = window * self.scale
        while sent and sent[0] <= moment - length:
            sent.popleft()
        surplus = len(sent) + messages - most
        return sent[surplus - 1] + length - moment if surplus > 0 else 0.0
