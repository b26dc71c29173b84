"""Decisions of the inspections room: which methods make sense, and what values are worth against them. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.inspections.errors import (
    CharacteristicTwice,
    CharacteristicUnknown,
    CoverageTooFine,
    JudgementWanted,
    NoCharacteristics,
    NumberWanted,
    SampleOwn,
    SampleSigned,
    UncertaintyMalformed,
    ValueTwice,
)
from core.inspections.report_terms import Bound, Standing
from core.inspections.terms import (
    CharacteristicFacts,
    Judged,
    MethodFacts,
    NewCharacteristic,
    NewValue,
    SampleFacts,
    Verdict,
)
from core.kit import quantity
from core.kit.provenance import Flag
from core.products.policy import convert, limits
from core.products.terms import Factor

_COVERAGE = (Decimal(1), Decimal(4))


def method(characteristics: Sequence[NewCharacteristic]) -> None:
    """Allow a method: characteristics with names of their own, limits in order, uncertainties that are some.

    Raises:
        NoCharacteristics, CharacteristicTwice, LimitsReversed, NoLimits, UncertaintyMalformed: why not.
    """
    if not characteristics:
        raise NoCharacteristics
    for key, times in Counter(one.key for one in characteristics).items():
        if times > 1:
            raise CharacteristicTwice(key=key)
    for one in characteristics:
        if one.unit:
            limits(one.lower, one.target, one.upper)
        _sure(one.uncertainty, one.coverage)


def judge(known: MethodFacts, values: Sequence[NewValue], factors: Iterable[Factor]) -> list[Judged]:
    """Hold each value against its characteristic, converted by declared factors alone.

    Raises:
        CharacteristicUnknown, ValueTwice, NumberWanted, JudgementWanted: a value does not fit the method.
        NoFactor, NotExact, NotAQuantity: its unit or number does not.
    """
    of = {one.key: one for one in known.characteristics}
    declared = list(factors)
    for (key, piece), times in Counter((one.key, one.piece) for one in values).items():
        if key not in of:
            raise CharacteristicUnknown(code=known.code, key=key[:40])
        if times > 1:
            raise ValueTwice(key=key, piece=piece)
    return [_judged(of[one.key], one, declared) for one in values]


_SAME = {"": "=", "=": "=", "≤": "<=", "≥": ">="}


def stands(value: Decimal, operator: str, lower: Bound | None, upper: Bound | None) -> Standing:
    """Say where a value, or a bound of one, stands to limits.

    "< 0.01" is within an upper limit of 0.01 and more; below that nothing is shown, since the true value may be
    anywhere up to 0.01. A lower limit of zero or less is kept by whatever cannot be negative.
    """
    if lower is None and upper is None:
        return Standing.NONE
    found = _SAME.get(operator, operator)
    if found == "=":
        low = lower is None or value > lower.value or (value == lower.value and not lower.open)
        high = upper is None or value < upper.value or (value == upper.value and not upper.open)
        return Standing.WITHIN if low and high else Standing.OUT
    if found in ("<", "<="):
        if lower is not None and (
            value < lower.value or (value == lower.value and (lower.open or found == "<"))
        ):
            return Standing.OUT
        reached = upper is not None and value == upper.value and upper.open and found == "<="
        proven = upper is None or (value <= upper.value and not reached)
        return Standing.WITHIN if proven and (lower is None or lower.value <= 0) else Standing.UNPROVEN
    if upper is not None and (value > upper.value or (value == upper.value and (upper.open or found == ">"))):
        return Standing.OUT
    reached = lower is not None and value == lower.value and lower.open and found == ">="
    proven = lower is None or (value >= lower.value and not reached)
    return Standing.WITHIN if proven and upper is None else Standing.UNPROVEN


def _sure(uncertainty: Decimal | None, coverage: Decimal | None) -> None:
    """Hold an uncertainty and its coverage factor to what is kept exactly; a laboratory's statement is never rounded."""
    if uncertainty is not None and (not uncertainty.is_finite() or quantity.exact(uncertainty) <= 0):
        raise UncertaintyMalformed
    if coverage is None:
        return
    if not coverage.is_finite() or not _COVERAGE[0] <= coverage <= _COVERAGE[1]:
        raise UncertaintyMalformed
    if coverage != round(coverage, 2):
        raise CoverageTooFine(text=str(coverage)[:20])


def _judged(known: CharacteristicFacts, given: NewValue, factors: list[Factor]) -> Judged:
    if not known.measured:
        if given.passed is None or given.value is not None:
            raise JudgementWanted(key=known.key)
        return Judged(characteristic=known, given=given, compared=None, within=given.passed)
    if given.value is None:
        raise NumberWanted(key=known.key)
    _sure(given.uncertainty, given.coverage)
    value = quantity.exact(given.value)
    compared = convert(value, given.unit or known.unit, known.unit, factors)
    return Judged(
        characteristic=known,
        given=given,
        compared=compared,
        within=not stands(compared, given.operator, _bound(known.lower), _bound(known.upper)).bad,
    )


def _bound(limit: Decimal | None) -> Bound | None:
    return None if limit is None else Bound(limit)


def verdict(known: MethodFacts, judged: Iterable[Judged]) -> Verdict:
    """Answer what the values say together: one out of limits decides, a missing characteristic leaves it open."""
    found = list(judged)
    if any(not one.within for one in found):
        return Verdict.NONCONFORMING
    there = {one.characteristic.key for one in found}
    if there != {one.key for one in known.characteristics}:
        return Verdict.INCOMPLETE
    return Verdict.CONFORMING


def doubts(
    said: Verdict, *, claims: bool | None, calibrated_until: dt.date | None, measured_on: dt.date
) -> tuple[Flag, ...]:
    """Answer what is doubtful: a claim that differs from our verdict, an instrument out of calibration, gaps."""
    found = []
    if claims is not None and claims is not (said is Verdict.CONFORMING):
        found.append(Flag.CLAIM)
    if calibrated_until is not None and calibrated_until < measured_on:
        found.append(Flag.UNCALIBRATED)
    if said is Verdict.INCOMPLETE:
        found.append(Flag.GAPS)
    return tuple(found)


def approve(sample: SampleFacts, person_id: int | None) -> None:
    """Allow a sample to be signed by somebody else than who made it, once.

    Raises:
        SampleSigned, SampleOwn: why not.
    """
    if sample.approved_at is not None:
        raise SampleSigned
    if person_id in (None, sample.made_by):
        raise SampleOwn
