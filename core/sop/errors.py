"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class UnknownCategory(Refusal):
    """No such kind of anomaly."""

    says = "There is no category {code}. Please choose one of those offered."


class FieldMissing(Refusal):
    """A required field has no answer."""

    says = "“{field}” is required. Please answer it."


class FieldUnknown(Refusal):
    """The template has no such field."""

    says = "This form has no field “{field}”. Please leave it out."


class NotAnOption(Refusal):
    """The answer is none of the options."""

    says = "“{field}”: please choose one of the options."


class NotText(Refusal):
    """The answer is not text."""

    says = "“{field}”: please give a text of at most {limit} characters."


class FutureMoment(Refusal):
    """A finding cannot lie ahead."""

    says = "“{field}” lies in the future. Please give when it really happened."


class NotInstant(Refusal):
    """The answer is no instant with a zone."""

    says = "“{field}” is not a date and time with a time zone. Please send it like 2026-11-23T14:30:00+08:00."


class OutOfRange(Refusal):
    """The number lies outside what the template takes."""

    says = "“{field}” must lie between {least} and {most}. Please check it and send it again."


class WrongPattern(Refusal):
    """The text does not have the form that the template asks for."""

    says = "“{field}”: “{text}” does not have the right form. {hint}"


class PhotoCount(Refusal):
    """Too few or too many photos."""

    says = "“{field}” takes {least} to {most} photos; {count} came. Please send them again."


class TemplateBroken(Refusal):
    """A template must ask who, when, where, how, and hold no duplicate keys."""

    says = "This template cannot be published: {why}"
