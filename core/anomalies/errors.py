"""How this room says no: each refusal says why and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from core.kit import Refusal


class WrongStage(Refusal):
    """The case is not where this step belongs; stages are not skipped."""

    says = "{number} is not at this step now. Open it again to see what comes next."


class AcknowledgeFirst(WrongStage):
    """Nobody has taken the case up yet."""

    says = "Nobody has taken up {number} yet. Tap “Acknowledge” first, then go on."


class GradeFirst(WrongStage):
    """The grade is not signed yet."""

    says = "The grade of {number} is not signed yet. Confirm the grade first."


class ContainFirst(WrongStage):
    """Containment is not signed yet."""

    says = "{number} is not contained yet. Hold the affected lots and sign the containment first."


class StepPassed(WrongStage):
    """The step lies behind already."""

    says = "This step of {number} is done already. Open the case to see what comes next."


class EndedAlready(WrongStage):
    """The case has ended; a new finding is a new report."""

    says = "{number} has ended. If something new was found, please report it anew."


class MissingFields(Refusal):
    """Answers do not satisfy the template."""

    says = "Some answers are missing or not valid: {fields}. Please complete them."
    faults: Mapping[str, Refusal] = {}
    """Per field, why its answer was refused."""


class MoreThanLot(Refusal):
    """More pieces are said to be affected than the lot ever had."""

    says = (
        "Lot {lot} has {most} pieces. Please correct the number of affected pieces; if another lot is affected too, "
        "report it as well."
    )


class TakenAlready(Refusal):
    """Somebody else acknowledged first."""

    says = "{number} was taken up by {by} already. You need not do anything."


class NeedsReason(Refusal):
    """A decision that must say why."""

    says = "Please give the reason; it goes on the record."


class LowerNeedsSecond(Refusal):
    """A grade below the present one needs a reason and a second person's signature."""

    says = "This would lower the grade from {grade}. Ask for it with a reason; a second person then signs."


class FactsDemand(Refusal):
    """Circumstances and scores demand more than the grade asked for."""

    says = "What is on record makes this at least grade {grade}. If a fact is wrong, correct it first, then ask again."


class NotHigher(Refusal):
    """Raising means towards A."""

    says = "The grade is {grade} already; raising means a more serious one."


class NotLower(Refusal):
    """Lowering means towards C."""

    says = "The grade asked for is not lower than {grade}."


class NothingAsked(Refusal):
    """No lower grade waits for a decision."""

    says = "No lower grade waits for a decision on {number}."


class SamePerson(Refusal):
    """Two persons are needed (regulation §4.4)."""

    says = "Another person must do this: you reported it or asked for it yourself."


class NotReporter(Refusal):
    """Only the reporter withdraws a report."""

    says = "Only the person who reported it can withdraw it."


class NoLot(Refusal):
    """Nothing can be held without a lot."""

    says = "No lot is named in {number}, so nothing can be held. Add the lot first."


class NotHeld(Refusal):
    """Containment needs the lots on hold first."""

    says = "{n} affected lots are not on hold yet. Tap “Hold the affected lots” first, then sign."


class CannotOwn(Refusal):
    """The person cannot take a case."""

    says = "{name} cannot take this case: they have no right to work on it."


class OwnsAlready(Refusal):
    """The case is with that person now."""

    says = "{name} has this case already. Please choose somebody else."


class OwnerHandsOver(Refusal):
    """Once a case was taken up and graded, not everybody moves it."""

    says = "{number} is in {name}'s hands. Only they, or somebody who approves cases, can hand it over."


class NothingNew(Refusal):
    """A supplement without a new fact or photo."""

    says = "That is on record already. Please give a new fact or a photo."


class NobodyResponsible(Refusal):
    """The matrix and the roles name nobody."""

    says = "Nobody is responsible for this kind of case yet. Please tell your administrator; your answers are kept."


class RulesBroken(Refusal):
    """Thresholds that contradict each other."""

    says = "These grading rules contradict each other: {why}. Please correct them and save again."


class ClocksBroken(Refusal):
    """Clocks that contradict each other or are none."""

    says = (
        "These clocks do not fit: {why}. Write them like 15 min, 4 h, 30 d or 10 wd; "
        "a graver grade never has more time."
    )


class NoClock(Refusal):
    """Nothing runs that could be extended."""

    says = "No clock runs on {number} that could be given more time."


class AlertRuns(Refusal):
    """The clock of an alert is not extended: it is acknowledged."""

    says = "{number} waits for somebody to take it up. Acknowledge it first; more time can be asked for afterwards."


class NotLater(Refusal):
    """More time is later than before."""

    says = "The new date must lie ahead and after the present one."


class ContainmentWaits(Refusal):
    """Containment of grade A never waits longer than a day."""

    says = "Containment of grade A never takes longer than 24 hours. Hold the lots now; ask for help if you need it."


class AskedAlready(Refusal):
    """A request for more time is open."""

    says = "More time was asked for already; a second person has to decide first."


class NotWaiting(Refusal):
    """The request was decided, or its step lies behind."""

    says = "This request for more time is settled already, or its step is done."


class AskedYourself(Refusal):
    """Two persons are needed."""

    says = "You asked for it yourself; somebody else has to decide."


class NotYours(Refusal):
    """Only the one who took a case up, or somebody who approves, gives it back."""

    says = "{number} is in {name}'s hands. Only they, or somebody who approves cases, can give it back."


class NoPartner(Refusal):
    """Nothing is asked of a partner here."""

    says = "Nothing of that kind is asked of a partner in {number}."
