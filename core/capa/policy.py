"""What may happen to a CAPA, and by whom: facts in, nothing or a refusal out. No I/O."""

from __future__ import annotations

import re

from core.capa import errors
from core.capa.terms import ActionFacts, CapaFacts, CapaState, EffectResult

_VAGUE = re.compile(
    r"(?i)^\W*(operator(?:'s)? error|human error|operator mistake|re-?trained?|re-?training|operator was (?:re)?trained"
    r"|人为(?:失误|错误|原因)|操作(?:失误|错误|不当)|员工(?:失误|疏忽)|培训(?:不足)?|再培训|重新培训|已培训|疏忽)\W*$"
)
CONTAINED_OR_LATER = frozenset({"contained", "investigating"})


def _at(capa: CapaFacts, *states: CapaState) -> None:
    if capa.state not in states:
        raise errors.WrongStep(state=CapaState(capa.state).says)


def open_capa(*, anomaly_state: str, existing: CapaFacts | None) -> None:
    """A CAPA opens once, after containment.

    Raises:
        AlreadyOpen, NotContained: why not.
    """
    if existing is not None:
        raise errors.AlreadyOpen(number=existing.number)
    if anomaly_state not in ("graded", "contained"):
        raise errors.NotContained


def waive(
    *, grade: str | None, anomaly_state: str, existing: CapaFacts | None, reason: str, by: int, owner: int
) -> None:
    """Grade C may go without a CAPA: with a reason, signed by someone who is not responsible for the case."""
    if existing is not None:
        raise errors.AlreadyOpen(number=existing.number)
    if grade != "C":
        raise errors.OnlyGradeC(grade=grade or "–")
    if anomaly_state != "contained":
        raise errors.NotContained
    if not reason.strip():
        raise errors.NeedsReason
    if by == owner:
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


def record_cause(capa: CapaFacts, *, occurrence: str, escape: str) -> None:
    """Both layers, neither of them only "operator error" or "retrained"."""
    _at(capa, CapaState.OPEN)
    for text in (occurrence, escape):
        cause_text(text)


def change_plan(capa: CapaFacts) -> None:
    """Actions and criterion can change until the plan is submitted."""
    _at(capa, CapaState.OPEN)


def submit(capa: CapaFacts, *, anomaly_state: str, actions: list[ActionFacts]) -> None:
    """A plan goes to approval when cause, actions and criterion are there and the problem is contained."""
    _at(capa, CapaState.OPEN)
    if anomaly_state not in CONTAINED_OR_LATER:
        raise errors.NotContained
    if not capa.has_cause:
        raise errors.CauseMissing
    if not any(one.cycle == capa.cycle for one in actions):
        raise errors.NoActions
    if not capa.has_effect_plan:
        raise errors.EffectPlanMissing


def approve(capa: CapaFacts, *, by: int) -> None:
    """The plan is approved by someone who neither owns, wrote nor submitted it (regulation §4.4)."""
    _at(capa, CapaState.PLANNED)
    if by in (capa.owner_id, capa.plan_submitted_by, capa.cause_by):
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


def judge(capa: CapaFacts, *, by: int, result: EffectResult, note: str) -> None:
    """Someone who carried out none of it judges the effect; anything but "effective" says why."""
    _at(capa, CapaState.VERIFYING)
    if by == capa.owner_id or by in capa.action_owner_ids:
        raise errors.OwnWork
    if result is not EffectResult.EFFECTIVE and not note.strip():
        raise errors.NeedsReason


def close(capa: CapaFacts, *, by: int, undecided_holds: int) -> None:
    """A case closes when effective (or waived), nothing is open, every hold is decided; signer ≠ owner."""
    _at(capa, CapaState.VERIFIED, CapaState.WAIVED)
    if by == capa.owner_id:
        raise errors.OwnWork
    if capa.open_action_count:
        raise errors.ActionsOpen(n=capa.open_action_count)
    if capa.state == CapaState.VERIFIED and capa.effect_result != EffectResult.EFFECTIVE:
        raise errors.NotEffective
    if undecided_holds:
        raise errors.HoldsUndecided(n=undecided_holds)
