"""Settings changed by several people at once: each change is a version of its own, none is an error, none is lost."""

from __future__ import annotations

import asyncio
import dataclasses

from core import anomalies, escalation, signing, sop
from core.escalation import Step
from core.escalation.models import EscalationPolicy
from core.kit import system
from core.sop import BUILTIN
from tests.core.anomalies.cases import unvouched
from tests.plants import small_plant

TIMES = 6


async def test_ladders_rules_templates_and_levels_changed_at_once(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin, root = await plant.actor("administrator"), system(plant.id)
    rules = await anomalies.rules_for(plant.id)
    await asyncio.gather(
        *(
            escalation.set_policy(
                admin,
                "A",
                (Step(tier=1, after_minutes=0), Step(tier=2, after_minutes=5 + number)),
                f"第 {number} 次",
            )
            for number in range(TIMES)
        )
    )
    rows = await EscalationPolicy.filter(plant_id=plant.id, grade="A").order_by("version")
    assert [row.version for row in rows] == list(range(1, TIMES + 1))
    assert {row.steps[1]["after_minutes"] for row in rows} == {5 + number for number in range(TIMES)}
    await asyncio.gather(
        *(
            anomalies.set_rules(root, dataclasses.replace(rules), reason=f"第 {number} 次")
            for number in range(TIMES)
        )
    )
    assert (await anomalies.rules_for(plant.id)).version == rules.version + TIMES
    before = (await sop.current_template(plant.id, "P")).version
    await asyncio.gather(*(sop.publish(admin, "P", BUILTIN["P"]) for _time in range(TIMES)))
    assert (await sop.current_template(plant.id, "P")).version == before + TIMES
    made = await asyncio.gather(*(signing.set_level(root, "capa:close", "S3") for _time in range(TIMES)))
    assert sorted(made) == list(range(min(made), min(made) + TIMES))
    assert await unvouched() == []
