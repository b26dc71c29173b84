"""Readings and series as they come in: judged against what held at that moment, doubts flagged, nothing dropped."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict

from core import evidence, ledger, lots, orders, products
from core.conditions import hooks, policy, queries
from core.conditions.errors import BeforeLoggers, FromTheFuture, NoReadings, ReadingTwice, Unbound, UnitWanted
from core.conditions.models import Chunk, Reading, Series
from core.conditions.terms import NewReading, NewReadings, NewSeries, ReadingFacts, SeriesFacts
from core.evidence import SubjectKind
from core.kit import Actor, Level, Module, canonical, clock, current, plain_text, quantity, verb
from core.kit.provenance import Flag
from core.ledger import Kind
from core.products import Factor, SpecFacts

SLACK = dt.timedelta(minutes=2)
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
CHUNK = 20_000


@verb(Module.LOTS, Level.REPORT, Kind.READINGS_RECORD)
async def record_readings(actor: Actor, new: NewReadings) -> list[ReadingFacts]:
    """Record actual process parameters of a lot, each with the specification that held then, and judge them.

    Raises:
        LotUnknown, NotFound: no such lot or stage in the actor's scope.
        NoReadings, ReadingTwice, UnitWanted: the values do not go together.
        NoFactor, NotExact, NotAQuantity: a value does not fit its unit.
        FromTheFuture, BeforeLoggers: they were measured in the future, or before there were loggers.
    """
    now = current().now
    at = now if new.at is None else clock.utc(new.at)
    if at > now + SLACK:
        raise FromTheFuture
    if at < EARLIEST:
        raise BeforeLoggers
    lot = await lots.find(actor, new.lot)
    if new.stage_id is not None:
        await orders.stage(actor, new.stage_id)
    if not new.values:
        raise NoReadings
    for name, times in Counter(plain_text.clean(one.name) for one in new.values).items():
        if times > 1:
            raise ReadingTwice(name=name[:60])
    process = plain_text.checked(new.process, limit=60)
    specs = await products.parameters_at(lot.product.id, process, at)
    factors = await products.factors(actor.plant_id, [lot.product.id])
    rows = []
    for one in new.values:
        name = plain_text.checked(one.name, limit=60)
        spec = specs.get(name)
        columns = _against(one, name, spec, factors)
        rows.append(
            await Reading.create(
                plant_id=actor.plant_id,
                organisation_id=actor.organisation_id,
                lot_id=lot.id,
                stage_id=new.stage_id,
                process=process,
                name=name,
                at=at,
                recorded_at=now,
                person_id=actor.person_id,
                equipment=plain_text.checked(new.equipment, limit=80, required=False),
                **columns,  # type: ignore[arg-type]
                **new.provenance.columns(),
            )
        )
    await ledger.append(
        Kind.READINGS_RECORD,
        actor,
        rows=rows,
        facts={
            "lot": lot.number,
            "process": process,
            "at": at,
            "out": [row.name for row in rows if row.within is False],
        },
    )
    found = [queries.reading_facts(row) for row in rows]
    await hooks.measured.happen(actor, found)
    return found


def _against(
    given: NewReading, name: str, spec: SpecFacts | None, factors: list[Factor]
) -> dict[str, object]:
    """The columns of a reading that follow from its value and the specification of that moment."""
    value = quantity.exact(given.value)
    unit = plain_text.checked(given.unit, limit=20, required=False) or (spec.unit if spec else "")
    if not unit:
        raise UnitWanted(name=name)
    if spec is None:
        return {"value": value, "unit": unit}
    compared = products.convert(value, unit, spec.unit, factors)
    return {
        "value": value,
        "unit": unit,
        "spec_id": spec.id,
        "compared": compared,
        "within": products.within(compared, spec.lower, spec.upper),
        "snapshot": {
            "version": spec.version,
            "unit": spec.unit,
            **{
                key: None if limit is None else canonical.decimal_text(limit)
                for key, limit in (("target", spec.target), ("lower", spec.lower), ("upper", spec.upper))
            },
        },
    }


@verb(Module.LOTS, Level.REPORT, Kind.SERIES_RECORD)
async def record_series(actor: Actor, new: NewSeries) -> SeriesFacts:
    """Record a logger's samples for a lot, a stage or a transport leg, with gaps, excursions and MKT found in them.

    Raises:
        Unbound: it belongs to nothing.
        LotUnknown, NotFound: no such lot, stage or leg in the actor's scope.
        NoSamples, TooManySamples, IntervalMalformed, Implausible: it is no series.
        FromTheFuture, BeforeLoggers: its last sample lies in the future, or its first before there were loggers.
    """
    return await _record(actor, new)


@verb(Module.LOTS, Level.CONFIGURE, Kind.SERIES_RECORD)
async def bring_series(actor: Actor, new: NewSeries) -> SeriesFacts:
    """Record a logger's samples out of an imported file, by the right to import.

    Raises:
        Refusal: as ``record_series``.
    """
    return await _record(actor, new)


async def _record(actor: Actor, new: NewSeries) -> SeriesFacts:
    now = current().now
    if not (new.stage_id or new.leg_id or new.lot):
        raise Unbound
    lot = await lots.find(actor, new.lot) if new.lot else None
    if new.stage_id is not None:
        await orders.stage(actor, new.stage_id)
    if new.leg_id is not None:
        await orders.leg(actor, new.leg_id)
    points, doubts = policy.series(new.points, new.interval)
    if points[-1].at > now + SLACK:
        raise FromTheFuture
    if points[0].at < EARLIEST:
        raise BeforeLoggers
    temperatures = [one.temperature for one in points]
    last_day = clock.in_zone(points[-1].at, actor.timezone).date()
    if new.calibrated_until is not None and new.calibrated_until < last_day:
        doubts = (*doubts, Flag.UNCALIBRATED)
    row = await Series.create(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        stage_id=new.stage_id,
        leg_id=new.leg_id,
        lot_id=None if lot is None else lot.id,
        logger=plain_text.checked(new.logger, limit=60),
        calibrated_until=new.calibrated_until,
        interval_seconds=int(new.interval.total_seconds()),
        begins=points[0].at,
        ends=points[-1].at,
        count=len(points),
        limits={
            key: None if limit is None else canonical.decimal_text(limit)
            for key, limit in asdict(new.limits).items()
        },
        lowest=min(temperatures),
        highest=max(temperatures),
        mean=policy.mean(temperatures),
        mkt=policy.mkt(temperatures),
        gaps=[[one.begins.isoformat(), one.ends.isoformat()] for one in policy.gaps(points, new.interval)],
        excursions=[
            {
                "quantity": one.quantity.value,
                "above": one.above,
                "begins": one.begins.isoformat(),
                "ends": one.ends.isoformat(),
                "worst": canonical.decimal_text(one.worst),
                "minutes_beyond": canonical.decimal_text(one.minutes_beyond),
            }
            for one in policy.excursions(points, new.limits, new.interval)
        ],
        recorded_at=now,
        person_id=actor.person_id,
        **new.provenance.columns(*doubts),
    )
    chunks = [
        await Chunk.create(
            series_id=row.id,
            position=position,
            begins=points[start].at,
            count=len(points[start : start + CHUNK]),
            packed=policy.pack(points[start : start + CHUNK]),
        )
        for position, start in enumerate(range(0, len(points), CHUNK), start=1)
    ]
    links = await evidence.attach(
        actor,
        new.evidence_ids,
        subject_kind=SubjectKind.SERIES,
        subject_id=row.id,
        partner_id=actor.partner_id,
    )
    await ledger.append(
        Kind.SERIES_RECORD,
        actor,
        rows=[row, *chunks, *links],
        facts={
            "logger": row.logger,
            "lot": None if lot is None else lot.number,
            "stage": new.stage_id,
            "leg": new.leg_id,
            "samples": row.count,
            "mkt": row.mkt,
            "excursions": len(row.excursions),
            "gaps": len(row.gaps),
            "flags": row.flags,
            "file": row.file_sha256,
        },
    )
    facts = queries.series_facts(row)
    await hooks.logged.happen(actor, facts)
    return facts
