"""Words of anomalies: states and the six stages, grades and their rules, clocks, frozen facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from core.kit.canonical import decimal_text
from core.kit.said import Said
from core.sop.terms import CATEGORIES, STAGES


class State(StrEnum):
    """Where a case stands; the six stages that people see follow from it."""

    REPORTED = "reported"
    """Recorded; nobody has acknowledged yet."""
    COLLECTING = "collecting"
    """Acknowledged; facts are being completed until the grade is signed."""
    GRADED = "graded"
    """The grade is signed; containment is due."""
    CONTAINED = "contained"
    """Containment is signed."""
    INVESTIGATING = "investigating"
    """Root cause and plan are worked out."""
    ACTION_PLANNED = "action_planned"
    """The plan waits for approval."""
    IMPLEMENTING = "implementing"
    """Approved actions are carried out."""
    VERIFYING = "verifying"
    """The effect is watched."""
    VERIFIED = "verified"
    """Effective or waived; waits for closure."""
    CLOSED = "closed"
    REJECTED = "rejected"
    """Judged to be no anomaly."""
    CANCELLED = "cancelled"
    """Withdrawn by its reporter."""


ENDED = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED})


class Stage(Enum):
    """The six stages, in the words that users see (product row 29)."""

    def __init__(self, position: int, says: str) -> None:
        """Keep the place in the loop and the English name; the zh_CN text is the fixed Chinese name."""
        self.position = position
        self.says = says

    FOUND = (1, "Detection")
    DATA = (2, "Data collection")
    GRADING = (3, "Grading")
    ACTION = (4, "Corrective action")
    EFFECT = (5, "Effectiveness verification")
    LOOP = (6, "Closed loop")


STAGE_OF: dict[State, Stage] = {
    State.REPORTED: Stage.FOUND,
    State.COLLECTING: Stage.DATA,
    State.GRADED: Stage.GRADING,
    State.CONTAINED: Stage.GRADING,
    State.INVESTIGATING: Stage.ACTION,
    State.ACTION_PLANNED: Stage.ACTION,
    State.IMPLEMENTING: Stage.ACTION,
    State.VERIFYING: Stage.EFFECT,
    State.VERIFIED: Stage.LOOP,
    State.CLOSED: Stage.LOOP,
    State.REJECTED: Stage.LOOP,
    State.CANCELLED: Stage.LOOP,
}


def stage_of(state: str) -> Stage:
    """The stage that a state belongs to."""
    return STAGE_OF[State(state)]


class Grade(StrEnum):
    """How bad it is: A critical 严重, B major 主要, C minor 次要 (reference §7.2)."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The versioned rule table of grades; defaults of reference §7.2 (thresholds are a GUESS to be tuned)."""

    version: int = 0
    a_severity: int = 5
    a_severity_occurrence: int = 15
    a_rpn: int = 60
    b_severity_occurrence: int = 8
    b_rpn: int = 27
    severity_by_category: tuple[tuple[str, int], ...] = (
        ("P", 3),
        ("T", 3),
        ("M", 3),
        ("L", 2),
        ("K", 3),
        ("D", 2),
        ("E", 2),
        ("C", 3),
        ("S", 2),
        ("R", 4),
    )
    severity_of_risk: int = 5
    detection: tuple[tuple[str, int], ...] = (
        ("automatic", 1),
        ("inspection", 2),
        ("visual", 3),
        ("record_review", 3),
        ("chance", 4),
        ("complaint", 5),
    )
    overrides_a: tuple[str, ...] = (
        "sterile",
        "label",
        "implant",
        "safety",
        "shipped",
        "falsified",
        "reportable",
    )
    overrides_b: tuple[str, ...] = ("line_down",)
    marks: tuple[tuple[str, str, str], ...] = (
        ("subcode", "K02", "label"),
        ("subcode", "K03", "label"),
        ("subcode", "K04", "sterile"),
        ("subcode", "D03", "falsified"),
        ("subcode", "R02", "reportable"),
        ("harm", "serious", "reportable"),
        ("udi", "wrong", "label"),
        ("udi", "unreadable", "label"),
    )
    """Answers that are a circumstance of their own: field, value, circumstance."""
    repeat_days: int = 90

    def to_json(self) -> dict[str, object]:
        """The stored form."""
        return {
            "version": self.version,
            "a_severity": self.a_severity,
            "a_severity_occurrence": self.a_severity_occurrence,
            "a_rpn": self.a_rpn,
            "b_severity_occurrence": self.b_severity_occurrence,
            "b_rpn": self.b_rpn,
            "severity_by_category": [list(one) for one in self.severity_by_category],
            "severity_of_risk": self.severity_of_risk,
            "detection": [list(one) for one in self.detection],
            "overrides_a": list(self.overrides_a),
            "overrides_b": list(self.overrides_b),
            "marks": [list(one) for one in self.marks],
            "repeat_days": self.repeat_days,
        }

    @staticmethod
    def from_json(stored: dict[str, Any]) -> Rules:
        """Read the stored form back."""
        lists = {
            key: tuple(tuple(one) if isinstance(one, list) else one for one in value)
            for key, value in stored.items()
            if isinstance(value, list)
        }
        return Rules(**{**stored, **lists})


