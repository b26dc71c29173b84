"""What is out of order outside is waited out; what a fault of ours set aside is taken up again. Nothing sent is lost."""

from __future__ import annotations

import datetime as dt

import pytest

from core import inbox
from core.inbox.models import Inbound
from core.kit import clock
from handlers import text
from handlers.chat import router
from tests.core.capa.test_whole_story import photo
from tests.fakes.blobs import MemoryBlobs
from tests.journeys.memory_house import MemoryHouse, Someone
from tests.journeys.test_bad_input_in_chat import answer_report_until_photos
from tests.plants import small_plant

_ = text.translator("zh_CN")
WAITS = _(
    "I have your message. Something I need cannot be reached just now; I go on by myself, nothing to do for you."
)


@pytest.fixture
async def house(database: str) -> MemoryHouse:
    made = MemoryHouse(await small_plant())
    await made.start()
    return made


async def pass_minutes(house: MemoryHouse, minutes: int) -> None:
    for _minute in range(minutes):
        clock.shift(dt.timedelta(seconds=60))
        await house.settle()


def told(person: Someone) -> int:
    return sum(WAITS in one.text for one in person.chat)


async def test_a_photo_waits_for_the_store_and_its_sender_is_told_once(
    house: MemoryHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = await house.joins("coater_operator")
    await answer_report_until_photos(operator)

    async def out_of_order(*_: object) -> None:
        raise OSError("the store does not answer as it should")

    monkeypatch.setattr(MemoryBlobs, "put", out_of_order)
    await operator.photographs(photo())
    await pass_minutes(house, 20)
    assert (told(operator), (await inbox.counts())["aside"]) == (1, 0)
    monkeypatch.undo()
    await pass_minutes(house, 2)
    operator.sees(_("Photos received: {n}. Send more, or tap Done.").format(n=1))
    assert (await inbox.counts())["waiting"] == 0


async def test_an_outage_of_more_than_a_day_is_named(
    house: MemoryHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a day the messenger may no longer have the photo: then an administrator has to know."""
    operator = await house.joins("coater_operator")
    await answer_report_until_photos(operator)

    async def out_of_order(*_: object) -> None:
        raise OSError("the store does not answer as it should")

    monkeypatch.setattr(MemoryBlobs, "put", out_of_order)
    await operator.photographs(photo())
    clock.shift(dt.timedelta(hours=24))
    await house.settle()
    (aside,) = await inbox.set_aside()
    operator.sees(str(aside.id))
    assert aside.error == "OSError: the store does not answer as it should"


async def test_what_a_fault_of_ours_set_aside_takes_effect_once_it_is_mended(
    house: MemoryHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = await house.joins("coater_operator")

    async def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(router, "route", broken)
    await operator.says("/report")
    await pass_minutes(house, 5)
    (aside,) = await inbox.set_aside()
    assert (aside.attempts, told(operator)) == (inbox.receiving.MAX_ATTEMPTS, 0)
    monkeypatch.undo()
    assert await inbox.take_up([aside.id, 999]) == [aside.id]
    await house.settle()
    assert operator.chat[-1].button("工艺偏离") is not None
    assert await inbox.take_up([aside.id]) == []


async def test_an_update_put_into_the_inbox_by_sql_acts_in_nobodys_name(house: MemoryHouse) -> None:
    operator = await house.joins("coater_operator")
    await operator.says("/start")
    real = await Inbound.all().order_by("-id").first()
    assert real is not None
    before = len(operator.chat)
    body = {"update_id": "x1", "account": real.chat_ref, "came": "command", "text": "/report"}
    await Inbound.create(
        channel=real.channel, update_id="x1", chat_ref=real.chat_ref, body=body, mac=real.mac,
        due_at=clock.now(), received_at=clock.now(),
    )  # fmt: skip
    await house.settle()
    [aside] = await inbox.set_aside()
    assert (aside.error, len(operator.chat)) == (inbox.NOT_OURS, before)
    await inbox.take_up([aside.id])
    await house.settle()
    assert (await inbox.aside_count(), len(operator.chat)) == (1, before)
