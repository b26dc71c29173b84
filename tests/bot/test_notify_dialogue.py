"""/notify in the chat: few taps, each says what it sets; a button pressed twice sets the same."""

from __future__ import annotations

from core import people
from core.kit import system
from core.people import ChannelRule, Contact, Hours
from handlers.chat.vocabulary import Came
from tests.journeys.memory_house import MemoryHouse
from tests.plants import small_plant

NIGHT = Hours(begins=22 * 60, ends=6 * 60)


async def test_a_person_arranges_with_taps_how_they_are_told(database: str) -> None:
    house = MemoryHouse(await small_plant(enrolled=False))
    await house.start()
    manager = await house.joins("manager", locale="en")
    person = house.plant.persons["manager"]
    token = await people.invite(system(house.plant.id), person)
    await people.accept_invite("wecom", "liu", "liu", token)
    await manager.says("/notify")
    assert "Order: Telegram → WeCom → phone page" in manager.sees("How you are told").text
    await manager.taps("① First: WeCom")
    assert "Order: WeCom → Telegram → phone page" in manager.sees("How you are told").text
    await manager.taps("🔴 Grade A first: Telegram")
    await manager.taps("🌃 At night first: Telegram")
    await manager.taps("🌙 Quiet hours: 22:00–06:00")
    card = manager.sees("How you are told")
    off = card.button("Daily digest: off")
    assert off is not None
    await manager.taps("🗞 Daily digest: off")
    await house.messenger.arrives(manager.account, Came.BUTTON, data=off.data)
    await house.settle()
    await manager.taps("🔴 Next channel after: 5 minutes")
    wishes = Contact(
        rules=(
            ChannelRule(channels=("wecom",)),
            ChannelRule(channels=("telegram",), grade="A"),
            ChannelRule(channels=("telegram",), hours=NIGHT),
        ),
        quiet=NIGHT,
        digest=False,
        prove_minutes=5,
    )
    assert await people.contact_of(person) == wishes
