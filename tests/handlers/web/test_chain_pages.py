"""Pages of the chain: an order's stages as picture and list, a product's versions, what a lot went through."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import conditions, inspections, lots, orders, products
from core.conditions import Limits, NewReading, NewReadings, NewSeries, Point
from core.inspections import NewCharacteristic, NewMethod, NewResult, NewValue
from core.kit import clock, system
from core.lots import Consignment, Made, NewLot
from core.orders import Flow, NewHandover, NewLeg, NewOrder, NewStage, StageKind
from core.products import Agency, NewBomLine
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import opened, words


async def worked(doors: Doors) -> str:
    """An order whose coating is late and whose transport has begun; answers its number."""
    plant = doors.plant
    root, day = system(plant.id), dt.timedelta(days=1)
    now = clock.now()
    await products.add_identifier(root, "SCREW-35", Agency.GS1, "06972000000011")
    await products.publish_bom(
        root, "SCREW-35", [NewBomLine(component="SCREW-36", quantity=Decimal(1), unit="pcs")], note="v1"
    )
    await products.publish_parameter(root, "SCREW-35", "coating", "thickness", unit="μm", upper=Decimal(35))
    stages = (
        NewStage(
            kind=StageKind.PROCESS,
            process="coating",
            partner_id=plant.partners["supplier"],
            planned_end=now - day,
        ),
        NewStage(kind=StageKind.TRANSPORT, partner_id=plant.partners["carrier"]),
    )
    order = await orders.plan_order(root, NewOrder(product="SCREW-35", quantity=Decimal(10), stages=stages))
    await orders.place_order(root, order.id)
    for stage in order.stages:
        await orders.start_stage(root, stage.id)
    await orders.record_lots(root, order.stages[0].id, Flow.OUT, ["CT-001"])
    leg = await orders.plan_leg(
        root,
        NewLeg(
            from_place="A", to_place="B", stage_id=order.stages[1].id, carrier_id=plant.partners["carrier"]
        ),
    )
    await orders.depart(root, leg.id, vehicle="苏A1", seal="S-1")
    await orders.arrive(root, leg.id, seal_found="S-2")
    said = NewHandover(
        giver_id=plant.id,
        giver_name="张伟",
        taker_id=plant.partners["carrier"],
        taker_name="冯涛",
        place="Ramp",
        stage_id=order.stages[1].id,
    )
    await orders.hand_over(await plant.actor("responsible"), said)
    return order.number


async def known(doors: Doors) -> None:
    """A bad result, a bad reading and a warm logger of CT-001; a part of PK-001 on its way."""
    root = system(doors.plant.id)
    thickness = NewCharacteristic(key="t", name_zh="厚度", name_en="Thickness", unit="μm", upper=Decimal(35))
    await inspections.publish_method(
        root, NewMethod(code="QP-7", name_zh="涂层", name_en="Coating", characteristics=(thickness,))
    )
    at = clock.now()
    value = NewValue(key="t", value=Decimal(36))
    await inspections.record_result(
        root, NewResult(lot="CT-001", method="QP-7", values=(value,), measured_at=at, claims=True)
    )
    reading = NewReading(name="thickness", value=Decimal(36))
    await conditions.record_readings(root, NewReadings(lot="CT-001", process="coating", values=(reading,)))
    hour = dt.timedelta(hours=1)
    points = tuple(Point(at=at - (9 - n) * hour, temperature=Decimal(n * 3)) for n in (1, 2, 3, 7))
    await conditions.record_series(
        root,
        NewSeries(
            logger="L-1",
            interval=hour,
            points=points,
            lot="CT-001",
            limits=Limits(temperature_upper=Decimal(8)),
        ),
    )
    await lots.split(root, "PK-001", [Made(number="PK-001-1", quantity=Decimal(5))])
    part = await lots.find(root, "PK-001-1")
    await lots.ship(root, part.id, Consignment(receiver_id=doors.plant.partners["supplier"]))


async def test_an_order_is_a_picture_a_list_and_part_of_each_lots_history(doors: Doors) -> None:
    """Late stages, broken seals, one-sided handovers and out-of-limits evidence can be seen at a glance."""
    await products.record_products(
        system(doors.plant.id),
        [products.NewProduct(code="SCREW-36", name_zh="毛坯", name_en="Blank")],
    )
    number = await worked(doors)
    await known(doors)
    assert number in await opened(doors, "auditor", "/admin/orders?state=running")
    assert number not in await opened(doors, "auditor", "/admin/orders?state=planned")
    page = words(await opened(doors, "auditor", f"/admin/orders/{number}"))
    for said in ("1. 涂层 · 晨光涂层", "逾期", "发现另一封签：S-2", "等待对方确认", "CT-001"):
        assert said in page, said
    product = words(await opened(doors, "auditor", "/admin/products/SCREW-35"))
    for said in ("06972000000011", "SCREW-36 · 1 件", "… 35 μm"):
        assert said in product, said
    lot = words(await opened(doors, "auditor", "/admin/lots/CT-001"))
    for said in (
        "已用完",
        number,
        "成品库 3 0 1000 件",
        "超出限值",
        "对方的判定与我方不同",
        "温度超限",
        "没有采样",
    ):
        assert said in lot, said
    part = words(await opened(doors, "auditor", "/admin/lots/PK-001-1"))
    for said in ("在途", "拆分", "PK-001 → PK-001-1: 5 件"):
        assert said in part, said
    await opened(doors, "auditor", "/admin/products/NOPE", 404)
    await opened(doors, "auditor", "/admin/orders/WO-2026-999999", 404)


async def test_a_lots_process_is_said_in_the_readers_words(doors: Doors) -> None:
    """It is kept as a code; nobody reads the code."""
    root = system(doors.plant.id)
    made = NewLot(
        number="MC-77",
        product="SCREW-35",
        organisation_id=doors.plant.id,
        quantity=Decimal(12),
        unit="pcs",
        made_at=clock.now(),
        process="machining",
    )
    await lots.record_lots(root, [made])
    page = words(await opened(doors, "auditor", "/admin/lots/MC-77"))
    assert "工序 机加工" in page
    assert "machining" not in page
