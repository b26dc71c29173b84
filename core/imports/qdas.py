"""Measured values in the Q-DAS ASCII transfer format (AQDEF): .dfq, or .dfd and .dfx (ZIP, or one after the other).

K1xxx fields say of which part, K2xxx of which characteristic (number after the slash; 0: of all), then come values: as
fields (K0001/1 …) or as lines, where characteristics are parted by ASCII 15, the fields of a value by ASCII 20: value,
attribute, date/time, events, batch, nest, operator, machine, process parameter, gage.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from core.imports import figures
from core.imports.document_errors import FieldTwice, FigureUnclear, FindingsMany, LineUnclear, PlaceUnknown
from core.imports.documents import Bringer, Opened, Taken, refused
from core.imports.documents import Form as Written
from core.imports.drafts import MOST_FINDINGS, MOST_VALUES, Draft, Drafts, report, written
from core.imports.models import ImportRun
from core.imports.terms import Fault
from core.inspections import Bound, Form, NewFinding, Single
from core.kit import Actor
from core.kit.provenance import Flag, Source
from core.kit.refusal import Refusal

_FIELD: Final = re.compile(r"K([0-9]{4})(?:/([0-9]{0,6})(?:/[0-9]{0,9})?)?(?:[ \t]+(.*))?", re.DOTALL)
_LINES: Final = re.compile(r"\r\n|\n|\r")
_OF_VALUE: Final = ("0001", "0002", "0004", "0005", "0006", "0007", "0008", "0010", "0011", "0012")
_COUNTED: Final = ("0020", "0021", "", *_OF_VALUE[1:])
"""Of attributive characteristics: sample size, faults, then as above."""
_COUNTS: Final = frozenset({"1", "5", "6"})
_BETWEEN, _WITHIN = "\x0f", "\x14"
_INVALID: Final = 255
"""Attribute from which on a value is deleted or missing."""
_TIME: Final = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?:/(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)
_CENTURY: Final = 100
_SHOWN: Final = 40


@dataclass
class _Measured:
    """One value with what stands beside it."""

    fields: dict[str, str]
    line: int


@dataclass
class _Block:
    """A data set: fields of parts and characteristics, and values by characteristic."""

    count: int = 0
    part: int = 1
    parts: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    characteristics: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    owner: dict[int, int] = field(default_factory=dict)
    values: dict[int, list[_Measured]] = field(default_factory=lambda: defaultdict(list))

    def of(self, place: int, key: str) -> str:
        """Answer a field of a characteristic, or the one that stands for all."""
        return self.characteristics[place].get(key) or self.characteristics[0].get(key, "")

    def of_part(self, place: int, key: str) -> str:
        """Answer a field of a characteristic's part, or the one that stands for all."""
        return self.parts[self.owner.get(place, 1)].get(key) or self.parts[0].get(key, "")


def fits(opened: Opened) -> bool:
    """Whether it is a file of K-fields."""
    return opened.form is Written.KFIELDS


def read(opened: Opened) -> Drafts:
    """Read all data sets of a file: a report for each batch that values are of."""
    drafts = Drafts()
    blocks: list[_Block] = [_Block()]
    total = 0
    for number, line in enumerate(_LINES.split(opened.text.removeprefix("\ufeff")), 1):
        if not line.strip(" \t\x1a"):
            continue
        try:
            total += _line(line, number, blocks)
        except Refusal as why:
            drafts.faults.append(refused("", why, number))
            if len(drafts.faults) >= _SHOWN:
                return drafts
        if total > MOST_VALUES:
            raise FindingsMany(most=MOST_VALUES)
    for block in blocks:
        if len(block.values) > MOST_FINDINGS:
            raise FindingsMany(most=MOST_FINDINGS)
        _reports(block, drafts)
    return drafts


