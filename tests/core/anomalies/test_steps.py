"""The order of steps: no sequence of verbs reaches a state that the rules forbid, and each refusal helps on."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.anomalies import Grade, State, errors, policy, stage_of
from core.anomalies.terms import ENDED, ITSELF, Stage
from core.kit import NotPermitted, Refusal
from tests.core.anomalies.cases import OWNER, REPORTER, SECOND, facts

GRADES = st.sampled_from(list(Grade))
PEOPLE = st.sampled_from([REPORTER, OWNER, SECOND])
CONTAINED_OR_LATER = frozenset(
    {
        State.CONTAINED,
        State.INVESTIGATING,
        State.ACTION_PLANNED,
        State.IMPLEMENTING,
        State.VERIFYING,
        State.VERIFIED,
        State.CLOSED,
    }
)


class Loop(RuleBasedStateMachine):
    """People do whatever they like to one case; the policy decides. What happened is remembered beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.case = facts()
        self.done: list[str] = []
        self.graded_by: int | None = None
        self.asked: tuple[int, Grade] | None = None
        self.lowered_by: tuple[int, int] | None = None
        self.lowest: Grade | None = None

    def _move(self, verb: str, **changes: object) -> None:
        before = State(self.case.state)
        try:
            to = policy.step(self.case, verb)
        except errors.WrongStage:
            assert before not in policy.STEPS[verb][0]
            return
        assert before in policy.STEPS[verb][0]
        self.case = dataclasses.replace(self.case, state=to.value, **changes)  # type: ignore[arg-type]
        self.done.append(verb)

    @rule(verb=st.sampled_from(["acknowledge", "reject", "cancel", "close"]))
    def simply(self, verb: str) -> None:
        self._move(verb)

    @rule(verb=st.sampled_from(["investigating", "action_planned", "implementing", "verifying", "verified"]))
    def advance(self, verb: str) -> None:
        self._move(verb)

    @rule()
    def reopen(self) -> None:
        self._move("reopen", cycle=self.case.cycle + 1)

    @rule(grade=GRADES, by=PEOPLE)
    def confirm(self, grade: Grade, by: int) -> None:
        try:
            to = policy.confirm(self.case, grade=grade, by=by)
        except Refusal:
            return
        assert by != REPORTER
        assert grade.value <= (self.case.proposed_grade or "C")
        self.case = dataclasses.replace(self.case, state=to.value, grade=grade.value)
        self.graded_by = by
        self.done.append("grade")

    @precondition(lambda self: self.case.grade is not None)
    @rule(grade=GRADES, reason=st.sampled_from(["", "  ", "worse than thought"]))
    def raise_to(self, grade: Grade, reason: str) -> None:
        try:
            policy.raise_to(self.case, grade=grade, reason=reason)
        except Refusal:
            return
        assert reason.strip()
        assert grade.value < (self.case.grade or "")
        self.case = dataclasses.replace(self.case, grade=grade.value)

    @rule(grade=GRADES, by=PEOPLE, least=GRADES, reason=st.sampled_from(["", "measured wrong"]))
    def ask_lower(self, grade: Grade, by: int, least: Grade, reason: str) -> None:
        try:
            policy.ask_lower(self.case, grade=grade, least=least, reason=reason)
        except Refusal:
            return
        assert reason
        assert grade.value <= least.value
        self.asked = (by, grade)

    @rule(by=PEOPLE, least=GRADES)
    def approve_lower(self, by: int, least: Grade) -> None:
        asked_by, grade = self.asked or (None, Grade.C)
        try:
            policy.approve_lower(self.case, asked_by=asked_by, grade=grade, least=least, by=by)
        except Refusal:
            return
        assert asked_by is not None
        self.lowered_by = (asked_by, by)
        self.case = dataclasses.replace(self.case, state=State.GRADED.value, grade=grade.value)
        self.asked = None
        self.done.append("grade")

    @rule(by=PEOPLE, unheld=st.integers(0, 2), reason=st.sampled_from(["", "sorted on the spot"]))
    def contain(self, by: int, unheld: int, reason: str) -> None:
        try:
            to = policy.contain(self.case, unheld=unheld, reason=reason, by=by)
        except Refusal:
            return
        assert unheld == 0
        assert by != REPORTER
        self.case = dataclasses.replace(self.case, state=to.value)
        self.done.append("contain")

    @invariant()
    def nothing_is_skipped(self) -> None:
        state = State(self.case.state)
        if state in CONTAINED_OR_LATER:
            assert [one for one in self.done if one in ("acknowledge", "grade", "contain")][:1] == [
                "acknowledge"
            ]
            assert "grade" in self.done
            assert "contain" in self.done
            assert self.case.grade is not None
        if state is State.CLOSED:
            assert self.done[-2:] == ["verified", "close"]
        if state is State.VERIFYING:
            assert {"investigating", "action_planned", "implementing"} <= set(self.done)

    @invariant()
    def the_end_is_the_end(self) -> None:
        ends = [index for index, one in enumerate(self.done) if one in ("close", "reject", "cancel")]
        assert ends in ([], [len(self.done) - 1])

    @invariant()
    def four_eyes(self) -> None:
        assert self.graded_by != REPORTER
        if self.lowered_by is not None:
            asked, signed = self.lowered_by
            assert signed not in (asked, REPORTER)


