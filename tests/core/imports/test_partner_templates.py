"""Laboratories, suppliers and carriers fill in templates: all rows or none, each fault by row and column, once."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest

from core import conditions, imports, inspections, lots, orders
from core.anomalies.models import Anomaly
from core.imports import Faulty, ReportStays, Subject
from core.inspections import NewCharacteristic, NewMethod, Verdict
from core.inspections.models import Result
from core.kit import Actor, Level, clock, system
from core.kit.provenance import Flag
from core.lots import Consignment
from core.orders import NewOrder, NewStage, StageKind, StageState
from core.orders.models import Leg
from tests.core.imports.test_importing import is_sound
from tests.core.lots.shop import SCREW, Shop, opened
from tests.plants import Plant, small_plant

YESTERDAY = (
    (clock.now() - dt.timedelta(days=1)).astimezone(dt.timezone(dt.timedelta(hours=8))).date().isoformat()
)


@pytest.fixture
async def plant(database: object) -> Plant:
    """The small plant, with a method of a measured and a judged characteristic."""
    made = await small_plant(enrolled=False)
    await inspections.publish_method(
        system(made.id),
        NewMethod(
            code="QP-07",
            name_zh="涂层检验",
            name_en="Coating",
            characteristics=(
                NewCharacteristic(
                    key="膜厚",
                    name_zh="膜厚",
                    name_en="Thickness",
                    unit="μm",
                    lower=Decimal(25),
                    upper=Decimal(35),
                ),
                NewCharacteristic(
                    key="铅", name_zh="铅", name_en="Lead", unit="mg/kg", upper=Decimal("0.02")
                ),
                NewCharacteristic(key="外观", name_zh="外观", name_en="Looks"),
            ),
            effective_from=clock.now() - dt.timedelta(days=30),
        ),
    )
    return made


@pytest.fixture
async def shop(database: object) -> Shop:
    """A plant with partners and products."""
    return await opened()


async def filled(
    actor: Actor,
    folder: Path,
    subject: Subject,
    rows: list[dict[str, str]],
    language: str = "zh_CN",
    encoding: str = "utf-8",
) -> imports.Report:
    """A template filled in, by fields, and handed in."""
    names = [one.name for one in imports.COLUMNS[subject]]
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(imports.heads(subject, language))
    sheet.writerows([[row.get(name, "") for name in names] for row in rows])
    file = folder / f"{subject}.csv"
    file.write_bytes(out.getvalue().encode(encoding))
    return await imports.import_file(actor, file)


def value(characteristic: str, said: str, unit: str = "", **more: str) -> dict[str, str]:
    """A row of a laboratory."""
    return {
        "lot": "CT-001",
        "method": "QP-07",
        "characteristic": characteristic,
        "value": said,
        "unit": unit,
        "tested_at": f"{YESTERDAY} 10:00",
        **more,
    }


@pytest.mark.parametrize(("language", "encoding"), [("zh_CN", "gb18030"), ("en", "utf-8")])
async def test_a_laboratory_hands_in_its_results(
    plant: Plant, tmp_path: Path, language: str, encoding: str
) -> None:
    """Rows of a sample are one result of the lot; below detection, uncertainty, judged ones; once; and it stays."""
    actor = await plant.actor("coater_operator")
    more = {
        "sample": "S-1",
        "sampled_at": YESTERDAY,
        "analyst": "许晨",
        "instrument": "XRF-3",
        "remark": "=1+1",
    }
    rows = [
        value("膜厚", "30.2", "μm", uncertainty="0.6", coverage="2", **more),
        value("膜厚", "30.4", "μm", **more),
        value("铅", "<0.01", "mg/kg", **more),
        value("外观", "合格", **more),
    ]
    done = await filled(actor, tmp_path, Subject.RESULTS, rows, language, encoding)
    assert (done.rows, done.before) == (4, False)
    (one,) = await inspections.results_of(actor, plant.lots["CT-001"])
    assert (one.verdict, one.sample, one.analyst, one.method_version) == (
        Verdict.CONFORMING,
        "S-1",
        "许晨",
        1,
    )
    assert one.laboratory_id == plant.partners["supplier"]
    assert [(each.key, each.piece, each.operator, each.value, each.uncertainty) for each in one.values] == [
        ("膜厚", 1, "", Decimal("30.2"), Decimal("0.6")),
        ("膜厚", 2, "", Decimal("30.4"), None),
        ("铅", 1, "<", Decimal("0.01"), None),
        ("外观", 1, "", None, None),
    ]
    assert not await Anomaly.exists()
    assert (await filled(actor, tmp_path, Subject.RESULTS, rows, language, encoding)).before
    with pytest.raises(ReportStays):
        await imports.undo(system(plant.id), done.run.number if done.run else "", "x")
    await is_sound(tmp_path)


@pytest.mark.parametrize(("characteristic", "said"), [("膜厚", "35.1"), ("铅", "<0.05"), ("外观", "不合格")])
async def test_a_result_out_of_our_limits_opens_a_case(
    plant: Plant, tmp_path: Path, characteristic: str, said: str
) -> None:
    """Too thick, not shown to be below the limit, judged bad."""
    await filled(
        await plant.actor("coater_operator"), tmp_path, Subject.RESULTS, [value(characteristic, said)]
    )
    (case,) = await Anomaly.filter(plant_id=plant.id)
    assert (case.category, case.lot_number, case.partner_id) == ("M", "CT-001", plant.partners["supplier"])
    assert characteristic in case.description


async def test_faults_of_a_laboratory_are_told_by_row_and_column(plant: Plant, tmp_path: Path) -> None:
    """Every row that cannot be taken, at its cell; nothing of the file is kept."""
    rows = [
        value("膜厚", "30"),
        value("膜厚", "thick"),
        value("粗糙度", "1"),
        value("外观", "3"),
        value("膜厚", "30", tested_at="2031-01-01"),
        value("膜厚", "30", lot="CT-404"),
        value("膜厚", "30", method="QP-99"),
        value("膜厚", "30", version="x"),
        value("膜厚", "30", uncertainty="big"),
        value("膜厚", "30", "nm", sample="S"),
        value("膜厚", "30", sampled_at=f"{YESTERDAY} 11:00"),
    ]
    with pytest.raises(Faulty) as faulty:
        await filled(await plant.actor("coater_operator"), tmp_path, Subject.RESULTS, rows)
    heads = dict(
        zip(
            [one.name for one in imports.COLUMNS[Subject.RESULTS]],
            imports.heads(Subject.RESULTS, "zh_CN"),
            strict=True,
        )
    )
    found = {(one.line, one.column) for one in faulty.value.faults}
    expected = ("method", "version", "uncertainty", "unit", "sampled_at")
    assert found >= {(line, heads[name]) for line, name in zip((8, 9, 10, 11, 12), expected, strict=True)}
    assert {(6, heads["tested_at"]), (7, heads["lot"])} <= found
    assert not await Result.exists()


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("uncertainty", "1e99", "NotAQuantity"),
        ("uncertainty", "1e-9", "NotAQuantity"),
        ("uncertainty", "9" * 30, "NotAQuantity"),
        ("uncertainty", "-0.1", "UncertaintyMalformed"),
        ("coverage", "1e9", "UncertaintyMalformed"),
        ("coverage", "2.365", "CoverageTooFine"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_uncertainty_that_cannot_be_kept_is_a_fault_at_its_cell(
    plant: Plant, tmp_path: Path, name: str, said: str, code: str
) -> None:
    """No figure is rounded to what the database holds, none breaks it."""
    rows = [value("膜厚", "30", "μm", **{"uncertainty": "0.6", "coverage": "2", name: said})]
    with pytest.raises(Faulty) as faulty:
        await filled(await plant.actor("coater_operator"), tmp_path, Subject.RESULTS, rows)
    (fault,) = faulty.value.faults
    assert (fault.line, fault.why.code) == (2, code)
    assert fault.column in ("扩展不确定度", "包含因子 k")


async def placed(shop: Shop) -> orders.OrderFacts:
    """Coating outside, then a transport back."""
    stages = (
        NewStage(kind=StageKind.PROCESS, process="coating", partner_id=shop.coater),
        NewStage(kind=StageKind.TRANSPORT, partner_id=shop.carrier),
    )
    made = await orders.plan_order(shop.worker, NewOrder(product=SCREW, quantity=Decimal(100), stages=stages))
    return await orders.place_order(shop.worker, made.id)


async def test_a_supplier_tells_its_progress(shop: Shop, tmp_path: Path) -> None:
    """The stage begins and ends with the file; counts that do not add up are flagged; parameters are readings."""
    order = await placed(shop)
    lot = await shop.lot("A")
    await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.coater))
    coater = shop.partner(shop.coater, Level.REPORT)
    row = {
        "order": order.number,
        "stage": "1",
        "lot": "A",
        "good": "95",
        "scrap": "3",
        "started_at": YESTERDAY,
    }
    row |= {"parameter": "膜厚", "value": "30.5", "parameter_unit": "μm", "equipment": "涂层二线"}
    last = {"order": order.number, "stage": "1", "lot": "A", "finished_at": f"{YESTERDAY} 18:00"}
    done = await filled(coater, tmp_path, Subject.PROGRESS, [row, last])
    assert done.rows == 2
    stage = await orders.stage(coater, order.stages[0].id)
    assert (stage.state, [one.lot_number for one in stage.lots]) == (StageState.DONE, ["A"])
    readings = {one.name: one for one in await conditions.readings_of(shop.worker, lot.id)}
    assert {name: one.value for name, one in readings.items()} == {
        "合格数": Decimal(95),
        "报废数": Decimal(3),
        "膜厚": Decimal("30.5"),
    }
    assert readings["膜厚"].provenance.flags == (Flag.COUNT,)
    carrier = shop.partner(shop.carrier, Level.REPORT)
    with pytest.raises(Faulty) as faulty:
        await filled(carrier, tmp_path, Subject.PROGRESS, [row])
    assert (faulty.value.faults[0].column, faulty.value.faults[0].why.code) == ("环节序号", "StageUnknown")
    with pytest.raises(Faulty):
        await filled(coater, tmp_path, Subject.PROGRESS, [row | {"value": "", "stage": "1"}])


async def test_a_carrier_tells_its_legs(shop: Shop, tmp_path: Path) -> None:
    """The plant's file plans them, the carrier's says when they left and came, with seals; unplanned ones are refused."""
    order = await placed(shop)
    lot = await shop.lot("A")
    await lots.ship(shop.worker, lot.id, Consignment(receiver_id=shop.coater))
    coater, carrier = (shop.partner(one, Level.REPORT) for one in (shop.coater, shop.carrier))
    begun = {
        "order": order.number,
        "stage": "1",
        "lot": "A",
        "started_at": YESTERDAY,
        "finished_at": YESTERDAY,
    }
    await filled(coater, tmp_path, Subject.PROGRESS, [begun])
    leg = {"order": order.number, "stage": "2", "from": "苏州", "to": "上海"}
    with pytest.raises(Faulty) as faulty:
        await filled(carrier, tmp_path, Subject.LEGS, [leg])
    assert (faulty.value.faults[0].column, faulty.value.faults[0].why.code) == ("出发地", "LegUnknown")
    await filled(shop.worker, tmp_path, Subject.LEGS, [leg | {"planned_departure": YESTERDAY}])
    told = leg | {"vehicle": "沪A12345", "seal": "S-1", "departed_at": f"{YESTERDAY} 09:00"}
    told |= {"arrived_at": f"{YESTERDAY} 12:00", "seal_found": "S-2"}
    await filled(carrier, tmp_path, Subject.LEGS, [told])
    (found,) = await orders.legs_of(carrier, stage_id=order.stages[1].id)
    assert (found.vehicle, found.seal, found.seal_found, found.seal_intact) == (
        "沪A12345",
        "S-1",
        "S-2",
        False,
    )
    assert (await orders.stage(carrier, order.stages[1].id)).state is StageState.RUNNING
    assert await Leg.all().count() == 1
