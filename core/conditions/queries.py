"""Reads of the conditions room, each inside what the actor may see: a partner sees what it brought in itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core import lots, orders, people
from core.conditions import policy
from core.conditions.models import Chunk, Reading, Series
from core.conditions.terms import Excursion, Gap, Limits, Point, Quantity, ReadingFacts, SeriesFacts
from core.kit import Actor, Level, Module, NotFound, Permission


def _seen(actor: Actor) -> QuerySet[Series]:
    actor.must(Permission(Module.LOTS, Level.READ))
    scope = people.scope(actor)
    rows = Series.filter(plant_id=scope.plant_id)
    return rows if scope.partner_id is None else rows.filter(organisation_id=scope.partner_id)


def reading_facts(row: Reading) -> ReadingFacts:
    """Give a reading as a frozen value."""
    return ReadingFacts(
        id=row.id,
        lot_id=row.lot_id,
        stage_id=row.stage_id,
        process=row.process,
        name=row.name,
        value=row.value,
        unit=row.unit,
        compared=row.compared,
        spec=row.spec_then(),
        within=row.within,
        at=row.at,
        recorded_at=row.recorded_at,
        equipment=row.equipment,
        organisation_id=row.organisation_id,
        provenance=row.provenance(),
    )


async def readings_of(actor: Actor, lot_id: int) -> list[ReadingFacts]:
    """The parameter snapshots of a lot, newest first.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    await lots.get(actor, lot_id)
    rows = Reading.filter(plant_id=actor.plant_id, lot_id=lot_id)
    if (partner := people.scope(actor).partner_id) is not None:
        rows = rows.filter(organisation_id=partner)
    return [reading_facts(row) for row in await rows.order_by("-at", "name", "id")]


def series_facts(row: Series) -> SeriesFacts:
    """Give a series as a frozen value."""
    return SeriesFacts(
        id=row.id,
        plant_id=row.plant_id,
        logger=row.logger,
        interval=dt.timedelta(seconds=row.interval_seconds),
        begins=row.begins,
        ends=row.ends,
        count=row.count,
        stage_id=row.stage_id,
        leg_id=row.leg_id,
        lot_id=row.lot_id,
        limits=Limits(**{key: None if said is None else Decimal(said) for key, said in row.limits.items()}),
        lowest=row.lowest,
        highest=row.highest,
        mean=row.mean,
        mkt=row.mkt,
        gaps=tuple(
            Gap(begins=dt.datetime.fromisoformat(one), ends=dt.datetime.fromisoformat(other))
            for one, other in row.gaps
        ),
        excursions=tuple(
            Excursion(
                quantity=Quantity(str(one["quantity"])),
                above=bool(one["above"]),
                begins=dt.datetime.fromisoformat(str(one["begins"])),
                ends=dt.datetime.fromisoformat(str(one["ends"])),
                worst=Decimal(str(one["worst"])),
                minutes_beyond=Decimal(str(one["minutes_beyond"])),
            )
            for one in row.excursions
        ),
        calibrated_until=row.calibrated_until,
        organisation_id=row.organisation_id,
        recorded_at=row.recorded_at,
        provenance=row.provenance(),
    )


async def series_of(actor: Actor, lot_id: int) -> list[SeriesFacts]:
    """The environment of a lot, oldest first: series of the lot itself, of its stages and of their transport legs.

    Raises:
        NotFound: no such lot in the actor's scope.
    """
    await lots.get(actor, lot_id)
    stages = [one.id for one in await orders.stages_of_lot(actor, lot_id)]
    legs = [leg.id for stage_id in stages for leg in await orders.legs_of(actor, stage_id=stage_id)]
    for shipment in await lots.shipments_of(actor, lot_id):
        legs += [leg.id for leg in await orders.legs_of(actor, shipment_id=shipment.id)]
    rows = _seen(actor).filter(Q(lot_id=lot_id) | Q(stage_id__in=stages or [0]) | Q(leg_id__in=legs or [0]))
    return [series_facts(row) for row in await rows.order_by("begins", "id")]


async def series(actor: Actor, series_id: int) -> SeriesFacts:
    """One series.

    Raises:
        NotFound: none in the actor's scope.
    """
    row = await _seen(actor).filter(id=series_id).first()
    if row is None:
        raise NotFound(what=f"#{series_id}")
    return series_facts(row)


async def points_of(actor: Actor, series_id: int) -> list[Point]:
    """The samples of a series, in their order.

    Raises:
        NotFound: none in the actor's scope.
    """
    row = await _seen(actor).filter(id=series_id).first()
    if row is None:
        raise NotFound(what=f"#{series_id}")
    if row.lot_id is not None:
        await lots.get(actor, row.lot_id)
    chunks: Sequence[Chunk] = await Chunk.filter(series_id=series_id).order_by("position")
    return [point for one in chunks for point in policy.unpack(one.packed, one.begins)]
