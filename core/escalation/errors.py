"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class LadderBroken(Refusal):
    """The steps of a policy do not climb."""

    says = "An escalation ladder starts at tier 1 at once, and every further tier waits at least a minute."
