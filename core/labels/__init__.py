"""Labels: what the text of a code says. Device identifier, lot, serial number and dates, or why it says nothing.

The room keeps nothing and knows no database: ``read`` turns one code's text into readings, ``join`` puts the codes
of one label together. What can be read in several ways comes back as several readings; what is broken is refused.
"""

from __future__ import annotations

from core.labels.check_digits import digits_hold
from core.labels.errors import (
    AhmNotPublic,
    CheckDigitWrong,
    CompressedLink,
    FieldMalformed,
    FieldTwice,
    FieldUnknown,
    LabelDateImpossible,
    LinkBroken,
    NoCodeFound,
    NotALabel,
    PictureTooSlow,
    TooManyReadings,
)
from core.labels.joining import complement, join, labels_of
from core.labels.ports import CodeReader
from core.labels.reading import may_be, read
from core.labels.terms import Carrier, LabelDate, LabelFacts, Scheme

__all__ = [
    "AhmNotPublic",
    "Carrier",
    "CheckDigitWrong",
    "CodeReader",
    "CompressedLink",
    "FieldMalformed",
    "FieldTwice",
    "FieldUnknown",
    "LabelDate",
    "LabelDateImpossible",
    "LabelFacts",
    "LinkBroken",
    "NoCodeFound",
    "NotALabel",
    "PictureTooSlow",
    "Scheme",
    "TooManyReadings",
    "complement",
    "digits_hold",
    "join",
    "labels_of",
    "may_be",
    "read",
]
