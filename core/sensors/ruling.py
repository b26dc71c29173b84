"""Alarm rules, version after version: a new one begins after the one before it and changes nothing that was."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import ledger
from core.kit import Actor, Level, Module, clock, current, plain_text, quantity, verb
from core.ledger import Kind as Entry
from core.sensors import queries
from core.sensors.errors import (
    HysteresisMalformed,
    LimitsCrossed,
    MktWantsCelsius,
    NothingWatched,
    RuleInThePast,
    SpanMalformed,
)
from core.sensors.models import Mark, SensorRule
from core.sensors.terms import NewRule, Rule

SLACK = dt.timedelta(minutes=2)
_DAY = dt.timedelta(days=1)
_MOST_INTERVALS = 1000


@verb(Module.LOTS, Level.WORK, Entry.SENSOR_RULE)
async def set_rule(
    actor: Actor, sensor_id: int, new: NewRule, *, reason: str, since: dt.datetime | None = None
) -> Rule:
    """Put the next version of a sensor's limits in force, now or from an instant to come.

    Raises:
        NothingWatched, LimitsCrossed, HysteresisMalformed, SpanMalformed, MktWantsCelsius: no such rule can be.
        RuleInThePast: it would begin before now, or before the version before it.
        NotFound: no such sensor in the actor's scope.
    """
    return await _set(actor, sensor_id, new, reason, since)


@verb(Module.LOTS, Level.CONFIGURE, Entry.SENSOR_RULE)
async def bring_rule(
    actor: Actor, sensor_id: int, new: NewRule, *, reason: str, since: dt.datetime | None = None
) -> Rule:
    """Put the next version of a sensor's limits in force, by the right to configure.

    Raises:
        Refusal: as ``set_rule``.
    """
    return await _set(actor, sensor_id, new, reason, since)


async def _set(actor: Actor, sensor_id: int, new: NewRule, reason: str, since: dt.datetime | None) -> Rule:
    sensor = await queries.row(actor, sensor_id, lock=True)
    checked(new, unit=sensor.unit)
    now = current().now
    begins = now if since is None else clock.utc(since)
    last = await SensorRule.filter(sensor_id=sensor.id).order_by("-version").first()
    if begins < now - SLACK or (last is not None and begins <= last.since):
        raise RuleInThePast
    row = await SensorRule.create(
        sensor_id=sensor.id,
        version=1 if last is None else last.version + 1,
        since=begins,
        warning_low=_exact(new.warning_low),
        warning_high=_exact(new.warning_high),
        alarm_low=_exact(new.alarm_low),
        alarm_high=_exact(new.alarm_high),
        delay_seconds=int(new.delay.total_seconds()),
        hysteresis=quantity.exact(new.hysteresis),
        rate=_exact(new.rate),
        stuck_seconds=None if new.stuck is None else int(new.stuck.total_seconds()),
        missing=new.missing,
        mkt=_exact(new.mkt),
        mkt_seconds=None if new.mkt_window is None else int(new.mkt_window.total_seconds()),
        reason=plain_text.checked(reason, limit=500),
        person_id=actor.person_id,
        set_at=now,
    )
    await Mark.filter(
        sensor_id=sensor.id, at__gte=begins
    ).delete()  # what it says is read anew by this version
    await ledger.append(
        Entry.SENSOR_RULE,
        actor,
        rows=[row],
        reason=row.reason,
        facts={
            "sensor": sensor.code,
            "version": row.version,
            "since": begins,
            "alarm_low": row.alarm_low,
            "alarm_high": row.alarm_high,
            "warning_low": row.warning_low,
            "warning_high": row.warning_high,
        },
    )
    return row.facts()


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else quantity.exact(value)


def checked(new: NewRule, *, unit: str) -> None:
    """Hold a rule to sense.

    Raises:
        NothingWatched, LimitsCrossed, HysteresisMalformed, SpanMalformed, MktWantsCelsius: no such rule can be.
    """
    if not any(
        one is not None
        for one in (
            new.warning_low, new.warning_high, new.alarm_low, new.alarm_high, new.rate, new.stuck, new.missing, new.mkt,
        )
    ):  # fmt: skip
        raise NothingWatched
    low = [one for one in (new.alarm_low, new.warning_low) if one is not None]
    high = [one for one in (new.warning_high, new.alarm_high) if one is not None]
    if low != sorted(low) or high != sorted(high) or (low and high and low[-1] >= high[0]):
        raise LimitsCrossed
    if new.hysteresis < 0 or (low and high and new.hysteresis >= high[0] - low[-1]):
        raise HysteresisMalformed
    _spans(new)
    if new.mkt is not None and unit != "°C":
        raise MktWantsCelsius


def _spans(new: NewRule) -> None:
    if (new.mkt is None) is not (new.mkt_window is None):
        raise SpanMalformed(field="mkt")
    if not dt.timedelta(0) <= new.delay <= _DAY:
        raise SpanMalformed(field="delay")
    if new.stuck is not None and not dt.timedelta(minutes=1) <= new.stuck <= 31 * _DAY:
        raise SpanMalformed(field="stuck")
    if new.missing is not None and not 1 <= new.missing <= _MOST_INTERVALS:
        raise SpanMalformed(field="missing")
    if new.rate is not None and new.rate <= 0:
        raise SpanMalformed(field="rate")
    if new.mkt_window is not None and not dt.timedelta(hours=1) <= new.mkt_window <= 31 * _DAY:
        raise SpanMalformed(field="mkt_window")
