"""A group that becomes a supergroup goes on being told: bindings and waiting notices follow it, on the record."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from bot.adapters.telegram import TelegramMessenger
from bot.delivery import Delivery
from bot.pacing import Pacing
from core import notices, people, witness
from core.kit import clock, system, unit_of_work
from core.ledger.models import LedgerEntry
from core.notices import Outcome
from core.notices.models import Notice
from handlers.chat import moving
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Outgoing, Shelf
from tests.bot.adapters.telegram.conftest import Line
from tests.bot.adapters.telegram.test_sending import alert, loaded
from tests.plants import Plant, small_plant

OLD, NEW = -4242, -1009876543210


@pytest.fixture
async def plant(line: Line) -> Plant:
    return await small_plant(enrolled=False)


def delivery(messenger: TelegramMessenger, plant: Plant) -> Delivery:
    async def none(_source: str, _reader: object) -> None:
        return None

    press = ButtonPress(plant.ring.derive("chat:buttons"))
    return Delivery(Shelf(messengers={"telegram": messenger}), press, none, Pacing({}, lambda _chat: True))


async def left(plant: Plant, words: str) -> int:
    async with unit_of_work():
        return await notices.tell(
            system(plant.id),
            "reply",
            channel="telegram",
            chat_ref=str(OLD),
            payload=Outgoing(body=words).to_payload(),
        )


async def test_what_was_to_be_said_is_said_in_the_supergroup_in_its_order(line: Line, plant: Plant) -> None:
    """Nothing is lost and nothing is doubled, also of what waited behind the first message."""
    group = line.server.group(OLD, "Quality", line.server.person(77))
    carry = delivery(line.messenger, plant)
    await left(plant, "before")
    await carry.cycle()
    moved = line.server.upgrade(group, NEW)
    for words in ("one", "two", "three"):
        await left(plant, words)
    for _turn in range(5):
        clock.shift(dt.timedelta(seconds=5))
        await carry.cycle()
    assert [one.words for one in group.chat] == ["before"]
    assert [one.words for one in moved.chat] == ["one", "two", "three"]
    assert await Notice.filter(chat_ref=str(OLD)).count() == 1, "what was sent before stays where it is"


async def test_people_and_witnesses_bound_to_the_group_follow_it_on_the_record(
    line: Line, plant: Plant
) -> None:
    admin = await plant.actor("administrator")
    named = await witness.name_chat(admin, plant.partners["supplier"], "telegram", str(OLD))
    token = await people.invite(admin, plant.persons["operator"])
    await people.accept_invite("telegram", "77", str(OLD), token)
    group = line.server.group(OLD, "Quality", line.server.person(77))
    line.server.upgrade(group, NEW)
    await left(plant, "checkpoint")
    await delivery(line.messenger, plant).cycle()
    assert (await people.addresses(plant.persons["operator"]))[0] == ("telegram", str(NEW))
    [follows] = [one for one in await witness.witnesses(plant.id) if one.id == named]
    assert follows.chat_ref == str(NEW)
    entries = await LedgerEntry.filter(kind__in=["people:identity:move", "witness:witness:move"]).order_by(
        "id"
    )
    assert [json.loads(one.body)["facts"]["after"] for one in entries] == [str(NEW)] * 2
    await moving.follow("telegram", str(OLD), str(NEW))
    assert await LedgerEntry.filter(kind__endswith="identity:move").count() == 1, (
        "following twice changes nothing"
    )


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_with_pictures_too_nothing_is_said_before_the_new_address_is_known(
    line: Line, count: int
) -> None:
    group = line.server.group(OLD, "Quality", line.server.person(77))
    line.server.upgrade(group, NEW)
    told = await line.messenger.send(str(OLD), alert(count), loaded(count))
    assert (told.outcome, told.moved_to) == (Outcome.RETRY, str(NEW))


async def test_a_removal_does_not_follow(line: Line) -> None:
    """The supergroup numbers its messages anew: the old number is somebody else's message there."""
    group = line.server.group(OLD, "Quality", line.server.person(77))
    moved = line.server.upgrade(group, NEW)
    await line.messenger.send(str(NEW), Outgoing(body="first"), {})
    removed = await line.messenger.remove(str(OLD), {"id": moved.chat[0].message_id})
    assert removed.moved_to is None
    assert removed.outcome is Outcome.REFUSED
    assert [one.words for one in moved.chat] == ["first"]
