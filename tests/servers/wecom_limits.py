"""What the real WeCom server refuses or drops by count, size and age (messengers.md, 4; wecom_protocol.md, 10)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple


class RefusedError(Exception):
    """The answer is HTTP 200 with ``errcode``. ``ours`` tells that a correct client never causes it."""

    def __init__(self, code: int, words: str, *, ours: bool = False) -> None:
        super().__init__(f"{code} {words}")
        self.code = code
        self.words = words
        self.ours = ours

    @classmethod
    def wrong(cls, code: int, words: str) -> RefusedError:
        """A refusal that is the caller's own mistake: it is kept in ``violations``."""
        return cls(code, words, ours=True)


class Window(NamedTuple):
    """At most ``most`` in any ``seconds``; one more closes the gate for ``closed`` seconds."""

    most: int
    seconds: float
    closed: float


@dataclass
class Gate:
    """Sliding windows by key, counted on the clock that the caller reads."""

    windows: tuple[Window, ...]
    _seen: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _closed: dict[str, float] = field(default_factory=dict)

    def admits(self, key: str, now: float) -> bool:
        """Counts one more, unless any window is full or the gate is still closed."""
        if now < self._closed.get(key, now):
            return False
        seen = self._seen[key]
        for most, seconds, closed in self.windows:
            if len(seen) - bisect_right(seen, now - seconds) >= most:
                self._closed[key] = now + closed
                return False
        seen.append(now)
        return True

    def counted(self, key: str, seconds: float, now: float) -> int:
        """How many were admitted in the last ``seconds``."""
        seen = self._seen[key]
        return len(seen) - bisect_right(seen, now - seconds)


@dataclass
class Rates:
    """Per member of one app (beyond it: dropped without a word), per API, per secret for gettoken, per day.

    The figure of gettoken is a guess: the real one says only that frequent calls are held back.
    """

    member: Gate = field(default_factory=lambda: Gate((Window(30, 60, 60), Window(1000, 3600, 3600))))
    api: Gate = field(default_factory=lambda: Gate((Window(10_000, 60, 60), Window(150_000, 3600, 3600))))
    token: Gate = field(default_factory=lambda: Gate((Window(30, 60, 60),)))
    person_times: int = 200
    """Messages a day for each account of the corporation."""

    @classmethod
    def off(cls) -> Rates:
        """No rates at all."""
        return cls(Gate(()), Gate(()), Gate(()), person_times=10**9)


@dataclass(frozen=True)
class Sizes:
    """Bytes, counts, and ages in seconds."""

    text: int = 2048
    touser: int = 1000
    least_media: int = 5
    media: dict[str, int] = field(
        default_factory=lambda: {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
    )
    media_for: float = 3 * 86400
    token_for: float = 7200
    code_for: float = 300
    """A sign-in code."""
    response_code_for: float = 72 * 3600
    """A card's response_code; older descriptions say 24 h, set it to that to be strict."""
    recallable_for: float = 24 * 3600
    duplicate_for: float = 1800
    duplicate_most: float = 14_400
