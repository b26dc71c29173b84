"""Who is on duty when: rotations, overrides and absences in, turns out. No I/O, no clock."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from core.calendars import Calendar, ShiftFacts, Slot, times
from core.duty import errors
from core.duty.terms import (
    AbsenceFacts,
    Because,
    Every,
    OverrideFacts,
    RotationFacts,
    SwapFacts,
    SwapState,
    Turn,
)

DAY = dt.timedelta(days=1)
MOMENT = dt.timedelta(microseconds=1)
LONGEST = dt.timedelta(days=366)
ANSWER = dt.timedelta(hours=24)
"""How long a swap waits for its answer, at most until the turn begins."""
TOP = 4
MOST = 60
"""People in one rotation."""


def _round_the_clock(one: RotationFacts, since: dt.datetime, until: dt.datetime) -> Iterator[Slot]:
    zone = ZoneInfo(one.zone)
    day, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date()
    while day <= last:
        begins, ends = (
            dt.datetime.combine(each, one.hand_over, zone).astimezone(dt.UTC) for each in (day, day + DAY)
        )
        if ends > since and begins < until:
            yield Slot(begins, ends, day)
        day += DAY


def holder(one: RotationFacts, day: dt.date) -> int | None:
    """Whose turn begins on a day; None before the rotation starts."""
    passed = (day - one.starts_on).days
    if passed < 0 or not one.order:
        return None
    return one.order[(passed // (7 if one.every == Every.WEEK else 1)) % len(one.order)]


def by_rotation(
    one: RotationFacts, shift: ShiftFacts | None, days: Calendar, since: dt.datetime, until: dt.datetime
) -> list[Turn]:
    """The turns of a rotation that touch a stretch of time, whoever may be away."""
    slots = _round_the_clock(one, since, until) if shift is None else times(shift, days, since, until)
    return [
        Turn(one.id, slot.since, slot.until, person, Because.ROTATION.value)
        for slot in slots
        if (person := holder(one, slot.day)) is not None
    ]


def away(person_id: int, at: dt.datetime, absences: Iterable[AbsenceFacts]) -> AbsenceFacts | None:
    """The absence that a person is in at an instant, the latest reported if several."""
    found = [one for one in absences if one.person_id == person_id and one.since <= at < one.until]
    return max(found, key=lambda one: one.id, default=None)


def stand_in(person_id: int, at: dt.datetime, absences: Iterable[AbsenceFacts]) -> int | None:
    """Who acts for a person: themselves, their deputy, the deputy's deputy …; None when all of them are away."""
    known, seen, present = tuple(absences), set[int](), person_id
    while (gone := away(present, at, known)) is not None:
        seen.add(present)
        if gone.deputy_id is None or gone.deputy_id in seen:
            return None
        present = gone.deputy_id
    return present


def turns(
    one: RotationFacts,
    shift: ShiftFacts | None,
    days: Calendar,
    overrides: Iterable[OverrideFacts],
    absences: Iterable[AbsenceFacts],
    since: dt.datetime,
    until: dt.datetime,
    *,
    able: frozenset[int] | None = None,
) -> list[Turn]:
    """Who is on duty in a stretch of time, in order and without overlap; what is missing between is nobody's.

    An override outweighs the rotation (the newest of several), an absence hands the turn to the deputy. ``able``
    names those who still have access; a turn of anybody else is a gap.
    """
    planned = by_rotation(one, shift, days, since, until)
    put_in = sorted((each for each in overrides if each.rotation_id == one.id), key=lambda each: -each.id)
    gone = tuple(absences)
    points = {since, until}
    for begin, end in (
        *((each.since, each.until) for each in planned),
        *((each.since, each.until) for each in put_in),
        *((each.since, each.until) for each in gone),
    ):
        points.update(each for each in (begin, end) if since < each < until)
    ordered = sorted(points)
    found: list[Turn] = []
    for begin, end in itertools.pairwise(ordered):
        turn = _at(one.id, planned, put_in, gone, begin, end, able)
        if turn is None:
            continue
        last = found[-1] if found else None
        same = last is not None and last.until == begin and last[3:] == turn[3:]
        if last is not None and same and not _changes(planned, begin):
            found[-1] = last._replace(until=end)
        else:
            found.append(turn)
    return found


