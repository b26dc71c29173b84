"""How the sensors room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class CodeTaken(Refusal):
    """Two sensors of a plant never share a code."""

    says = "A sensor {code} is known already. Please choose another code."


class TopicTaken(Refusal):
    """What comes under one topic is of one sensor."""

    says = "Topic {topic} belongs to another sensor. Please choose another topic."


class TopicMalformed(Refusal):
    """A topic with wildcards, control characters, or one that brokers keep for themselves."""

    says = "“{topic}” cannot be a sensor's topic: no +, # or leading $, at most 200 characters."


class UnitUnknown(Refusal):
    """A unit that does not go with what is measured."""

    says = "“{unit}” is no unit of {kind}. Please choose one of {units}."


class IntervalMalformed(Refusal):
    """Nothing is expected more often than every second or less often than once a day."""

    says = "The interval must be between one second and one day."


class NothingWatched(Refusal):
    """A rule without any limit."""

    says = "This rule watches for nothing. Please set at least one limit."


class LimitsCrossed(Refusal):
    """A lower limit above an upper one, or a warning beyond its alarm."""

    says = "The limits cross: low alarm ≤ low warning < high warning ≤ high alarm."


class HysteresisMalformed(Refusal):
    """A hysteresis below zero, or wider than the limits are apart."""

    says = "The hysteresis must be zero or more, and narrower than the limits are apart."


class SpanMalformed(Refusal):
    """A delay, window or number of intervals out of bounds."""

    says = "“{field}” is out of bounds: delays up to 24 hours, windows from 1 hour to 31 days, up to 1000 intervals."


class MktWantsCelsius(Refusal):
    """Mean kinetic temperature of something that is no temperature in °C."""

    says = "A mean kinetic temperature can be watched for only where a sensor measures in °C."


class RuleInThePast(Refusal):
    """A version that would change what held before."""

    says = "A rule cannot begin before now or before the version before it."


class StandingEnded(Refusal):
    """Nothing stands there any more, or its end lies before its beginning."""

    says = "This has ended already, or its end would lie before its beginning."


class OneOf(Refusal):
    """A lot or a stage, not both and not neither."""

    says = "Please name a lot or a stage of an order, one of the two."


class ReadingUnfit(Refusal):
    """A value that the sensor cannot have measured: of another unit, or none that there is."""

    says = "Sensor {sensor} measures in {unit}; “{text}” cannot be its value. Please send what it measured, unconverted."


class ReadingOld(Refusal):
    """A reading of so long ago that no alarm is found anew for it."""

    says = "This is more than {days} days ago. Please send it as a logger's record (template “series”)."


class ReadingAhead(Refusal):
    """A reading from the future: its clock was wrong."""

    says = "This time is still to come. Please check the clock and the time zone."


class SensorOut(Refusal):
    """A sensor that takes no readings any more."""

    says = "Sensor {sensor} is out of use. Please put it in use on its page first."
