"""Few taps: what needs no confirmation asks for none, what is done is offered no more, what was promised comes."""

from __future__ import annotations

from core import capa, lots
from handlers import text
from tests.core.anomalies.cases import confirmed, contained, taken
from tests.core.capa import story
from tests.journeys import acts

_ = text.translator("zh_CN")


async def test_a_trace_is_shown_after_its_one_answer(database: str) -> None:
    _house, (supplier,) = await acts.house_with("supplier")
    await supplier.says("/start")
    await supplier.taps("追溯批次")
    await supplier.says("CT-001")
    shown = supplier.chat[-1]
    assert "CT-001 的谱系" in shown.outgoing.head
    assert shown.outgoing.pictures


async def test_the_owner_hears_that_the_plan_is_approved(database: str) -> None:
    house, (owner,) = await acts.house_with("responsible")
    found = await story.submitted(house.plant, await story.opened(house.plant))
    await house.plant.sign("manager", "capa:plan:approve", {"id": found.id})
    await house.settle()
    assert "刘洋 已批准计划" in owner.sees("已批准计划").outgoing.head


async def test_held_lots_are_counted_on_the_button_and_decided_ones_ask_for_nothing_more(
    database: str,
) -> None:
    house, (owner, manager) = await acts.house_with("responsible", "manager")
    plant = house.plant
    case = await confirmed(plant, await taken(plant, risk="implant"))
    await owner.says(case.number)
    await owner.taps(_("⛔ Hold the affected lots"))
    await owner.says(case.number)
    assert owner.chat[-1].button(_("⛔ {n} lots held: check again").format(n=3)) is not None
    await contained(plant, case)
    opened = await capa.of_anomaly(await plant.actor("responsible"), case.id)
    assert opened is not None
    found = await story.carried_out(plant, await story.submitted(plant, opened))
    await story.judged(plant, found, "effective", by="manager2")
    await manager.says(case.number)
    assert manager.chat[-1].button(_("Decide the held lots")) is not None
    holds = [one.id for one in await lots.holds_of(await plant.actor("manager"), case.number)]
    args = {"hold_ids": holds, "disposition": "release", "reason": "复检合格"}
    signed = await plant.sign("manager", lots.ACT, args)
    assert signed.signature.shown.subject_number == f"{case.number} · CT-001 +2"
    await manager.says(case.number)
    assert manager.chat[-1].button(_("Decide the held lots")) is None
    assert manager.chat[-1].button(_("Close the case: sign")) is not None
