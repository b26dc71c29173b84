"""GS1 element strings: scanned with FNC1, typed with brackets, or run together without either.

The table of application identifiers is biip's; check digits, dates and what may stand together are judged here.
What was scanned is read in one way only. Text that lost its separators is read in every way that is whole.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from core.labels import check_digits, dates
from core.labels.errors import (
    CheckDigitWrong,
    FieldMalformed,
    FieldTwice,
    FieldUnknown,
    LabelDateImpossible,
    NotALabel,
    TooManyReadings,
)
from core.labels.terms import LabelDate, LabelFacts, Scheme

FNC1: Final = "\x1d"
Elements = tuple[tuple[str, str], ...]
MOST_READINGS: Final = 24
_BRACKET = re.compile(r"\((\d{2,4})\)")
_AFTER_TEXT: Final = ("10", "11", "13", "15", "17", "20", "21", "30", "37", "240", "241")
"""What is looked for inside a field whose end was lost: the identifiers that stand on labels of devices."""
SUMMED: Final = {
    "00": (0, 18), "01": (0, 14), "02": (0, 14), "03": (0, 14), "253": (0, 13), "255": (0, 13), "402": (0, 17),
    **{f"41{last}": (0, 13) for last in range(8)},
    "8003": (1, 14), "8006": (0, 14), "8017": (0, 18), "8018": (0, 18), "8026": (0, 14),
}  # fmt: skip
"""Where in a field's value the digits with a check digit stand."""
PAIRED: Final = ("8013", "8014")
MONTHS: Final = ("11", "12", "13", "15", "16", "17", "4324", "4325")
"""Fields that begin with a date whose day may be 00."""
DAYS: Final = ("7003", "7006", "7007", "7011", "8008", "4326")
_HOURS: Final = ("7003",)
_DATE: Final = 6


def scanned(text: str) -> Elements:
    """Read a text in which every field of variable length ends with FNC1 or with the text.

    Raises:
        FieldUnknown, FieldMalformed: it does not follow the rules.
    """
    found: list[tuple[str, str]] = []
    rest = text.lstrip(FNC1)
    while rest:
        identifier = _identifier(rest)
        if identifier.separator_required:
            segment, _, rest = rest.partition(FNC1)
            found.append(_whole(identifier, segment))
        else:
            match = re.match(identifier.pattern.removesuffix("$"), rest)
            if match is None:
                raise _malformed(identifier, rest)
            found.append((identifier.ai, rest[len(identifier) : match.end()]))
            rest = rest[match.end() :]
        rest = rest.lstrip(FNC1)
    return tuple(found)


def bracketed(text: str) -> Elements:
    """Read ``(01)06901234567892(10)L-1``; brackets inside a value that are no identifier belong to the value.

    Raises:
        FieldUnknown, FieldMalformed: it does not follow the rules.
    """
    marks = [one for one in _BRACKET.finditer(text) if _known(one[1])]
    if not marks or text[: marks[0].start()].strip():
        raise FieldUnknown(value=text[:12])
    ends = [*(one.start() for one in marks[1:]), len(text)]
    return tuple(
        _whole(_identifier(mark[1]), mark[1] + text[mark.end() : end].strip().strip(FNC1))
        for mark, end in zip(marks, ends, strict=True)
    )


def run_together(text: str) -> tuple[Elements, ...]:
    """Read a text whose separators may be lost: every way in which it is whole, no identifier twice.

    Raises:
        FieldUnknown, FieldMalformed: there is no such way.
        TooManyReadings: there are too many to choose from.
    """
    found: list[Elements] = []
    for one in _ways(text.strip(FNC1), ()):
        found.append(one)
        if len(found) > MOST_READINGS:
            raise TooManyReadings
    return tuple(dict.fromkeys(found)) or (scanned(text),)


def _ways(rest: str, before: Elements) -> Iterator[Elements]:
    if not rest:
        yield before
        return
    try:
        identifier = _identifier(rest)
    except FieldUnknown:
        return
    if identifier.ai in dict(before):
        return
    segment = rest.partition(FNC1)[0]
    ends = [len(segment)]
    if identifier.separator_required:
        ends += [
            end for end in range(len(identifier) + 1, len(segment)) if segment[end:].startswith(_AFTER_TEXT)
        ]
    else:
        match = re.match(identifier.pattern.removesuffix("$"), segment)
        ends = [] if match is None else [match.end()]
    for end in ends:
        if re.fullmatch(identifier.pattern, rest[:end]):
            field = (identifier.ai, rest[len(identifier) : end])
            yield from _ways(rest[end:].lstrip(FNC1), (*before, field))


def facts(elements: Elements, today: dt.date) -> LabelFacts:
    """Judge elements and say what they mean.

    Raises:
        CheckDigitWrong, LabelDateImpossible, FieldTwice, NotALabel: what is wrong with them.
    """
    if not elements:
        raise NotALabel(value="")
    values: dict[str, str] = {}
    for field, value in elements:
        if values.setdefault(field, value) != value:
            raise FieldTwice(field=f"({field})", one=values[field], other=value)
        _sum(field, value)
    if "01" in values and "02" in values:
        raise FieldTwice(field="(01) (02)", one=values["01"], other=values["02"])
    days = {field: _date(field, value, today) for field, value in values.items() if field in (*MONTHS, *DAYS)}
    if "17" in days and "7003" in days and days["17"].last != days["7003"].last:
        raise FieldTwice(field="(17) (7003)", one=values["17"], other=values["7003"])
    device = values.get("01") or values.get("03") or values.get("8006", "")[:14] or values.get("02", "")
    return LabelFacts(
        scheme=Scheme.GS1,
        device=device,
        content="02" in values,
        lot=values.get("10", ""),
        serial=values.get("21", ""),
        made_on=days.get("11"),
        expires_on=days.get("17") or days.get("7003"),
        fields=tuple((f"({field})", value) for field, value in values.items()),
    )


def _date(field: str, value: str, today: dt.date) -> LabelDate:
    day = dates.yymmdd(f"({field})", value[:_DATE], today)
    late = field in _HOURS and (int(value[6:8]) > 23 or int(value[8:10]) > 59)  # noqa: PLR2004  a clock's numbers
    if late or (field in DAYS and day.day is None):
        raise LabelDateImpossible(field=f"({field})", value=value[:20])
    return day


def _sum(field: str, value: str) -> None:
    if field in SUMMED:
        start, end = SUMMED[field]
        if not check_digits.digits_hold(value[start:end]):
            raise CheckDigitWrong(code=value[:40])
    elif field in PAIRED and not check_digits.pair_holds(value):
        raise CheckDigitWrong(code=value[:40])


def _known(digits: str) -> bool:
    try:
        return _identifier(digits).ai == digits
    except FieldUnknown:
        return False


def _identifier(text: str) -> GS1ApplicationIdentifier:
    try:
        return GS1ApplicationIdentifier.extract(text)
    except ParseError as unknown:
        raise FieldUnknown(value=text[:4]) from unknown


def _whole(identifier: GS1ApplicationIdentifier, segment: str) -> tuple[str, str]:
    if len(segment) == len(identifier) or re.fullmatch(identifier.pattern, segment) is None:
        raise _malformed(identifier, segment)
    return identifier.ai, segment[len(identifier) :]


def _malformed(identifier: GS1ApplicationIdentifier, segment: str) -> FieldMalformed:
    return FieldMalformed(field=f"({identifier.ai})", value=segment[len(identifier) :][:40])
