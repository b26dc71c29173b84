"""Grades, clocks and the order of steps: facts in, decision or refusal out. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.anomalies import errors
from core.anomalies.terms import (
    ENDED,
    AnomalyFacts,
    Grade,
    GradingFacts,
    Proposal,
    Rules,
    State,
)
from core.kit import NotPermitted, plain_text
from core.kit.canonical import decimal_text
from core.kit.quantity import counts_pieces

HIGHEST = 5
MIDDLE = 3
"""The score of what the rule table does not name."""

# Which state each verb starts from and leads to. What is not here is refused: no step can be skipped.
STEPS: dict[str, tuple[frozenset[State], State]] = {
    "acknowledge": (frozenset({State.REPORTED}), State.COLLECTING),
    "grade": (frozenset({State.COLLECTING}), State.GRADED),
    "contain": (frozenset({State.GRADED}), State.CONTAINED),
    "give_back": (frozenset({State.COLLECTING}), State.REPORTED),
    "reject": (frozenset({State.REPORTED, State.COLLECTING}), State.REJECTED),
    "cancel": (frozenset({State.REPORTED}), State.CANCELLED),
    "investigating": (frozenset({State.CONTAINED, State.ACTION_PLANNED}), State.INVESTIGATING),
    "action_planned": (frozenset({State.INVESTIGATING}), State.ACTION_PLANNED),
    "implementing": (frozenset({State.ACTION_PLANNED}), State.IMPLEMENTING),
    "verifying": (frozenset({State.IMPLEMENTING}), State.VERIFYING),
    "verified": (frozenset({State.VERIFYING, State.CONTAINED}), State.VERIFIED),
    "reopen": (frozenset({State.VERIFYING}), State.INVESTIGATING),
    "close": (frozenset({State.VERIFIED}), State.CLOSED),
}


ORDER = list(State)


def step(facts: AnomalyFacts, verb: str) -> State:
    """The state that a verb leads to.

    Raises:
        WrongStage: the case does not stand where the verb begins; the subclass says what comes first.
    """
    allowed, to = STEPS[verb]
    present = State(facts.state)
    if present in allowed:
        return to
    raise refusal_at(facts, late=ORDER.index(present) > max(ORDER.index(one) for one in allowed))


FIRST: dict[State, type[errors.WrongStage]] = {
    State.REPORTED: errors.AcknowledgeFirst,
    State.COLLECTING: errors.GradeFirst,
    State.GRADED: errors.ContainFirst,
}


def refusal_at(facts: AnomalyFacts, *, late: bool) -> errors.WrongStage:
    """Why a step is not open: the case has ended, the step is behind, or another step comes first."""
    present = State(facts.state)
    if present in ENDED:
        return errors.EndedAlready(number=facts.number)
    if late:
        return errors.StepPassed(number=facts.number)
    return FIRST.get(present, errors.WrongStage)(number=facts.number)


def hand_over(facts: AnomalyFacts, *, by: int, approves: bool) -> bool:
    """Whether this person may hand the case to another now.

    Until it is graded anybody who works on cases may, so that an alert always finds hands; from then on only its
    owner, or somebody who approves.

    Raises:
        EndedAlready: there is nothing left to hand over.
    """
    if State(facts.state) in ENDED:
        raise errors.EndedAlready(number=facts.number)
    return facts.state in (State.REPORTED, State.COLLECTING) or by == facts.owner_id or approves


def grade_of(s: int, o: int, d: int, rules: Rules) -> Grade:
    """The grade of three scores alone, without overrides (reference §7.2)."""
    rpn = s * o * d
    if s >= rules.a_severity or s * o >= rules.a_severity_occurrence or rpn >= rules.a_rpn:
        return Grade.A
    if s * o >= rules.b_severity_occurrence or rpn >= rules.b_rpn:
        return Grade.B
    return Grade.C


OVERRIDE_WORDS = {
    "sterile": "sterile barrier or sterilisation",
    "label": "label, UDI or expiry date",
    "implant": "implant or body-contact material",
    "safety": "safety characteristic",
    "shipped": "released or shipped lots are affected",
    "falsified": "data may be falsified",
    "reportable": "hint of an adverse event that may have to be reported",
    "line_down": "the customer's line is down",
}
REPEATED = "the same happened within 90 days"
SEVERAL_LOTS = "two or more lots are affected"
SEVERAL = 2


def marks_of(answers: Mapping[str, str], rules: Rules) -> tuple[str, ...]:
    """The circumstances that answers state of themselves, by the rule table."""
    return tuple(sorted({mark for key, value, mark in rules.marks if answers.get(key) == value}))


def circumstances(facts: GradingFacts) -> frozenset[str]:
    """Everything that holds of a case: what was answered, and what its product and lot are known to be."""
    known = {
        "sterile": facts.sterile and facts.category in ("P", "K"),
        "implant": facts.implant and facts.category == "M",
        "label": facts.label_critical and facts.category == "K",
        "shipped": facts.shipped,
    }
    stated = {facts.risk, *facts.marks} - {"none", ""}
    return frozenset(stated | {mark for mark, holds in known.items() if holds})


def overrides(facts: GradingFacts, rules: Rules) -> tuple[Grade | None, tuple[str, ...]]:
    """The least grade that circumstances demand whatever the scores, and why (msgids)."""
    found = sorted(circumstances(facts))
    for_a = [OVERRIDE_WORDS[mark] for mark in found if mark in rules.overrides_a]
    for_b = [
        OVERRIDE_WORDS[mark] for mark in found if mark in rules.overrides_b and mark not in rules.overrides_a
    ]
    if facts.same_kind >= 1:
        for_b.append(REPEATED)
    if facts.lots_affected >= SEVERAL:
        for_b.append(SEVERAL_LOTS)
    grade = Grade.A if for_a else Grade.B if for_b else None
    return grade, (*for_a, *for_b)


def propose(facts: GradingFacts, rules: Rules) -> Proposal:
    """Scores from the facts, a grade from the scores, raised by what overrides demand."""
    s = dict(rules.severity_by_category).get(facts.category, MIDDLE)
    grade, reasons = overrides(facts, rules)
    if ({facts.risk, *facts.marks}) & set(rules.overrides_a):
        s = max(s, rules.severity_of_risk)
    elif grade is Grade.A:
        s = max(s, rules.severity_of_risk - 1)
    o = min(HIGHEST, 1 + facts.repeats)
    d = dict(rules.detection).get(facts.detection, MIDDLE)
    return Proposal(s=s, o=o, d=d, grade=worse(grade_of(s, o, d, rules), grade), reasons=reasons)


def worse(one: Grade, other: Grade | None) -> Grade:
    """The more serious of two grades."""
    return one if other is None or one.value <= other.value else other


def regrade(s: int, o: int, d: int, facts: GradingFacts, rules: Rules) -> Grade:
    """The grade of scores given by a person: overrides always win."""
    return worse(grade_of(s, o, d, rules), overrides(facts, rules)[0])


def confirm(facts: AnomalyFacts, *, grade: Grade, by: int, again: bool = False) -> State:
    """A person confirms the grade: not the reporter, and not below the proposal.

    ``again`` says that the same grade was signed and its signature was voided.

    Raises:
        WrongStage, SamePerson, LowerNeedsSecond: why not.
    """
    to = same_stage(facts) if again else step(facts, "grade")
    if by == facts.reporter_id:
        raise errors.SamePerson
    present = facts.grade or facts.proposed_grade
    if present is not None and grade.value > present:
        raise errors.LowerNeedsSecond(grade=present)
    return to


def same_stage(facts: AnomalyFacts) -> State:
    """A voided signature is given again where the case stands, until the case has ended.

    Raises:
        EndedAlready: it has.
    """
    if State(facts.state) in ENDED:
        raise errors.EndedAlready(number=facts.number)
    return State(facts.state)


GRADEABLE = frozenset({State.COLLECTING, State.GRADED, State.CONTAINED, State.INVESTIGATING})


def raise_to(facts: AnomalyFacts, *, grade: Grade, reason: str) -> None:
    """Raising is open to anyone who works on the case, with a reason.

    Raises:
        WrongStage, NotHigher, NeedsReason: why not.
    """
    _regradeable(facts, GRADEABLE - {State.COLLECTING})
    if facts.grade is None or grade.value >= facts.grade:
        raise errors.NotHigher(grade=facts.grade or "–")
    if not plain_text.clean(reason):
        raise errors.NeedsReason


def _regradeable(facts: AnomalyFacts, states: frozenset[State]) -> None:
    present = State(facts.state)
    if present not in states:
        raise refusal_at(facts, late=ORDER.index(present) > max(ORDER.index(one) for one in states))


LOWERABLE = frozenset({State.COLLECTING, State.GRADED})


def ask_lower(facts: AnomalyFacts, *, grade: Grade, least: Grade, reason: str) -> None:
    """Lowering begins with a reason; ``least`` is what scores and circumstances demand.

    Raises:
        WrongStage, NotLower, FactsDemand, NeedsReason: why not.
    """
    _regradeable(facts, LOWERABLE)
    present = facts.grade or facts.proposed_grade
    if present is None or grade.value <= present:
        raise errors.NotLower(grade=present or "–")
    if grade.value > least.value:
        raise errors.FactsDemand(grade=least.value)
    if not plain_text.clean(reason):
        raise errors.NeedsReason


def approve_lower(facts: AnomalyFacts, *, asked_by: int | None, grade: Grade, least: Grade, by: int) -> None:
    """Lowering ends with the signature of somebody who neither reported nor asked.

    Raises:
        NothingAsked, SamePerson, WrongStage, FactsDemand: why not.
    """
    if asked_by is None:
        raise errors.NothingAsked(number=facts.number)
    _regradeable(facts, LOWERABLE)
    if by in (asked_by, facts.reporter_id):
        raise errors.SamePerson
    if grade.value > least.value:
        raise errors.FactsDemand(grade=least.value)


def contain(facts: AnomalyFacts, *, unheld: int, reason: str, by: int, again: bool = False) -> State:
    """Containment is signed when the lots are on hold, or with what was done where no lot is known.

    ``unheld`` counts affected lots without a hold for this case; ``again`` says that it was signed and voided.

    Raises:
        WrongStage, NotHeld, NeedsReason, SamePerson: why not.
    """
    to = same_stage(facts) if again else step(facts, "contain")
    if by == facts.reporter_id:
        raise errors.SamePerson
    if unheld > 0:
        raise errors.NotHeld(n=unheld)
    if facts.lot_id is None and not plain_text.clean(reason):
        raise errors.NeedsReason
    return to


def affected(quantity: Decimal, *, lot: str, most: Decimal, unit: str) -> None:
    """Hold the pieces that a report calls affected to what the lot had when it was made.

    Parts that left it since count: they may be affected too. A lot that is weighed or measured is not compared, since
    people count the pieces that they found.

    Raises:
        MoreThanLot: there never were so many.
    """
    if counts_pieces(unit) and quantity > most:
        raise errors.MoreThanLot(lot=lot, most=decimal_text(most))


def may_supplement(facts: AnomalyFacts, *, by: int, works: bool, client: str = "") -> None:
    """Whoever works on cases adds facts until the end; the reporter, a program too, until the grade is signed.

    Raises:
        EndedAlready, NotPermitted: why not.
    """
    if State(facts.state) in ENDED:
        raise errors.EndedAlready(number=facts.number)
    own = client == facts.reporter_client if client else by == facts.reporter_id
    early = own and State(facts.state) in (State.REPORTED, State.COLLECTING)
    if not (works or early):
        raise NotPermitted


def sound(rules: Rules) -> None:
    """Thresholds of A lie above those of B, scores within 1 to 5.

    Raises:
        RulesBroken: they contradict each other.
    """
    if rules.a_rpn <= rules.b_rpn or rules.a_severity_occurrence <= rules.b_severity_occurrence:
        raise errors.RulesBroken(why="A > B")
    scores = [score for _key, score in (*rules.severity_by_category, *rules.detection)] + [rules.a_severity]
    if not all(1 <= score <= HIGHEST for score in scores):
        raise errors.RulesBroken(why="1–5")
