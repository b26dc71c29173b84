"""How the exchange room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class NothingAsked(Refusal):
    """Neither a case nor a period was named."""

    says = "Please say what to export: a case number, or the first and the last day of a period."


class DatesReversed(Refusal):
    """The period ends before it begins."""

    says = "The period ends ({until}) before it begins ({since}). Please swap the two dates."


class NothingThere(Refusal):
    """No case was reported in the period."""

    says = "No case was reported from {since} to {until}. Please choose another period."


class TooManyCases(Refusal):
    """More cases than one bundle takes."""

    says = "That is more than {most} cases. Please export a shorter period, several times if need be."


class TooLarge(Refusal):
    """The files together would pass what one container can hold."""

    says = "This export would be larger than {limit} GB. Please choose fewer cases."


class StillSealing(Refusal):
    """Entries are being written faster than they were sealed just now."""

    says = "The newest entries are still being sealed. Please try again in a few seconds."


class NotAsRecorded(Refusal):
    """A record of the case is not in the state that the ledger recorded last."""

    says = (
        "{case}: record {record} is not as the ledger recorded it, so nothing was exported. "
        "Please run “bihuan ledger verify” and tell your administrator."
    )
