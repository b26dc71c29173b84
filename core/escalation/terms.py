"""Words of escalation: tiers, clocks, the state of a run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from core.kit.said import Said


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
    GIVEN_BACK = "given_back"
    EXPIRED = "expired"
    SNOOZED = "snoozed"
    ALSO = "also"
    """Others have acknowledged; this person has to as well."""
    SHIFT = "shift"
    """The duty changed hands while the alert ran."""


class Snooze(Said):
    """For how long an alert can be put off."""

    HALF_HOUR = "30min", "30 min"
    TWO_HOURS = "2h", "2 h"
    NEXT_SHIFT = "shift", "until the next shift"


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
    acks: tuple[int, ...] = ()
    """Tiers of which somebody has to acknowledge each; none means that anybody's is enough."""
    people: int = 1
    """How many different people have to acknowledge at least."""
    progress_minutes: int = 0
    """After an acknowledgement without any step for so long the alert sounds again; 0 means never."""

    def to_json(self) -> dict[str, object]:
        """The stored form, also the snapshot on the record."""
        return {
            "version": self.version,
            "grade": self.grade,
            "repeat_minutes": self.repeat_minutes,
            "acks": list(self.acks),
            "people": self.people,
            "progress_minutes": self.progress_minutes,
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
            acks=tuple(int(one) for one in _list(stored.get("acks"))),
            people=int(str(stored.get("people") or 1)),
            progress_minutes=int(str(stored.get("progress_minutes") or 0)),
            steps=tuple(
                Step(tier=int(one["tier"]), after_minutes=int(one["after_minutes"])) for one in steps
            ),
        )


def _list(stored: object) -> list[str]:
    return [str(one) for one in stored] if isinstance(stored, list) else []


@dataclass(frozen=True, kw_only=True)
class Ack:
    """Somebody acknowledged, standing for these tiers."""

    person_id: int
    tiers: tuple[int, ...]
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Whose acknowledgement an alert still waits for: tiers, and how many more people."""

    tiers: tuple[int, ...]
    people: int

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return bool(self.tiers) or self.people > 0


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
    acks: tuple[Ack, ...] = ()
    snoozed_until: dt.datetime | None = None


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

# A day's work without a step is no progress; grade A has the four hours of its data collection.
PROGRESS: dict[str, int] = {"A": 240, "B": 1440, "C": 0}
