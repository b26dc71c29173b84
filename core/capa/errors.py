"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class WrongStep(Refusal):
    """The CAPA is not where this step belongs."""

    says = "This step is not open now: {state}. Open the case to see what comes next."


class AlreadyOpen(Refusal):
    """A case has one CAPA."""

    says = "A CAPA is open for this case already: {number}."


class NotContained(Refusal):
    """Cause and plan come after containment (stage order)."""

    says = (
        "First contain the problem: hold the affected lots and sign the containment. Then the CAPA can start."
    )


class OnlyGradeC(Refusal):
    """Only the lowest grade may go without a CAPA."""

    says = "Only grade C may go without a CAPA. This case has grade {grade}."


class NeedsReason(Refusal):
    """A decision that must say why."""

    says = "Please give the reason; it goes on the record."


class CauseMissing(Refusal):
    """Both layers of the cause are needed before a plan."""

    says = "The root cause is missing: why did it happen (occurrence) and why was it not caught (escape)?"


class VagueCause(Refusal):
    """A cause of only "operator error" or "retrained" is no root cause (reference §7.4)."""

    says = "“{text}” alone is not a root cause. Please say what in the process made it possible."


class NoActions(Refusal):
    """A plan holds at least one action in its present cycle."""

    says = "The plan has no action yet. Add at least one with a responsible person and a due date."


class EffectPlanMissing(Refusal):
    """The criterion is fixed before the action (G-125)."""

    says = "Say first how we will know that it works: the effectiveness criterion is missing."


class OwnWork(Refusal):
    """Nobody approves or judges work of their own (segregation)."""

    says = "You have worked on this yourself, so another person must sign it."


class NotYourAction(Refusal):
    """Only the person an action is assigned to reports it done."""

    says = "This action is assigned to somebody else. Ask them to report it done."


class ApprovedIt(Refusal):
    """Who approved the plan cannot own it: their signature would stand on their own work."""

    says = "This person signed the approval of the plan, so they cannot own it. Please choose somebody else."


class HasItAlready(Refusal):
    """The action is with that person now."""

    says = "This action is with them already. Please choose somebody else."


class ActionIsDone(Refusal):
    """Reported already."""

    says = "This action was reported done already."


class EvidenceMissing(Refusal):
    """Implementation is shown, not told."""

    says = "Please attach at least one photo or file that shows it is done."


class ActionsOpen(Refusal):
    """All actions must be done first."""

    says = "{n} actions are still open. The implementation can be confirmed when all are done."


class HoldsUndecided(Refusal):
    """Held lots need a decision before closure."""

    says = "{n} held lots are not decided yet. Decide each (release, rework, scrap …) before closing."


class NotEffective(Refusal):
    """Grades A and B close only after an effective result."""

    says = "The effectiveness is not proven yet, so the case cannot be closed."


class NotOwner(Refusal):
    """The step belongs to the CAPA's owner."""

    says = "This step belongs to the owner of the CAPA."


class DuePast(Refusal):
    """A plan looks ahead."""

    says = "This date has passed. Please choose today or later."


class NoTarget(Refusal):
    """A criterion with a number needs one that can be reached."""

    says = "The number must be at least 1."


class CannotAct(Refusal):
    """An action goes to somebody who may see the case and work on it."""

    says = "{name} cannot carry this out: they do not work on CAPAs, or may not see this case."


class NothingSeen(Refusal):
    """An outcome without data is no verification."""

    says = "Please say what you saw: figures, lots, dates. Without it the outcome proves nothing."
