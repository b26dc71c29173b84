"""Each rule of a CAPA, one line each: what is refused, and the same situation without the fault, which passes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from core.capa import ActionFacts, CapaFacts, EffectResult, errors, policy

OWNER, FORMER, AUTHOR, HAND, SECOND, APPROVER = 12, 13, 14, 15, 16, 17
NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


def capa(state: str = "open", **changes: Any) -> CapaFacts:
    """A complete CAPA with one finished action; keywords replace what it says."""
    facts = CapaFacts(
        id=1,
        plant_id=1,
        number="CA-2026-000001",
        anomaly_id=1,
        case_number="AN-2026-000001",
        partner_id=2,
        owner_id=OWNER,
        former_owner_ids=(FORMER,),
        state=state,
        cycle=1,
        revision=1,
        grade="A",
        occurrence_category="method",
        occurrence="槽液浓度未监控",
        escape_category="measurement",
        escape="出货检验不含附着力",
        cause_by=AUTHOR,
        effect_kind="lots",
        effect_criterion="14 批",
        effect_target=14,
        effect_due=TODAY,
        effect_result="effective" if state == "verified" else None,
        effect_note=None,
        author_ids=(AUTHOR,),
        plan_submitted_by=AUTHOR,
        plan_approved_by=APPROVER,
        waiver_reason=None,
        opened_at=NOW,
        closed_at=None,
        action_count=1,
        open_action_count=0,
        action_owner_ids=(HAND,),
    )
    return dataclasses.replace(facts, **changes)


def action(**changes: Any) -> ActionFacts:
    """An action that is not done yet."""
    facts = ActionFacts(
        id=1,
        capa_id=1,
        case_number="AN-2026-000001",
        kind="corrective",
        text="每班测",
        owner_id=HAND,
        due=TODAY,
        done_at=None,
        done_by=None,
        done_note=None,
        cycle=1,
    )
    return dataclasses.replace(facts, **changes)


def waive(**changes: Any) -> None:
    """Waive a contained case of grade C."""
    said: dict[str, Any] = {
        "grade": "C",
        "anomaly_state": "contained",
        "existing": None,
        "reason": "一次性划痕",
        "by": SECOND,
        "involved": (OWNER, AUTHOR),
    }
    policy.waive(**said | changes)


def cause(facts: CapaFacts, **changes: Any) -> None:
    """Record a good cause."""
    said = {"anomaly_state": "investigating", "occurrence": "浓度未监控", "escape": "未检附着力"}
    policy.record_cause(facts, **said | changes)


def submit(facts: CapaFacts, state: str = "investigating", **of_action: Any) -> None:
    """Hand in a plan with one action."""
    policy.submit(facts, anomaly_state=state, actions=[action(**of_action)])


def judge(facts: CapaFacts, by: int = SECOND, note: str = "14 批") -> None:
    """Judge it effective."""
    policy.judge(facts, by=by, result=EffectResult.EFFECTIVE, note=note)


Rule = tuple[type[Exception], Callable[[], None], Callable[[], None]]
RULES: dict[str, Rule] = {
    "a case has one CAPA": (
        errors.AlreadyOpen,
        lambda: policy.open_capa(anomaly_state="graded", existing=capa()),
        lambda: policy.open_capa(anomaly_state="graded", existing=None),
    ),
    "no CAPA before the grade is signed": (
        errors.NotContained,
        lambda: policy.open_capa(anomaly_state="collecting", existing=None),
        lambda: policy.open_capa(anomaly_state="contained", existing=None),
    ),
    "an opened CAPA is not waived": (errors.AlreadyOpen, lambda: waive(existing=capa()), waive),
    "only grade C is waived": (errors.OnlyGradeC, lambda: waive(grade="B"), waive),
    "waived only after containment": (errors.NotContained, lambda: waive(anomaly_state="graded"), waive),
    "waived with a reason": (errors.NeedsReason, lambda: waive(reason=" "), waive),
    "the owner does not waive": (errors.OwnWork, lambda: waive(by=OWNER), waive),
    "the reporter does not waive": (errors.OwnWork, lambda: waive(by=AUTHOR), waive),
    "a cause says something": (errors.CauseMissing, lambda: cause(capa(), escape=" "), lambda: cause(capa())),
    "operator error is no cause": (
        errors.VagueCause,
        lambda: cause(capa(), occurrence="Operator error."),
        lambda: cause(capa(), occurrence="Operator error is possible because the two racks look alike"),
    ),
    "再培训 is no cause": (
        errors.VagueCause,
        lambda: cause(capa(), escape="再培训"),
        lambda: cause(capa()),
    ),
    "no cause after submission": (errors.WrongStep, lambda: cause(capa("planned")), lambda: cause(capa())),
    "no cause before containment": (
        errors.NotContained,
        lambda: cause(capa(), anomaly_state="graded"),
        lambda: cause(capa()),
    ),
    "no change of an approved plan": (
        errors.WrongStep,
        lambda: policy.change_plan(capa("implementing"), anomaly_state="investigating"),
        lambda: policy.change_plan(capa(), anomaly_state="investigating"),
    ),
    "no due date in the past": (
        errors.DuePast,
        lambda: policy.ahead(TODAY - dt.timedelta(days=1), today=TODAY),
        lambda: policy.ahead(TODAY, today=TODAY),
    ),
    "a target is at least one": (errors.NoTarget, lambda: policy.target(0), lambda: policy.target(1)),
    "a plan is submitted once": (errors.WrongStep, lambda: submit(capa("planned")), lambda: submit(capa())),
    "a plan needs containment": (
        errors.NotContained,
        lambda: submit(capa(), "graded"),
        lambda: submit(capa()),
    ),
    "a plan needs the occurrence": (
        errors.CauseMissing,
        lambda: submit(capa(occurrence=None)),
        lambda: submit(capa()),
    ),
    "a plan needs the escape": (
        errors.CauseMissing,
        lambda: submit(capa(escape="")),
        lambda: submit(capa()),
    ),
    "a plan needs an action of its cycle": (
        errors.NoActions,
        lambda: submit(capa(cycle=2)),
        lambda: submit(capa(cycle=2), cycle=2),
    ),
    "a plan needs a criterion": (
        errors.EffectPlanMissing,
        lambda: submit(capa(effect_criterion=None)),
        lambda: submit(capa()),
    ),
    "a plan is approved at its step": (
        errors.WrongStep,
        lambda: policy.approve(capa(), by=SECOND),
        lambda: policy.approve(capa("planned"), by=SECOND),
    ),
    "the owner does not approve": (
        errors.OwnWork,
        lambda: policy.approve(capa("planned"), by=OWNER),
        lambda: policy.approve(capa("planned"), by=SECOND),
    ),
    "who owned it once does not approve": (
        errors.OwnWork,
        lambda: policy.approve(capa("planned"), by=FORMER),
        lambda: policy.approve(capa("planned"), by=SECOND),
    ),
    "who approved the plan does not own it": (
        errors.ApprovedIt,
        lambda: policy.hand_over(capa("implementing"), to=APPROVER),
        lambda: policy.hand_over(capa("implementing"), to=SECOND),
    ),
    "an author does not approve": (
        errors.OwnWork,
        lambda: policy.approve(capa("planned"), by=AUTHOR),
        lambda: policy.approve(capa("planned"), by=SECOND),
    ),
    "the owner does not return the own plan": (
        errors.OwnWork,
        lambda: policy.return_plan(capa("planned"), by=OWNER, reason="…"),
        lambda: policy.return_plan(capa("planned"), by=SECOND, reason="…"),
    ),
    "a returned plan says why": (
        errors.NeedsReason,
        lambda: policy.return_plan(capa("planned"), by=SECOND, reason=" "),
        lambda: policy.return_plan(capa("planned"), by=SECOND, reason="…"),
    ),
    "no action before approval": (
        errors.WrongStep,
        lambda: policy.complete_action(capa("planned"), action(), by=HAND, evidence=1),
        lambda: policy.complete_action(capa("implementing"), action(), by=HAND, evidence=1),
    ),
    "an action is done once": (
        errors.ActionIsDone,
        lambda: policy.complete_action(capa("implementing"), action(done_at=NOW), by=HAND, evidence=1),
        lambda: policy.complete_action(capa("implementing"), action(), by=HAND, evidence=1),
    ),
    "an action is done by its owner": (
        errors.NotYourAction,
        lambda: policy.complete_action(capa("implementing"), action(), by=OWNER, evidence=1),
        lambda: policy.complete_action(capa("implementing"), action(), by=HAND, evidence=1),
    ),
    "an action is shown, not told": (
        errors.EvidenceMissing,
        lambda: policy.complete_action(capa("implementing"), action(), by=HAND, evidence=0),
        lambda: policy.complete_action(capa("implementing"), action(), by=HAND, evidence=1),
    ),
    "implementation is confirmed at its step": (
        errors.WrongStep,
        lambda: policy.confirm_implementation(capa("planned"), by=OWNER),
        lambda: policy.confirm_implementation(capa("implementing"), by=OWNER),
    ),
    "only the owner confirms": (
        errors.NotOwner,
        lambda: policy.confirm_implementation(capa("implementing"), by=SECOND),
        lambda: policy.confirm_implementation(capa("implementing"), by=OWNER),
    ),
    "all actions are done before": (
        errors.ActionsOpen,
        lambda: policy.confirm_implementation(capa("implementing", open_action_count=1), by=OWNER),
        lambda: policy.confirm_implementation(capa("implementing"), by=OWNER),
    ),
    "the effect is judged at its step": (
        errors.WrongStep,
        lambda: judge(capa("implementing")),
        lambda: judge(capa("verifying")),
    ),
    "the owner does not judge": (
        errors.OwnWork,
        lambda: judge(capa("verifying"), by=OWNER),
        lambda: judge(capa("verifying")),
    ),
    "who owned it once does not judge": (
        errors.OwnWork,
        lambda: judge(capa("verifying"), by=FORMER),
        lambda: judge(capa("verifying")),
    ),
    "whoever carried out does not judge": (
        errors.OwnWork,
        lambda: judge(capa("verifying"), by=HAND),
        lambda: judge(capa("verifying")),
    ),
    "a judgement says what was seen": (
        errors.NothingSeen,
        lambda: judge(capa("verifying"), note=" "),
        lambda: judge(capa("verifying")),
    ),
    "nothing is closed before it is verified": (
        errors.WrongStep,
        lambda: policy.close(capa("verifying"), by=SECOND, undecided_holds=0),
        lambda: policy.close(capa("verified"), by=SECOND, undecided_holds=0),
    ),
    "the owner does not close": (
        errors.OwnWork,
        lambda: policy.close(capa("verified"), by=OWNER, undecided_holds=0),
        lambda: policy.close(capa("waived"), by=SECOND, undecided_holds=0),
    ),
    "nothing is closed with an open action": (
        errors.ActionsOpen,
        lambda: policy.close(capa("verified", open_action_count=1), by=SECOND, undecided_holds=0),
        lambda: policy.close(capa("verified"), by=SECOND, undecided_holds=0),
    ),
    "nothing is closed without effect": (
        errors.NotEffective,
        lambda: policy.close(capa("verified", effect_result="inconclusive"), by=SECOND, undecided_holds=0),
        lambda: policy.close(capa("verified"), by=SECOND, undecided_holds=0),
    ),
    "nothing is closed with an undecided hold": (
        errors.HoldsUndecided,
        lambda: policy.close(capa("verified"), by=SECOND, undecided_holds=1),
        lambda: policy.close(capa("verified"), by=SECOND, undecided_holds=0),
    ),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.req("G-125")
def test_each_rule_refuses_its_fault_and_nothing_else(rule: str) -> None:
    """The fault is refused by name; the same step without it passes."""
    refusal, faulty, sound = RULES[rule]
    with pytest.raises(refusal):
        faulty()
    sound()


def test_an_inconclusive_effect_is_watched_thirty_days_longer_and_never_shorter() -> None:
    """Counted from the later of today and the day planned, so an early look does not shorten the watch."""
    later = TODAY + dt.timedelta(days=60)
    assert policy.longer(later, today=TODAY) == later + dt.timedelta(days=30)
    assert policy.longer(TODAY - dt.timedelta(days=5), today=TODAY) == TODAY + dt.timedelta(days=30)
    assert policy.longer(None, today=TODAY) == TODAY + dt.timedelta(days=30)
