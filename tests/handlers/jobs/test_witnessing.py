"""What the timed side of witnessing does when cases are closed."""

from __future__ import annotations

from pathlib import Path

from core import capa, lots, witness
from core.ledger import keys
from core.notices.models import Notice
from core.witness.models import Posting
from handlers.jobs import witnessing
from tests.core.capa import story
from tests.core.ledger.logs import seal_all
from tests.plants import Plant, small_plant


async def released(plant: Plant, case: str) -> None:
    """Every hold of a case decided."""
    holds = [one.id for one in await lots.holds_of(await plant.actor("manager"), case)]
    await plant.sign("manager", lots.ACT, {"hold_ids": holds, "disposition": "release", "reason": "合格"})


async def test_closing_a_critical_case_posts_its_checkpoint_at_once_and_a_minor_one_does_not(
    database: str, tmp_path: Path
) -> None:
    """Signed closure of grade A: asked for in the same transaction, posted when sealed, at any hour of the day."""
    signer = keys.create(tmp_path / "ledger.key", "bihuan/ledger")
    witness.use_keys(signer.verifiers)
    plant = await small_plant()
    await witness.name_person(await plant.actor("administrator"), plant.persons["supplier"])
    case = await story.minor(plant)
    await plant.sign("manager", "capa:waive", {"anomaly_id": case.id, "reason": "一次性划痕"})
    waived = await capa.of_anomaly(await plant.actor("manager"), case.id)
    assert waived is not None
    await released(plant, case.number)
    await plant.sign("manager2", "capa:close", {"id": waived.id})
    found = await story.judged(
        plant,
        await story.carried_out(plant, await story.submitted(plant, await story.opened(plant))),
        "effective",
    )
    await released(plant, found.case_number)
    assert await Posting.all().count() == 0
    await plant.sign("manager2", "capa:close", {"id": found.id})
    assert [row.case_number for row in await Posting.all()] == [found.case_number]
    assert await witnessing.post("UTC") == 0, "not sealed yet"
    await seal_all(signer)
    assert await witnessing.post("UTC") == 1
    told = await Notice.filter(kind="witness:checkpoint")
    assert [one.person_id for one in told] == [plant.persons["supplier"]]
