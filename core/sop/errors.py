"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class UnknownCategory(Refusal):
    """No such kind of anomaly."""

    says = "There is no category {code}. Please choose one of those offered."


class FieldMissing(Refusal):
    """A required field has no answer."""

    says = "“{field}” is required."


class FieldUnknown(Refusal):
    """The template has no such field."""

    says = "This form has no field “{field}”."


class NotAnOption(Refusal):
    """The answer is none of the options."""

    says = "“{field}”: please choose one of the options."


class NotText(Refusal):
    """The answer is not text, or longer than the field."""

    says = "“{field}”: please give a text of at most {limit} characters."


class FutureMoment(Refusal):
    """A finding cannot lie ahead."""

    says = "“{field}” lies in the future. Please give when it really happened."


class NotInstant(Refusal):
    """The answer is no instant with a zone."""

    says = "“{field}” is not a date and time with a time zone."


class BadAnswer(Refusal):
    """The answer breaks the field's range or pattern."""

    says = "“{field}” is not valid: {why}"


class TemplateBroken(Refusal):
    """A template must ask who, when, where, how, and hold no duplicate keys."""

    says = "This template cannot be published: {why}"
