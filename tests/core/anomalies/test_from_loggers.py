"""A logger's record out of limits opens its case by itself: once, with its facts, for whoever is responsible."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from core import anomalies, conditions, lots, orders, people, products
from core.anomalies import AnomalyFacts
from core.anomalies.models import Anomaly
from core.anomalies.terms import ITSELF
from core.conditions import Limits, NewSeries, Point
from core.conditions.models import Series
from core.kit import NotFound, clock, system
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.orders import NewLeg, NewOrder, NewStage, StageKind
from core.sop import UnknownCategory
from tests.plants import Plant, small_plant


@pytest.fixture
async def plant(database: object) -> Plant:
    """The small plant."""
    return await small_plant(enrolled=False)


QUARTER = dt.timedelta(minutes=15)
COLD = Limits(temperature_lower=Decimal(2), temperature_upper=Decimal(8), humidity_upper=Decimal(60))


def series(*temperatures: str, humidity: str = "45", gap: int = 0, **more: object) -> NewSeries:
    """A record of CT-001 until now, with so many samples missing before the last."""
    begins = clock.now().replace(microsecond=0) - (len(temperatures) + gap) * QUARTER
    steps = [*range(len(temperatures) - 1), len(temperatures) - 1 + gap]
    points = tuple(
        Point(at=begins + step * QUARTER, temperature=Decimal(one), humidity=Decimal(humidity))
        for step, one in zip(steps, temperatures, strict=True)
    )
    said = {"logger": "SD-9", "interval": QUARTER, "points": points, "limits": COLD, "lot": "CT-001"}
    return NewSeries(**{**said, **more})  # type: ignore[arg-type]


async def opened(plant: Plant) -> list[AnomalyFacts]:
    """The cases of the plant, oldest first."""
    return [one.facts() for one in await Anomaly.filter(plant_id=plant.id).order_by("id")]


async def test_an_excursion_opens_one_case_with_lot_facts_grade_and_owner(plant: Plant) -> None:
    """Owner by the matrix, grade by the rules, the alert on its way, nobody as the reporter; all in one unit."""
    before = await LedgerEntry.filter(kind="anomalies:anomaly:report").count()
    made = await conditions.record_series(await plant.actor("responsible"), series("5", "9.5", "5"))
    (case,) = await opened(plant)
    assert (case.category, case.subcode, case.lot_number) == ("P", "P05", "CT-001")
    assert case.reporter_id == ITSELF
    assert case.owner_id == plant.persons["responsible"]
    assert case.proposed_grade in ("A", "B", "C")
    assert case.occurred_at == made.excursions[0].begins.replace(microsecond=case.occurred_at.microsecond)
    for said in ("SD-9", "9.5 °C > 8", f"MKT {made.mkt} °C"):
        assert said in case.description, said
    entries = await LedgerEntry.filter(kind="anomalies:anomaly:report").count()
    assert entries == before + 1
    assert await Notice.filter(case_number=case.number, person_id=case.owner_id).exists()


@pytest.mark.parametrize(
    ("temperatures", "humidity", "gap", "subcode", "said"),
    [
        (("5", "1.5", "5"), "45", 0, "L02", "below_2"),
        (("5", "9", "5"), "45", 0, "L02", "from_8_to_15"),
        (("5", "5"), "70", 0, "L03", None),
        (("5", "5", "5"), "45", 4, "L07", None),
    ],
)
async def test_on_the_way_it_is_a_case_of_transport_and_of_its_carrier(
    plant: Plant, temperatures: tuple[str, ...], humidity: str, gap: int, subcode: str, said: str | None
) -> None:
    """Temperature, humidity, a gap: each by its sub-code; the carrier that drove is the partner."""
    worker = await plant.actor("responsible")
    carrier = plant.partners["carrier"]
    stages = (NewStage(kind=StageKind.TRANSPORT, partner_id=carrier),)
    new = NewOrder(product="SCREW-35", quantity=Decimal(1), stages=stages)
    order = await orders.plan_order(worker, new)
    leg = await orders.plan_leg(
        worker, NewLeg(from_place="A", to_place="B", stage_id=order.stages[0].id, carrier_id=carrier)
    )
    await conditions.record_series(worker, series(*temperatures, humidity=humidity, gap=gap, leg_id=leg.id))
    (case,) = await opened(plant)
    assert (case.category, case.subcode, case.partner_id) == ("L", subcode, carrier)
    assert case.answers.get("logger") == ("gap" if gap else "excursion")
    assert case.answers.get("temperature") == said


async def test_a_partners_program_sees_no_case_that_opened_itself_elsewhere(plant: Plant) -> None:
    """It acts for no person; a case without a reporter is not its own for that."""
    await conditions.record_series(await plant.actor("responsible"), series("5", "9.5", "5"))
    (case,) = await opened(plant)
    stranger = replace(await plant.actor("laboratory"), person_id=None)
    assert case.partner_id != stranger.partner_id
    with pytest.raises(NotFound):
        await anomalies.get(stranger, case.id)


async def test_within_limits_nothing_is_opened(plant: Plant) -> None:
    """A good record is a record and no more."""
    await conditions.record_series(await plant.actor("responsible"), series("5", "5.5", "5"))
    assert await opened(plant) == []


async def test_where_no_case_can_be_opened_the_record_does_not_come_in_alone(plant: Plant) -> None:
    """One transaction: no template, no series; it can be handed in again when the plant is set up."""
    root = system(await people.found_plant("BARE", "空厂", "Bare"))
    await people.add_person(root, root.plant_id, "甲", ["manager"])
    await products.record_products(root, [products.NewProduct(code="X", name_zh="甲", name_en="X")])
    new = lots.NewLot(
        number="CT-001",
        product="X",
        organisation_id=root.plant_id,
        quantity=Decimal(1),
        unit="pcs",
        made_at=clock.now(),
        place="1",
    )
    await lots.record_lots(root, [new])
    with pytest.raises(UnknownCategory):
        await conditions.record_series(root, series("9"))
    assert await Series.filter(plant_id=root.plant_id).count() == 0


async def test_a_case_that_opened_itself_is_worked_like_any_other(plant: Plant) -> None:
    """Taken up, added to: nobody needs to be told as its reporter, and nothing stumbles over there being none."""
    await conditions.record_series(await plant.actor("responsible"), series("5", "9.5", "5"))
    (case,) = await opened(plant)
    owner = await plant.actor("responsible")
    taken = await anomalies.acknowledge(owner, case.id)
    assert taken.state == "collecting"
    more = await anomalies.supplement(
        owner, case.id, changes={"place": "冷库 2"}, reason="查看现场", evidence_ids=[]
    )
    assert more.place == "冷库 2"
