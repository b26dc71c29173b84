"""What an auditor of the house can find."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Something that should have happened by now."""

    STEPS = "steps"
    """Alerts whose next step is due and was not taken."""
    SEAL = "seal"
    """Entries of the ledger that nobody seals."""
    SENDERS = "senders"
    """Messages that a sender took in hand and left there."""
    MESSAGES = "messages"
    """Messages that are due and do not go out."""
    UPDATES = "updates"
    """What people sent and nobody handles."""
    ASIDE = "aside"
    """What people sent and a fault of ours set aside."""
    CLOCKS = "clocks"
    """Stages and partners' steps that ran out, and nobody was told."""
    CANARIES = "canaries"
    """Channels whose canary did not go out."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How the house stood when it was looked at; seconds and counts."""

    steps_late: int
    seal_seconds: float
    senders_gone: int
    messages_late: int
    update_seconds: float
    aside: int
    clocks_untold: int
    canaries_lost: int = 0


@dataclass(frozen=True, kw_only=True)
class Canary:
    """How the canary of a channel is; ``age`` is the seconds since the last one that the messenger took."""

    channel: str
    age: float
    lost: bool


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What the last look found."""

    at: dt.datetime
    faults: dict[Fault, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong."""
        return not self.faults
