"""How the orders room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class NoStages(Refusal):
    """An order without a stage."""

    says = "Please plan at least one stage, such as coating or inspection."


class TooManyStages(Refusal):
    """An order that nobody could oversee."""

    says = "An order has {most} stages at most. Please make two orders of it."


class UnknownProcess(Refusal):
    """A process that is not in the list of stages."""

    says = "“{process}” is not in the list of processes. Please choose one that is."


class TimesReversed(Refusal):
    """A stage would end before it begins, or a time lies in the future."""

    says = "These times do not fit: the end lies before the beginning, or the time has not come yet."


class OrderNotThere(Refusal):
    """The order's state does not allow it."""

    says = "Order {number} is “{state}”; this cannot be done now."


class StageNotThere(Refusal):
    """The stage's state does not allow it."""

    says = "Stage {position} of order {number} is “{state}”; this cannot be done now."


class StageBefore(Refusal):
    """Stages begin and end in their order."""

    says = "Stage {before} of order {number} comes first. Please record it before stage {position}."


class NotYourStage(Refusal):
    """A stage belongs to who carries it out."""

    says = "Stage {position} of order {number} is carried out by another organisation, which records it."


class NoLotOut(Refusal):
    """A step that makes something ends with lots."""

    says = "Please record which lots came out of stage {position} of order {number} before finishing it."


class LotHeldBack(Refusal):
    """A held or scrapped lot goes into no stage but an inspection."""

    says = "Lot {number} is “{status}” and cannot go into this stage."


class LotNotHere(Refusal):
    """The lot was neither sent here nor is it here."""

    says = (
        "Lot {number} was not sent here. Please check the number, or ask the sender to record the shipment."
    )


class OnlyTransport(Refusal):
    """Legs belong to a transport stage or a shipment."""

    says = "A transport leg belongs to a transport stage or to a shipment. Please choose one."


class LegNotThere(Refusal):
    """A leg departs once and arrives once, in this order."""

    says = "This departure or arrival is recorded already, or the transport has not departed yet."


class NotYourLeg(Refusal):
    """A leg is recorded by its carrier, by who sends or receives, or by the plant."""

    says = "This transport is carried out by another organisation, which records it."


class SameParty(Refusal):
    """A handover has two parties."""

    says = "A handover has two parties. Please name another one."


class NotYourHandover(Refusal):
    """A handover is recorded by one of its parties and confirmed by the other."""

    says = "This handover is confirmed by the other party, not by the one who recorded it."


class HandoverConfirmed(Refusal):
    """A handover is confirmed once."""

    says = "This handover is confirmed already; nothing needs to be done."
