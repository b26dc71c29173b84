"""Sensors made known, changed, taken out of use; and what stands under them from when to when."""

from __future__ import annotations

import datetime as dt
import re

from tortoise.exceptions import IntegrityError

from core import ledger, lots, orders, people
from core.kit import Actor, Level, Module, clock, current, plain_text, quantity, unit_of_work, verb
from core.ledger import Kind as Entry
from core.sensors import judging, queries, units
from core.sensors.errors import (
    CodeTaken,
    IntervalMalformed,
    OneOf,
    StandingEnded,
    TopicMalformed,
    TopicTaken,
    UnitUnknown,
)
from core.sensors.models import Sensor, Standing
from core.sensors.terms import Kind, NewSensor, SensorFacts, StandingFacts

_TOPIC = re.compile(r"[^+#$\x00-\x1f\x7f/][^+#\x00-\x1f\x7f]{0,199}")


@verb(Module.LOTS, Level.WORK, Entry.SENSOR_RECORD)
async def record_sensor(actor: Actor, new: NewSensor) -> SensorFacts:
    """Make a sensor known; its readings are taken in from then on.

    Raises:
        TopicMalformed, UnitUnknown, IntervalMalformed, Empty, TooLong: it is described wrongly.
        CodeTaken, TopicTaken: another sensor has its code or topic.
        NotFound: no such organisation of the plant.
    """
    return await _record(actor, new)


@verb(Module.LOTS, Level.CONFIGURE, Entry.SENSOR_RECORD)
async def bring_sensor(actor: Actor, new: NewSensor) -> SensorFacts:
    """Make a sensor known by the right to configure: administrators, and imports.

    Raises:
        Refusal: as ``record_sensor``.
    """
    return await _record(actor, new)


async def _record(actor: Actor, new: NewSensor) -> SensorFacts:
    unit = checked_unit(new.kind, new.unit)
    topic = checked_topic(new.topic)
    if not dt.timedelta(seconds=1) <= new.interval <= dt.timedelta(days=1):
        raise IntervalMalformed
    owner = actor.partner_id or new.organisation_id or actor.plant_id
    if owner != actor.plant_id:
        await people.must_be_own_partner(actor, owner)
    code = plain_text.checked(new.code, limit=60)
    if await Sensor.exists(plant_id=actor.plant_id, code=code):
        raise CodeTaken(code=code)
    try:
        async with unit_of_work():
            row = await Sensor.create(
                plant_id=actor.plant_id,
                organisation_id=owner,
                site_id=new.site_id,
                code=code,
                kind=new.kind.value,
                unit=unit,
                topic=topic,
                format=new.format.value,
                interval_seconds=int(new.interval.total_seconds()),
                place=plain_text.checked(new.place, limit=120, required=False),
                equipment=plain_text.checked(new.equipment, limit=80, required=False),
                calibrated_until=new.calibrated_until,
                jump=None if new.jump is None else quantity.exact(new.jump),
                recorded_at=current().now,
                person_id=actor.person_id,
            )
    except IntegrityError:
        raise TopicTaken(topic=topic) from None
    await ledger.append(
        Entry.SENSOR_RECORD,
        actor,
        rows=[row],
        facts={
            "sensor": code,
            "kind": row.kind,
            "unit": unit,
            "topic": topic,
            "interval": row.interval_seconds,
        },
    )
    return row.facts()


def checked_unit(kind: Kind, unit: str) -> str:
    """Answer our word for a unit.

    Raises:
        UnitUnknown: it does not go with what is measured.
    """
    found = units.known(plain_text.checked(unit, limit=20))
    if kind is not Kind.OTHER and found not in units.UNITS[kind]:
        raise UnitUnknown(unit=unit[:20], kind=kind.says, units=", ".join(units.UNITS[kind]))
    return found


def checked_topic(topic: str) -> str:
    """Answer a topic that one sensor can have.

    Raises:
        TopicMalformed: it can not.
    """
    found = plain_text.clean(topic)
    if found != topic.strip() or not _TOPIC.fullmatch(found):
        raise TopicMalformed(topic=topic[:40])
    return found


@verb(Module.LOTS, Level.WORK, Entry.SENSOR_CHANGE, Entry.SENSOR_EPISODE)
async def change_sensor(
    actor: Actor,
    sensor_id: int,
    *,
    reason: str,
    calibrated_until: dt.date | None = None,
    active: bool | None = None,
) -> SensorFacts:
    """Record a new calibration, or take a sensor out of use or into it again; its readings stay.

    What goes on at a sensor ends when it goes out of use.

    Raises:
        NotFound: no such sensor in the actor's scope.
        Empty, TooLong: no reason that can be kept.
    """
    row = await queries.row(actor, sensor_id, lock=True)
    before = {"calibrated_until": row.calibrated_until, "active": row.active}
    if calibrated_until is not None:
        row.calibrated_until = calibrated_until
    if active is not None:
        row.active = active
    await row.save()
    if active is False:
        await judging.end_open(row)
    await ledger.append(
        Entry.SENSOR_CHANGE,
        actor,
        rows=[row],
        reason=plain_text.checked(reason, limit=500),
        before=dict(before),
        facts={"sensor": row.code, "calibrated_until": row.calibrated_until, "active": row.active},
    )
    return row.facts()


@verb(Module.LOTS, Level.REPORT, Entry.SENSOR_STAND)
async def stand(
    actor: Actor,
    sensor_id: int,
    *,
    lot: str = "",
    stage_id: int | None = None,
    since: dt.datetime | None = None,
) -> StandingFacts:
    """Record that a lot, or a stage with its lots, stands under a sensor from an instant on (now if none is given).

    Raises:
        OneOf: neither or both.
        NotFound, LotUnknown: no such sensor, lot or stage in the actor's scope.
    """
    sensor = await queries.row(actor, sensor_id)
    if bool(lot) is (stage_id is not None):
        raise OneOf
    found = await lots.find(actor, lot) if lot else None
    if stage_id is not None:
        await orders.stage(actor, stage_id)
    row = await Standing.create(
        sensor_id=sensor.id,
        lot_id=None if found is None else found.id,
        stage_id=stage_id,
        since=current().now if since is None else clock.utc(since),
        person_id=actor.person_id,
    )
    await ledger.append(
        Entry.SENSOR_STAND,
        actor,
        rows=[row],
        facts={
            "sensor": sensor.code,
            "lot": None if found is None else found.number,
            "stage": stage_id,
            "since": row.since,
        },
    )
    return row.facts()


@verb(Module.LOTS, Level.REPORT, Entry.SENSOR_LEAVE)
async def leave(actor: Actor, standing_id: int, *, until: dt.datetime | None = None) -> StandingFacts:
    """Record until when something stood under a sensor.

    Raises:
        NotFound: nothing of that kind in the actor's scope.
        StandingEnded: it has ended, or would before it began.
    """
    row = await queries.standing_row(actor, standing_id)
    ends = current().now if until is None else clock.utc(until)
    if row.until is not None or ends < row.since:
        raise StandingEnded
    row.until = ends
    await row.save()
    await ledger.append(Entry.SENSOR_LEAVE, actor, rows=[row], facts={"until": ends})
    return row.facts()
