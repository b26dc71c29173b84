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
