"""Decisions on test reports: each value against the document's limits and ours; a claim is not believed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.inspections.errors import LimitsCross, NoFindings
from core.inspections.policy import stands
from core.inspections.report_terms import Bound, JudgedFinding, NewFinding, Standing, written
from core.inspections.terms import CharacteristicFacts, MethodFacts, Verdict
from core.kit.canonical import decimal_text
from core.kit.provenance import Flag
from core.kit.refusal import Refusal
from core.products.policy import convert
from core.products.terms import Factor


def judge(
    findings: Sequence[NewFinding], known: Iterable[MethodFacts], factors: Iterable[Factor]
) -> list[JudgedFinding]:
    """Hold every finding against its own limits, and against those of our method of the same name.

    Raises:
        NoFindings: the document says nothing.
        LimitsCross: a lower limit lies above its upper one.
    """
    if not findings:
        raise NoFindings
    ours = [(method, one) for method in known for one in method.characteristics if one.measured]
    declared = list(factors)
    return [_judged(one, ours, declared) for one in findings]


def _judged(
    given: NewFinding, ours: list[tuple[MethodFacts, CharacteristicFacts]], factors: list[Factor]
) -> JudgedFinding:
    if given.lower and given.upper and given.lower.value > given.upper.value:
        raise LimitsCross(name=given.name[:60])
    values = [one.value for one in given.singles]
    own = _worst(given, given.lower, given.upper)
    flags = [*given.flags]
    if any(mark in given.unit for mark in ("_", "?", "\ufffd")):
        flags.append(Flag.UNIT)
    out = sum(stands(one, "", given.lower, given.upper) is Standing.OUT for one in values)
    against = next((pair for pair in ours if _same(given, *pair)), None)
    if against is None:
        return JudgedFinding(given=given, own=own, ours=Standing.NONE, out=out, flags=tuple(flags))
    method, one = against
    low, high = ("" if limit is None else decimal_text(limit) for limit in (one.lower, one.upper))
    said = written(low, high)
    limits = f"{method.code} {method.version}: {said} {one.unit}".strip()
    try:
        converted = _converted(given, one.unit, factors)
    except Refusal:
        flags.append(Flag.UNIT)
        return JudgedFinding(
            given=given, own=own, ours=Standing.NONE, our_limits=limits, out=out, flags=tuple(flags)
        )
    lower = None if one.lower is None else Bound(one.lower)
    upper = None if one.upper is None else Bound(one.upper)
    by_ours = _worst(converted, lower, upper)
    beyond = sum(stands(each.value, "", lower, upper) is Standing.OUT for each in converted.singles)
    return JudgedFinding(
        given=given, own=own, ours=by_ours, our_limits=limits, out=max(out, beyond), flags=tuple(flags)
    )


def _worst(given: NewFinding, lower: Bound | None, upper: Bound | None) -> Standing:
    if given.failed:
        return Standing.OUT
    if given.unclear and lower is given.lower and upper is given.upper:
        return Standing.UNPROVEN
    found = {stands(one.value, "", lower, upper) for one in given.singles}
    if given.value is not None:
        found.add(stands(given.value, given.operator, lower, upper))
    if not found and (lower is not None or upper is not None):
        return Standing.UNPROVEN
    worse = (Standing.OUT, Standing.UNPROVEN, Standing.WITHIN)
    return next((one for one in worse if one in found), Standing.NONE)


def _converted(given: NewFinding, into: str, factors: list[Factor]) -> NewFinding:
    if given.unit == into:
        return given
    return NewFinding(
        name=given.name,
        unit=into,
        value=None if given.value is None else convert(given.value, given.unit, into, factors),
        operator=given.operator,
        singles=tuple(
            one._replace(value=convert(one.value, given.unit, into, factors)) for one in given.singles
        ),
        failed=given.failed,
    )


def _same(given: NewFinding, method: MethodFacts, one: CharacteristicFacts) -> bool:
    """Whether a finding is of our characteristic: the method's code, and key or name, whatever their case."""
    if plain(given.method) not in (plain(method.code), plain(method.name_en), plain(method.name_zh)):
        return False
    said = {plain(given.name), plain(given.code)} - {""}
    return bool(said & {plain(one.key), plain(one.name_zh), plain(one.name_en)})


def plain(text: str) -> str:
    """Answer a name without what people write differently: case and spaces."""
    return "".join(text.split()).casefold()


def verdict(judged: Iterable[JudgedFinding]) -> Verdict:
    """Answer what the findings say together: one that is not within decides; without any limit nothing is said."""
    found = list(judged)
    if any(one.bad for one in found):
        return Verdict.NONCONFORMING
    if all(one.own is Standing.NONE and one.ours is Standing.NONE for one in found):
        return Verdict.UNLIMITED
    return Verdict.CONFORMING


def doubts(
    said: Verdict, judged: Iterable[JudgedFinding], *, claims: bool | None, twice: bool
) -> tuple[Flag, ...]:
    """Answer what is doubtful: a claim that we do not share, a number that came before, doubts of its findings."""
    found = [flag for one in judged for flag in one.flags]
    if (claims is True and said is Verdict.NONCONFORMING) or (claims is False and said is Verdict.CONFORMING):
        found.append(Flag.CLAIM)
    if twice:
        found.append(Flag.DUPLICATE)
    return tuple(found)
