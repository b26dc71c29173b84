"""Messages taken in: read, put in their place in the series, judged; one sensor, one transaction."""

from __future__ import annotations

import datetime as dt
import logging
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from core import ledger
from core.kit import Actor, clock, measures, system
from core.kit.measures import Measure
from core.kit.unit_of_work import current, unit_of_work
from core.ledger import Kind as Entry
from core.sensors import judging, packing, payloads, placing, policy, queries
from core.sensors.models import Arrival, Fresh, Sensor, SensorChunk
from core.sensors.payloads import Unreadable
from core.sensors.receiving import SAME, put_aside
from core.sensors.terms import Doubt, Format, Message, Point, Rule, Sample, SensorFacts, Why

log = logging.getLogger(__name__)
AT_ONCE: Final = 2000
TRIES: Final = 3
FULL: Final = 500
"""Readings after which a chunk is written at once."""
FRESH: Final = dt.timedelta(minutes=15)
"""How long readings wait for a chunk of their own."""
_STEP: Final = dt.timedelta(milliseconds=1)


async def take_in(limit: int = AT_ONCE) -> int:
    """Take in what waits, sensor after sensor; answers how many messages that were.

    One sensor's fault holds up no other; a message that fails time after time is put aside.
    """
    waiting: dict[str, list[Arrival]] = defaultdict(list)
    for one in await Arrival.filter(done_at=None).order_by("id").limit(limit):
        waiting[one.topic].append(one)
    done = 0
    for topic, rows in waiting.items():
        try:
            async with unit_of_work():
                await _taken(topic, rows)
        except Exception:
            log.exception("messages not taken in", extra={"action": "sensor_failed", "topic": topic})
            await _failed(rows)
        else:
            done += len(rows)
    return done


async def _failed(rows: Sequence[Arrival]) -> None:
    """Try the first again, alone, and the others after it; after some tries the first is put aside."""
    first = rows[0]
    async with unit_of_work() as work:
        row = await Arrival.filter(id=first.id).select_for_update().first()
        if row is None:
            return
        row.attempts += 1
        if row.attempts >= TRIES:
            sensor = await Sensor.get_or_none(topic=row.topic)
            await put_aside(None if sensor is None else sensor.plant_id, row.topic, Why.FAILED, row.payload)
            row.done_at = work.now
        await row.save()


async def _taken(topic: str, rows: Sequence[Arrival]) -> None:
    now = current().now
    sensor = await Sensor.filter(topic=topic).select_for_update().first()
    if rows[0].attempts:  # the last try failed: now each by itself, so that one bad message stops no other
        rows = rows[:1]
    ids = [one.id for one in rows]
    still = set(await Arrival.filter(id__in=ids, done_at=None).values_list("id", flat=True))
    rows = [one for one in rows if one.id in still]
    if sensor is None or not sensor.active:
        for one in rows:
            await put_aside(None if sensor is None else sensor.plant_id, topic, Why.UNKNOWN, one.payload)
    elif rows:
        await _placed(sensor, rows)
    await Arrival.filter(id__in=ids).update(done_at=now)


async def _placed(sensor: Sensor, rows: Sequence[Arrival]) -> None:
    facts = sensor.facts()
    samples: list[tuple[Arrival, Sample, dt.datetime, Doubt]] = []
    for row in rows:
        try:
            samples += await _samples(facts, row)
        except Unreadable as refused:
            await put_aside(sensor.plant_id, row.topic, refused.why, row.payload)
    if not samples:
        return
    rules = await queries.rules_of(sensor.id)
    last = await queries.newest(sensor.id)
    known = await queries.series(sensor.id, since=min(one[2] for one in samples) - _lookback(facts, rules))
    made: list[Point] = []
    for row, sample, at, doubt in samples:
        point = await _point(facts, row, sample, at, doubt, known, rules, None if last is None else last.at)
        if point is not None:
            insort(known, point, key=lambda one: one.at)
            made.append(point)
            last = point if last is None or point.at > last.at else last
    if not made:
        return
    await Fresh.bulk_create(
        [
            Fresh(
                sensor_id=sensor.id,
                at=one.at,
                value=one.value,
                received_at=one.received_at,
                doubts=int(one.doubts),
            )
            for one in made
        ]
    )
    await judging.judge(sensor, rules, made)
    await packed(sensor)


