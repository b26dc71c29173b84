"""Who reported a case is named to those who work on it: person, program or rule; to others no more than they may meet."""

from __future__ import annotations

import dataclasses
import datetime as dt

from core.anomalies import ITSELF
from core.clients import Scope, make_client
from core.kit import clock
from handlers import text
from handlers.reporters import reported_by
from tests.core.anomalies.cases import reported
from tests.plants import small_plant


async def test_a_reporter_is_named_as_far_as_the_reader_may_meet_it(database: str) -> None:
    plant = await small_plant()
    case = await reported(plant, by="coater_operator")
    engineer, laboratory = await plant.actor("responsible"), await plant.actor("laboratory")
    zh, en = text.translator("zh_CN"), text.translator("en")
    assert await reported_by(engineer, case, zh) == "何军 · 晨光涂层"
    own = dataclasses.replace(case, reporter_id=plant.persons["operator"])
    assert await reported_by(engineer, own, zh) == "张伟 · 康固骨科"
    assert await reported_by(laboratory, case, zh) == "–", "partners do not learn of one another's people"
    made = await make_client(
        await plant.actor("administrator"),
        plant.partners["supplier"],
        "MES of the coater",
        [Scope.ANOMALIES_WRITE.value],
        valid_until=clock.now() + dt.timedelta(days=99),
    )
    program = dataclasses.replace(case, reporter_id=ITSELF, reporter_client=made.client.client_id)
    named = f"程序 MES of the coater（{made.client.client_id}）"
    assert await reported_by(engineer, program, zh) == f"{named} · 晨光涂层"
    in_english = await reported_by(engineer, program, en)
    assert in_english.startswith(f"program MES of the coater ({made.client.client_id}) · ")
    rule = dataclasses.replace(case, reporter_id=ITSELF)
    assert await reported_by(engineer, rule, zh) == "规则自动上报"
