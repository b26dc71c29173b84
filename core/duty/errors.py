"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class RotationBroken(Refusal):
    """A rotation needs people and a tier."""

    says = "A rotation needs 1 to 60 people and a tier from 1 to 4."


class CannotServe(Refusal):
    """Only people of the plant who work on cases can be on duty."""

    says = "Only people who work on cases can be on duty. Please choose somebody else."


class PeriodBroken(Refusal):
    """The stretch of time is none."""

    says = "Please give an end that lies ahead, after the beginning and within a year."


class OwnDeputy(Refusal):
    """Nobody stands in for themselves."""

    says = "You cannot be your own deputy. Please choose somebody else."


class NotYourTurn(Refusal):
    """The turn belongs to somebody else by now."""

    says = "That turn is not yours. Send /duty to see your turns."


class TurnBegan(Refusal):
    """A turn that runs is not swapped."""

    says = "That turn has begun already. Ask for help on the alert, or let an administrator put somebody in."


class SwapWithSelf(Refusal):
    """A swap needs two."""

    says = "A swap needs somebody else."


class NotAsked(Refusal):
    """Somebody else was asked."""

    says = "This swap was not asked of you."


class SwapOver(Refusal):
    """The swap was answered or withdrawn."""

    says = "This swap is settled already."


class SwapExpired(Refusal):
    """Nobody answered in time."""

    says = "This swap has expired: nobody answered in time, so the plan stays as it was."


class PlanMoved(Refusal):
    """One of the two turns is no longer held by the person who gives it."""

    says = "The plan has changed since the swap was asked for. Please ask again."


class AwayAlready(Refusal):
    """An absence overlaps another."""

    says = "An absence is noted for that time already. End it first: with /here in the chat, or on the duty page."
