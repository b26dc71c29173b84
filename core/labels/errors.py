"""How the labels room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class CheckDigitWrong(Refusal):
    """The check digit or character does not fit: something was misread or mistyped."""

    says = "The check digit of {code} does not fit, so something in it is wrong. Please scan or type it once more."


class LabelDateImpossible(Refusal):
    """No such day, or a date that is not all digits."""

    says = "“{value}” in field {field} is no date. Please check the label; it may be printed wrong."


class FieldMalformed(Refusal):
    """A field has characters or a length that its scheme does not allow."""

    says = "Field {field} cannot hold “{value}”. Please scan or type the label once more."


class FieldTwice(Refusal):
    """One label, one field, two values."""

    says = "The label says both “{one}” and “{other}” in field {field}. Please check which label belongs to the goods."


class FieldUnknown(Refusal):
    """A field that its scheme does not have; what follows it cannot be read safely."""

    says = "I do not know the field that begins with “{value}”. Please type the lot number that is printed."


class CompressedLink(Refusal):
    """A compressed GS1 Digital Link: it needs a dictionary that changes, and reads as other text without it."""

    says = "This web address holds the label in compressed form, which I do not read. Please type the lot number."


class LinkBroken(Refusal):
    """A GS1 Digital Link whose parts do not follow one another as they must."""

    says = "This web address is not a complete GS1 Digital Link. Please scan another code of the label."


class TooManyReadings(Refusal):
    """Fields run into one another and could be told apart in too many ways."""

    says = (
        "The fields of this code run into one another and I cannot tell them apart. "
        "Please send a photo of the code, or type it with its brackets: (01)…(10)…"
    )


class NotALabel(Refusal):
    """A web address, a contact or another text that no label rule covers."""

    says = "This code says nothing about a lot (“{value}”). Please scan the code beside the lot number."


class AhmNotPublic(Refusal):
    """AHM codes: how lot and dates stand inside is published to the agency's customers only."""

    says = (
        "This looks like an AHM code. How the lot stands inside it is not public, so I do not guess: "
        "please type the lot number that is printed."
    )


class NoCodeFound(Refusal):
    """No code was found in the picture."""

    says = "I find no readable code in this photo. Go closer, avoid glare, or type the lot number."


class PictureTooSlow(Refusal):
    """Looking for codes took longer than it may."""

    says = "This photo took too long to search for codes. Please send one that shows the label only."
