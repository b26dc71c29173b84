"""Readings judged: the machine reads on, or anew from before a late reading; what is recorded follows what it finds."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from tortoise.expressions import Q

from core import ledger
from core.kit import Actor, Refusal, clock, system
from core.kit.canonical import decimal_text
from core.kit.unit_of_work import current, unit_of_work
from core.ledger import Kind as Entry
from core.sensors import hooks, placing, policy, queries
from core.sensors.kinetic import Window
from core.sensors.models import Arrival, Fresh, Mark, Sensor, SensorChunk, SensorEpisode
from core.sensors.policy import Change, Phase, State
from core.sensors.terms import Doubt, Episode, EpisodeState, Point, Rule, Severity, Told, Trouble

log = logging.getLogger(__name__)
APART: Final = dt.timedelta(hours=1)
"""How far apart states are kept; after a late reading the series is read again from the one before it."""
TOLD_AGAIN: Final = dt.timedelta(hours=1)
"""How often a case hears at most that its episode got worse."""


async def judge(sensor: Sensor, rules: Sequence[Rule], new: Sequence[Point]) -> None:
    """Bring the episodes of a sensor up to its readings and to now, in the running unit. The sensor is locked."""
    facts, now = sensor.facts(), current().now
    if new:
        await Mark.filter(sensor_id=sensor.id, at__gte=min(one.at for one in new)).delete()
    mark = await Mark.filter(sensor_id=sensor.id).order_by("-at").first()
    state = State() if mark is None else _read(mark.at, mark.state)
    points = await queries.series(sensor.id, since=state.at)
    window = await _window(sensor, rules, points)
    after, found = policy.fold(state, points, rules, facts.interval, window.mean)
    found += policy.going_on(after, rules, facts.interval, now)
    await _keep(sensor.id, after, mark)
    rows = SensorEpisode.filter(sensor_id=sensor.id)
    if state.at is not None:
        rows = rows.filter(Q(ends=None) | Q(ends__gt=state.at))
    known = {one.id: one for one in await rows.order_by("begins", "id")}
    for change in policy.changes([one.facts() for one in known.values()], found, state.at):
        await _record(sensor, rules, known, change, points)


async def _window(sensor: Sensor, rules: Sequence[Rule], points: Sequence[Point]) -> Window:
    """The readings that mean kinetic temperatures are made of, where a rule asks for one."""
    spans = [one.mkt_window for one in rules if one.mkt_window is not None]
    if not spans or not points:
        return Window([], None)
    chunk = await SensorChunk.filter(sensor_id=sensor.id).order_by("begins").first()
    fresh = await Fresh.filter(sensor_id=sensor.id).order_by("at").first()
    begins = ([] if chunk is None else [chunk.begins]) + ([] if fresh is None else [fresh.at])
    since = points[0].at - max(spans) - dt.timedelta(milliseconds=1)
    return Window(await queries.series(sensor.id, since=since), min(begins))


async def _keep(sensor_id: int, state: State, before: Mark | None) -> None:
    """Keep the newest state, and older ones an hour apart for as long as readings may come late."""
    if state.at is None or (before is not None and before.at == state.at):
        return
    if before is not None:
        earlier = await Mark.filter(sensor_id=sensor_id, at__lt=before.at).order_by("-at").first()
        if earlier is not None and before.at - earlier.at < APART:
            await before.delete()
    await Mark.filter(sensor_id=sensor_id, at__lt=state.at - placing.OLDEST - APART).delete()
    await Mark.create(sensor_id=sensor_id, at=state.at, state=_written(state))


def _written(state: State) -> dict[str, object]:
    return {
        "value": decimal_text(state.value),
        "run_since": None if state.run_since is None else state.run_since.isoformat(),
        "phases": [
            {
                "trouble": key[0].value,
                "severity": key[1].value,
                "since": one.since.isoformat(),
                "worst": decimal_text(one.worst),
                "noticed": None if one.noticed is None else one.noticed.isoformat(),
                "version": one.version,
            }
            for key, one in state.phases.items()
        ],
    }


def _read(at: dt.datetime, kept: dict[str, Any]) -> State:
    def instant(text: str | None) -> dt.datetime | None:
        return None if text is None else dt.datetime.fromisoformat(text)

    return State(
        at=at,
        value=Decimal(kept["value"]),
        run_since=instant(kept["run_since"]),
        phases={
            (Trouble(one["trouble"]), Severity(one["severity"])): Phase(
                since=dt.datetime.fromisoformat(one["since"]),
                worst=Decimal(one["worst"]),
                noticed=instant(one["noticed"]),
                version=int(one["version"]),
            )
            for one in kept["phases"]
        },
    )


async def _record(
    sensor: Sensor,
    rules: Sequence[Rule],
    known: dict[int, SensorEpisode],
    change: Change,
    points: Sequence[Point],
) -> None:
    """Write one change, with its entry, and tell rooms above what is worth telling."""
    now, found = current().now, change.found
    if change.known is None:
        assert found is not None  # noqa: S101  a change is of something
        row = SensorEpisode(
            sensor_id=sensor.id,
            known_at=now,
            late=now - found.noticed > sensor.facts().patience,
            case_number="" if change.of is None else change.of.case_number,
        )
        worth = True
    else:
        row = known[change.known.id]
        was, worst = row.state, row.worst
        state = _state(found)
        tired = row.told_at is not None and now - row.told_at < TOLD_AGAIN
        worth = was != state.value or (found is not None and found.worst != worst and not tired)
    row.state = _state(found).value
    if found is not None:
        row.trouble, row.severity = found.trouble.value, found.severity.value
        row.begins, row.noticed, row.ends = found.begins, found.noticed, found.ends
        row.worst, row.version = found.worst, found.version
    elif change.known is not None:
        row.ends = policy.withdrawn(change.known.episode, points[-1].at if points else now).ends
    if worth:
        row.told_at = now
    await row.save()
    await ledger.append(
        Entry.SENSOR_EPISODE,
        _rule(sensor),
        rows=[row],
        case=row.case_number or None,
        facts={
            "sensor": sensor.code,
            "trouble": row.trouble,
            "severity": row.severity,
            "state": row.state,
            "begins": row.begins,
            "ends": row.ends,
            "worst": row.worst,
            "rule": row.version,
            "late": row.late,
        },
    )
    if row.severity == Severity.ALARM.value and worth:
        await _tell(sensor, rules, row, points)


def _state(found: Episode | None) -> EpisodeState:
    if found is None:
        return EpisodeState.RETRACTED
    return EpisodeState.OPEN if found.ends is None else EpisodeState.OVER


async def _tell(sensor: Sensor, rules: Sequence[Rule], row: SensorEpisode, points: Sequence[Point]) -> None:
    """Have a case opened, or one told. Where none can be opened now, the readings stay and it is tried again."""
    facts = row.facts()
    lot_ids, stage_id = await queries.under(sensor.plant_id, sensor.id, row.begins, row.ends)
    doubts = Doubt.NONE
    for one in points:
        if row.begins <= one.at and (row.ends is None or one.at <= row.ends):
            doubts |= one.doubts
    told = Told(
        sensor=sensor.facts(),
        episode=facts,
        rule=next(one for one in rules if one.version == row.version),
        lot_ids=tuple(lot_ids),
        stage_id=stage_id,
        doubts=doubts,
    )
    hook = hooks.moved if row.case_number else hooks.alarmed
    if not row.case_number and row.state == EpisodeState.RETRACTED.value:
        return
    try:
        async with unit_of_work():
            await hook.happen(_rule(sensor), told)
    except Refusal as refused:
        log.warning(
            "no case for an alarm: %s",
            refused,
            extra={"action": "sensor_no_case", "sensor": sensor.code, "why": refused.code},
        )
    except Exception:  # a fault of ours elsewhere must not cost readings
        log.exception("no case for an alarm", extra={"action": "sensor_no_case", "sensor": sensor.code})


async def end_open(sensor: Sensor) -> None:
    """A sensor goes out of use: what goes on at it ends now, in the running unit; its cases hear of it."""
    rules, now = await queries.rules_of(sensor.id), current().now
    rows = await SensorEpisode.filter(sensor_id=sensor.id, state=EpisodeState.OPEN.value).order_by("id")
    known = {one.id: one for one in rows}
    for one in rows:
        facts = one.facts()
        ended = replace(facts.episode, ends=max(now, facts.episode.noticed))
        await _record(sensor, rules, known, Change(known=facts, found=ended), [])


async def name_case(actor: Actor, episode_id: int, case_number: str) -> None:
    """Note which case was opened for an episode, in the running unit."""
    row = await SensorEpisode.filter(id=episode_id, sensor__plant_id=actor.plant_id).select_for_update().get()
    row.case_number = case_number
    await row.save()
    await ledger.append(
        Entry.SENSOR_EPISODE,
        actor,
        rows=[row],
        case=case_number,
        facts={"episode": row.id, "case": case_number, "trouble": row.trouble, "severity": row.severity},
    )


async def look() -> int:
    """Find what no reading tells: sensors that fell silent, and alarms that no case could be opened for."""
    now, done = clock.now(), 0
    for one in await Sensor.filter(active=True).order_by("id"):
        rules = await queries.rules_of(one.id)
        if not rules or await Arrival.exists(topic=one.topic, done_at=None):
            continue
        async with unit_of_work():
            sensor = await Sensor.filter(id=one.id).select_for_update().get()
            mark = await Mark.filter(sensor_id=one.id).order_by("-at").first()
            state = State() if mark is None else _read(mark.at, mark.state)
            silent = any(
                found.trouble is Trouble.MISSING
                for found in policy.going_on(state, rules, one.facts().interval, now)
            )
            open_rows = SensorEpisode.filter(sensor_id=one.id, state=EpisodeState.OPEN.value)
            if silent and not await open_rows.filter(trouble=Trouble.MISSING.value).exists():
                await judge(sensor, rules, [])
                done += 1
            waiting = SensorEpisode.filter(sensor_id=one.id, severity=Severity.ALARM.value, case_number="")
            for row in await waiting.exclude(state=EpisodeState.RETRACTED.value):
                points = await queries.series(
                    one.id, since=row.begins - dt.timedelta(milliseconds=1), until=row.ends
                )
                await _tell(sensor, rules, row, points)
    return done


def _rule(sensor: Sensor) -> Actor:
    return system(sensor.plant_id, channel="rule")
