"""What the demo plant knows of its chain: structure, specifications, an order under way, results, a logger's record."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import conditions, inspections, orders, products
from core.conditions import Limits, NewReading, NewReadings, NewSeries, Point
from core.inspections import NewCharacteristic, NewMethod, NewResult, NewValue
from core.kit import Actor, clock
from core.kit.provenance import Provenance, Source
from core.orders import Flow, NewLeg, NewOrder, NewStage, StageKind
from core.products import Agency, NewBomLine

COATED = ("CT-101", "CT-103")
"""Lots that lie at the coater; machined ones of the same numbers went in."""
_SPAN = dt.timedelta(minutes=15)


async def plan(root: Actor, organisations: dict[str, int]) -> None:
    """Record it all as the system, through front-door verbs."""
    begins = clock.now() - dt.timedelta(days=80)
    await _structure(root, begins)
    order = await _order(root, organisations)
    await _known_of(root, order, organisations)


async def _structure(root: Actor, begins: dt.datetime) -> None:
    for code, gtin in (("SCREW-35S", "06972000000011"), ("SCREW-27S", "06972000000028")):
        await products.add_identifier(root, code, Agency.GS1, gtin, contains=1, since=begins)
    await products.declare_factor(root, None, "kg", "g", Decimal(1000))
    for size in ("27", "35"):
        bar = NewBomLine(component="BAR-TI64", quantity=Decimal("0.033"), unit="kg", loss=Decimal("0.05"))
        await products.publish_bom(root, f"SCREW-{size}", [bar], effective_from=begins, note="首版")
        bare = NewBomLine(component=f"SCREW-{size}", quantity=Decimal(1), unit="pcs", loss=Decimal("0.02"))
        await products.publish_bom(root, f"SCREW-{size}S", [bare], effective_from=begins, note="首版")
        await products.publish_parameter(
            root,
            f"SCREW-{size}",
            "coating",
            "膜厚",
            unit="μm",
            lower=Decimal(25),
            target=Decimal(30),
            upper=Decimal(35),
            effective_from=begins,
        )
    thickness = NewCharacteristic(
        key="thickness",
        name_zh="涂层厚度",
        name_en="Coating thickness",
        unit="μm",
        lower=Decimal(25),
        target=Decimal(30),
        upper=Decimal(35),
        uncertainty=Decimal("0.6"),
    )
    looks = NewCharacteristic(key="looks", name_zh="外观", name_en="Looks")
    await inspections.publish_method(
        root,
        NewMethod(
            code="QP-07",
            name_zh="涂层检验",
            name_en="Inspection of coating",
            characteristics=(thickness, looks),
            effective_from=begins,
        ),
    )


async def _order(root: Actor, by: dict[str, int]) -> orders.OrderFacts:
    """Coating, transport, sterilisation, inspection and receipt; the coating is done but for its record."""
    now = clock.now()
    day = dt.timedelta(days=1)
    stages = (
        NewStage(
            kind=StageKind.PROCESS,
            process="coating",
            partner_id=by["CHENGUANG"],
            planned_start=now - 5 * day,
            planned_end=now - day,
        ),
        NewStage(kind=StageKind.TRANSPORT, partner_id=by["SUDA"], planned_start=now, planned_end=now + day),
        NewStage(
            kind=StageKind.PROCESS,
            process="sterilisation",
            partner_id=by["ANMIE"],
            planned_start=now + day,
            planned_end=now + 3 * day,
        ),
        NewStage(kind=StageKind.INSPECTION, partner_id=by["JINGCE"], planned_end=now + 5 * day),
        NewStage(kind=StageKind.RECEIPT, planned_end=now + 6 * day),
    )
    made = await orders.plan_order(
        root,
        NewOrder(
            product="SCREW-35S",
            quantity=Decimal(2380),
            stages=stages,
            due_at=now + 6 * day,
            note="十二月订单",
        ),
    )
    await orders.place_order(root, made.id)
    coating, transport = made.stages[0], made.stages[1]
    await orders.start_stage(root, coating.id, at=now - 4 * day)
    inside = [one.replace("CT", "MC") for one in COATED]
    await orders.record_lots(root, coating.id, Flow.IN, inside, at=now - 4 * day)
    await orders.record_lots(root, coating.id, Flow.OUT, list(COATED), at=now - day)
    await orders.plan_leg(
        root,
        NewLeg(
            from_place="晨光表面涂层",
            to_place="安灭环氧乙烷灭菌",
            stage_id=transport.id,
            carrier_id=by["SUDA"],
            vehicle="苏E·8K721",
            planned_departure=now + dt.timedelta(hours=2),
            planned_arrival=now + dt.timedelta(hours=9),
        ),
    )
    return await orders.get(root, made.id)


async def _known_of(root: Actor, order: orders.OrderFacts, by: dict[str, int]) -> None:
    coating = order.stages[0]
    at = clock.now() - dt.timedelta(days=1)
    for number, thickness in zip(COATED, ("31.2", "24.1"), strict=True):
        await conditions.record_readings(
            root,
            NewReadings(
                lot=number,
                process="coating",
                at=at,
                stage_id=coating.id,
                equipment="涂层二线",
                values=(NewReading(name="膜厚", value=Decimal(thickness)),),
                provenance=Provenance(source=Source.INSTRUMENT),
            ),
        )
        await inspections.record_result(
            root,
            NewResult(
                lot=number,
                method="QP-07",
                measured_at=at,
                stage_id=coating.id,
                laboratory_id=by["JINGCE"],
                instrument="XRF-3",
                analyst="许晨",
                calibrated_until=(clock.now() + dt.timedelta(days=200)).date(),
                claims=True,
                values=(
                    NewValue(key="thickness", value=Decimal(thickness)),
                    NewValue(key="looks", passed=True),
                ),
            ),
        )
    begins = (clock.now() - dt.timedelta(hours=30)).replace(microsecond=0)
    warm = range(40, 52)
    points = tuple(
        Point(
            at=begins + step * _SPAN,
            temperature=Decimal("24.6") if step in warm else Decimal("22.5") + Decimal(step % 5) / 10,
            humidity=Decimal(48 + step % 4),
        )
        for step in range(96)
    )
    await conditions.record_series(
        root,
        NewSeries(
            logger="SD-2207",
            interval=_SPAN,
            points=points,
            lot=COATED[0],
            limits=Limits(temperature_lower=Decimal(15), temperature_upper=Decimal(25)),
            calibrated_until=(clock.now() + dt.timedelta(days=120)).date(),
            provenance=Provenance(source=Source.SENSOR, ref="SD-2207.csv"),
        ),
    )
