"""Decisions of the products room: pure, facts in, decision or refusal out."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from core.kit import quantity
from core.kit.canonical import decimal_text, instant_text
from core.products.errors import (
    BomEmpty,
    BomLoops,
    ComponentTwice,
    IdentifierMalformed,
    LimitsReversed,
    NoFactor,
    NoLimits,
    NotExact,
    NotLater,
    ShareOutOfRange,
)
from core.products.terms import Agency, Factor, NewBomLine

_GTIN_LENGTHS = (8, 12, 13, 14)
_PLACES = Decimal("0.000001")
_RULES = {
    Agency.HIBCC: re.compile(r"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,19}"),
    Agency.ICCBBA: re.compile(r"[A-Z0-9]{16}"),
    Agency.MA: re.compile(r"MA\.156\.[A-Z0-9]{1,4}(\.[A-Z0-9]{1,32}){1,4}"),
    Agency.AHM: re.compile(r"[A-Z0-9]{8,40}"),
}


def identifier(agency: Agency, code: str) -> str:
    """Answer a device identifier as it is stored: upper case, a GTIN with fourteen digits and a right check digit.

    Raises:
        IdentifierMalformed: it does not follow the rules of its agency.
    """
    plain = re.sub(r"\s", "", code).upper()
    if agency is Agency.GS1:
        if plain.isascii() and plain.isdigit() and len(plain) in _GTIN_LENGTHS and gtin_holds(plain):
            return plain.zfill(14)
    elif _RULES[agency].fullmatch(plain):
        return plain
    raise IdentifierMalformed(code=code[:60], agency=agency.says)


def gtin_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (GS1 General Specifications, modulo 10)."""
    weighed = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(weighed) % 10 == 0


def convert(amount: Decimal, unit: str, into: str, factors: Iterable[Factor]) -> Decimal:
    """Answer an amount in another unit, by declared factors only; a product's own factor goes before the plant's.

    Raises:
        NoFactor: nobody declared how the units compare.
        NotExact: the result has more decimals than are kept.
    """
    if unit == into:
        return amount
    known = sorted(factors, key=lambda one: one.product_id is None)
    for one in known:
        if (one.unit, one.into) == (unit, into):
            return _exact(amount * one.factor, amount, unit, into)
        if (one.unit, one.into) == (into, unit):
            return _exact(amount / one.factor, amount, unit, into)
    raise NoFactor(unit=unit, into=into)


def _exact(result: Decimal, amount: Decimal, unit: str, into: str) -> Decimal:
    kept = result.quantize(_PLACES)
    if kept != result:
        raise NotExact(amount=decimal_text(amount), unit=unit, into=into)
    return kept


def factor(value: Decimal) -> Decimal:
    """Hold a factor to what can be stored exactly."""
    return quantity.parse(format(value, "f"))


def bom(product: str, lines: Sequence[NewBomLine], inside: Mapping[str, frozenset[str]]) -> None:
    """Allow a bill of materials; ``inside`` says for each known product which components its present one names.

    Raises:
        BomEmpty, ComponentTwice, BomLoops, ShareOutOfRange: why not.
    """
    if not lines:
        raise BomEmpty
    for code, times in Counter(one.component for one in lines).items():
        if times > 1:
            raise ComponentTwice(code=code)
    if any(not 0 <= one.loss < 1 for one in lines):
        raise ShareOutOfRange
    reached: set[str] = set()
    waiting = [one.component for one in lines]
    while waiting:
        code = waiting.pop()
        if code == product:
            raise BomLoops(code=product)
        if code not in reached:
            reached.add(code)
            waiting += inside.get(code, ())


def later(effective_from: dt.datetime, before: dt.datetime | None) -> None:
    """Allow a new version to begin; what held at an earlier time is never changed.

    Raises:
        NotLater: it begins before, or with, the version that it follows.
    """
    if before is not None and effective_from <= before:
        raise NotLater(since=instant_text(before)[:16].replace("T", " ") + " UTC")


def limits(lower: Decimal | None, target: Decimal | None, upper: Decimal | None) -> None:
    """Allow the limits of a parameter or characteristic.

    Raises:
        NoLimits, LimitsReversed: why not.
    """
    given = [one for one in (lower, target, upper) if one is not None]
    if not given:
        raise NoLimits
    if given != sorted(given):
        raise LimitsReversed


def within(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> bool:
    """Whether a value keeps its limits; the limits themselves are inside."""
    return (lower is None or lower <= value) and (upper is None or value <= upper)