def _changes(planned: list[Turn], at: dt.datetime) -> bool:
    """Whether a planned turn begins here: two shifts in a row of one person stay two turns."""
    return any(each.since == at for each in planned)


def _at(
    rotation_id: int,
    planned: list[Turn],
    put_in: list[OverrideFacts],
    absences: tuple[AbsenceFacts, ...],
    begin: dt.datetime,
    end: dt.datetime,
    able: frozenset[int] | None,
) -> Turn | None:
    override = next((each for each in put_in if each.since <= begin < each.until), None)
    turn = next((each for each in planned if each.since <= begin < each.until), None)
    if override is not None:
        meant, why = override.person_id, Because.SWAP if override.swap else Because.OVERRIDE
    elif turn is not None and turn.person_id is not None:
        meant, why = turn.person_id, Because.ROTATION
    else:
        return None
    present = stand_in(meant, begin, absences)
    if present is not None and able is not None and present not in able:
        present = None
    because = why if present == meant else Because.DEPUTY
    return Turn(rotation_id, begin, end, present, because.value, None if present == meant else meant)


def at(found: Iterable[Turn], moment: dt.datetime) -> Turn | None:
    """The turn that an instant lies in."""
    return next((each for each in found if each.since <= moment < each.until), None)


def most_specific(
    rotations: Iterable[RotationFacts], *, category: str, site_id: int | None, partner_id: int | None
) -> list[RotationFacts]:
    """The rotations that fit and name most: partner before site before category, as in the responsibility table."""
    fitting = [
        (4 * (one.partner_id is not None) + 2 * (one.site_id is not None) + (one.category is not None), one)
        for one in rotations
        if one.category in (None, category)
        and one.site_id in (None, site_id)
        and one.partner_id in (None, partner_id)
    ]
    heaviest = max((weight for weight, _one in fitting), default=0)
    return [one for weight, one in fitting if weight == heaviest]


def sound(order: tuple[int, ...], tier: int, able: Iterable[int]) -> None:
    """A rotation has people who can act, at a tier that exists.

    Raises:
        RotationBroken, CannotServe: it has not.
    """
    if not order or len(order) > MOST or not 1 <= tier <= TOP:
        raise errors.RotationBroken
    if set(order) - set(able):
        raise errors.CannotServe


def lasting(since: dt.datetime, until: dt.datetime, now: dt.datetime) -> None:
    """A stretch of time lies ahead and has an end within a year.

    Raises:
        PeriodBroken: it does not.
    """
    if until <= since or until <= now or until - since > LONGEST:
        raise errors.PeriodBroken


def deputise(person_id: int, deputy_id: int | None, able: Iterable[int]) -> None:
    """A deputy is somebody else who can act.

    Raises:
        OwnDeputy, CannotServe: why not.
    """
    if deputy_id is None:
        return
    if deputy_id == person_id:
        raise errors.OwnDeputy
    if deputy_id not in set(able):
        raise errors.CannotServe


def swap_expires(now: dt.datetime, turn_begins: dt.datetime) -> dt.datetime:
    """Until when a swap may be answered: a day, never past the beginning of the turn."""
    return min(now + ANSWER, turn_begins)


def ask_swap(turn: Turn | None, *, asker: int, other: int, able: Iterable[int], now: dt.datetime) -> None:
    """A swap offers one's own turn that has not begun to somebody else who can take it.

    Raises:
        NotYourTurn, TurnBegan, SwapWithSelf, CannotServe: why not.
    """
    if turn is None or turn.person_id != asker:
        raise errors.NotYourTurn
    if turn.since <= now:
        raise errors.TurnBegan
    if other == asker:
        raise errors.SwapWithSelf
    if other not in set(able):
        raise errors.CannotServe


def answer_swap(swap: SwapFacts, *, by: int, now: dt.datetime) -> None:
    """A swap is answered once, by the one asked, in time.

    Raises:
        NotAsked, SwapOver, SwapExpired: why not.
    """
    if by != swap.other_id:
        raise errors.NotAsked
    if swap.state == SwapState.EXPIRED or (swap.state == SwapState.ASKED and swap.expires_at <= now):
        raise errors.SwapExpired
    if swap.state != SwapState.ASKED:
        raise errors.SwapOver
