"""The working calendar of a plant: statutory days, the plant's own table over them, the shifts of its sites."""

from core.calendars.choosing import choose_calendar
from core.calendars.days import end_day, reasoned, set_day
from core.calendars.errors import (
    BeyondCalendar,
    CalendarUnchanged,
    DayStands,
    NeedsReason,
    ShiftBroken,
    ShiftExists,
    ZoneUnknown,
)
from core.calendars.policy import Calendar, Slot, known_until, next_shift_start, statutory, times
from core.calendars.queries import calendar_of, days, rule_of, shift, shifts
from core.calendars.shifts import add_shift, end_shift
from core.calendars.terms import DayFacts, RuleFacts, ShiftFacts, Statutory
from core.calendars.warning import unknown_years, warn_of_unknown_years

__all__ = [
    "BeyondCalendar",
    "Calendar",
    "CalendarUnchanged",
    "DayFacts",
    "DayStands",
    "NeedsReason",
    "RuleFacts",
    "ShiftBroken",
    "ShiftExists",
    "ShiftFacts",
    "Slot",
    "Statutory",
    "ZoneUnknown",
    "add_shift",
    "calendar_of",
    "choose_calendar",
    "days",
    "end_day",
    "end_shift",
    "known_until",
    "next_shift_start",
    "reasoned",
    "rule_of",
    "set_day",
    "shift",
    "shifts",
    "statutory",
    "times",
    "unknown_years",
    "warn_of_unknown_years",
]