TestLoop = Loop.TestCase
TestLoop.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


@pytest.mark.parametrize(
    ("state", "verb", "why"),
    [
        ("reported", "grade", errors.AcknowledgeFirst),
        ("collecting", "contain", errors.GradeFirst),
        ("graded", "investigating", errors.ContainFirst),
        ("contained", "implementing", errors.WrongStage),
        ("contained", "acknowledge", errors.StepPassed),
        ("verifying", "cancel", errors.StepPassed),
        ("closed", "reopen", errors.EndedAlready),
        ("rejected", "acknowledge", errors.EndedAlready),
        ("cancelled", "close", errors.EndedAlready),
    ],
)
def test_a_refused_step_says_what_comes_first(state: str, verb: str, why: type[errors.WrongStage]) -> None:
    with pytest.raises(errors.WrongStage) as refused:
        policy.step(facts(state=state), verb)
    assert type(refused.value) is why
    assert "AN-2026-000001" in str(refused.value)


def test_every_state_belongs_to_one_of_the_six_stages_in_their_order() -> None:
    assert [one.position for one in Stage] == [1, 2, 3, 4, 5, 6]
    assert [one.says for one in Stage] == [
        "Detection",
        "Data collection",
        "Grading",
        "Corrective action",
        "Effectiveness verification",
        "Closed loop",
    ]
    positions = [stage_of(one.value).position for one in State]
    assert positions == sorted(positions)
    assert set(positions) == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("gate", "behind"),
    [
        (State.COLLECTING, CONTAINED_OR_LATER | {State.GRADED}),
        (State.GRADED, CONTAINED_OR_LATER),
        (State.CONTAINED, CONTAINED_OR_LATER),
        (State.VERIFIED, {State.CLOSED}),
    ],
)
@pytest.mark.req("G-87")
def test_no_way_leads_around_a_gate(gate: State, behind: frozenset[State]) -> None:
    """Every way through the table is walked: without the gate's state nothing behind it can be reached."""
    reached = {State.REPORTED}
    for _ in State:
        reached |= {to for allowed, to in policy.STEPS.values() if allowed & reached and to is not gate}
    assert not reached & behind


def test_nothing_leads_out_of_an_end_and_everything_else_leads_somewhere() -> None:
    starts = set().union(*(allowed for allowed, _to in policy.STEPS.values()))
    assert starts == set(State) - ENDED


@pytest.mark.parametrize(
    ("changes", "grade", "by", "why"),
    [
        ({}, Grade.B, REPORTER, errors.SamePerson),
        ({}, Grade.C, OWNER, errors.LowerNeedsSecond),
        ({"proposed_grade": "A"}, Grade.B, OWNER, errors.LowerNeedsSecond),
        ({"state": "graded"}, Grade.B, OWNER, errors.StepPassed),
    ],
)
def test_a_grade_is_not_confirmed_by_its_reporter_nor_below_the_proposal(
    changes: dict[str, object], grade: Grade, by: int, why: type[Refusal]
) -> None:
    with pytest.raises(why):
        policy.confirm(facts(**{"state": "collecting", **changes}), grade=grade, by=by)


