"""Words of the working calendar: which statutory days apply, the plant's own days, shifts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.kit.said import Said

ZONE = "Asia/Shanghai"
"""The zone of a plant that has chosen none."""
WEEK = (1, 2, 3, 4, 5, 6, 7)


class Statutory(Said):
    """Whose public holidays a plant keeps."""

    CHINA = "cn", "Chinese statutory holidays and make-up days"
    WEEKENDS = "weekends", "Saturdays and Sundays only"


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """Which statutory days and which zone a plant's calendar follows; version 0 is the built-in default."""

    version: int = 0
    statutory: str = Statutory.CHINA.value
    zone: str = ZONE


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """A day that the plant itself made a working day or a day off; ``site_id`` None means every site."""

    id: int
    day: dt.date
    working: bool
    site_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShiftFacts:
    """A named shift of a site (None: of the whole plant), on the wall clock of its zone.

    It ends on the next day when ``end`` is not after ``start``. ``days`` are ISO weekdays on which it begins. Unless
    ``holidays``, it rests on days off, and works on make-up days whatever weekday they are.
    """

    id: int
    site_id: int | None
    name: str
    start: dt.time
    end: dt.time
    days: tuple[int, ...]
    holidays: bool
    zone: str

    @property
    def over_midnight(self) -> bool:
        """Whether it ends on the day after it began."""
        return self.end <= self.start
