"""Duty: who is on duty the next fourteen days, and for administrators the plan behind it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from core import anomalies, calendars, duty, people, sop
from core.duty import Because, Every, RotationFacts, Turn
from core.kit import Level, Malformed, Module, Permission, clock
from handlers.tiers import TIERS
from handlers.web import showing
from handlers.web.asking import Asked, day_of, key_of

DAYS = 14
SEPARATORS = re.compile(r"[\s,;，；、]+")
PLANS = Permission(Module.ESCALATION, Level.CONFIGURE)
LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A turn, or a part of one, in the column of a day."""

    hours: str
    person_id: int | None
    because: str
    instead_of: int | None


def pieces(turns: list[Turn], day: dt.date, zone: ZoneInfo) -> list[Piece]:
    """What of some turns lies in a day of a wall clock."""
    begin = dt.datetime.combine(day, dt.time(), zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    found = []
    for one in turns:
        since, until = max(one.since.astimezone(zone), begin), min(one.until.astimezone(zone), end)
        if since >= until:
            continue
        whole = since == begin and until == end
        hours = "" if whole else f"{since:%H:%M}–{'24:00' if until == end else f'{until:%H:%M}'}"
        found.append(
            Piece(hours=hours, person_id=one.person_id, because=one.because, instead_of=one.instead_of)
        )
    return found


async def shown(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """The table of fourteen days, absences, and the forms of those who plan."""
    plant, zone = asked.actor.plant_id, ZoneInfo(asked.actor.timezone)
    today = clock.now().astimezone(zone).date()
    start = dt.datetime.combine(today, dt.time(), zone).astimezone(dt.UTC)
    plan = await duty.plan(plant, start, start + dt.timedelta(days=DAYS))
    persons = await people.everyone(asked.actor)
    days = [today + dt.timedelta(days=n) for n in range(DAYS)]
    calendar = await calendars.calendar_of(plant)
    shifts = {one.id: one for one in await calendars.shifts(plant)}
    return showing.shown(
        asked,
        "duty.html",
        days=days,
        off={day for day in days if not calendar.works(day)},
        rows=[
            (one, shifts.get(one.shift_id or 0), {day: pieces(turns, day, zone) for day in days})
            for one, turns in plan
        ],
        shifts=shifts,
        names={one.id: one.printed_name for one in persons},
        able=await duty.able(plant),
        overrides=await duty.overrides(plant, clock.now()),
        absences=await duty.absences(plant, clock.now()),
        because={one.value: one.says for one in Because},
        every={one.value: one.says for one in Every},
        tiers=TIERS,
        sites=await sites(asked),
        today=today.isoformat(),
        category_name=anomalies.category_name,
        categories=list(sop.BUILTIN),
        may_plan=asked.actor.may(PLANS),
    )


async def sites(asked: Asked) -> dict[int, str]:
    """Sites that the reader may know of, by name."""
    return {
        site.id: site.name_zh if asked.actor.locale.startswith("zh") else site.name_en
        for one in await people.organisations_for(asked.actor)
        for site in await people.sites(one.id)
    }


def time_of(form: dict[str, str], name: str) -> dt.time:
    """A form's field that is a time of day.

    Raises:
        Malformed: it is none.
    """
    said = form.get(name, "").strip()
    match = CLOCK.fullmatch(said)
    if match is None:
        raise Malformed(field=name, why=said[:20] or "–")
    return dt.time(int(match[1]), int(match[2]))


def moment_of(asked: Asked, form: dict[str, str], name: str) -> dt.datetime:
    """A form's field that is an instant on the reader's wall clock.

    Raises:
        Malformed: it is none.
    """
    said = form.get(name, "").strip()
    if not LOCAL.fullmatch(said):
        raise Malformed(field=name, why=said[:20] or "–")
    try:
        local = dt.datetime.fromisoformat(said)
    except ValueError:
        raise Malformed(field=name, why=said[:20]) from None
    return clock.utc(local.replace(tzinfo=ZoneInfo(asked.actor.timezone)))


async def _rotation(asked: Asked, form: dict[str, str]) -> RotationFacts:
    named = [one for one in SEPARATORS.split(form.get("order", "")) if one]
    return await duty.set_rotation(
        asked.actor,
        tier=key_of(form, "tier"),
        order=tuple([(await people.named(asked.actor, one)).id for one in named]),
        reason=form.get("reason", ""),
        every=form.get("every", ""),
        shift_id=key_of(form, "shift") or None,
        category=form.get("category") or None,
        site_id=key_of(form, "site") or None,
        starts_on=day_of(form, "starts"),
        hand_over=time_of(form, "hand_over") if form.get("hand_over") else dt.time(8),
    )


async def change(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """One change of the plan, as the form's button names it.

    Raises:
        Malformed: no such change, or a field that cannot be read.
    """
    what, reason = form.get("what", ""), form.get("reason", "")
    if what == "rotation":
        await _rotation(asked, form)
    elif what == "end_rotation":
        await duty.end_rotation(asked.actor, key_of(form, "rotation"), reason=reason)
    elif what == "put_in":
        await duty.put_in(
            asked.actor,
            key_of(form, "rotation"),
            key_of(form, "person"),
            since=moment_of(asked, form, "since"),
            until=moment_of(asked, form, "until"),
            reason=reason,
        )
    elif what == "take_out":
        await duty.take_out(asked.actor, key_of(form, "override"), reason=reason)
    elif what == "away":
        await duty.be_away(
            asked.actor,
            person_id=key_of(form, "person"),
            since=moment_of(asked, form, "since"),
            until=moment_of(asked, form, "until"),
            deputy_id=key_of(form, "deputy") or None,
            reason=reason,
        )
    elif what == "back":
        await duty.be_back(asked.actor, person_id=key_of(form, "person"))
    else:
        raise Malformed(field="what", why=what[:20] or "–")
    return showing.elsewhere("/admin/duty")
