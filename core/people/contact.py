"""How a person wants to be reached: frozen words of it, and what follows from them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.people.errors import ContactUnclear

DAY = 24 * 60
MOST_RULES = 12
LONGEST_PROOF = 240
GRADES = ("A", "B", "C")


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A part of every day, in minutes of the person's own clock; over midnight when it ends before it begins."""

    begins: int
    ends: int

    def hold(self, minute: int) -> bool:
        """Whether a minute of the day lies inside."""
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@dataclass(frozen=True, kw_only=True)
class ChannelRule:
    """Which channels come first, for a grade (None: any) and at some hours (None: always)."""

    channels: tuple[str, ...]
    grade: str | None = None
    hours: Hours | None = None


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One person's wishes. Without any, channels come in the order in which they joined, at every hour."""

    rules: tuple[ChannelRule, ...] = ()
    quiet: Hours | None = None
    """Only what is critical, and answers to what the person sends, comes at these hours."""
    digest: bool = True
    prove_minutes: int | None = None
    """A critical alert that is not proven to have arrived after so many minutes also takes the next channel."""

    def must_be_clear(self, channels: frozenset[str]) -> None:
        """Refuse what cannot be followed.

        Raises:
            ContactUnclear: an unknown channel or grade, hours outside of the day or of no length, too much of it.
        """
        hours = [self.quiet, *(one.hours for one in self.rules)]
        wrong = (
            len(self.rules) > MOST_RULES
            or any(
                not one.channels or not channels.issuperset(one.channels) or one.grade not in (None, *GRADES)
                for one in self.rules
            )
            or any(
                not (0 <= one.begins < DAY and 0 <= one.ends < DAY and one.begins != one.ends)
                for one in hours
                if one is not None
            )
            or not (self.prove_minutes is None or 1 <= self.prove_minutes <= LONGEST_PROOF)
        )
        if wrong:
            raise ContactUnclear

    def order(self, known: Sequence[str], *, grade: str | None, minute: int) -> list[str]:
        """The person's channels in the order in which they are tried: the closest rule's first, then the others.

        A rule for the grade is closer than one for the hour, one for both is closest; of two the first counts.
        """
        fitting = [
            one
            for one in self.rules
            if one.grade in (None, grade) and (one.hours is None or one.hours.hold(minute))
        ]
        closest = max(fitting, key=lambda one: (one.grade is not None, one.hours is not None), default=None)
        first = [] if closest is None else [one for one in closest.channels if one in known]
        return list(dict.fromkeys([*first, *known]))

    def quiet_until(self, local: dt.datetime) -> dt.datetime | None:
        """When the quiet hours end that this moment of the person's clock lies in; None when it lies in none."""
        if self.quiet is None or not self.quiet.hold(local.hour * 60 + local.minute):
            return None
        end = local.replace(hour=self.quiet.ends // 60, minute=self.quiet.ends % 60, second=0, microsecond=0)
        return end if end > local else end + dt.timedelta(days=1)

    def rules_to_json(self) -> list[dict[str, object]]:
        """The rules as they are stored."""
        return [
            {
                "grade": one.grade,
                "hours": None if one.hours is None else [one.hours.begins, one.hours.ends],
                "channels": list(one.channels),
            }
            for one in self.rules
        ]


def rules_from_json(stored: Sequence[dict[str, Any]]) -> tuple[ChannelRule, ...]:
    """The rules read back."""
    return tuple(
        ChannelRule(
            channels=tuple(one["channels"]),
            grade=one["grade"],
            hours=None if one["hours"] is None else Hours(begins=one["hours"][0], ends=one["hours"][1]),
        )
        for one in stored
    )
