"""Where a sample stands in its series, and what is doubtful about it. Pure.

Rule of the clocks: the sender's time holds, up to two minutes ahead of ours. One that runs further ahead is not
believed: its reading stands at the time of receipt and says so. What is older than a month comes in by file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from core.sensors import payloads, units
from core.sensors.errors import ReadingAhead, ReadingOld, ReadingUnfit, SensorOut
from core.sensors.payloads import Unreadable
from core.sensors.terms import Doubt, Point, Rule, Sample, SensorFacts, Why

AHEAD: Final = dt.timedelta(minutes=2)
OLDEST: Final = dt.timedelta(days=31)
USUAL: Final = 20
"""So many readings before tell what is usual."""
_SHOWN: Final = 40


def instant(sample: Sample, received: dt.datetime) -> tuple[dt.datetime, Doubt]:
    """Answer where a sample stands, to the millisecond.

    Raises:
        Unreadable: it is too old.
    """
    if sample.at is None:
        return _milli(received), Doubt.NONE
    if sample.at > received + AHEAD:
        return _milli(received), Doubt.CLOCK
    if sample.at < received - OLDEST:
        raise Unreadable(Why.OLD)
    return _milli(sample.at), Doubt.NONE


def _milli(at: dt.datetime) -> dt.datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def checked(sample: Sample, sensor: SensorFacts) -> Decimal:
    """Answer the value, if it can be one of this sensor's.

    Raises:
        Unreadable: another unit, or nothing can have this value.
    """
    if sample.unit and sample.unit != sensor.unit:
        raise Unreadable(Why.UNIT)
    if units.impossible(sample.value, sensor.unit):
        raise Unreadable(Why.RANGE)
    return sample.value


def fitted(sample: Sample, sensor: SensorFacts, received: dt.datetime) -> Sample:
    """Answer a sample as it is kept; one that would not come to its place is refused: somebody is there to mend it.

    What comes over the line is put aside for the same reasons, or placed at its receipt where its clock runs ahead.

    Raises:
        SensorOut, ReadingUnfit, ReadingOld, ReadingAhead: why not.
    """
    if not sensor.active:
        raise SensorOut(sensor=sensor.code)
    try:
        made = replace(sample, value=payloads.kept(sample.value), unit=units.known(sample.unit))
        checked(made, sensor)
    except Unreadable:
        text = f"{sample.value} {sample.unit}".strip()[:_SHOWN]
        raise ReadingUnfit(sensor=sensor.code, unit=sensor.unit, text=text) from None
    try:
        _at, doubt = instant(sample, received)
    except Unreadable:
        raise ReadingOld(days=OLDEST.days) from None
    if doubt is Doubt.CLOCK:
        raise ReadingAhead
    return made


def placed(
    value: Decimal,
    at: dt.datetime,
    doubt: Doubt,
    sensor: SensorFacts,
    *,
    received: dt.datetime,
    before: Sequence[Point],
    newest: dt.datetime | None,
    rule: Rule | None,
) -> Point:
    """Answer the reading with its doubts; ``before`` are the readings before it in time, nearest last."""
    if at < received - sensor.patience:
        doubt |= Doubt.LATE
    if newest is not None and at < newest:
        doubt |= Doubt.ORDER
    if sensor.calibrated_until is not None and at.date() > sensor.calibrated_until:
        doubt |= Doubt.UNCALIBRATED
    if units.trap(value, sensor.kind, sensor.unit, [one.value for one in before[-USUAL:]]):
        doubt |= Doubt.UNIT
    if before:
        last = before[-1]
        if at - last.at > 2 * sensor.interval:
            doubt |= Doubt.GAP
        if sensor.jump is not None and abs(value - last.value) > sensor.jump:
            doubt |= Doubt.JUMP
        if rule is not None and rule.stuck is not None and _unchanged(value, at, before) >= rule.stuck:
            doubt |= Doubt.STUCK
    return Point(at=at, value=value, received_at=received, doubts=doubt)


def _unchanged(value: Decimal, at: dt.datetime, before: Sequence[Point]) -> dt.timedelta:
    since = at
    for one in reversed(before):
        if one.value != value:
            break
        since = one.at
    return at - since