def _lookback(sensor: SensorFacts, rules: Sequence[Rule]) -> dt.timedelta:
    stuck = max((one.stuck for one in rules if one.stuck is not None), default=dt.timedelta(0))
    return max(2 * placing.USUAL * sensor.interval, stuck + 2 * sensor.interval)


async def _samples(sensor: SensorFacts, row: Arrival) -> list[tuple[Arrival, Sample, dt.datetime, Doubt]]:
    """The samples of one message; all of them, or the reason why none."""
    message = Message(topic=row.topic, payload=bytes(row.payload), retained=row.retained)
    found = []
    form = Format(row.format) if row.format else sensor.format
    for sample in payloads.read(message, form, received=row.received_at):
        if row.retained and sample.at is None:
            raise Unreadable(Why.RETAINED)
        placing.checked(sample, sensor)
        at, doubt = placing.instant(sample, row.received_at)
        if (sample.at is None and sample.seq is not None) or doubt:
            earlier = Arrival.filter(digest=row.digest, id__lt=row.id, received_at__gt=row.received_at - SAME)
            if await earlier.exists():
                measures.say(Measure.SENSOR_MESSAGE, label="duplicate")
                continue
        found.append((row, sample, at, doubt))
    return found


async def _point(
    sensor: SensorFacts,
    row: Arrival,
    sample: Sample,
    at: dt.datetime,
    doubt: Doubt,
    known: Sequence[Point],
    rules: Sequence[Rule],
    newest: dt.datetime | None,
) -> Point | None:
    """The reading in its place, or None where it says nothing new."""
    place = bisect_left(known, at, key=lambda one: one.at)
    own_time = sample.at is not None and not doubt
    while place < len(known) and known[place].at == at:
        if own_time:
            if known[place].value == sample.value:
                measures.say(Measure.SENSOR_MESSAGE, label="duplicate")
            else:
                await put_aside(sensor.plant_id, row.topic, Why.DIFFERS, bytes(row.payload))
            return None
        at, place = at + _STEP, place + 1  # two values at one instant of ours: one after the other
    measures.say(Measure.SENSOR_MESSAGE, label="reading")
    return placing.placed(
        sample.value,
        at,
        doubt,
        sensor,
        received=row.received_at,
        before=known[max(0, place - FULL) : place],
        newest=newest,
        rule=policy.rule_at(rules, at),
    )


async def packed(sensor: Sensor, *, whole: bool = False) -> bool:
    """Write the readings of late into a chunk once there are enough, or the first has waited long enough."""
    now = current().now
    rows = await Fresh.filter(sensor_id=sensor.id).order_by("at").limit(10 * FULL)
    if not rows or (not whole and len(rows) < FULL and min(one.received_at for one in rows) > now - FRESH):
        return False
    points = [one.point() for one in rows]
    last = await SensorChunk.filter(sensor_id=sensor.id).order_by("-position").first()
    doubts = Doubt.NONE
    for one in points:
        doubts |= one.doubts
    chunk = await SensorChunk.create(
        sensor_id=sensor.id,
        position=1 if last is None else last.position + 1,
        begins=points[0].at,
        ends=points[-1].at,
        count=len(points),
        doubts=int(doubts),
        packed=packing.pack(points),
        packed_at=now,
    )
    await Fresh.filter(id__in=[one.id for one in rows]).delete()
    await ledger.append(
        Entry.SENSOR_READINGS,
        _rule(sensor),
        rows=[chunk],
        facts={
            "sensor": sensor.code,
            "readings": chunk.count,
            "begins": chunk.begins,
            "ends": chunk.ends,
            "doubts": [one.name for one in Doubt if one in doubts and one.name],
        },
    )
    return True


async def pack_due() -> int:
    """Write chunks of readings that waited long enough, of sensors that send seldom or no more."""
    due = (
        await Fresh.filter(received_at__lt=clock.now() - FRESH).distinct().values_list("sensor_id", flat=True)
    )
    done = 0
    for sensor_id in sorted({int(str(one)) for one in due}):
        async with unit_of_work():
            sensor = await Sensor.filter(id=sensor_id).select_for_update().get()
            done += await packed(sensor)
    return done


def _rule(sensor: Sensor) -> Actor:
    return system(sensor.plant_id, channel="rule")
