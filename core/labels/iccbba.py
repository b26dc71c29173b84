"""ISBT 128 device labels as ICCBBA's UDI format is published by FDA: structures one after the other. Pure.

``=/`` device identifier · ``=,`` serial · ``=`` donation number · ``=>`` expires · ``=}`` made · ``&,1`` lot.
ISBT 128 texts carry no check character of their own; the symbol's error correction is all there is.
"""

from __future__ import annotations

import re
from typing import Final

from core.labels import dates
from core.labels.errors import FieldMalformed, FieldTwice, FieldUnknown
from core.labels.terms import LabelDate, LabelFacts, Scheme

_STRUCTURES: Final = (
    ("=/", re.compile(r"=/([A-Z0-9]{16})"), "device"),
    ("=,", re.compile(r"=,([A-Z0-9]{6})"), "serial"),
    ("=>", re.compile(r"=>([0-9]{6})"), "expires"),
    ("=}", re.compile(r"=\}([0-9]{6})"), "made"),
    ("&,1", re.compile(r"&,1([A-Z0-9]{18})"), "lot"),
    ("=)", re.compile(r"=\)([A-Z0-9]{10})"), "device"),
    ("&)", re.compile(r"&\)([A-Z0-9]{10})"), "lot"),
    ("=", re.compile(r"=([A-NP-Z1-9][A-Z0-9]{14})"), "donation"),
)


def read(text: str) -> LabelFacts:
    """Read the structures of a text.

    Raises:
        FieldUnknown, FieldMalformed, FieldTwice, LabelDateImpossible: why it cannot be read.
    """
    values: dict[str, str] = {}
    fields: list[tuple[str, str]] = []
    rest = text
    while rest:
        mark, pattern, name = next((one for one in _STRUCTURES if rest.startswith(one[0])), ("", None, ""))
        if pattern is None:
            raise FieldUnknown(value=rest[:4])
        match = pattern.match(rest)
        if match is None:
            raise FieldMalformed(field=mark, value=rest[len(mark) :][:20])
        if values.setdefault(name, match[1]) != match[1]:
            raise FieldTwice(field=mark, one=values[name], other=match[1])
        fields.append((mark, match[1]))
        rest = rest[match.end() :]
    serial = values.get("serial", "")
    return LabelFacts(
        scheme=Scheme.ICCBBA,
        device=values.get("device", ""),
        lot=values.get("lot", ""),
        serial="" if serial == "000000" else serial,
        made_on=_day("=}", values.get("made")),
        expires_on=_day("=>", values.get("expires")),
        fields=tuple(fields),
    )


def _day(mark: str, value: str | None) -> LabelDate | None:
    """Read cYYJJJ: the century's last digit, the year in it, the day of the year."""
    if value is None:
        return None
    century = 1900 if value[0] == "9" else 2000 + 100 * int(value[0])
    return dates.day_of_year(mark, value, century + int(value[1:3]), int(value[3:]))
