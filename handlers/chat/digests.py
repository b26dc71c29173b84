"""The day in one message, by role: what waits for engineers, the plant's pulse for heads, their own cases for partners.

Each person's comes at a minute of their own after eight, or after their shift begins when they have one that day, off
the full and the half hour, when everybody sends.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from core import anomalies, capa, duty, lots, notices, people, signing
from core.kit import Refusal, clock, each_alone, system
from core.notices import Claimed
from core.people import PersonFacts, Role
from handlers import text
from handlers.chat import cards
from handlers.chat.actions import Action
from handlers.chat.cards import Reader
from handlers.chat.renders import RENDERS, renders
from handlers.chat.vocabulary import Button, Outgoing
from handlers.chat.waiting import signatures_again

KIND = "digest:daily"
NEWS = frozenset({"anomalies:news"})
"""Kinds that wait for the digest of a reader who gets one."""
HEADS = frozenset({Role.MANAGER.value, Role.SITE_HEAD.value})
ENGINEERS = frozenset({Role.RESPONSIBLE.value, Role.SUPERVISOR.value})
PARTNERS = frozenset({Role.SUPPLIER.value, Role.LABORATORY.value, Role.CARRIER.value})
BEGINS = dt.time(8)
FIRST, SPREAD = 180, 1440
"""Seconds after the hour of the earliest digest, and over how many the others spread: 08:03 to 08:27."""
HALF_HOUR = dt.timedelta(minutes=30)
LATE = dt.timedelta(hours=8)
"""A digest that could not go out for so long is left out: the next one is near."""
MARGIN = dt.timedelta(minutes=5)
LINES = 6


def moment_for(person_id: int, day: dt.date, zone: str, shift: dt.datetime | None = None) -> dt.datetime:
    """When a person's digest of a day is due: as long after eight, or after the shift's start, as always.

    Where that falls on a full or a half hour it is moved on from it.
    """
    digits = hashlib.sha256(f"digest:{person_id}".encode()).digest()
    offset = dt.timedelta(seconds=FIRST + int.from_bytes(digits[:4], "big") % SPREAD)
    begins = dt.datetime.combine(day, BEGINS, ZoneInfo(zone)) if shift is None else shift
    return _off_the_crowd(clock.utc(begins) + offset)


def _off_the_crowd(moment: dt.datetime) -> dt.datetime:
    """At least three minutes away from the next full or half hour of any zone, before it or after it."""
    near = dt.timedelta(seconds=FIRST)
    since = dt.timedelta(minutes=moment.minute % 30, seconds=moment.second)
    if since < near:
        return moment + (near - since)
    return moment + (HALF_HOUR - since) + near if HALF_HOUR - since < near else moment


async def shifts_of(
    plant_id: int, first: dt.date, last: dt.date, zone: str
) -> dict[tuple[int, dt.date], dt.datetime]:
    """When each person's first shift of a day begins, by person and the plant's day; nothing for those without one."""
    midnight, home = dt.time(0), ZoneInfo(zone)
    since = clock.utc(dt.datetime.combine(first, midnight, home))
    until = clock.utc(dt.datetime.combine(last + dt.timedelta(days=1), midnight, home))
    if not any(one.shift_id for one in await duty.rotations(plant_id)):
        return {}
    found: dict[tuple[int, dt.date], dt.datetime] = {}
    for one, turns in await duty.plan(plant_id, since - dt.timedelta(days=1), until):
        for turn in turns if one.shift_id is not None else ():
            if turn.person_id is not None and since <= turn.since < until:
                key = (turn.person_id, clock.in_zone(turn.since, zone).date())
                found[key] = min(turn.since, found.get(key, turn.since))
    return found


def _gets_one(roles: frozenset[str]) -> bool:
    return bool(roles & (HEADS | ENGINEERS | PARTNERS))


async def held_for(notice: Claimed, zone: str) -> float:
    """Seconds that a piece of news waits for its reader's next digest; 0 when it goes out by itself."""
    if notice.kind not in NEWS or notice.priority != notices.Priority.INFO or notice.person_id is None:
        return 0.0
    reader = await people.person(notice.person_id)
    if not _gets_one(reader.roles) or not (await people.contact_of(reader.id)).digest:
        return 0.0
    left = clock.utc(notice.created_at)
    day = clock.in_zone(left, zone).date()
    days = [day + dt.timedelta(days=ahead) for ahead in range(3)]
    shifts = await shifts_of(reader.plant_id, days[0], days[-1], zone)
    due = next(
        when
        for when in (moment_for(reader.id, one, zone, shifts.get((reader.id, one))) for one in days)
        if when >= left
    )
    return max((due + MARGIN - clock.now()).total_seconds(), 0.0)


