"""Stage clocks and a partner's clocks as data: how long each step has, by grade (reference §7.3). Pure.

A span is written ``15 min``, ``4 h``, ``30 d`` or ``10 wd`` (working days of the plant's calendar); ``–`` is no clock.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from core.anomalies import errors
from core.anomalies.terms import Colour, Grade, PartnerStep, State
from core.calendars import Calendar

NONE = "–"
GRADES = tuple(one.value for one in Grade)
_SPAN = re.compile(r"(\d{1,5}) ?(min|h|d|wd)")
_LEAST = {
    "min": dt.timedelta(minutes=1),
    "h": dt.timedelta(hours=1),
    "d": dt.timedelta(days=1),
    "wd": dt.timedelta(days=1),
}
LONGEST = dt.timedelta(days=3 * 366)
A_CONTAINED_WITHIN = dt.timedelta(hours=24)
"""Containment of grade A never waits longer, whoever agrees."""
AMBER = dt.timedelta(hours=72)
"""The last 72 hours are amber, of a short clock its last quarter."""

Spans = dict[str, dict[str, str]]

STAGES: Spans = {
    "reported": {"A": "15 min", "B": "1 h", "C": "8 h"},
    "collecting": {"A": "4 h", "B": "24 h", "C": "3 wd"},
    "graded": {"A": "4 h", "B": "48 h", "C": "5 wd"},
    "investigating": {"A": "10 wd", "B": "15 wd", "C": "30 wd"},
    "action_planned": {"A": "3 wd", "B": "3 wd", "C": "3 wd"},
    "implementing": {"A": "30 d", "B": "60 d", "C": "90 d"},
    "verifying": {"A": "90 d", "B": "180 d", "C": "365 d"},
    "verified": {"A": "5 wd", "B": "5 wd", "C": "5 wd"},
}
"""By the state in which a step is worked on: acknowledgement, data and grading, containment, plan, approval,
implementation, the end of the effectiveness window, closure."""
WINDOW = {"A": "30 d", "B": "60 d", "C": NONE}
"""When the effectiveness window opens after implementation; it closes with the clock of ``verifying``."""
PARTNER: Spans = {
    "ack": {"A": "24 h", "B": "48 h", "C": NONE},
    "d3": {"A": "24 h", "B": "72 h", "C": NONE},
    "d4": {"A": "5 wd", "B": "10 wd", "C": NONE},
    "d5": {"A": "10 wd", "B": "20 wd", "C": NONE},
    "d8": {"A": "30 wd", "B": "45 wd", "C": NONE},
    "cap": {"A": NONE, "B": NONE, "C": "15 wd"},
}
SAME = {"contained": "investigating"}
"""States that share a clock with another."""


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """A version of a plant's clocks; version 0 is the built-in default."""

    version: int = 0
    stages: Spans = field(default_factory=lambda: {key: dict(one) for key, one in STAGES.items()})
    window: dict[str, str] = field(default_factory=lambda: dict(WINDOW))
    partner: Spans = field(default_factory=lambda: {key: dict(one) for key, one in PARTNER.items()})

    def to_json(self) -> dict[str, object]:
        """The stored form; keys of records are small letters."""
        return {
            "version": self.version,
            "stages": {key: _small(one) for key, one in self.stages.items()},
            "window": _small(self.window),
            "partner": {key: _small(one) for key, one in self.partner.items()},
        }

    @staticmethod
    def from_json(stored: dict[str, Any]) -> Clocks:
        """Read the stored form back."""
        return Clocks(
            version=stored["version"],
            stages={key: _large(one) for key, one in stored["stages"].items()},
            window=_large(stored["window"]),
            partner={key: _large(one) for key, one in stored["partner"].items()},
        )


def _small(spans: dict[str, str]) -> dict[str, str]:
    return {grade.lower(): span for grade, span in spans.items()}


def _large(spans: dict[str, str]) -> dict[str, str]:
    return {grade.upper(): span for grade, span in spans.items()}


def _parts(span: str) -> tuple[int, str]:
    match = _SPAN.fullmatch(span.strip())
    if match is None or int(match[1]) < 1:
        raise errors.ClocksBroken(why=f"“{span[:20]}”")
    return int(match[1]), match[2]


def least(span: str) -> dt.timedelta:
    """The shortest that a span can be: working days count as days."""
    amount, unit = _parts(span)
    return amount * _LEAST[unit]


def after(span: str, start: dt.datetime, days: Calendar) -> dt.datetime | None:
    """When a span that starts at an instant is over; None when there is no clock."""
    if span == NONE:
        return None
    amount, unit = _parts(span)
    return days.later(start, amount) if unit == "wd" else start + amount * _LEAST[unit]


def due(
    state: State, grade: str | None, now: dt.datetime, clocks: Clocks, days: Calendar
) -> dt.datetime | None:
    """When the work of a state that begins now is due; None where nothing runs."""
    spans = clocks.stages.get(SAME.get(state.value, state.value))
    return None if spans is None else after(spans[grade or Grade.C.value], now, days)


def window_opens(grade: str | None, began: dt.datetime, clocks: Clocks, days: Calendar) -> dt.datetime | None:
    """From when on the effect of measures that are in place since an instant should be judged."""
    return after(clocks.window[grade or Grade.C.value], began, days)


def partner_dues(
    grade: str, start: dt.datetime, clocks: Clocks, days: Calendar
) -> dict[PartnerStep, dt.datetime]:
    """What a partner owes by when, for a case of a grade that was put to them at an instant."""
    found = {step: after(clocks.partner[step.value][grade], start, days) for step in PartnerStep}
    return {step: end for step, end in found.items() if end is not None}


def colour(started: dt.datetime | None, end: dt.datetime, now: dt.datetime) -> Colour:
    """Red when overdue; amber in the last 72 hours, of clocks under twelve days in their last quarter."""
    if now >= end:
        return Colour.RED
    warn = AMBER if started is None else min(AMBER, (end - started) / 4)
    return Colour.AMBER if end - now <= warn else Colour.GREEN


def sound(clocks: Clocks) -> None:
    """Every step has a clock for every grade, a graver grade never has more time, containment of A at most 24 hours.

    Raises:
        ClocksBroken: not so.
    """
    if set(clocks.stages) != set(STAGES) or set(clocks.partner) != set(PARTNER):
        raise errors.ClocksBroken(why="?")
    for name, spans in {**clocks.stages, **clocks.partner, "window": clocks.window}.items():
        if set(spans) != set(GRADES):
            raise errors.ClocksBroken(why=name)
        given = [least(spans[grade]) for grade in GRADES if spans[grade] != NONE]
        if any(one > LONGEST for one in given) or given != sorted(given):
            raise errors.ClocksBroken(why=f"{name}: A ≤ B ≤ C")
    if any(NONE in spans.values() for spans in clocks.stages.values()):
        raise errors.ClocksBroken(why=NONE)
    if least(clocks.stages["graded"]["A"]) > A_CONTAINED_WITHIN or "wd" in clocks.stages["graded"]["A"]:
        raise errors.ClocksBroken(why="graded A ≤ 24 h")


def may_extend(
    *,
    present: dt.datetime | None,
    until: dt.datetime,
    now: dt.datetime,
    latest: dt.datetime | None,
    number: str,
) -> None:
    """More time means later than now and than before, within reason.

    Raises:
        NoClock, NotLater, ContainmentWaits: why not.
    """
    if present is None:
        raise errors.NoClock(number=number)
    if until <= present or until <= now or until - max(present, now) > LONGEST:
        raise errors.NotLater
    if latest is not None and until > latest:
        raise errors.ContainmentWaits
