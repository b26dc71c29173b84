"""Reads of the sensors room, each inside what the actor may see: a partner sees the sensors that hang at its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from core import orders, people
from core.kit import Actor, Level, Module, NotFound, Permission, clock
from core.sensors import packing, policy
from core.sensors.models import (
    Arrival,
    Aside,
    Fresh,
    Sensor,
    SensorChunk,
    SensorEpisode,
    SensorRule,
    Standing,
)
from core.sensors.terms import (
    AsideFacts,
    EpisodeFacts,
    EpisodeState,
    Now,
    Point,
    Rule,
    SensorFacts,
    Severity,
    StandingFacts,
)


def visible(actor: Actor) -> QuerySet[Sensor]:
    """Answer the sensors that the actor may see.

    An auditor let in for certain cases sees those that lots of these cases stood under.
    """
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    rows = Sensor.filter(plant_id=scope.plant_id)
    if scope.partner_id is not None:
        rows = rows.filter(organisation_id=scope.partner_id)
    if scope.by_case:
        rows = rows.filter(id__in=Subquery(_seen(actor).values("sensor_id")))
    return rows


def _seen(actor: Actor) -> QuerySet[Standing]:
    """What stood under sensors, as far as the actor may know of it."""
    rows = Standing.all()
    return rows.filter(lot_id__in=people.lots_of_cases(actor)) if people.scope(actor).by_case else rows


async def row(actor: Actor, sensor: int | str, *, lock: bool = False) -> Sensor:
    """One sensor by id or code, locked for the running unit if asked.

    Raises:
        NotFound: none in the actor's scope.
    """
    wanted = {"id": sensor} if isinstance(sensor, int) else {"code": sensor.strip()}
    rows = visible(actor).filter(**wanted)
    found = await (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(what=str(sensor)[:60])
    return found


async def get(actor: Actor, sensor: int | str) -> SensorFacts:
    """One sensor by id or code.

    Raises:
        NotFound: none in the actor's scope.
    """
    return (await row(actor, sensor)).facts()


async def standing_row(actor: Actor, standing_id: int) -> Standing:
    """What stands under a sensor of the actor's scope, locked.

    Raises:
        NotFound: none.
    """
    found = await Standing.filter(id=standing_id).select_for_update().first()
    if found is None:
        raise NotFound(what=f"#{standing_id}")
    await row(actor, found.sensor_id)
    return found


async def rules_of(sensor_id: int) -> list[Rule]:
    """The versions of a sensor's limits, in the order of their beginning."""
    return [one.facts() for one in await SensorRule.filter(sensor_id=sensor_id).order_by("version")]


async def standings_of(actor: Actor, sensor_id: int) -> list[StandingFacts]:
    """What stood under a sensor, newest first.

    Raises:
        NotFound: no such sensor in the actor's scope.
    """
    await row(actor, sensor_id)
    return [
        one.facts()
        for one in await _seen(actor).filter(sensor_id=sensor_id).order_by("-since", "-id").limit(100)
    ]


