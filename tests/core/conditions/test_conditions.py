"""Readings keep the specification of their moment; loggers' series keep every sample and say what was wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from core import conditions, orders, people, products, sop
from core.conditions import Limits, NewReading, NewReadings, NewSeries, Point
from core.conditions.models import Chunk, Series
from core.kit import Level, NotFound, clock
from core.kit.provenance import Flag
from core.orders import Flow, NewOrder, NewStage, StageKind
from tests.core.lots.shop import SCREW, Shop, opened
from tests.databases import as_owner

SPAN = dt.timedelta(minutes=15)


@pytest.fixture
async def shop(database: object) -> Shop:
    """A plant with people, partners and products."""
    return await opened()


def day(*temperatures: str, begins: dt.datetime | None = None) -> tuple[Point, ...]:
    """Samples every quarter of an hour."""
    start = begins or clock.now().replace(microsecond=0) - dt.timedelta(days=1)
    return tuple(
        Point(at=start + n * SPAN, temperature=Decimal(one), humidity=Decimal(45))
        for n, one in enumerate(temperatures)
    )


async def test_a_reading_keeps_the_specification_of_its_moment(shop: Shop) -> None:
    """A later version changes nothing; without a specification nothing is judged; units convert by factors."""
    await shop.lot("A", partner_id=shop.coater)
    coater = shop.partner(shop.coater, Level.REPORT)
    said = {"unit": "μm", "lower": Decimal(25), "upper": Decimal(35)}
    await products.publish_parameter(shop.boss, SCREW, "coating", "thickness", **said)
    values = (
        NewReading(name="thickness", value=Decimal(24)),
        NewReading(name="speed", value=Decimal(3), unit="m/s"),
    )
    made = await conditions.record_readings(
        coater, NewReadings(lot="A", process="coating", values=values, equipment="C-2")
    )
    await products.publish_parameter(shop.boss, SCREW, "coating", "thickness", unit="μm", lower=Decimal(20))
    found = {one.name: one for one in await conditions.readings_of(shop.worker, made[0].lot_id)}
    assert (found["thickness"].within, found["speed"].within) == (False, None)
    spec = found["thickness"].spec
    assert spec is not None
    assert (spec.version, spec.lower, spec.upper) == (1, Decimal(25), Decimal(35))
    for wrong, refusal in (
        ((), conditions.NoReadings),
        ((values[0], values[0]), conditions.ReadingTwice),
        ((NewReading(name="speed", value=Decimal(1)),), conditions.UnitWanted),
        ((NewReading(name="thickness", value=Decimal(1), unit="mm"),), products.NoFactor),
    ):
        with pytest.raises(refusal):
            await conditions.record_readings(coater, NewReadings(lot="A", process="coating", values=wrong))
    with pytest.raises(NotFound):
        await conditions.readings_of(shop.partner(shop.carrier), made[0].lot_id)


@pytest.mark.req("G-45a")
async def test_a_series_keeps_every_sample_and_says_what_was_wrong(shop: Shop) -> None:
    """Gaps, excursions, MKT and an old calibration are on the record; the samples come back as they were."""
    lot = await shop.lot("A")
    await sop.publish_builtin(shop.boss)
    await people.add_person(shop.boss, shop.plant, "王宁", ["manager"])
    points = day("5", "5", "9", "9", "5", "5")
    late = Point(at=points[-1].at + dt.timedelta(hours=2), temperature=Decimal("4.5"))
    made = await conditions.record_series(
        shop.worker,
        NewSeries(
            logger="L-77",
            interval=SPAN,
            points=(late, *points, points[0]),
            limits=Limits(temperature_lower=Decimal(2), temperature_upper=Decimal(8)),
            lot="A",
            calibrated_until=dt.date(2020, 1, 1),
        ),
    )
    assert made.provenance.flags == (Flag.DUPLICATE, Flag.GAPS, Flag.UNCALIBRATED)
    [excursion] = made.excursions
    assert (excursion.worst, excursion.above) == (Decimal(9), True)
    assert excursion.lasted == dt.timedelta(minutes=15 + 7.5)
    assert (len(made.gaps), made.highest, made.count) == (1, Decimal(9), 7)
    assert await conditions.points_of(shop.worker, made.id) == [*points, late]
    assert [one.id for one in await conditions.series_of(shop.worker, lot.id)] == [made.id]
    async with as_owner():
        with pytest.raises(IntegrityError):
            await Series.filter(id=made.id).update(count=0)
    assert await Chunk.filter(series_id=made.id).count() == 1


async def test_a_series_of_a_stage_is_the_environment_of_its_lots(shop: Shop) -> None:
    """The carrier records it with the stage; the plant finds it at the lot; another partner finds nothing."""
    lot = await shop.lot("A", partner_id=shop.carrier)
    stages = (NewStage(kind=StageKind.TRANSPORT, partner_id=shop.carrier),)
    order = await orders.plan_order(shop.worker, NewOrder(product=SCREW, quantity=Decimal(1), stages=stages))
    await orders.place_order(shop.worker, order.id)
    carrier = shop.partner(shop.carrier, Level.REPORT)
    [stage] = order.stages
    await orders.start_stage(carrier, stage.id)
    await orders.record_lots(carrier, stage.id, Flow.IN, ["A"])
    new = NewSeries(logger="L-1", interval=SPAN, points=day("5", "6"), stage_id=stage.id)
    made = await conditions.record_series(carrier, new)
    assert [one.id for one in await conditions.series_of(shop.worker, lot.id)] == [made.id]
    with pytest.raises(NotFound):
        await conditions.record_series(shop.partner(shop.coater, Level.REPORT), new)
    with pytest.raises(NotFound):
        await conditions.points_of(shop.partner(shop.coater), made.id)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"points": ()}, conditions.NoSamples),
        ({"interval": dt.timedelta(0)}, conditions.IntervalMalformed),
        ({"lot": ""}, conditions.Unbound),
        ({"points": day("NaN")}, conditions.Implausible),
        ({"points": day("2000")}, conditions.Implausible),
        ({"points": day("5", begins=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))}, conditions.FromTheFuture),
        ({"points": day("5", begins=dt.datetime(1, 1, 1, tzinfo=dt.UTC))}, conditions.BeforeLoggers),
    ],
)
async def test_what_is_no_series_is_refused(
    shop: Shop, change: dict[str, object], refusal: type[Exception]
) -> None:
    """Empty, without rhythm, of nothing, impossible values, the future."""
    await shop.lot("A")
    said: dict[str, object] = {"logger": "L", "interval": SPAN, "points": day("5"), "lot": "A"} | change
    with pytest.raises(refusal):
        await conditions.record_series(shop.worker, NewSeries(**said))  # type: ignore[arg-type]
