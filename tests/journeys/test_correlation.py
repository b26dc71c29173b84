"""One id from what a person sends to what the messenger takes: log lines, ledger and notice agree."""

from __future__ import annotations

import json
import logging
from io import StringIO
from pathlib import Path

from bot import logs
from core import people
from core.inbox.models import Inbound
from core.kit import system
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from handlers.chat.vocabulary import Came
from tests.fakes.messenger import FakeMessenger
from tests.journeys.real_house import RealHouse
from tests.plants import small_plant


async def test_an_updates_id_is_in_every_line_about_it(database: str, tmp_path: Path) -> None:
    plant = await small_plant(enrolled=False)
    token = await people.invite(system(plant.id), plant.persons["operator"])
    messenger, root, stream = FakeMessenger(), logging.getLogger(), StringIO()
    handlers, level = root.handlers, root.level
    logs.configure("INFO", stream)
    try:
        async with RealHouse(tmp_path, plant.ring, messenger) as running:
            await messenger.arrives("77", Came.COMMAND, text=f"/start {token}")
            await running.rest()
    finally:
        root.handlers = handlers
        root.setLevel(level)
    update = await Inbound.get()
    known = f"telegram-{update.id}"
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    [handled] = [one for one in lines if one.get("action") == "update_handled"]
    assert (handled["correlation"], handled["update"]) == (known, update.update_id)
    answers = await Notice.filter(chat_ref="77")
    assert {one.correlation for one in answers} == {known}
    carried = [one for one in lines if one.get("action") == "notice_carried"]
    assert {(one["correlation"], one["notice"]) for one in carried} == {(known, one.id) for one in answers}
    entries = await LedgerEntry.all().order_by("-id").limit(5)
    assert known in {json.loads(one.body)["actor"]["correlation"] for one in entries}
