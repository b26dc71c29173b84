"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class LadderBroken(Refusal):
    """The steps of a policy do not climb."""

    says = (
        "An escalation ladder starts at tier 1 at once and climbs to tier 4 at most; "
        "every further tier waits from one minute to 30 days."
    )


class NeedsReason(Refusal):
    """A new ladder says why it is needed."""

    says = "Please give the reason; it goes on the record."


class NoAlert(Refusal):
    """No alert sounds for the case."""

    says = "No alert sounds for {number} any more."


class NeverGradeA(Refusal):
    """A critical alert is not put off."""

    says = (
        "{number} is grade A: a critical alert is never put off, because every minute may reach a patient. "
        "Acknowledge it, hand it over or ask for help."
    )


class PutOffOften(Refusal):
    """The alert was put off as often as it may be."""

    says = "{number} was put off {n} times already. Acknowledge it, hand it over or ask for help."


class AckedAlready(Refusal):
    """The person has acknowledged this alert."""

    says = "You have acknowledged {number} already."


class TermsBroken(Refusal):
    """Acknowledgements that nobody could give."""

    says = (
        "Only tiers of the ladder can be asked to acknowledge, 1 to 5 people in all, and an acknowledgement "
        "expires after 15 minutes to 30 days, or never."
    )
