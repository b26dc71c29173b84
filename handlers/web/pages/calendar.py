"""The working calendar: the plant's own days over the law's, shifts, and the clocks that count by it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from aiohttp import web

from core import anomalies, calendars
from core.anomalies import Clocks, PartnerStep
from core.calendars import Statutory
from core.kit import Level, Malformed, Module, Permission, clock
from handlers.text import mark
from handlers.web import showing
from handlers.web.asking import Asked, day_of, key_of
from handlers.web.pages.duty import PLANS, sites, time_of

AHEAD = 12
"""Weeks that the page shows."""
WEEKDAYS = (
    mark("Mon"),
    mark("Tue"),
    mark("Wed"),
    mark("Thu"),
    mark("Fri"),
    mark("Sat"),
    mark("Sun"),
)
SETS_CLOCKS = Permission(Module.SOP, Level.CONFIGURE)
STAGE_WORDS = {
    "reported": mark("acknowledge"),
    "collecting": mark("collect facts and sign the grade"),
    "graded": mark("contain"),
    "investigating": mark("hand in the plan"),
    "action_planned": mark("approve the plan"),
    "implementing": mark("carry out"),
    "verifying": mark("judge the effect"),
    "verified": mark("close"),
}


async def shown(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """The next weeks day by day, the plant's table, shifts and clocks, with the forms of those who plan."""
    plant = asked.actor.plant_id
    today = clock.now().astimezone(ZoneInfo(asked.actor.timezone)).date()
    monday = today - dt.timedelta(days=today.weekday())
    calendar = await calendars.calendar_of(plant)
    weeks = [[monday + dt.timedelta(days=7 * week + n) for n in range(7)] for week in range(AHEAD)]
    return showing.shown(
        asked,
        "calendar.html",
        rule=await calendars.rule_of(plant),
        statutory={one.value: one.says for one in Statutory},
        unknown=await calendars.unknown_years(plant),
        known_until=calendars.known_until(),
        today=today,
        weeks=weeks,
        works={day: calendar.works(day) for week in weeks for day in week},
        own=set(calendar.own),
        days=[one for one in await calendars.days(plant) if one.day >= today],
        shifts=await calendars.shifts(plant),
        sites=await sites(asked),
        weekdays=WEEKDAYS,
        clocks=await anomalies.clocks_for(plant),
        stages=STAGE_WORDS,
        partner_steps={one.value: one.says for one in PartnerStep},
        may_plan=asked.actor.may(PLANS),
        may_set=asked.actor.may(SETS_CLOCKS),
    )


def _clocks(form: dict[str, str]) -> Clocks:
    """The clocks of a form: ``collecting`` as ``4 h / 24 h / 3 wd``, for grades A, B and C."""

    def spans(name: str) -> dict[str, str]:
        parts = [one.strip() for one in form.get(name, "").split("/")]
        return dict(zip("ABC", parts, strict=False))

    usual = Clocks()
    return Clocks(
        stages={one: spans(one) for one in usual.stages},
        window=spans("window"),
        partner={one: spans(f"partner_{one}") for one in usual.partner},
    )


async def change(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """One change of the calendar, as the form's button names it.

    Raises:
        Malformed: no such change, or a field that cannot be read.
    """
    what, reason = form.get("what", ""), form.get("reason", "")
    if what == "day":
        day = day_of(form, "day")
        if day is None:
            raise Malformed(field="day", why="–")
        await calendars.set_day(
            asked.actor,
            day,
            working=form.get("working") == "1",
            reason=reason,
            site_id=key_of(form, "site") or None,
        )
    elif what == "end_day":
        await calendars.end_day(asked.actor, key_of(form, "day"), reason=reason)
    elif what == "shift":
        await calendars.add_shift(
            asked.actor,
            form.get("name", ""),
            time_of(form, "start"),
            time_of(form, "end"),
            days=tuple(n for n in range(1, 8) if form.get(f"on{n}")),
            holidays=bool(form.get("holidays")),
            site_id=key_of(form, "site") or None,
            zone=form.get("zone", "").strip() or None,
            reason=reason,
        )
    elif what == "end_shift":
        await calendars.end_shift(asked.actor, key_of(form, "shift"), reason=reason)
    elif what == "rule":
        await calendars.choose_calendar(
            asked.actor,
            statutory=form.get("statutory", ""),
            zone=form.get("zone", "").strip(),
            reason=reason,
        )
    elif what == "clocks":
        await anomalies.set_clocks(asked.actor, _clocks(form), reason=reason)
    else:
        raise Malformed(field="what", why=what[:20] or "–")
    return showing.elsewhere("/admin/calendar")
