"""Reads of this room, each named by its question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import calendars, people
from core.calendars import Calendar, ShiftFacts
from core.duty import policy
from core.duty.models import Absence, Override, Rotation, Swap
from core.duty.terms import AbsenceFacts, OnDuty, OverrideFacts, RotationFacts, SwapFacts, Turn
from core.kit import Actor, Level, Module, NotFound, Permission, clock
from core.people import PersonFacts


def can_serve(one: PersonFacts) -> bool:
    """Whether a person's roles let them act on an alert: they work on anomalies, in the plant itself."""
    return one.organisation_id == one.plant_id and any(
        held.module is Module.ANOMALIES and held.level.includes(Level.WORK)
        for held in people.permissions_of(one.roles)
    )


async def able(plant_id: int) -> list[PersonFacts]:
    """Everybody who can be on duty."""
    return [one for one in await people.persons(plant_id) if can_serve(one)]


async def rotations(plant_id: int) -> list[RotationFacts]:
    """Every standing rotation, by tier."""
    rows = await Rotation.filter(plant_id=plant_id, ended_at=None).order_by("tier", "id")
    return [one.facts() for one in rows]


async def overrides(plant_id: int, since: dt.datetime) -> list[OverrideFacts]:
    """Overrides that reach past an instant."""
    rows = Override.filter(plant_id=plant_id, ended_at=None, until__gt=clock.utc(since))
    return [one.facts() for one in await rows.order_by("since", "id")]


async def absences(plant_id: int, since: dt.datetime) -> list[AbsenceFacts]:
    """Absences that reach past an instant."""
    rows = Absence.filter(plant_id=plant_id, until__gt=clock.utc(since))
    return [one.facts() for one in await rows.order_by("since", "id")]


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything that decides who is on duty, read at one instant."""

    plant_id: int
    rotations: tuple[RotationFacts, ...]
    shifts: dict[int, ShiftFacts]
    calendars: dict[int | None, Calendar]
    overrides: tuple[OverrideFacts, ...]
    absences: tuple[AbsenceFacts, ...]
    able: frozenset[int]

    def turns(self, one: RotationFacts, since: dt.datetime, until: dt.datetime) -> list[Turn]:
        """The turns of a rotation; one whose shift was ended has only what was put in by hand."""
        shift = None
        if one.shift_id is not None:
            shift = self.shifts.get(one.shift_id)
            if shift is None:
                one = _without_people(one)
        days = self.calendars[one.site_id]
        return policy.turns(one, shift, days, self.overrides, self.absences, since, until, able=self.able)

    def now(self, one: RotationFacts, at: dt.datetime) -> Turn | None:
        """The turn of a rotation that an instant lies in, with its full length in reach of two days."""
        return policy.at(self.turns(one, at - policy.DAY, at + policy.DAY), at)


def _without_people(one: RotationFacts) -> RotationFacts:
    return RotationFacts(**{**one.__dict__, "order": ()})


async def board(plant_id: int, since: dt.datetime, chosen: list[RotationFacts] | None = None) -> Board:
    """Read what decides from an instant on, for all rotations or some."""
    wanted = await rotations(plant_id) if chosen is None else chosen
    standing = {one.id: one for one in await calendars.shifts(plant_id)}
    sites = {one.site_id for one in wanted}
    return Board(
        plant_id=plant_id,
        rotations=tuple(wanted),
        shifts=standing,
        calendars={site: await calendars.calendar_of(plant_id, site) for site in sites},
        overrides=tuple(await overrides(plant_id, since)),
        absences=tuple(await absences(plant_id, since)),
        able=frozenset(one.id for one in await able(plant_id)),
    )


async def on_duty(
    plant_id: int,
    *,
    tier: int,
    category: str,
    site_id: int | None,
    partner_id: int | None,
    at: dt.datetime | None = None,
) -> OnDuty:
    """Who answers at a tier at an instant: by the rotations that fit best, else by the responsibility table.

    Whoever is away is represented by the deputy; empty means that nobody is on duty.
    """
    moment = clock.utc(at or clock.now())
    fitting = policy.most_specific(
        [one for one in await rotations(plant_id) if one.tier == tier],
        category=category,
        site_id=site_id,
        partner_id=partner_id,
    )
    if fitting:
        known = await board(plant_id, moment, fitting)
        found = [policy.at(known.turns(one, moment, moment + policy.MOMENT), moment) for one in fitting]
        persons = [turn.person_id for turn in found if turn is not None and turn.person_id is not None]
        return OnDuty(persons=tuple(dict.fromkeys(persons)), rotations=tuple(one.id for one in fitting))
    answering = await people.responsible(
        plant_id, category=category, site_id=site_id, partner_id=partner_id, tier=tier
    )
    return OnDuty(persons=await standing_in(plant_id, [one.id for one in answering], moment))


async def standing_in(plant_id: int, persons: list[int], at: dt.datetime | None = None) -> tuple[int, ...]:
    """The same people, each who is away replaced by the deputy; those without one drop out."""
    moment = clock.utc(at or clock.now())
    gone = await absences(plant_id, moment)
    found = [policy.stand_in(one, moment, gone) for one in persons]
    return tuple(dict.fromkeys(one for one in found if one is not None))


async def plan(
    plant_id: int, since: dt.datetime, until: dt.datetime
) -> list[tuple[RotationFacts, list[Turn]]]:
    """Every rotation with its turns in a stretch of time."""
    known = await board(plant_id, since)
    return [(one, known.turns(one, since, until)) for one in known.rotations]


async def next_turns(
    plant_id: int, person_id: int, *, since: dt.datetime | None = None, most: int = 6
) -> list[Turn]:
    """A person's running and coming turns in the next 28 days, the first ones first."""
    start = clock.utc(since or clock.now())
    found = [
        turn
        for _one, turns in await plan(plant_id, start - policy.DAY, start + 28 * policy.DAY)
        for turn in turns
        if turn.person_id == person_id and turn.until > start
    ]
    return sorted(found, key=lambda turn: (turn.since, turn.rotation_id))[:most]


async def rotation(actor: Actor, rotation_id: int) -> RotationFacts:
    """One standing rotation.

    Raises:
        NotFound: none such in this plant.
    """
    row = await Rotation.get_or_none(id=rotation_id, plant_id=actor.plant_id, ended_at=None)
    if row is None:
        raise NotFound(what=f"#{rotation_id}")
    return row.facts()


async def absence_of(person_id: int) -> AbsenceFacts | None:
    """The absence that a person is in now, or the next one."""
    row = await Absence.filter(person_id=person_id, until__gt=clock.now()).order_by("since", "id").first()
    return None if row is None else row.facts()


async def swap(actor: Actor, swap_id: int) -> SwapFacts:
    """One swap that the actor is part of, or plans duty for.

    Raises:
        NotFound: none such.
    """
    row = await Swap.get_or_none(id=swap_id, plant_id=actor.plant_id)
    plans = actor.may(Permission(Module.ESCALATION, Level.CONFIGURE))
    if row is None or not (plans or actor.person_id in (row.asker_id, row.other_id)):
        raise NotFound(what=f"#{swap_id}")
    return row.facts()
