"""Time that stands still until the scenario moves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from zoneinfo import ZoneInfo

from core.kit import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(said: str) -> dt.datetime:
    """``2026-09-07 09:00`` on the plant's wall clock."""
    return dt.datetime.fromisoformat(said).replace(tzinfo=SHANGHAI).astimezone(dt.UTC)


class VirtualTime:
    """The only clock of a scenario."""

    def __init__(self, moment: dt.datetime) -> None:
        self.now = moment

    def read(self) -> dt.datetime:
        return self.now

    def shift(self, by: dt.timedelta) -> None:
        self.now += by


@contextmanager
def stopped(moment: dt.datetime) -> Iterator[VirtualTime]:
    """Everything in the block reads this clock."""
    time = VirtualTime(moment)
    with mock.patch.object(clock, "now", time.read), mock.patch.object(clock, "shift", time.shift):
        yield time
