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


class ImportChanged(Refusal):
    """Rows of an import are not as they came in: they are the plant's own by now."""

    says = "Rows of import {number} were changed since. It cannot be undone; correct them one by one."


class ImportInUse(Refusal):
    """Something else refers to what an import brought in."""

    says = (
        "Lot {lot} of import {number} is used by another record. Undo or void that first, then this import."
    )


class AlreadyDecided(Refusal):
    """The hold has its decision; a new doubt needs a new hold."""

    says = "The hold on lot {number} is decided already. If there is new doubt, put the lot on hold again."


class PlacerDecides(Refusal):
    """Four eyes: whoever placed the hold does not decide it."""

    says = "You put lot {number} on hold yourself; another person has to decide it."


class OneCaseAtATime(Refusal):
    """Holds that are decided together belong to one case."""

    says = "These holds belong to different cases. Please decide them case by case."


class TooMuchTaken(Refusal):
    """More is asked of a lot than is left of it: quantity does not come from nothing."""

    says = "Only {left} {unit} of lot {number} are left; {asked} {unit} cannot be taken."


class NothingLeft(Refusal):
    """All of the lot went elsewhere already."""

    says = "Nothing is left of lot {number}; all of it went into other lots."


class NotConserved(Refusal):
    """What comes out is not what went in; what is lost must be named."""

    says = "{taken} {unit} go in and {made} {unit} come out. Please name the difference as scrap."


class TooFewParts(Refusal):
    """An operation without what it needs."""

    says = "Please name at least one lot that goes in and one that comes out."


class LotTwice(Refusal):
    """An operation names a lot twice."""

    says = "Lot {number} is named twice. Please keep one line with the whole quantity."


class DifferentProducts(Refusal):
    """Lots of different products are not merged."""

    says = "Lots {number} and {other} are of different products and cannot become one lot."


class LotElsewhere(Refusal):
    """A partner works on the lots that it has, not on those that it made or sent back."""

    says = "Lot {number} is not at your organisation. Only who has a lot records what is done to it."


class LotAway(Refusal):
    """A shipped lot is not here to be worked on."""

    says = "Lot {number} is on its way or with a customer. Record its arrival first."


class LotQuarantined(Refusal):
    """A quarantined lot waits for an inspection."""

    says = "Lot {number} is in quarantine. It cannot be used or shipped before somebody takes it out."


class LotNotReleased(Refusal):
    """Only released lots go to customers."""

    says = "Lot {number} is not released. Only released lots go to customers."


class LotExpired(Refusal):
    """The expiry date has passed."""

    says = "Lot {number} expired on {date} and cannot be used or shipped any more."


class NotFromThere(Refusal):
    """The state table has no such step."""

    says = "Lot {number} is “{status}”; this step does not lead from there."


class WouldLoop(Refusal):
    """A lot would go into something that it was made from."""

    says = "Lot {number} was itself made from {other}; it cannot go into it."


class BomNotMet(Refusal):
    """Less went in than the bill of materials asks for."""

    says = (
        "By the bill of materials (version {version}) it takes {needed} {unit} of {component}, not {taken}."
    )


class NotInBom(Refusal):
    """Something went in that the bill of materials does not know."""

    says = "{component} is not in the bill of materials (version {version}) of {product}."


class SerialTaken(Refusal):
    """A serial number of a product is given once."""

    says = "Serial number {number} exists already for this product. Please check the label."


class TooManySerials(Refusal):
    """A lot has no more serial numbers than pieces."""

    says = "Lot {number} has {most} pieces; {count} serial numbers are too many."


class RehearsalOver(Refusal):
    """A rehearsal is ended once."""

    says = "Recall rehearsal {number} is ended already."


class LocatedBeyond(Refusal):
    """More lots located than the rehearsal reached, or no count at all."""

    says = "Please give a whole number from 0 to {most}."


class NotYourShipment(Refusal):
    """Whoever receives a shipment is its receiver."""

    says = "This shipment goes to another organisation, which records its arrival."


class UsedSince(Refusal):
    """Something was built on what is to be taken back."""

    says = "Lot {number} was used or named by another record since. Take that back first."


class ReceivedAlready(Refusal):
    """A shipment arrives once."""

    says = "The arrival of lot {number} is recorded already."


class ShipElsewhere(Refusal):
    """Where the lot is already, or no receiver at all."""

    says = "Please name one receiver for lot {number}, other than who has it now."


class NotYet(Refusal):
    """A time in the future, or before what it follows."""

    says = "This time is not possible: it lies in the future, or before what it follows. Please check it."


class DeviceUnknown(LotUnknown):
    """The device identifier belongs to no product that the actor has lots of."""

    says = "No product here has the device identifier {code}. Type the lot number, or have the UDI recorded."


class LabelOfOtherProduct(Refusal):
    """The lot exists, but of another product than the label names."""

    says = "The label names {other}, but lot {number} is {product}. Please check the label: one of both is wrong."


class SerialElsewhere(Refusal):
    """The serial number belongs to another lot than the label names."""

    says = "Serial number {serial} does not belong to lot {number}. Please check the label."


class LabelNamesNoLot(Refusal):
    """A label without lot, serial number and device identifier, such as that of a pallet."""

    says = "This label names no lot. Please scan the code beside the lot number."


class SeveralLabels(Refusal):
    """One picture, labels of different lots."""

    says = "This photo shows labels of several lots: {names}. Please take one label at a time."
