"""What a notice is, and the states of its way out."""

from __future__ import annotations

from enum import IntEnum, StrEnum


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
    FAILED = "failed"
    """Given up: the messenger refused it for good on every channel."""
    UNKNOWN = "unknown"
    """The connection broke after sending; whether it arrived cannot be known."""
    SUPERSEDED = "superseded"
    """A newer notice with the same key replaced it, or nobody wants it any more."""


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
