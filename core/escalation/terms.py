"""Words of escalation: tiers, clocks, the state of a run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class RunState(StrEnum):
    """Whether an alert still climbs."""

    RUNNING = "running"
    """Nobody has acknowledged; the next tier is told when its time comes."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody took it."""
    ENDED = "ended"
    """The case ended before anybody had to take it."""


class Why(StrEnum):
    """Why somebody was told."""

    START = "start"
    UNACKNOWLEDGED = "unacknowledged"
    HELP = "help"
    REASSIGNED = "reassigned"
    REGRADED = "regraded"
    LEFT = "left"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One tier of a policy: who (tier 1 owner, 2 supervisor, 3 quality manager, 4 site head) and after how long."""

    tier: int
    after_minutes: int


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The ladder of one grade as it was when the run began."""

    version: int
    grade: str
    steps: tuple[Step, ...]
    repeat_minutes: int
    """How long the highest tier has before it is told again."""

    def to_json(self) -> dict[str, object]:
        """The stored form, also the snapshot on the record."""
        return {
            "version": self.version,
            "grade": self.grade,
            "repeat_minutes": self.repeat_minutes,
            "steps": [{"tier": one.tier, "after_minutes": one.after_minutes} for one in self.steps],
        }

    @staticmethod
    def from_json(stored: dict[str, object]) -> Policy:
        """Read the stored form back."""
        steps = stored["steps"]
        if not isinstance(steps, list):
            msg = "a policy holds a list of steps"
            raise TypeError(msg)
        return Policy(
            version=int(str(stored["version"])),
            grade=str(stored["grade"]),
            repeat_minutes=int(str(stored.get("repeat_minutes") or REPEAT[str(stored["grade"])])),
            steps=tuple(
                Step(tier=int(one["tier"]), after_minutes=int(one["after_minutes"])) for one in steps
            ),
        )


@dataclass(frozen=True, kw_only=True)
class TellFacts:
    """Who was told of a run, when, why."""

    tier: int
    person_id: int
    why: str
    at: dt.datetime
    notice_id: int


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """A run with everyone it told, for the timeline and the auditor."""

    id: int
    anomaly_id: int
    case_number: str
    grade: str
    state: str
    tier: int
    policy: Policy
    started_at: dt.datetime
    next_due_at: dt.datetime | None
    acknowledged_by: int | None
    acknowledged_at: dt.datetime | None
    tells: tuple[TellFacts, ...]


# reference §7.3, row "ack by owner / L2 / L3 / L4": each tier's wait counts from the tier before it.
DEFAULTS: dict[str, tuple[Step, ...]] = {
    "A": (
        Step(tier=1, after_minutes=0),
        Step(tier=2, after_minutes=15),
        Step(tier=3, after_minutes=15),
        Step(tier=4, after_minutes=60),
    ),
    "B": (Step(tier=1, after_minutes=0), Step(tier=2, after_minutes=60), Step(tier=3, after_minutes=120)),
    "C": (Step(tier=1, after_minutes=0), Step(tier=2, after_minutes=480)),
}

# The last figure of the same row: after it the alert sounds again at the top, until somebody reacts.
REPEAT: dict[str, int] = {"A": 240, "B": 480, "C": 1440}
