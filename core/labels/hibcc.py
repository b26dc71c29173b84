"""HIBC supplier labels: primary code, secondary code, both in one (ANSI/HIBC 2). Pure.

``+ labeler product unit check``   ``+$ lot link check``   ``+$$ date lot link check``
``+ labeler product unit /$$ date lot /S serial /16D made check``
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from core.labels import check_digits, dates
from core.labels.errors import CheckDigitWrong, FieldMalformed, FieldTwice, FieldUnknown
from core.labels.terms import LabelDate, LabelFacts, Scheme

_PRIMARY = re.compile(r"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]")
_NUMBER = re.compile(r"[A-Z0-9.\-]{0,18}")
_MORE = re.compile(r"[A-Z0-9.\-]{1,18}")
_QUANTITY: Final = {"8": 2, "9": 5}
_FORMS: Final = {"2": 6, "3": 6, "4": 8, "5": 5, "6": 7, "7": 0}
"""How many digits follow each date flag; without a flag it is MMYY."""
_JULIAN: Final = 5
_LEAST: Final = 3


def read(text: str, today: dt.date) -> LabelFacts:
    """Read an HIBC text; asterisks of Code 39 around it do not count.

    ``_`` stands for a space where a sum may be one: as the check, and as the link before it.

    Raises:
        CheckDigitWrong, FieldMalformed, FieldUnknown, FieldTwice, LabelDateImpossible: why it cannot be read.
    """
    plain = text.removeprefix("*").removesuffix("*").upper()
    plain = plain[:-2] + plain[-2:].replace("_", " ")
    if len(plain) < _LEAST or any(char not in check_digits.CODE_39 for char in plain):
        raise FieldMalformed(field="HIBC", value=plain[:40])
    body, check = plain[:-1], plain[-1]
    if check_digits.modulo_43(body) != check:
        raise CheckDigitWrong(code=plain[:40])
    body = body[1:]
    first, *rest = body.split("/")
    said = _Said(today)
    if first[:1].isalpha():
        if _PRIMARY.fullmatch(first) is None:
            raise FieldMalformed(field="HIBC", value=first[:40])
        said.put("device", "+", first)
        parts, link = rest, check if not rest else ""
    else:
        link, body = body[-1:], body[:-1]
        parts = body.split("/")
    for place, part in enumerate(parts):
        said.part(part, first=place == 0)
    return said.facts(link)


class _Said:
    """What was read so far; a second value for one thing is refused."""

    def __init__(self, today: dt.date) -> None:
        self._today = today
        self._values: dict[str, str] = {}
        self._days: dict[str, LabelDate] = {}
        self._fields: list[tuple[str, str]] = []

    def put(self, name: str, field: str, value: str) -> None:
        if not value:
            return
        if self._values.setdefault(name, value) != value:
            raise FieldTwice(field=field, one=self._values[name], other=value)
        self._fields.append((field, value))

    def day(self, name: str, field: str, value: str, read: LabelDate) -> None:
        if self._days.setdefault(name, read) != read:
            raise FieldTwice(field=field, one=str(self._days[name]), other=str(read))
        self._fields.append((field, value))

    def part(self, part: str, *, first: bool) -> None:
        """Read one part behind a slash, or the whole of a secondary code."""
        if part.startswith("$$"):
            serial = part.startswith("$$+")
            self._dated(part[3 if serial else 2 :], "serial" if serial else "lot")
        elif part.startswith("$"):
            serial = part.startswith("$+")
            self._number("serial" if serial else "lot", "$+" if serial else "$", part[2 if serial else 1 :])
        elif part.startswith("16D"):
            self.day("made", "16D", part[3:], dates.yyyymmdd("16D", part[3:]))
        elif part.startswith("14D"):
            self.day("expires", "14D", part[3:], dates.yyyymmdd("14D", part[3:]))
        elif part.startswith("S"):
            self._number("serial", "S", part[1:])
        elif re.fullmatch(r"Q[0-9]{1,5}", part):
            self._fields.append(("Q", part[1:]))
        elif first and re.match(r"[0-9]{5}", part):
            self._julian(part[:_JULIAN])
            self._number("lot", "", part[_JULIAN:], may_lack=True)
        else:
            raise FieldUnknown(value=part[:12])

    def _number(self, name: str, field: str, value: str, *, may_lack: bool = False) -> None:
        if (_NUMBER if may_lack else _MORE).fullmatch(value) is None:
            raise FieldMalformed(field=field or "HIBC", value=value[:40])
        self.put(name, field or "lot", value)

    def _julian(self, digits: str) -> None:
        year = dates.full_year(int(digits[:2]), self._today)
        self.day("expires", "YYJJJ", digits, dates.day_of_year("YYJJJ", digits, year, int(digits[2:])))

    def _dated(self, rest: str, name: str) -> None:
        field = "$$+" if name == "serial" else "$$"
        if rest[:1] in _QUANTITY:
            count = rest[1 : 1 + _QUANTITY[rest[0]]]
            if len(count) != _QUANTITY[rest[0]] or not count.isdigit():
                raise FieldMalformed(field=field, value=rest[:40])
            self._fields.append(("Q", count))
            rest = rest[1 + len(count) :]
        flag = rest[:1]
        digits = _FORMS.get(flag)
        if digits is None:
            if flag not in ("0", "1"):
                if rest and self._fields and self._fields[-1][0] == "Q":
                    raise FieldMalformed(field=field, value=rest[:40])
                self._number(name, field, rest, may_lack=not rest)
                return
            value, rest = rest[:4], rest[4:]
            self._expires(field, value, "M")
        else:
            value, rest = rest[1 : 1 + digits], rest[1 + digits :]
            if digits:
                if len(value) != digits:
                    raise FieldMalformed(field=field, value=value)
                self._expires(field, value, flag)
        self._number(name, field, rest, may_lack=True)

    def _expires(self, field: str, value: str, flag: str) -> None:
        if not value.isdigit():
            raise FieldMalformed(field=field, value=value[:40])
        if flag in ("5", "6"):
            if flag == "6":
                _hour(field, value)
            self._julian(value[:_JULIAN])
            return
        if flag == "M":
            if len(value) != 4:  # noqa: PLR2004  MMYY
                raise FieldMalformed(field=field, value=value)
            day = dates.yymmdd(field, f"{value[2:]}{value[:2]}00", self._today)
        else:
            if flag == "4":
                _hour(field, value)
            ordered = f"{value[4:6]}{value[:4]}" if flag == "2" else value[:6]
            day = dates.made(
                field,
                value,
                dates.full_year(int(ordered[:2]), self._today),
                int(ordered[2:4]),
                int(ordered[4:]),
            )
        self.day("expires", field, value, day)

    def facts(self, link: str) -> LabelFacts:
        return LabelFacts(
            scheme=Scheme.HIBCC,
            device=self._values.get("device", ""),
            lot=self._values.get("lot", ""),
            serial=self._values.get("serial", ""),
            made_on=self._days.get("made"),
            expires_on=self._days.get("expires"),
            link=link,
            fields=tuple(self._fields),
        )


def _hour(field: str, value: str) -> None:
    if int(value[-2:]) > 23:  # noqa: PLR2004  the last hour of a day
        raise FieldMalformed(field=field, value=value)
