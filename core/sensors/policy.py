"""Alarm rules as a state machine over a series; and how what is recorded follows what the series shows. Pure.

The machine reads readings in the order of time, each instant once, whatever order they came in: a reading that comes
late is put in its place and the series is read again from a state before it (``State``). So the order of arrival
changes nothing about the episodes that are found, only when they were known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from core.sensors.terms import (
    Episode,
    EpisodeFacts,
    EpisodeState,
    Point,
    Rule,
    Severity,
    Trouble,
)

Key = tuple[Trouble, Severity]
MktAt = Callable[[dt.datetime, dt.timedelta], Decimal | None]
"""The mean kinetic temperature of the window that ends at an instant; None while it is not full."""
_HOUR: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Phase:
    """One trouble that has begun: since when, how far, and whether it lasted long enough to be an episode."""

    since: dt.datetime
    worst: Decimal
    noticed: dt.datetime | None = None
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class State:
    """Where the machine stands after the readings so far."""

    at: dt.datetime | None = None
    value: Decimal = Decimal(0)
    run_since: dt.datetime | None = None
    phases: dict[Key, Phase] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one reading says about one trouble."""

    beyond: bool
    back: bool
    """Whether it is back inside by the hysteresis, so that an episode ends."""
    value: Decimal
    since: dt.datetime
    delay: dt.timedelta


def rule_at(rules: Sequence[Rule], at: dt.datetime) -> Rule | None:
    """Answer the version in force at an instant; ``rules`` in the order of their beginning."""
    return next((one for one in reversed(rules) if one.since <= at), None)


def fold(
    state: State, points: Iterable[Point], rules: Sequence[Rule], interval: dt.timedelta, mkt_at: MktAt
) -> tuple[State, list[Episode]]:
    """Read on from a state; answers where the machine stands then, and the episodes that ended on the way."""
    ended: list[Episode] = []
    phases = dict(state.phases)
    at, value, run_since = state.at, state.value, state.run_since
    for point in points:
        rule = rule_at(rules, point.at)
        if found := _missing(at, value, point.at, rules, interval):
            ended.append(found)
            phases = {
                key: one for key, one in phases.items() if one.noticed
            }  # what was in the gap, nobody knows
            run_since = None
        run_since = run_since if run_since is not None and value == point.value else point.at
        looks = dict(_looks(point, rule, at, value, run_since, interval, mkt_at))
        for key in [*phases, *(one for one in looks if one not in phases)]:
            step = _step(phases.pop(key, None), looks.get(key), point, rule)
            if isinstance(step, Phase):
                phases[key] = step
            elif step is not None:
                ended.append(_episode(key, step[0], step[1]))
        at, value = point.at, point.value
    return State(at=at, value=value, run_since=run_since, phases=phases), ended


def _step(
    phase: Phase | None, look: Look | None, point: Point, rule: Rule | None
) -> Phase | tuple[Phase, dt.datetime] | None:
    """One reading, one trouble: goes on (a phase), ended (with when), or nothing."""
    if phase is not None and phase.noticed is not None and (look is None or look.back):
        return phase, point.at
    if look is None or rule is None or (not look.beyond and (phase is None or phase.noticed is None)):
        return None
    if phase is None:
        phase = Phase(since=look.since, worst=look.value)
    phase = replace(phase, worst=max(phase.worst, look.value))
    if phase.noticed is None and point.at - phase.since >= look.delay:
        phase = replace(phase, noticed=point.at, version=rule.version)
    return phase


def _looks(
    point: Point,
    rule: Rule | None,
    at: dt.datetime | None,
    value: Decimal,
    run_since: dt.datetime,
    interval: dt.timedelta,
    mkt_at: MktAt,
) -> Iterator[tuple[Key, Look]]:
    """What a reading says about every trouble that its rule watches for."""
    if rule is None:
        return
    for severity, low, high in (
        (Severity.WARNING, rule.warning_low, rule.warning_high),
        (Severity.ALARM, rule.alarm_low, rule.alarm_high),
    ):
        if high is not None:
            yield (Trouble.HIGH, severity), _beyond(point, point.value, high, rule.hysteresis, rule.delay)
        if low is not None:  # mirrored, so that further out is always larger
            yield (Trouble.LOW, severity), _beyond(point, -point.value, -low, rule.hysteresis, rule.delay)
    if rule.rate is not None and at is not None and point.at - at <= 2 * interval:
        change = abs(point.value - value) * Decimal(_HOUR / (point.at - at))
        yield (
            (Trouble.RATE, Severity.ALARM),
            _beyond(point, round(change, 6), rule.rate, rule.rate / 2, dt.timedelta(0)),
        )
    if rule.stuck is not None:
        still = point.at > run_since
        yield (
            (Trouble.STUCK, Severity.ALARM),
            Look(beyond=still, back=not still, value=point.value, since=run_since, delay=rule.stuck),
        )
    if rule.mkt is not None and rule.mkt_window is not None:
        mean = mkt_at(point.at, rule.mkt_window)
        if mean is not None:
            yield (
                (Trouble.MKT, Severity.ALARM),
                _beyond(point, mean, rule.mkt, rule.hysteresis, dt.timedelta(0)),
            )


