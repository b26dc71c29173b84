"""What a logger's samples mean: order, gaps, excursions, mean kinetic temperature; and how they are packed. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

from core.conditions.errors import Implausible, IntervalMalformed, NoSamples, TooManySamples
from core.conditions.terms import Excursion, Gap, Limits, Point, Quantity
from core.kit.provenance import Flag

MOST = 500_000
COLDEST, HOTTEST = Decimal(-273), Decimal(1000)
_ACTIVATION = 83.144 / 8.3144e-3
"""Activation energy over the gas constant, in kelvin (USP 1160)."""
_ZERO_C = 273.15
_MILLI = Decimal("0.001")
_NONE = -(2**31)
_ONE = struct.Struct("<Iii")


def series(points: Sequence[Point], interval: dt.timedelta) -> tuple[list[Point], tuple[Flag, ...]]:
    """Bring samples in order of time, each instant once, values in thousandths; says what was doubtful.

    Raises:
        NoSamples, TooManySamples, IntervalMalformed, Implausible: it is no series.
    """
    if not points:
        raise NoSamples
    if len(points) > MOST:
        raise TooManySamples(count=len(points), most=MOST)
    if not dt.timedelta(seconds=1) <= interval <= dt.timedelta(days=1):
        raise IntervalMalformed
    for one in points:
        if not one.temperature.is_finite() or not COLDEST <= one.temperature <= HOTTEST:
            raise Implausible(value=one.temperature, measured=Quantity.TEMPERATURE.says)
        if one.humidity is not None and not (one.humidity.is_finite() and 0 <= one.humidity <= 100):  # noqa: PLR2004
            raise Implausible(value=one.humidity, measured=Quantity.HUMIDITY.says)
    kept: dict[dt.datetime, Point] = {}
    for one in sorted(points, key=lambda point: point.at):
        at = one.at.replace(microsecond=0)
        if at not in kept:
            kept[at] = Point(
                at=at, temperature=_milli(one.temperature), humidity=_milli_or_none(one.humidity)
            )
    found = list(kept.values())
    doubts = [Flag.DUPLICATE] if len(found) != len(points) else []
    if gaps(found, interval):
        doubts.append(Flag.GAPS)
    return found, tuple(doubts)


def _milli(value: Decimal) -> Decimal:
    return value.quantize(_MILLI, ROUND_HALF_EVEN)


def _milli_or_none(value: Decimal | None) -> Decimal | None:
    return None if value is None else _milli(value)


def gaps(points: Sequence[Point], interval: dt.timedelta) -> tuple[Gap, ...]:
    """Answer the stretches without samples longer than twice the interval (reference: L07)."""
    return tuple(
        Gap(begins=before.at, ends=after.at)
        for before, after in pairwise(points)
        if after.at - before.at > 2 * interval
    )


def mkt(temperatures: Sequence[Decimal]) -> Decimal:
    """Answer the mean kinetic temperature in °C to two decimals; freezing is a rule of its own."""
    powers = [_ACTIVATION / (float(one) + _ZERO_C) for one in temperatures]
    warmest = min(powers)  # taken out of the sum: near absolute zero the terms themselves are zero
    rate = math.fsum(math.exp(warmest - one) for one in powers)
    kelvin = _ACTIVATION / (warmest - math.log(rate / len(temperatures)))
    return Decimal(kelvin - _ZERO_C).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def mean(temperatures: Sequence[Decimal]) -> Decimal:
    """Answer the plain mean, in thousandths."""
    return _milli(sum(temperatures, Decimal(0)) / len(temperatures))


def excursions(points: Sequence[Point], limits: Limits, interval: dt.timedelta) -> tuple[Excursion, ...]:
    """Answer every stretch out of limits, from crossing to crossing; a gap ends it, nobody knows what was in it."""
    found = [
        one
        for quantity in Quantity
        for above, limit in zip((False, True), limits.of(quantity), strict=True)
        if limit is not None
        for one in _beyond(_values(points, quantity), limit, quantity, above=above, patience=2 * interval)
    ]
    return tuple(sorted(found, key=lambda one: (one.begins, one.quantity)))


def _values(points: Sequence[Point], quantity: Quantity) -> list[tuple[dt.datetime, Decimal]]:
    if quantity is Quantity.TEMPERATURE:
        return [(one.at, one.temperature) for one in points]
    return [(one.at, one.humidity) for one in points if one.humidity is not None]


def _beyond(
    values: Sequence[tuple[dt.datetime, Decimal]],
    limit: Decimal,
    quantity: Quantity,
    *,
    above: bool,
    patience: dt.timedelta,
) -> Iterator[Excursion]:
    sign = 1 if above else -1
    stretch: list[tuple[dt.datetime, Decimal]] = []
    worst = Decimal(0)
    before: tuple[dt.datetime, Decimal] | None = None
    for at, value in values:
        over = sign * (value - limit)
        if before is not None and at - before[0] > patience:
            if stretch:
                yield _told(stretch, limit, worst, quantity, above=above)
            stretch, before = [], None
        if over > 0:
            if not stretch:
                worst = Decimal(0)
                if before is not None:
                    stretch.append((_crossing(before, (at, over)), Decimal(0)))
            stretch.append((at, over))
            worst = max(worst, over)
        elif stretch:
            stretch.append((_crossing(stretch[-1], (at, over)), Decimal(0)))
            yield _told(stretch, limit, worst, quantity, above=above)
            stretch = []
        before = (at, over)
    if stretch:
        yield _told(stretch, limit, worst, quantity, above=above)


def _crossing(one: tuple[dt.datetime, Decimal], other: tuple[dt.datetime, Decimal]) -> dt.datetime:
    """When the straight line between two samples meets the limit."""
    share = float(one[1] / (one[1] - other[1])) if one[1] != other[1] else 0.0
    return one[0] + (other[0] - one[0]) * share


def _told(
    stretch: Sequence[tuple[dt.datetime, Decimal]],
    limit: Decimal,
    worst: Decimal,
    quantity: Quantity,
    *,
    above: bool,
) -> Excursion:
    area = sum(
        (one[1] + other[1]) / 2 * Decimal((other[0] - one[0]).total_seconds()) / 60
        for one, other in pairwise(stretch)
    )
    return Excursion(
        quantity=quantity,
        above=above,
        begins=stretch[0][0],
        ends=stretch[-1][0],
        worst=limit + (worst if above else -worst),
        minutes_beyond=_milli(Decimal(area)),
    )


def pack(points: Sequence[Point]) -> str:
    """Write samples compactly: seconds since the first, thousandths, deflated, as text."""
    first = points[0].at
    raw = b"".join(
        _ONE.pack(
            int((one.at - first).total_seconds()),
            int(one.temperature * 1000),
            _NONE if one.humidity is None else int(one.humidity * 1000),
        )
        for one in points
    )
    return base64.b64encode(zlib.compress(raw, 6)).decode()


def unpack(packed: str, first: dt.datetime) -> list[Point]:
    """Read samples back."""
    raw = zlib.decompress(base64.b64decode(packed))
    return [
        Point(
            at=first + dt.timedelta(seconds=seconds),
            temperature=Decimal(temperature) / 1000,
            humidity=None if humidity == _NONE else Decimal(humidity) / 1000,
        )
        for seconds, temperature, humidity in _ONE.iter_unpack(raw)
    ]
