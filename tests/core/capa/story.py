"""Driving a case through its CAPA quickly: each step by the person who may take it."""

from __future__ import annotations

import datetime as dt

from core import anomalies, capa
from core.anomalies import AnomalyFacts
from core.capa import ActionFacts, ActionKind, CapaFacts, CauseCategory, EffectKind
from core.kit import clock
from core.kit.actor import Actor
from tests.core.anomalies.cases import confirmed, contained, photo, taken
from tests.plants import Plant


def in_days(days: int) -> dt.date:
    """A date so many days from now."""
    return (clock.now() + dt.timedelta(days=days)).date()


async def opened(plant: Plant, *, by: str = "operator") -> CapaFacts:
    """The CAPA that the rule opened for a contained case of grade A."""
    case = await contained(plant, await confirmed(plant, await taken(plant, by=by, risk="implant")))
    found = await capa.of_anomaly(await plant.actor("responsible"), case.id)
    assert found is not None
    return found


async def minor(plant: Plant) -> AnomalyFacts:
    """A contained case of grade C."""
    case = await contained(
        plant, await confirmed(plant, await taken(plant, detection="automatic", lot="MC-002"))
    )
    assert case.grade == "C"
    return case


async def cause(actor: Actor, capa_id: int) -> CapaFacts:
    """Record a believable cause."""
    return await capa.record_cause(
        actor,
        capa_id,
        occurrence_category=CauseCategory.METHOD,
        occurrence="槽液浓度没有监控",
        escape_category=CauseCategory.MEASUREMENT,
        escape="出货检验不含附着力",
    )


async def add(plant: Plant, actor: Actor, capa_id: int, owner: str = "supplier") -> ActionFacts:
    """Plan one action for a person."""
    return await capa.add_action(
        actor,
        capa_id,
        kind=ActionKind.CORRECTIVE,
        text="每班测槽液浓度",
        owner_id=plant.persons[owner],
        due=in_days(7),
    )


async def criterion(actor: Actor, capa_id: int) -> CapaFacts:
    """Fix how it will be judged."""
    return await capa.plan_effect(
        actor, capa_id, kind=EffectKind.LOTS, criterion="连续 14 批无剥落", target=14, due=in_days(60)
    )


async def submitted(plant: Plant, found: CapaFacts, *, owner: str = "supplier") -> CapaFacts:
    """Cause, one action, criterion, handed in by the responsible person."""
    actor = await plant.actor("responsible")
    await cause(actor, found.id)
    await add(plant, actor, found.id, owner)
    await criterion(actor, found.id)
    return await capa.submit_plan(actor, found.id)


async def carried_out(plant: Plant, found: CapaFacts, *, owner: str = "supplier") -> CapaFacts:
    """Approved, done with a photo, confirmed: the effect is watched."""
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    hand = await plant.actor(owner)
    for one in await capa.actions(found.id):
        if one.done_at is None:
            await capa.complete_action(hand, one.id, note="已装浓度计", evidence_ids=[await photo(hand)])
    await plant.sign("responsible", "capa:implementation:confirm", {"id": found.id})
    return await capa.get(hand, found.id)


async def judged(plant: Plant, found: CapaFacts, result: str, *, by: str = "manager2") -> CapaFacts:
    """The effect judged by somebody who carried out none of it."""
    args = {"id": found.id, "result": result, "note": "14 批中 2 批剥落", "evidence_ids": []}
    await plant.sign(by, "capa:effectiveness:result", args)
    return await capa.get(await plant.actor(by), found.id)


async def case_of(plant: Plant, found: CapaFacts) -> AnomalyFacts:
    """The case of a CAPA as it stands."""
    return await anomalies.get(await plant.actor("manager"), found.anomaly_id)
