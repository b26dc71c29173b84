"""How documents (certificates, measuring files) say no, each at its path or line."""

from __future__ import annotations

from core.kit.refusal import Refusal


class MemberMissing(Refusal):
    """A member that every document of the kind has."""

    says = "“{name}” is missing. Please ask the sender for a complete document."


class MemberUnknown(Refusal):
    """A member that no document of the kind has."""

    says = "“{name}” does not belong here. Please ask the sender for a document by the published definition."


class NotAText(Refusal):
    """Something else where a text stands."""

    says = "Here must stand a text (in quotation marks)."


class NotANumber(Refusal):
    """Something else where a number stands."""

    says = "Here must stand a number."


class NotAFlag(Refusal):
    """Something else where true or false stands."""

    says = "Here must stand true or false."


class NotAList(Refusal):
    """Something else where a list stands."""

    says = "Here must stand a list."


class NotAnObject(Refusal):
    """Something else where an object stands."""

    says = "Here must stand an object with named members."


class NotShaped(Refusal):
    """A text of a form that does not belong there."""

    says = "“{text}” does not have the form that belongs here."


class TooFew(Refusal):
    """A list that is too short."""

    says = "Here must stand at least {least}."


class TooMany(Refusal):
    """A list that is too long."""

    says = "Here may stand at most {most}."


class FigureUnclear(Refusal):
    """A value that is called a number and is none."""

    says = "“{text}” is not a figure such as 0.15 or <0.01. Please ask the sender for a corrected document."


class LotOfNobody(Refusal):
    """None of the numbers that the document names is a lot of the plant."""

    says = (
        "None of the numbers in the document ({numbers}) is a lot here. "
        "Record the lot first, or name your lot beside the file."
    )


class LotNotSaid(Refusal):
    """The document names no lot."""

    says = "The document names no lot. Please name your lot beside the file."


class LotsMany(Refusal):
    """The document names more lots than one certificate covers."""

    says = "The document names more than {most} lots. Please ask the sender for one document per delivery."


class FindingsMany(Refusal):
    """More results than are taken from one file."""

    says = "The file holds more than {most} results. Please export it in several files."


class ReferenceBroken(Refusal):
    """Something names a part of the document that is not there."""

    says = "“{text}” is named here, but stands nowhere in the document. Please export it again."


class UnitUnknown(Refusal):
    """Values without a unit that is stated anywhere."""

    says = "The document does not say in which unit this was measured. Please export it with its units."


class LineUnclear(Refusal):
    """A line of a K-field file that is neither a field nor values."""

    says = "“{text}” is neither a K-field nor a line of values. Please export the file again."


class FieldTwice(Refusal):
    """A K-field that says two things."""

    says = "{key} stands there twice with different values. Please export the file again."


class PlaceUnknown(Refusal):
    """Values of a characteristic that the file does not define."""

    says = "The file defines {count} characteristics, but has a value for number {place}. Please export it again."
