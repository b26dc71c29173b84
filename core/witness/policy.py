"""What this room decides: when to post, when an unwitnessed tail is an alarm. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from core.witness.terms import Limits, Unwitnessed

HOUR: Final = 8
"""From this hour of the plant's day the daily checkpoint is posted."""
AGAIN: Final = dt.timedelta(hours=24)
"""An alarm that stands is told again after this time."""
ENOUGH: Final = 2
"""Organisations that should hold copies: one alone could be persuaded."""
SKEW: Final = dt.timedelta(minutes=10)
"""How far a witness's clock may be off."""


def daily_due(last: dt.datetime | None, now: dt.datetime, zone: str) -> bool:
    """Whether today's checkpoint is due: once on each of the plant's days, not before the working day."""
    here = now.astimezone(ZoneInfo(zone))
    if here.hour < HOUR:
        return False
    return last is None or last.astimezone(ZoneInfo(zone)).date() < here.date()


def too_long(tail: Unwitnessed, now: dt.datetime, limits: Limits) -> bool:
    """Whether the unwitnessed tail is older or longer than the limits allow."""
    if tail.since is None:
        return False
    return tail.count >= limits.entries or now - tail.since >= dt.timedelta(days=limits.days)


def alarm_due(tail: Unwitnessed, last: dt.datetime | None, now: dt.datetime, limits: Limits) -> bool:
    """Whether those who answer for the log must be told now."""
    return too_long(tail, now, limits) and (last is None or now - last >= AGAIN)


def believable(stamp: dt.datetime, made: dt.datetime, now: dt.datetime) -> bool:
    """Whether a cosignature's instant lies between the checkpoint and now, clocks a little off allowed."""
    return made - SKEW <= stamp <= now + SKEW