@pytest.mark.parametrize(
    ("changes", "grade", "least", "reason", "why"),
    [
        ({}, Grade.C, Grade.C, "", errors.NeedsReason),
        ({}, Grade.C, Grade.C, "\u200b", errors.NeedsReason),
        ({}, Grade.B, Grade.C, "why", errors.NotLower),
        ({}, Grade.C, Grade.A, "why", errors.FactsDemand),
        ({"state": "reported"}, Grade.C, Grade.C, "why", errors.AcknowledgeFirst),
        ({"state": "contained", "grade": "B"}, Grade.C, Grade.C, "why", errors.StepPassed),
    ],
)
def test_lowering_needs_a_reason_and_must_agree_with_the_facts(
    changes: dict[str, object], grade: Grade, least: Grade, reason: str, why: type[Refusal]
) -> None:
    with pytest.raises(why):
        policy.ask_lower(facts(**{"state": "collecting", **changes}), grade=grade, least=least, reason=reason)


@pytest.mark.parametrize(("asked_by", "by"), [(OWNER, OWNER), (OWNER, REPORTER)])
def test_the_second_person_is_neither_asker_nor_reporter(asked_by: int, by: int) -> None:
    with pytest.raises(errors.SamePerson):
        policy.approve_lower(facts(state="graded"), asked_by=asked_by, grade=Grade.C, least=Grade.C, by=by)


def test_without_a_request_nothing_is_lowered() -> None:
    with pytest.raises(errors.NothingAsked):
        policy.approve_lower(facts(state="graded"), asked_by=None, grade=Grade.C, least=Grade.C, by=SECOND)


def test_containment_needs_every_affected_lot_held_or_a_reason_where_there_is_no_lot() -> None:
    case = facts(state="graded", grade="B")
    with pytest.raises(errors.NotHeld):
        policy.contain(case, unheld=1, reason="we looked", by=OWNER)
    with pytest.raises(errors.SamePerson):
        policy.contain(case, unheld=0, reason="", by=REPORTER)
    assert policy.contain(case, unheld=0, reason="", by=OWNER) is State.CONTAINED
    without = facts(state="graded", grade="B", lot_id=None)
    with pytest.raises(errors.NeedsReason):
        policy.contain(without, unheld=0, reason=" ", by=OWNER)
    assert policy.contain(without, unheld=0, reason="document withdrawn", by=OWNER) is State.CONTAINED


def test_a_reporter_adds_facts_until_the_grade_is_signed_and_workers_until_the_end() -> None:
    policy.may_supplement(facts(state="collecting"), by=REPORTER, works=False)
    policy.may_supplement(facts(state="verifying", grade="B"), by=SECOND, works=True)
    for case, by in ((facts(state="graded"), REPORTER), (facts(), SECOND)):
        with pytest.raises(NotPermitted):
            policy.may_supplement(case, by=by, works=False)
    with pytest.raises(errors.EndedAlready):
        policy.may_supplement(facts(state="closed"), by=SECOND, works=True)


def test_a_program_adds_to_what_it_reported_itself() -> None:
    """By its own id alone; neither another program nor one at all where a rule or a person reported."""
    own = facts(state="collecting", reporter_id=ITSELF, reporter_client="bhc_1")
    policy.may_supplement(own, by=ITSELF, works=False, client="bhc_1")
    for case, client in (
        (own, "bhc_2"),
        (facts(state="graded", reporter_id=ITSELF, reporter_client="bhc_1"), "bhc_1"),
        (facts(state="collecting", reporter_id=ITSELF), "bhc_1"),
        (facts(state="collecting"), "bhc_1"),
    ):
        with pytest.raises(NotPermitted):
            policy.may_supplement(case, by=ITSELF, works=False, client=client)


def test_grades_a_and_b_are_nonconformances_once_signed() -> None:
    assert [facts(grade=one).nonconforming for one in ("A", "B", "C", None)] == [True, True, False, False]
