"""An effect judged before its planned day: allowed, and never silent."""

from __future__ import annotations

import datetime as dt
import json

from core import signing
from core.capa import policy
from core.capa.models import Capa
from core.kit import clock
from core.ledger.models import LedgerEntry
from tests.core.capa import story
from tests.core.capa.test_policy import capa
from tests.plants import small_plant


async def test_the_signer_and_the_record_are_told_how_early_it_is(database: str) -> None:
    plant = await small_plant()
    found = await story.carried_out(plant, await story.submitted(plant, await story.opened(plant)))
    planned = (await Capa.get(id=found.id)).effect_due
    assert planned is not None
    args = {"id": found.id, "result": "inconclusive", "note": "还太早", "evidence_ids": []}
    manager = await plant.actor("manager2")
    card = await signing.begin(manager, "capa:effectiveness:result", args, "telegram", "1")
    early = (planned - clock.in_zone(clock.now(), manager.timezone).date()).days
    assert early >= 59
    lines = dict(signing.render(card, lambda said: said))
    assert lines["Planned day"] == planned.isoformat()
    assert lines["Days before the planned day"] == str(early)
    await signing.drop(manager, card.id)
    await story.judged(plant, found, "inconclusive")
    entry = await LedgerEntry.filter(kind="capa:effectiveness:result").order_by("-id").first()
    assert entry is not None
    said = json.loads(entry.body)["facts"]
    early = (planned - clock.in_zone(clock.now(), manager.timezone).date()).days
    assert (said["planned"], said["days_early"]) == (planned.isoformat(), early)


async def test_on_the_planned_day_the_card_has_no_such_line(database: str) -> None:
    plant = await small_plant()
    found = await story.carried_out(plant, await story.submitted(plant, await story.opened(plant)))
    clock.shift(dt.timedelta(days=61))
    args = {"id": found.id, "result": "effective", "note": "无剥落", "evidence_ids": []}
    card = await signing.begin(
        await plant.actor("manager2"), "capa:effectiveness:result", args, "telegram", "1"
    )
    assert "Days before the planned day" not in dict(signing.render(card, lambda said: said))


def test_on_the_planned_day_and_after_it_nothing_is_early() -> None:
    day = dt.date(2026, 12, 1)
    for today, early in ((day - dt.timedelta(days=1), 1), (day, 0), (day + dt.timedelta(days=9), 0)):
        assert policy.days_early(capa(effect_due=day), today=today) == early
    assert policy.days_early(capa(effect_due=None), today=day) == 0
