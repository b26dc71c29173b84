"""What may happen to a CAPA, and by whom: facts in, nothing or a refusal out. No I/O."""

from __future__ import annotations

import datetime as dt
import re

from core.capa import errors
from core.capa.terms import LONGER, ActionFacts, CapaFacts, CapaState, EffectResult

_VAGUE = re.compile(
    r"(?i)^\W*(operator(?:'s)? error|human error|operator mistake|re-?trained?|re-?training|operator was (?:re)?trained"
    r"|人为(?:失误|错误|原因)|操作(?:失误|错误|不当)|员工(?:失误|疏忽)|培训(?:不足)?|再培训|重新培训|已培训|疏忽)\W*$"
)
LARGEST_TARGET = 1_000_000_000
CONTAINED_OR_LATER = frozenset({"contained", "investigating"})


def _at(capa: CapaFacts, *states: CapaState) -> None:
    if capa.state not in states:
        raise errors.WrongStep(state=CapaState(capa.state).says)


def open_capa(*, anomaly_state: str, existing: CapaFacts | None) -> None:
    """A CAPA opens once, when the grade is signed; work on it begins after containment.

    Raises:
        AlreadyOpen, NotContained: why not.
    """
    if existing is not None:
        raise errors.AlreadyOpen(number=existing.number)
    if anomaly_state not in ("graded", "contained"):
        raise errors.NotContained


def waive(
    *,
    grade: str | None,
    anomaly_state: str,
    existing: CapaFacts | None,
    reason: str,
    by: int,
    involved: tuple[int, ...],
) -> None:
    """Grade C may go without a CAPA: with a reason, signed by someone who neither reported nor owns the case."""
    if existing is not None:
        raise errors.AlreadyOpen(number=existing.number)
    if grade != "C":
        raise errors.OnlyGradeC(grade=grade or "–")
    if anomaly_state != "contained":
        raise errors.NotContained
    if not reason.strip():
        raise errors.NeedsReason
    if by in involved:
        raise errors.OwnWork


def cause_text(text: str) -> None:
    """One layer of a cause says something about the process (reference §7.4, reject reasons).

    Raises:
        CauseMissing, VagueCause: it does not.
    """
    if not text.strip():
        raise errors.CauseMissing
    if _VAGUE.match(text):
        raise errors.VagueCause(text=text.strip()[:60])


def record_cause(capa: CapaFacts, *, anomaly_state: str, occurrence: str, escape: str) -> None:
    """Both layers, neither of them only "operator error" or "retrained"."""
    change_plan(capa, anomaly_state=anomaly_state)
    for text in (occurrence, escape):
        cause_text(text)


def change_plan(capa: CapaFacts, *, anomaly_state: str) -> None:
    """Cause, actions and criterion are worked out between containment and submission."""
    _at(capa, CapaState.OPEN)
    if anomaly_state not in CONTAINED_OR_LATER:
        raise errors.NotContained


def ahead(due: dt.date, *, today: dt.date) -> None:
    """What is planned lies not in the past."""
    if due < today:
        raise errors.DuePast


def target(number: int | None) -> None:
    """A number to reach is at least one."""
    if number is not None and not 1 <= number <= LARGEST_TARGET:
        raise errors.NoTarget


def submit(capa: CapaFacts, *, anomaly_state: str, actions: list[ActionFacts]) -> None:
    """A plan goes to approval when cause, actions and criterion are there and the problem is contained."""
    change_plan(capa, anomaly_state=anomaly_state)
    if not capa.has_cause:
        raise errors.CauseMissing
    if not any(one.cycle == capa.cycle for one in actions):
        raise errors.NoActions
    if not capa.has_effect_plan:
        raise errors.EffectPlanMissing


IN_HAND = frozenset({CapaState.IMPLEMENTING, CapaState.VERIFYING, CapaState.VERIFIED})
"""Where a plan that was approved can still be approved again after a change."""