def _beyond(point: Point, value: Decimal, limit: Decimal, hysteresis: Decimal, delay: dt.timedelta) -> Look:
    return Look(
        beyond=value > limit, back=value <= limit - hysteresis, value=value, since=point.at, delay=delay
    )


def _episode(key: Key, phase: Phase, ends: dt.datetime | None) -> Episode:
    worst = -phase.worst if key[0] is Trouble.LOW else phase.worst
    return Episode(
        trouble=key[0],
        severity=key[1],
        begins=phase.since,
        noticed=phase.noticed or phase.since,
        ends=ends,
        worst=worst,
        version=phase.version,
    )


def _missing(
    at: dt.datetime | None, value: Decimal, until: dt.datetime, rules: Sequence[Rule], interval: dt.timedelta
) -> Episode | None:
    """A stretch without readings, from the last one or from the first rule on, if it is longer than the rule allows."""
    if not rules:
        return None
    begins = rules[0].since if at is None else max(at, rules[0].since)
    rule = rule_at(rules, begins)
    if rule is None or rule.missing is None or until - begins <= rule.missing * interval:
        return None
    return Episode(
        trouble=Trouble.MISSING,
        severity=Severity.ALARM,
        begins=begins,
        noticed=begins + rule.missing * interval,
        ends=until,
        worst=value,
        version=rule.version,
    )


def going_on(state: State, rules: Sequence[Rule], interval: dt.timedelta, now: dt.datetime) -> list[Episode]:
    """Answer the episodes that have not ended: those of the readings, and the one of there being none any more."""
    found = [_episode(key, one, None) for key, one in state.phases.items() if one.noticed is not None]
    gone = _missing(state.at, state.value, now, rules, interval)
    return found if gone is None else [*found, replace(gone, ends=None)]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be recorded: ``known`` None for an episode that is new, ``found`` None for one not borne out.

    ``of`` is the recorded episode that a new one is a part of: it opens no case of its own.
    """

    known: EpisodeFacts | None
    found: Episode | None
    of: EpisodeFacts | None = None


def changes(
    known: Sequence[EpisodeFacts], found: Sequence[Episode], since: dt.datetime | None
) -> list[Change]:
    """Answer what must be recorded so that it says what the series shows.

    ``known`` are recorded episodes, ``found`` those that the series shows from ``since`` on. An episode found that
    overlaps a recorded one of its kind is that one; so late readings never open a second case for the same stretch.
    """
    made: list[Change] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda episode: (episode.begins, episode.key)):
        same = [row for row in known if row.episode.key == one.key and _overlap(row.episode, one)]
        free = [row for row in same if row.id not in taken]
        free.sort(key=lambda row: (row.state is EpisodeState.RETRACTED, row.episode.begins))
        if free:
            taken.add(free[0].id)
            if free[0].state is EpisodeState.RETRACTED or free[0].episode != one:
                made.append(Change(known=free[0], found=one))
        else:
            made.append(Change(known=None, found=one, of=same[0] if same else None))
    for row in known:
        if row.id in taken or row.state is EpisodeState.RETRACTED:
            continue
        if since is None or row.episode.ends is None or row.episode.ends > since:
            made.append(Change(known=row, found=None))
    return made


def withdrawn(one: Episode, last: dt.datetime) -> Episode:
    """Answer an episode that is not borne out: it reaches no further than what was read, so a later one is another."""
    return replace(one, ends=one.ends or max(one.noticed, last))


def _overlap(one: Episode, other: Episode) -> bool:
    return (one.ends is None or other.begins < one.ends) and (other.ends is None or one.begins < other.ends)
