"""MA (IDcode) labels, one of NMPA's three agencies: ``MA.156.M0.100143.03003001.L2511.E280630``. Pure.

Public: the parts of the device identifier and the letters of the fields (handbook of the agency). Not public: how
the last character of the product code is computed, so a misread one is found only where no product has it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from core.labels import dates
from core.labels.errors import FieldMalformed, FieldTwice, FieldUnknown
from core.labels.terms import LabelDate, LabelFacts, Scheme

_DEVICE = re.compile(r"MA\.[0-9]{3}\.M0\.[0-9A-Z]{6}\.[0-9A-Z]{8}")
_VALUE = re.compile(r"[0-9A-Za-z_\-/]{1,30}")
_NAMES: Final = {"L": "lot", "S": "serial", "M": "made", "D": "sterilisation", "V": "valid", "E": "expires"}
_SHORT: Final = 6


def read(text: str, today: dt.date) -> LabelFacts:
    """Read an MA text.

    Raises:
        FieldMalformed, FieldUnknown, FieldTwice, LabelDateImpossible: why it cannot be read.
    """
    match = _DEVICE.match(text)
    if match is None or text[match.end() : match.end() + 1] not in ("", "."):
        raise FieldMalformed(field="MA", value=text[:40])
    values: dict[str, str] = {}
    fields = [("MA", match[0])]
    for part in text[match.end() + 1 :].split(".") if match.end() < len(text) else []:
        letter, value = part[:1], part[1:]
        if letter not in _NAMES:
            raise FieldUnknown(value=f".{part[:10]}")
        if _VALUE.fullmatch(value) is None:
            raise FieldMalformed(field=f".{letter}", value=value[:40])
        if values.setdefault(letter, value) != value:
            raise FieldTwice(field=f".{letter}", one=values[letter], other=value)
        fields.append((f".{letter}", value))
    days = {letter: _day(f".{letter}", values[letter], today) for letter in "MVE" if letter in values}
    return LabelFacts(
        scheme=Scheme.MA,
        device=match[0],
        lot=values.get("L", ""),
        serial=values.get("S", ""),
        sterilisation_lot=values.get("D", ""),
        made_on=days.get("M"),
        expires_on=days.get("E") or days.get("V"),
        fields=tuple(fields),
    )


def _day(field: str, value: str, today: dt.date) -> LabelDate:
    return dates.yymmdd(field, value, today) if len(value) == _SHORT else dates.yyyymmdd(field, value)