def approve(capa: CapaFacts, *, by: int, again: bool = False) -> None:
    """The plan is approved by someone who neither owns it nor wrote any part of it (regulation §4.4).

    ``again`` says that it is in hand and the signature under it was voided.
    """
    if not again:
        _at(capa, CapaState.PLANNED)
    if capa.was_owned_by(by) or by in capa.author_ids:
        raise errors.OwnWork


def return_plan(capa: CapaFacts, *, by: int, reason: str) -> None:
    """A plan is sent back with the reason."""
    approve(capa, by=by)
    if not reason.strip():
        raise errors.NeedsReason


def complete_action(capa: CapaFacts, action: ActionFacts, *, by: int, evidence: int) -> None:
    """The person an action is assigned to shows that it is done."""
    _at(capa, CapaState.IMPLEMENTING)
    if action.done_at is not None:
        raise errors.ActionIsDone
    if action.owner_id != by:
        raise errors.NotYourAction
    if evidence < 1:
        raise errors.EvidenceMissing


def confirm_implementation(capa: CapaFacts, *, by: int) -> None:
    """The owner confirms when nothing is open."""
    _at(capa, CapaState.IMPLEMENTING)
    if by != capa.owner_id:
        raise errors.NotOwner
    if capa.open_action_count:
        raise errors.ActionsOpen(n=capa.open_action_count)


def hand_over(capa: CapaFacts, *, to: int) -> None:
    """A CAPA may change hands at any time, but not into those that approved its plan (regulation §4.4).

    Raises:
        ApprovedIt: the new owner's signature let this plan be carried out.
    """
    if to == capa.plan_approved_by:
        raise errors.ApprovedIt


def hand_over_action(capa: CapaFacts, action: ActionFacts, *, by: int, approves: bool, to: int) -> None:
    """An open action is handed over by whoever has it, by the owner of the CAPA, or by an approver.

    Raises:
        ActionIsDone, WrongStep, NotYourAction: it cannot be moved, or not by this person.
        HasItAlready: the action is with that person.
    """
    if action.done_at is not None or action.cycle != capa.cycle:
        raise errors.ActionIsDone
    _at(capa, CapaState.IMPLEMENTING)
    if by not in (action.owner_id, capa.owner_id) and not approves:
        raise errors.NotYourAction
    if to == action.owner_id:
        raise errors.HasItAlready


def judge(capa: CapaFacts, *, by: int, result: EffectResult, note: str) -> None:
    """Someone who carried out none of it judges the effect, and says what was seen."""
    _at(capa, CapaState.VERIFYING)
    if capa.was_owned_by(by) or by in capa.action_owner_ids:
        raise errors.OwnWork
    if not note.strip():
        raise errors.NothingSeen(result=result.value)


def days_early(capa: CapaFacts, *, today: dt.date) -> int:
    """How many days before the planned day the effect is judged; 0 on that day, after it, or without one.

    Judging early is allowed: a signature and the ledger say so (reference §7.4 gives no earliest day).
    """
    return 0 if capa.effect_due is None else max(0, (capa.effect_due - today).days)


def longer(effect_due: dt.date | None, *, today: dt.date) -> dt.date:
    """Until when an inconclusive effect is watched: 30 more days, counted from the later of both days."""
    return max(effect_due or today, today) + LONGER


def close(capa: CapaFacts, *, by: int, undecided_holds: int) -> None:
    """A case closes when effective (or waived), nothing is open, every hold is decided; signer ≠ owner."""
    _at(capa, CapaState.VERIFIED, CapaState.WAIVED)
    if capa.was_owned_by(by):
        raise errors.OwnWork
    if capa.open_action_count:
        raise errors.ActionsOpen(n=capa.open_action_count)
    if capa.state == CapaState.VERIFIED and capa.effect_result != EffectResult.EFFECTIVE:
        raise errors.NotEffective
    close_holds(undecided_holds)


def close_holds(undecided: int) -> None:
    """No lot stays on hold without a decision."""
    if undecided:
        raise errors.HoldsUndecided(n=undecided)
