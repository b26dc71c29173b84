"""What a notice is, the states of its way out, and the limits of the ways."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Priority(IntEnum):
    """Order of sending; a lower number overtakes everything behind it."""

    CRITICAL = 0
    """Grade A alerts and locked signatures."""
    REPLY = 1
    """The answer to what a person just sent."""
    ALERT = 2
    """Grade B and C alerts, tasks, decisions."""
    INFO = 3
    """Digests and news that can wait."""


class State(StrEnum):
    """Where a notice is on its way."""

    PENDING = "pending"
    """Waiting for its time or its turn."""
    SENDING = "sending"
    """Claimed by a sender until the lease ends."""
    SENT = "sent"
    """The messenger accepted it."""
    DELIVERED = "delivered"
    """It certainly arrived: the page fetched it, or somebody tapped on it."""
    FAILED_TEMPORARY = "failed-temporary"
    """An attempt failed; another one follows by itself."""
    FAILED_PERMANENT = "failed-permanent"
    """Given up: the messenger refused it for good on every channel."""
    UNKNOWN = "unknown"
    """The connection broke after sending; whether it arrived cannot be known."""
    SUPERSEDED = "superseded"
    """A newer notice with the same key replaced it, or nobody wants it any more."""


LIVE = frozenset({State.PENDING, State.SENDING, State.FAILED_TEMPORARY, State.UNKNOWN})
"""States of the few notices that something may still happen to by itself, or should; all others are history."""
WAITING = (State.PENDING.value, State.FAILED_TEMPORARY.value)
"""States of a notice that will be sent when it is due, and that a newer one may still replace."""


class Outcome(StrEnum):
    """What a send attempt came to, as far as the messenger told."""

    SENT = "sent"
    RETRY = "retry"
    """Temporary: try again after a pause."""
    GONE = "gone"
    """Permanent for this channel: blocked, left, unknown account."""
    REFUSED = "refused"
    """The messenger does not take this content; a fault of ours."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Window:
    """At most ``count`` messages in any ``seconds``."""

    count: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The windows of one channel, all of which are kept: over all chats, per private chat, per group."""

    overall: tuple[Window, ...] = ()
    private: tuple[Window, ...] = ()
    group: tuple[Window, ...] = ()


class Turn(NamedTuple):
    """A message's place in its chat's queue; the smaller goes first."""

    priority: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How many messages a notice is, and the windows that they must fit into."""

    messages: int
    overall: tuple[Window, ...] = ()
    chat: tuple[Window, ...] = ()
