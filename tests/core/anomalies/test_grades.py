"""The rule table: scores, circumstances, and that neither can ever talk a grade down."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.anomalies import Grade, Rules, errors, policy
from core.anomalies.terms import GradingFacts
from core.sop import CATEGORIES, DETECTIONS, RISKS

RULES = Rules()
SCORE = st.integers(1, 5)
CALM = GradingFacts(category="P", risk="none", detection="automatic", repeats=0, lots_affected=1)


def worth(grade: Grade) -> int:
    """3 for A, 2 for B, 1 for C."""
    return {Grade.A: 3, Grade.B: 2, Grade.C: 1}[grade]


@st.composite
def situations(draw: st.DrawFn) -> GradingFacts:
    """Anything that the rule table may be shown."""
    repeats = draw(st.integers(0, 8))
    return GradingFacts(
        category=draw(st.sampled_from([one.code for one in CATEGORIES])),
        risk=draw(st.sampled_from([one.value for one in RISKS])),
        detection=draw(st.sampled_from([one.value for one in DETECTIONS] + [""])),
        repeats=repeats,
        same_kind=draw(st.integers(0, repeats)),
        lots_affected=draw(st.integers(0, 4)),
        marks=tuple(draw(st.sets(st.sampled_from(sorted(policy.OVERRIDE_WORDS))))),
        sterile=draw(st.booleans()),
        implant=draw(st.booleans()),
        label_critical=draw(st.booleans()),
        shipped=draw(st.booleans()),
    )


@pytest.mark.parametrize(
    ("s", "o", "d", "grade"),
    [
        (5, 1, 1, Grade.A),
        (3, 5, 1, Grade.A),
        (4, 3, 5, Grade.A),
        (4, 2, 1, Grade.B),
        (3, 3, 3, Grade.B),
        (2, 3, 5, Grade.B),
        (3, 2, 4, Grade.C),
        (1, 1, 1, Grade.C),
    ],
)
def test_the_thresholds_of_the_reference_table(s: int, o: int, d: int, grade: Grade) -> None:
    """A: S = 5, S×O ≥ 15 or RPN ≥ 60. B: S×O ≥ 8 or RPN ≥ 27 (reference §7.2)."""
    assert policy.grade_of(s, o, d, RULES) is grade


@given(SCORE, SCORE, SCORE, st.sampled_from("sod"))
def test_raising_any_score_never_lowers_the_grade(s: int, o: int, d: int, which: str) -> None:
    scores = {"s": s, "o": o, "d": d}
    assume(scores[which] < 5)
    higher = {**scores, which: scores[which] + 1}
    assert worth(policy.grade_of(**higher, rules=RULES)) >= worth(policy.grade_of(**scores, rules=RULES))


@given(situations(), SCORE, SCORE, SCORE)
def test_circumstances_always_win_over_scores(facts: GradingFacts, s: int, o: int, d: int) -> None:
    """Neither the table's proposal nor a person's scores fall below what the circumstances demand."""
    least, reasons = policy.overrides(facts, RULES)
    for grade in (policy.propose(facts, RULES).grade, policy.regrade(s, o, d, facts, RULES)):
        assert least is None or worth(grade) >= worth(least)
    assert (least is None) == (reasons == ())


@given(situations(), st.sampled_from(sorted(Rules().overrides_a)))
def test_any_circumstance_of_the_first_list_makes_it_grade_a(facts: GradingFacts, mark: str) -> None:
    said = dataclasses.replace(facts, marks=(*facts.marks, mark))
    proposal = policy.propose(said, RULES)
    assert proposal.grade is Grade.A
    assert policy.OVERRIDE_WORDS[mark] in proposal.reasons
    assert policy.regrade(1, 1, 1, said, RULES) is Grade.A


@given(situations())
def test_a_proposal_has_scores_from_1_to_5_and_is_never_below_them(facts: GradingFacts) -> None:
    made = policy.propose(facts, RULES)
    assert all(1 <= score <= 5 for score in (made.s, made.o, made.d))
    assert made.rpn == made.s * made.o * made.d
    assert worth(made.grade) >= worth(policy.grade_of(made.s, made.o, made.d, RULES))


@given(situations())
def test_one_more_repetition_never_lowers_the_proposal(facts: GradingFacts) -> None:
    again = dataclasses.replace(facts, repeats=facts.repeats + 1, same_kind=facts.same_kind + 1)
    assert worth(policy.propose(again, RULES).grade) >= worth(policy.propose(facts, RULES).grade)
    assert worth(policy.propose(again, RULES).grade) >= worth(Grade.B)


def test_a_calm_first_case_is_minor_and_needs_no_reason() -> None:
    made = policy.propose(CALM, RULES)
    assert (made.grade, made.s, made.o, made.d, made.reasons) == (Grade.C, 3, 1, 1, ())


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({"risk": "line_down"}, Grade.B),
        ({"repeats": 1, "same_kind": 1}, Grade.B),
        ({"lots_affected": 2}, Grade.B),
        ({"risk": "falsified"}, Grade.A),
        ({"shipped": True}, Grade.A),
        ({"category": "M", "implant": True}, Grade.A),
        ({"category": "P", "implant": True}, Grade.C),
        ({"category": "K", "sterile": True}, Grade.A),
        ({"category": "K", "label_critical": True}, Grade.A),
        ({"category": "L", "sterile": True}, Grade.C),
    ],
)
def test_what_is_known_of_product_and_lot_counts_where_it_matters(
    changes: dict[str, object], grade: Grade
) -> None:
    assert policy.propose(dataclasses.replace(CALM, **changes), RULES).grade is grade  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "marks"),
    [
        ({"subcode": "K04"}, ("sterile",)),
        ({"subcode": "K02", "udi": "wrong"}, ("label",)),
        ({"subcode": "R01", "harm": "serious"}, ("reportable",)),
        ({"subcode": "P01", "risk": "none"}, ()),
    ],
)
def test_an_answer_can_be_a_circumstance_of_its_own(answers: dict[str, str], marks: tuple[str, ...]) -> None:
    """A damaged sterile barrier is grade A even when the reporter ticks "none of these"."""
    assert policy.marks_of(answers, RULES) == marks


def test_rules_are_data_and_survive_storage() -> None:
    strict = dataclasses.replace(
        RULES, a_rpn=30, b_rpn=10, overrides_b=("line_down", "label"), repeat_days=30
    )
    assert Rules.from_json(strict.to_json()) == strict
    assert policy.grade_of(2, 4, 4, strict) is Grade.A
    assert policy.grade_of(2, 4, 4, RULES) is Grade.B


@pytest.mark.parametrize(
    "changes",
    [
        {"a_rpn": 27},
        {"a_severity_occurrence": 8},
        {"a_severity": 6},
        {"detection": (("visual", 0),)},
        {"severity_by_category": (("P", 9),)},
    ],
)
def test_rules_that_contradict_each_other_are_refused(changes: dict[str, object]) -> None:
    policy.sound(RULES)
    with pytest.raises(errors.RulesBroken):
        policy.sound(dataclasses.replace(RULES, **changes))  # type: ignore[arg-type]