def _line(line: str, number: int, blocks: list[_Block]) -> int:
    """Take a line in; answers how many values it has."""
    block = blocks[-1]
    found = _FIELD.fullmatch(line)
    if found is None:
        return _values(line, number, block)
    key, place, said = found[1], int(found[2] or 0), (found[3] or "").strip()
    if key == "0100":
        if block.count and block.values:
            blocks.append(_Block())
            block = blocks[-1]
        block.count = _whole(said)
    elif key.startswith("1"):
        block.part = place or (1 if block.part == 0 else block.part)
        _keep(block.parts[place or (1 if found[2] is None else 0)], key, said)
    elif key.startswith("2"):
        at = place if found[2] is not None else 1
        block.owner.setdefault(at, block.part)
        _keep(block.characteristics[at], key, said)
    elif key in ("0001", "0020"):
        at = place or 1
        _known(block, at)
        block.values[at].append(_Measured({key: said}, number))
        return 1
    elif key.startswith("00"):
        _beside(block, key, place, said)
    return 0


def _keep(into: dict[str, str], key: str, said: str) -> None:
    if said and into.get(key, said) != said:
        raise FieldTwice(key=f"K{key}")
    if said:
        into[key] = said


def _beside(block: _Block, key: str, place: int, said: str) -> None:
    """A field of the last value of a characteristic; 0: of the last values of all."""
    for at in [place] if place else list(block.values):
        if block.values.get(at):
            block.values[at][-1].fields[key] = said


def _values(line: str, number: int, block: _Block) -> int:
    """A line of values: one portion for each characteristic."""
    if not line.strip().startswith(tuple("+-0123456789.,\x0f\x14")):
        raise LineUnclear(text=line[:_SHOWN])
    count = 0
    for at, portion in enumerate(line.split(_BETWEEN), 1):
        if not portion.strip():
            continue
        _known(block, at)
        counted = block.of(at, "2004") in _COUNTS
        names = _COUNTED if counted else _OF_VALUE
        given = [one.strip() for one in portion.split(_WITHIN)]
        fields = {name: said for name, said in zip(names, given, strict=False) if name and said}
        block.values[at].append(_Measured(fields, number))
        count += 1
    return count


def _known(block: _Block, at: int) -> None:
    if not 1 <= at <= max(block.count, 1):
        raise PlaceUnknown(count=block.count, place=at)


def _whole(said: str) -> int:
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:6]) <= MOST_FINDINGS:
        raise FigureUnclear(text=said[:_SHOWN])
    return int(said[:6])


def _reports(block: _Block, drafts: Drafts) -> None:
    of_batch: dict[str, dict[int, list[_Measured]]] = defaultdict(lambda: defaultdict(list))
    for at, measured in block.values.items():
        for one in measured:
            of_batch[one.fields.get("0006", "").lstrip("#").strip()][at].append(one)
    for batch, values in of_batch.items():
        found = []
        times: list[dt.datetime] = []
        for at, measured in values.items():
            made = drafts.read(f"K2002/{at}", _finding, block, at, measured, times, drafts.faults)
            if made is not None:
                found.append(made)
        place = min(values)
        every = [one for measured in values.values() for one in measured]
        drafts.found.append(
            Draft(
                numbers=((batch,),),
                where="K0006",
                report=report(
                    Form.QDAS,
                    number=_named(block.of_part(place, "1341"), block.of_part(place, "1001")) or "–",
                    standard="AQDEF",
                    issuer=_named(block.of_part(place, "1022"), block.of_part(place, "1201")),
                    product=_named(block.of_part(place, "1001"), block.of_part(place, "1002")),
                    issued_on=max(times).date() if times else None,
                    measured_at=max(times, default=None),
                    instrument=_named(block.of(place, "2401"), block.of(place, "2402"))
                    or _each(every, "0012")
                    or _each(every, "0010"),
                    analyst=_each(every, "0008"),
                    findings=tuple(found),
                ),
            )
        )