async def send_due(zone: str) -> int:
    """Leave the digests whose moment has come, each once; answers how many."""
    now = clock.now()
    today = clock.in_zone(now, zone).date()
    days = (today - dt.timedelta(days=1), today)  # a night shift's begins before midnight
    wanted: list[tuple[int, str, PersonFacts, dt.date]] = []
    for plant in await people.plants():
        shifts = await shifts_of(plant.id, *days, zone)
        due = {
            f"digest:{one.id}:{day}": (one, day)
            for one in await people.persons(plant.id)
            for day in days
            if _gets_one(one.roles)
            and dt.timedelta(0) <= now - moment_for(one.id, day, zone, shifts.get((one.id, day))) < LATE
        }
        told = await notices.told_keys(KIND, due) if due else frozenset()
        wanted += [(plant.id, key, one, day) for key, (one, day) in due.items() if key not in told]
    return await each_alone(wanted, _leave, "digest", number=lambda one: one[1])


async def _leave(found: tuple[int, str, PersonFacts, dt.date]) -> bool:
    """Leave one person's digest of a day, unless they wish for none."""
    plant_id, key, reader, day = found
    if not (await people.contact_of(reader.id)).digest:
        return False
    made = await notices.bundle(
        system(plant_id, channel="job", correlation=key),
        KIND,
        key,
        person_id=reader.id,
        kinds=NEWS,
        facts={"day": day.isoformat()},
    )
    return made is not None


@renders(KIND)
async def _digest(reader: Reader, facts: dict[str, object]) -> Outgoing | None:
    _ = reader.translate
    roles = reader.actor.roles
    lines: list[tuple[str, str]] = []
    if roles & HEADS:
        lines += await _pulse(reader)
    if roles & (ENGINEERS | HEADS):
        lines += await _open_steps(reader)
    if roles & PARTNERS:
        lines += await _own_cases(reader)
    news = await _news(reader, facts.get("news"))
    if not lines and not news:
        return None
    buttons: tuple[tuple[Button, ...], ...] = ()
    if lines:
        buttons = ((reader.button(_("📋 My tasks"), Action.TASKS, 0),),)
    return Outgoing(
        head=_("🗞 Your day, {day}").format(day=facts["day"]),
        facts=tuple(lines),
        body="\n".join(f"· {one}" for one in news),
        hint=_("/notify turns this daily message off."),
        buttons=buttons,
    )


def _case_line(reader: Reader, one: anomalies.AnomalyFacts) -> str:
    _ = reader.translate
    words = cards.stage_line(one, _)
    if one.due_at is None:
        return words
    left = one.due_at - clock.now()
    if left < dt.timedelta(0):
        return f"{words} · " + _("⏰ overdue by {time}").format(time=text.duration(-left, _))
    return f"{words} · " + _("in {time}").format(time=text.duration(left, _))


def _listed(reader: Reader, label: str, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A counted heading with its first lines; nothing when there is nothing."""
    if not rows:
        return []
    _ = reader.translate
    more = [("…", _("{n} more").format(n=len(rows) - LINES))] if len(rows) > LINES else []
    return [(label, str(len(rows))), *rows[:LINES], *more]


async def _open_steps(reader: Reader) -> list[tuple[str, str]]:
    _ = reader.translate
    rows = [
        (f"{cards.GRADE_MARKS[one.grade or one.proposed_grade]} {one.number}", _case_line(reader, one))
        for one in await anomalies.open_for(reader.actor.identity)
    ]
    rows += await _actions(reader)
    rows += [
        (f"✍ {one.case_number}", _("waits for your decision")) for one in await capa.to_decide(reader.actor)
    ]
    able = dataclasses.replace(reader, actor=await signing.with_lent_rights(reader.actor))
    again = [(one.text, _("what you signed has changed")) for one in await signatures_again(able)]
    return _listed(reader, _("Waiting for you"), again + rows)


async def _actions(reader: Reader) -> list[tuple[str, str]]:
    _ = reader.translate
    found = await capa.open_actions_for(reader.actor.identity)
    return [
        (f"🔧 {one.case_number}", _("{text}, due {due}").format(text=one.text[:40], due=one.due))
        for one in found
    ]


async def _pulse(reader: Reader) -> list[tuple[str, str]]:
    _ = reader.translate
    actor = reader.actor
    opened, closed = await anomalies.moved_since(actor, clock.now() - dt.timedelta(days=1))
    overdue, held = await anomalies.overdue_count(actor), await lots.undecided_for(actor)
    return [
        (_("Since yesterday"), _("{opened} opened, {closed} closed").format(opened=opened, closed=closed)),
        (_("Overdue"), str(overdue)),
        (_("Lots on hold"), str(held)),
    ]


async def _own_cases(reader: Reader) -> list[tuple[str, str]]:
    _ = reader.translate
    found = await anomalies.page(reader.actor, size=50)
    rows = [
        (f"{cards.GRADE_MARKS[one.grade or one.proposed_grade]} {one.number}", _case_line(reader, one))
        for one in found.rows
        if one.state not in anomalies.ENDED
    ]
    return _listed(reader, _("Your open cases"), rows + await _actions(reader))


async def _news(reader: Reader, stored: object) -> list[str]:
    """The first line of each piece of news that waited; one whose case the reader may not see any more is left out."""
    heads: list[str] = []
    for one in stored if isinstance(stored, list) else []:
        try:
            said = await RENDERS[one["kind"]](reader, one["facts"])
        except Refusal:
            continue
        if said is not None:
            heads.append(said.head)
    return heads
