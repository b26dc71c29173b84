"""A partner's program reports with a photo and adds to it; the engineer sees both, in the chat and on the page."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot import serving
from core import anomalies, people
from handlers import text
from handlers.chat.vocabulary import Came
from tests.core.capa.test_whole_story import photo
from tests.fakes.messenger import FakeMessenger, Shown
from tests.handlers.partner.program import Program, Programs
from tests.journeys.real_house import RealHouse
from tests.plants import answers, small_plant

_ = text.translator("zh_CN")
PHONE = "1001"


@pytest.fixture
async def messenger() -> FakeMessenger:
    """What the engineer has in the pocket."""
    return FakeMessenger()


@pytest.fixture
async def programs(database: str, tmp_path: Path, messenger: FakeMessenger) -> AsyncIterator[Programs]:
    """A served house that a messenger is connected to."""
    plant = await small_plant()
    async with RealHouse(tmp_path, plant.ring, messenger) as house:
        server = await serving.serve(house.house)
        yield Programs(house, plant, f"http://127.0.0.1:{server.port}")
        await house.browser.stop()
        await server.stop()


async def sent(program: Program, colour: str) -> int:
    """A photo as a program sends it; answers its id."""
    headers = {"Content-Type": "image/jpeg"}
    made = await program.ask("POST", "/api/v1/photos", data=io.BytesIO(photo(colour)), headers=headers)
    assert made.status == 201, made.body
    return int(made.body["id"])


def newest(messenger: FakeMessenger, words: str) -> Shown:
    """The newest message on the engineer's phone that contains the words."""
    return next(one for one in reversed(messenger.chats[PHONE]) if words in one.text)


async def test_an_engineer_sees_photo_and_supplement_of_a_partners_program(
    programs: Programs, messenger: FakeMessenger
) -> None:
    """The alert shows the photo and names the program; what is added later stands on card and page."""
    plant, house = programs.plant, programs.house
    token = await people.invite(await plant.actor("administrator"), plant.persons["responsible"])
    await messenger.arrives(PHONE, Came.COMMAND, text=f"/start {token}")
    await house.rest()
    program = await programs.program("supplier")
    first = await sent(program, "silver")
    given = {key: str(value) for key, value in answers("P").items()}
    told = {"category": "P", "answers": given, "evidence_ids": [first]}
    case = await program.post("/api/v1/anomalies", told)
    assert case.status == 201, case.body
    number = case.body["number"]
    await house.rest()
    alert = newest(messenger, number)
    assert alert.pictures == (f"evidence:{first}",), "opened as this reader may see it"
    client = (await anomalies.get(await plant.actor("responsible"), number)).reporter_client
    who = f"程序 supplier interface（{client}） · 晨光涂层"
    assert (_("Reported by"), who) in alert.outgoing.facts

    second = await sent(program, "red")
    more = {"reason": "复点", "changes": {"quantity": "14"}, "evidence_ids": [second]}
    added = await program.post(f"/api/v1/anomalies/{number}/supplements", more)
    assert added.status == 201, added.body
    await messenger.arrives(PHONE, Came.TEXT, text=number)
    await house.rest()
    assert dict(newest(messenger, number).outgoing.facts)[_("Quantity")].startswith("14 ")
    async with await programs.admin("responsible") as session:
        page = await (await session.get(f"{programs.address}/admin/cases/{number}")).text()
        assert who in page
        assert "复点" in page
        for one in (first, second):
            shown = f"/admin/evidence/{one}/preview"
            assert shown in page
            picture = await (await session.get(programs.address + shown)).read()
            assert Image.open(io.BytesIO(picture)).size == (640, 480)