def _finding(
    block: _Block, at: int, measured: list[_Measured], times: list[dt.datetime], faults: list[Fault]
) -> NewFinding:
    key = "0021" if block.of(at, "2004") in _COUNTS else "0001"
    singles: list[Single] = []
    flags: set[Flag] = set()
    for one in measured:
        try:
            made = _single(one, key, times)
        except Refusal as why:
            faults.append(refused(f"K{key}/{at}", why, one.line))
            continue
        flags.add(Flag.GAPS) if made is None else singles.append(made)
    if times:
        flags.add(Flag.CLOCK)
    nominal, low, high = (_optional(block.of(at, key)) for key in ("2101", "2110", "2111"))
    low = _allowed(low, nominal, block.of(at, "2112"))
    high = _allowed(high, nominal, block.of(at, "2113"))
    least, most = _optional(block.of(at, "2130")), _optional(block.of(at, "2131"))
    if any(
        (least is not None and one.value < least) or (most is not None and one.value > most)
        for one in singles
    ):
        flags.add(Flag.IMPLAUSIBLE)
    single = len(singles) == 1
    return NewFinding(
        code=block.of(at, "2001"),
        name=block.of(at, "2002") or block.of(at, "2001") or f"K2001/{at}",
        method=block.of_part(at, "1341"),
        unit=block.of(at, "2142") or block.of(at, "2141"),
        value=singles[0].value if single else None,
        text="" if singles else "–",
        lower=None if low is None else Bound(low),
        upper=None if high is None else Bound(high),
        nominal=nominal,
        singles=() if single else tuple(singles),
        flags=tuple(sorted(flags)),
        place=f"K0001/{at}",
    )


def _single(one: _Measured, key: str, times: list[dt.datetime]) -> Single | None:
    """Read a value with its time and piece; None for one that is deleted or missing."""
    if _attribute(one) >= _INVALID or not one.fields.get(key):
        return None
    value = _number(one.fields[key])
    when = one.fields.get("0004", "")
    moment = _moment(when) if when else None
    if moment is not None:
        times.append(moment.replace(tzinfo=_ZONE).astimezone(dt.UTC))
    piece = _named(one.fields.get("0014", ""), one.fields.get("0007", "").lstrip("#"))
    return Single(value, "" if moment is None else moment.isoformat(), piece[:60])


_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""The format knows no zone: times are taken for the plant's country and flagged."""


def _allowed(limit: Decimal | None, nominal: Decimal | None, allowance: str) -> Decimal | None:
    """A limit, or the nominal value with its allowance."""
    if limit is not None or nominal is None or not allowance:
        return limit
    return nominal + _number(allowance)


def _optional(said: str) -> Decimal | None:
    return _number(said) if said else None


def _number(said: str) -> Decimal:
    """A figure; the format writes decimals with point or comma and never parts thousands."""
    return figures.plain(said.replace(",", ".") if said.count(",") == 1 and "." not in said else said)


def _attribute(one: _Measured) -> int:
    said = one.fields.get("0002", "") or "0"
    if not said.isascii() or not said.isdigit():
        raise FigureUnclear(text=said[:_SHOWN])
    return int(said[:6])


def _moment(said: str) -> dt.datetime:
    read = _TIME.fullmatch(said)
    if read is None:
        raise FigureUnclear(text=said[:_SHOWN])
    day, month, year, hour, minute, second = (int(one or 0) for one in read.groups())
    try:
        return dt.datetime(  # noqa: DTZ001  its zone is nowhere written
            year + 2000 if year < _CENTURY else year, month, day, hour, minute, second
        )
    except ValueError:
        raise FigureUnclear(text=said[:_SHOWN]) from None


def _named(*words: str) -> str:
    return " ".join(one for one in words if one)


def _each(measured: list[_Measured], key: str) -> str:
    found: Iterator[str] = (one.fields.get(key, "").lstrip("#") for one in measured)
    return ", ".join(dict.fromkeys(one for one in found if one))


async def _bring(actor: Actor, opened: Opened, run: ImportRun) -> Taken:
    return await written(actor, read(opened), run, Source.INSTRUMENT)


BRING: Final[Bringer] = _bring