@dataclass(frozen=True, kw_only=True)
class GradingFacts:
    """What the rule table looks at.

    ``repeats`` counts earlier cases of the same partner, product and category within the rules' days,
    ``same_kind`` those among them with the same sub-code too. ``marks`` are circumstances by answer.
    """

    category: str
    risk: str
    detection: str
    repeats: int
    lots_affected: int
    same_kind: int = 0
    marks: tuple[str, ...] = ()
    sterile: bool = False
    implant: bool = False
    label_critical: bool = False
    shipped: bool = False


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the rule table proposes; a person decides. ``reasons`` are msgids."""

    s: int
    o: int
    d: int
    grade: Grade
    reasons: tuple[str, ...]

    @property
    def rpn(self) -> int:
        """Severity × occurrence × detection."""
        return self.s * self.o * self.d


class PartnerStep(Said):
    """What a partner owes for a case that was put to it (8D), each with its own clock."""

    ACK = "ack", "received"
    D3 = "d3", "D3 containment"
    D4 = "d4", "D4 root cause"
    D5 = "d5", "D5 plan"
    D8 = "d8", "D8 closed"
    CAP = "cap", "corrective action plan"


class Colour(Said):
    """How a clock stands."""

    GREEN = "green", "in time"
    AMBER = "amber", "due soon"
    RED = "red", "overdue"


class ExtensionState(Said):
    """Where a request for more time stands."""

    ASKED = "asked", "waits for a second person"
    GRANTED = "granted", "given"
    REFUSED = "refused", "declined"


ITSELF = -1
"""The reporter of a case that a rule opened by itself: no person, and not what a program without a person asks for."""


@dataclass(frozen=True, kw_only=True)
class AnomalyFacts:
    """A case as policy and doors see it."""

    id: int
    plant_id: int
    number: str
    category: str
    subcode: str | None
    template_id: int
    answers: dict[str, str]
    state: str
    reporter_id: int
    owner_id: int
    partner_id: int | None
    site_id: int | None
    place: str
    lot_id: int | None
    lot_number: str | None
    quantity: Decimal | None
    unit: str
    interface_from: str
    interface_to: str
    detection: str
    description: str
    occurred_at: dt.datetime
    reported_at: dt.datetime
    channel: str
    grade: str | None
    proposed_grade: str | None
    s: int
    o: int
    d: int
    reasons: tuple[str, ...]
    evidence_ids: tuple[int, ...]
    reused_photo_of: tuple[str, ...]
    due_at: dt.datetime | None
    revision: int
    cycle: int
    closed_at: dt.datetime | None
    due_since: dt.datetime | None = None
    """When the clock that runs to ``due_at`` began."""
    extensions: int = 0
    """How often more time was given on this case."""
    stage_from_id: int | None = None
    stage_to_id: int | None = None
    """The stage of an outsourcing order where it was found, and the one before it."""
    reporter_client: str = ""
    """The program that reported it, by the id that it calls itself; empty where a person, rule or sensor did."""

    @property
    def nonconforming(self) -> bool:
        """Whether a signed grade makes it a nonconformance that must be contained and corrected (A and B)."""
        return self.grade in (Grade.A.value, Grade.B.value)

    @property
    def quantity_text(self) -> str:
        """Quantity with unit, or a dash."""
        return "–" if self.quantity is None else f"{decimal_text(self.quantity)} {self.unit}".strip()


def category_name(code: str, locale: str) -> str:
    """A category's name in a reader's language, with its code."""
    found = next((one for one in CATEGORIES if one.code == code), None)
    return code if found is None else found.label["zh" if locale.startswith("zh") else "en"]


def stage_name(value: str, locale: str) -> str:
    """A process stage's name in a reader's language."""
    found = next((one for one in STAGES if one.value == value), None)
    return value if found is None else found.label["zh" if locale.startswith("zh") else "en"]


def interface_name(came_from: str, found_at: str, locale: str) -> str:
    """The interface between two stages: ``涂层 → 收货``; a dash for a stage that nobody named yet."""
    return f"{stage_name(came_from, locale) or '–'} → {stage_name(found_at, locale) or '–'}"


@dataclass(frozen=True, kw_only=True)
class PartnerClock:
    """One step that a partner owes."""

    id: int
    plant_id: int
    anomaly_id: int
    case_number: str
    partner_id: int
    step: str
    started_at: dt.datetime
    due_at: dt.datetime
    met_at: dt.datetime | None
    extensions: int


@dataclass(frozen=True, kw_only=True)
class ExtensionFacts:
    """A request for more time; ``clock`` is the state whose work is due, or ``partner:`` and a step."""

    id: int
    anomaly_id: int
    case_number: str
    clock: str
    before: dt.datetime
    until: dt.datetime
    reason: str
    asked_by: int
    state: str
    decided_by: int | None
    decision: str = ""
