"""How the conditions room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class NoReadings(Refusal):
    """Nothing was measured."""

    says = "Please send at least one value."


class ReadingTwice(Refusal):
    """One run has one value of a parameter."""

    says = "Parameter {name} stands in the list twice. Please keep one value."


class UnitWanted(Refusal):
    """A value without a unit, of a parameter that nobody specified."""

    says = "Nothing is specified for {name} at this time. Please send its unit with the value."


class BeforeLoggers(Refusal):
    """A clock that was never set, or an offset taken for a year."""

    says = (
        "These values are older than any logger's by their time. Please check the date of the device's clock."
    )


class FromTheFuture(Refusal):
    """A measurement that has not been made yet."""

    says = "These values lie in the future by their time. Please check date and time zone."


class NoSamples(Refusal):
    """An empty series."""

    says = "The logger's record holds no samples. Please export it again."


class TooManySamples(Refusal):
    """A series that no logger fills in one journey."""

    says = "The record holds {count} samples; {most} are the most. Please split it by days."


class IntervalMalformed(Refusal):
    """An interval of nothing or of more than a day."""

    says = "The interval must be between one second and one day. Please check the logger's settings."


class Unbound(Refusal):
    """A series of nothing."""

    says = "Please say what the logger was with: a lot, a stage of an order, or a transport."


class Implausible(Refusal):
    """A temperature or humidity that no logger can measure."""

    says = "“{value}” cannot be a {measured}. Please check the unit of the logger's record."
