"""How the lots room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class LotUnknown(Refusal):
    """No lot of that number inside what the actor may see."""

    says = "Lot {number} was not found. Please check the number on the label."
    nearest: tuple[str, ...] = ()


class LotUnknownNearest(LotUnknown):
    """No such lot, but numbers that look alike; ``nearest`` holds up to three of them, best first."""

    says = "Lot {number} was not found. Did you mean {names}?"

    def __init__(self, *, number: str, nearest: tuple[str, ...]) -> None:
        """Keep the numbers that look alike, for the sentence and for buttons."""
        super().__init__(number=number, names=" · ".join(nearest))
        self.nearest = nearest


class LotNumberTaken(Refusal):
    """The plant already has a lot of that number, or one list names it twice."""

    says = "Lot {number} is recorded already. Please give the new lot another number."


class LotOnHold(Refusal):
    """A held lot may neither go into another lot nor leave for another organisation."""

    says = "Lot {number} is on hold. It cannot be used or shipped until the hold is decided."


class LotScrapped(Refusal):
    """A scrapped lot does not exist any more."""

    says = "Lot {number} is scrapped and cannot be used or shipped any more."


class LinkToItself(Refusal):
    """A lot cannot be its own input."""

    says = "Lot {number} cannot go into itself. Please check both lot numbers."


class HoldNeedsLots(Refusal):
    """Nothing was named that could be held."""

    says = "Please choose at least one lot to put on hold."


class HoldStatusNotRecorded(Refusal):
    """A lot becomes held only by placing a hold, never by an import."""

    says = "Lot {number} cannot be brought in as held. Record it first, then put it on hold for its case."


class AlreadyDecided(Refusal):
    """The hold has its decision; a new doubt needs a new hold."""

    says = "The hold on lot {number} is decided already. If there is new doubt, put the lot on hold again."


class PlacerDecides(Refusal):
    """Four eyes: whoever placed the hold does not decide it."""

    says = "You put lot {number} on hold yourself; another person has to decide it."


class OneCaseAtATime(Refusal):
    """Holds that are decided together belong to one case."""

    says = "These holds belong to different cases. Please decide them case by case."