async def series(
    sensor_id: int, *, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> list[Point]:
    """The readings of a sensor after ``since`` and up to ``until``, each in its place."""
    chunks, fresh = SensorChunk.filter(sensor_id=sensor_id), Fresh.filter(sensor_id=sensor_id)
    if since is not None:
        chunks, fresh = chunks.filter(ends__gt=since), fresh.filter(at__gt=since)
    if until is not None:
        chunks, fresh = chunks.filter(begins__lte=until), fresh.filter(at__lte=until)
    found = [point for one in await chunks for point in packing.unpack(one.packed, one.begins)]
    found += [one.point() for one in await fresh]
    return sorted(
        (one for one in found if (since is None or one.at > since) and (until is None or one.at <= until)),
        key=lambda one: one.at,
    )


async def points_of(
    actor: Actor, sensor_id: int, *, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> list[Point]:
    """The readings of a sensor in a stretch of time.

    Raises:
        NotFound: no such sensor in the actor's scope.
    """
    await row(actor, sensor_id)
    return await series(sensor_id, since=since, until=until)


async def newest(sensor_id: int) -> Point | None:
    """The last reading of a sensor in time."""
    fresh = await Fresh.filter(sensor_id=sensor_id).order_by("-at").first()
    chunk = await SensorChunk.filter(sensor_id=sensor_id).order_by("-ends").first()
    found = [] if fresh is None else [fresh.point()]
    if chunk is not None and (fresh is None or chunk.ends > fresh.at):
        found += packing.unpack(chunk.packed, chunk.begins)
    return max(found, key=lambda one: one.at, default=None)


async def episodes_of(actor: Actor, sensor_id: int, *, limit: int = 50) -> list[EpisodeFacts]:
    """The episodes of a sensor, newest first.

    Raises:
        NotFound: no such sensor in the actor's scope.
    """
    await row(actor, sensor_id)
    rows = await SensorEpisode.filter(sensor_id=sensor_id).order_by("-begins", "-id").limit(limit)
    return [one.facts() for one in rows]


async def overview(
    actor: Actor, *, of_late: dt.timedelta = dt.timedelta(hours=24), only: Iterable[int] | None = None
) -> list[Now]:
    """How every sensor in the actor's scope stands now, those with something going on first."""
    rows = visible(actor).order_by("code")
    if only is not None:
        rows = rows.filter(id__in=list(only) or [0])
    found, now = [], clock.now()
    for one in await rows:
        going = await SensorEpisode.filter(sensor_id=one.id, state=EpisodeState.OPEN.value).order_by("begins")
        points = await series(one.id, since=now - of_late)
        found.append(
            Now(
                sensor=one.facts(),
                last=points[-1] if points else await newest(one.id),
                rule=policy.rule_at(await rules_of(one.id), now),
                open=tuple(row.facts() for row in going),
                points=tuple(points),
            )
        )
    return sorted(found, key=lambda one: not one.open)


async def asides(actor: Actor, *, limit: int = 50) -> list[AsideFacts]:
    """What of the plant's sensors was put aside, latest first; topics of no sensor only where one plant lives alone."""
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    if scope.partner_id is not None or scope.by_case:
        return []
    wanted = Q(plant_id=actor.plant_id)
    if len(await people.plants()) == 1:
        wanted |= Q(plant_id=None)
    return [one.facts() for one in await Aside.filter(wanted).order_by("-last_at").limit(limit)]


async def topics() -> list[str]:
    """The topics of every sensor in use, of all plants, for whoever subscribes."""
    return sorted(str(one) for one in await Sensor.filter(active=True).values_list("topic", flat=True))


async def depth() -> dict[str, float]:
    """How many messages wait, how many were put aside so far, how many alarms go on; of all plants."""
    alarms = SensorEpisode.filter(state=EpisodeState.OPEN.value, severity=Severity.ALARM.value)
    return {
        "sensor_messages_waiting": await Arrival.filter(done_at=None).count(),
        "sensor_messages_aside": sum(one.count for one in await Aside.all().only("id", "count")),
        "sensor_alarms": await alarms.count(),
    }


async def under(
    plant_id: int, sensor_id: int, begins: dt.datetime, ends: dt.datetime | None
) -> tuple[list[int], int | None]:
    """The lots that stood under a sensor in a stretch of time, and the stage if one did, for rooms above."""
    rows = Standing.filter(sensor_id=sensor_id).filter(Q(until=None) | Q(until__gte=begins))
    if ends is not None:
        rows = rows.filter(since__lte=ends)
    lots: list[int] = []
    stage_id: int | None = None
    for one in await rows.order_by("since", "id"):
        if one.lot_id is not None:
            lots.append(one.lot_id)
        elif one.stage_id is not None:
            stage_id = one.stage_id
            lots += await orders.lots_in_stage(plant_id, one.stage_id, until=ends)
    return list(dict.fromkeys(lots)), stage_id


async def of_lot(actor: Actor, lot_id: int) -> list[tuple[StandingFacts, SensorFacts]]:
    """Under which sensors a lot stood, itself or with a stage of its own, latest first, in the actor's scope.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    stages = [one.id for one in await orders.stages_of_lot(actor, lot_id)]
    known = {one.id: one.facts() for one in await visible(actor)}
    rows = await Standing.filter(Q(lot_id=lot_id) | Q(stage_id__in=stages or [0])).order_by("-since", "-id")
    return [(one.facts(), known[one.sensor_id]) for one in rows if one.sensor_id in known]


async def lots_of_case(plant_id: int, case_number: str) -> list[int]:
    """The lots that stood under a sensor during the episodes of a case, for rooms above."""
    found: list[int] = []
    for one in await SensorEpisode.filter(case_number=case_number, sensor__plant_id=plant_id):
        found += (await under(plant_id, one.sensor_id, one.begins, one.ends))[0]
    return list(dict.fromkeys(found))


async def of_case(actor: Actor, case_number: str) -> list[tuple[SensorFacts, EpisodeFacts]]:
    """The episodes of a case with their sensors, in the actor's scope."""
    known = {one.id: one.facts() for one in await visible(actor)}
    rows = await SensorEpisode.filter(case_number=case_number).order_by("begins", "id")
    return [(known[one.sensor_id], one.facts()) for one in rows if one.sensor_id in known]
