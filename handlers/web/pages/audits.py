"""Audit access: which auditor is let in, from when to when and for what; opened and ended by administrators."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from aiohttp import web

from core import people
from core.kit import Level, Malformed, Module, Permission, clock
from core.people import EngagementFacts, EngagementState, Role
from handlers.web import showing
from handlers.web.asking import Asked, day_of, key_of

SEPARATORS = re.compile(r"[\s,;，；、]+")
DAY = dt.timedelta(days=1)


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Every engagement, the newest first; an auditor sees the own ones."""
    now, zone = clock.now(), ZoneInfo(asked.actor.timezone)
    rows = await people.engagements(asked.actor)
    persons = await people.everyone(asked.actor)
    return showing.shown(
        asked,
        "audits.html",
        rows=rows,
        states={one.id: one.state(now) for one in rows},
        endable=(EngagementState.OPEN, EngagementState.COMING),
        lines={one.id: _days(one, zone) for one in rows},
        names={one.id: one.printed_name for one in persons},
        auditors=[one for one in persons if one.active and Role.AUDITOR in one.roles],
        partners={
            one.id: one.name(asked.actor.locale)
            for one in await people.organisations_for(asked.actor)
            if one.id != asked.actor.plant_id
        },
        today=now.astimezone(zone).date().isoformat(),
        may_administer=asked.actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)),
    )


def _days(one: EngagementFacts, zone: ZoneInfo) -> tuple[str, ...]:
    """First and last day of the access, first and last day of the reports, on the reader's calendar."""

    def day(value: dt.datetime | None, *, last: bool = False) -> str:
        if value is None:
            return ""
        return (value - dt.timedelta(seconds=last)).astimezone(zone).date().isoformat()

    return (
        day(one.opens_at),
        day(one.closes_at, last=True),
        day(one.reported_since),
        day(one.reported_until, last=True),
    )


async def engage(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Let an auditor in, for whole days of the administrator's calendar.

    Raises:
        Malformed: a date that is none or is missing.
    """
    zone = ZoneInfo(asked.actor.timezone)

    def midnight(name: str, *, after: bool = False) -> dt.datetime | None:
        day = day_of(form, name)
        if day is None:
            return None
        return dt.datetime.combine(day + DAY if after and day < dt.date.max else day, dt.time(), zone)

    opens, closes = midnight("opens"), midnight("closes", after=True)
    if opens is None or closes is None:
        raise Malformed(field="opens" if opens is None else "closes", why="–")
    await people.engage(
        asked.actor,
        key_of(form, "person"),
        opens_at=opens,
        closes_at=closes,
        reason=form.get("reason", ""),
        partner_id=key_of(form, "partner") or None,
        cases=[one for one in SEPARATORS.split(form.get("cases", "")) if one],
        reported_since=midnight("since"),
        reported_until=midnight("until", after=True),
    )
    return showing.elsewhere("/admin/audits")


async def end(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """End an engagement now."""
    await people.end_engagement(asked.actor, key_of(form, "engagement"), form.get("reason", ""))
    return showing.elsewhere("/admin/audits")
