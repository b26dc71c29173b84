"""The closed loop through the rooms alone: report, grade, contain, CAPA, approve, do, verify, close."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image

from core import anomalies, capa, escalation, evidence, ledger, lots, notices, sop
from core.capa import ActionKind, CauseCategory, EffectKind
from core.capa.errors import NotContained
from core.evidence import Darkroom
from core.kit import clock, unit_of_work
from core.notices.models import Notice
from tests.fakes.blobs import MemoryBlobs, ThreadBench
from tests.plants import Plant, _ring_from_file, answers, small_plant


def photo(colour: str = "silver") -> bytes:
    """A small believable JPEG."""
    kept = io.BytesIO()
    picture = Image.effect_noise((640, 480), 60).convert("RGB")
    picture.paste(colour, (100, 100, 300, 200))
    picture.save(kept, "JPEG")
    return kept.getvalue()


async def kept_photo(plant: Plant, name: str) -> int:
    """A photo that a person has sent; answers its evidence id."""
    actor = await plant.actor(name)
    room = Darkroom(MemoryBlobs(), _ring_from_file(), ThreadBench())
    received = await room.receive(actor, photo(), source_ref=None)
    return (await evidence.keep(actor, received)).id


async def reported(plant: Plant, *, by: str = "coater_operator", category: str = "P", **changes: str):
    """An anomaly reported with one photo."""
    shown = await kept_photo(plant, by)
    actor = await plant.actor(by)
    template = await sop.current_template(plant.id, category)
    return await anomalies.report(
        actor,
        template_id=template.id,
        answers=answers(category, **changes),
        evidence_ids=[shown],
        channel="telegram",
    )


@pytest.mark.req("G-87")
async def test_the_loop_closes_step_by_step_and_the_ledger_agrees(database: str) -> None:
    """Every step in its order, every approval by somebody else, and each row vouched for at the end."""
    plant = await small_plant()
    case = await reported(plant, risk="implant")
    assert case.number == f"AN-{clock.now().year}-000001"
    assert (case.proposed_grade, case.state) == ("A", "reported")
    assert case.owner_id == plant.persons["responsible"]

    owner = await plant.actor("responsible")
    await anomalies.acknowledge(owner, case.id)
    await plant.sign(
        "responsible",
        "anomalies:grade:confirm",
        {"id": case.id, "s": case.s, "o": case.o, "d": case.d, "grade": "A", "reason": ""},
    )
    opened = await capa.of_anomaly(owner, case.id)
    assert opened is not None, "grade A opens a CAPA by rule"

    with pytest.raises(NotContained):
        await capa.record_cause(
            owner,
            opened.id,
            occurrence_category=CauseCategory.METHOD,
            occurrence="槽液浓度未监控",
            escape_category=CauseCategory.MEASUREMENT,
            escape="出货检验不含附着力",
        )

    held = await anomalies.hold_affected(owner, case.id)
    assert sorted(one.lot_number for one in held) == ["CT-001", "PK-001", "PK-002"]
    await plant.sign("responsible", "anomalies:containment:complete", {"id": case.id, "reason": ""})
    assert (await anomalies.get(owner, case.id)).state == "investigating"

    await capa.record_cause(
        owner,
        opened.id,
        occurrence_category=CauseCategory.METHOD,
        occurrence="槽液浓度未监控",
        escape_category=CauseCategory.MEASUREMENT,
        escape="出货检验不含附着力",
    )
    await capa.add_action(
        owner,
        opened.id,
        kind=ActionKind.CORRECTIVE,
        text="每班测槽液浓度",
        owner_id=plant.persons["supplier"],
        due=(clock.now() + dt.timedelta(days=7)).date(),
    )
    await capa.plan_effect(
        owner,
        opened.id,
        kind=EffectKind.LOTS,
        criterion="连续 14 批无剥落",
        target=14,
        due=(clock.now() + dt.timedelta(days=60)).date(),
    )
    await capa.submit_plan(owner, opened.id)
    await plant.sign("manager", "capa:plan:approve", {"id": opened.id})
    [action] = await capa.actions(opened.id)
    await capa.complete_action(
        await plant.actor("supplier"),
        action.id,
        note="已装在线浓度计",
        evidence_ids=[await kept_photo(plant, "supplier")],
    )
    await plant.sign("responsible", "capa:implementation:confirm", {"id": opened.id})
    await plant.sign(
        "manager",
        "capa:effectiveness:result",
        {"id": opened.id, "result": "effective", "note": "14 批无剥落", "evidence_ids": []},
    )
    holds = [one.id for one in await lots.holds_of(owner, case.number)]
    await plant.sign("manager", lots.ACT, {"hold_ids": holds, "disposition": "release", "reason": "复检合格"})
    await plant.sign("manager2", "capa:close", {"id": opened.id})

    done = await anomalies.get(owner, case.id)
    assert (done.state, anomalies.stage_of(done.state).position) == ("closed", 6)
    kinds = {row.kind for row in await Notice.filter(case_number=case.number)}
    assert {
        "escalation:alert",
        "capa:opened",
        "capa:approval_wanted",
        "capa:closed",
        "anomalies:news",
    } <= kinds
    assert (await escalation.runs_of(case.id))[0].state == "acknowledged"
    assert ledger is not None
    assert notices is not None
    async with unit_of_work():
        assert await lots.undecided(case.number, plant_id=case.plant_id) == 0
