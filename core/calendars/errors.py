"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class NeedsReason(Refusal):
    """A change of the calendar says why."""

    says = "Please give the reason; it goes on the record."


class DayStands(Refusal):
    """The day is in the table already."""

    says = "{day} is in the table already. Take it out first if it is wrong."


class BeyondCalendar(Refusal):
    """No working day exists in reach."""

    says = "There is no working day within a year. Please check the table of days off."


class ShiftBroken(Refusal):
    """A shift needs a length and days."""

    says = "A shift begins and ends at different times and runs on at least one weekday."


class ShiftExists(Refusal):
    """A standing shift has this name at this site."""

    says = "A shift called {name} stands already here."


class ZoneUnknown(Refusal):
    """There is no such time zone."""

    says = "“{zone}” is no time zone. Write it like Asia/Shanghai."


class CalendarUnchanged(Refusal):
    """The calendar is so already."""

    says = "The calendar is set like that already."
