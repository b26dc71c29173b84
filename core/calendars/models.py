"""Tables of the working calendar."""

from __future__ import annotations

import datetime as dt

from tortoise import fields

from core.calendars.terms import DayFacts, ShiftFacts
from core.kit.regulated import Regulated


class CalendarRule(Regulated):
    """A version of which statutory days and which zone a plant follows."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    version = fields.IntField()
    statutory = fields.CharField(max_length=12)
    zone = fields.CharField(max_length=40)
    effective_from = fields.DatetimeField()
    set_by = fields.BigIntField(null=True)

    class Meta:
        table = "calendars_rule"
        unique_together = (("plant_id", "version"),)


class CalendarDay(Regulated):
    """A day that the plant made a working day or a day off; taking it out sets its end."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    site_id = fields.BigIntField(null=True)
    day = fields.DateField()
    working = fields.BooleanField()
    reason = fields.CharField(max_length=300)
    set_by = fields.BigIntField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "calendars_day"
        indexes = (("plant_id", "ended_at", "day"),)

    def facts(self) -> DayFacts:
        """The day as policy sees it."""
        day = self.day if isinstance(self.day, dt.date) else dt.date.fromisoformat(str(self.day))
        return DayFacts(id=self.id, day=day, working=self.working, site_id=self.site_id, reason=self.reason)


class Shift(Regulated):
    """A named shift; ending it keeps what it was."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    site_id = fields.BigIntField(null=True)
    name = fields.CharField(max_length=40)
    start_minute = fields.IntField()
    end_minute = fields.IntField()
    days: list[int] = fields.JSONField()
    holidays = fields.BooleanField(default=False)
    zone = fields.CharField(max_length=40)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "calendars_shift"
        indexes = (("plant_id", "ended_at"),)

    def facts(self) -> ShiftFacts:
        """The shift as policy sees it."""
        return ShiftFacts(
            id=self.id,
            site_id=self.site_id,
            name=self.name,
            start=dt.time(*divmod(self.start_minute, 60)),
            end=dt.time(*divmod(self.end_minute, 60)),
            days=tuple(self.days),
            holidays=self.holidays,
            zone=self.zone,
        )


class YearWarned(Regulated):
    """Administrators of a plant were told that the holidays of a year are not known."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    year = fields.IntField()
    at = fields.DatetimeField()

    class Meta:
        table = "calendars_warned"
        unique_together = (("plant_id", "year"),)
