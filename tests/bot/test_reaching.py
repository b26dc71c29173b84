"""Each person is told where and when they wish; what fails or stays unproven takes the next channel."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.delivery import Delivery
from bot.pacing import Pacing
from core import anomalies, calendars, duty, notices, people
from core.kit import clock, system, unit_of_work
from core.notices import Outcome, Priority
from core.notices.models import Notice
from core.people import ChannelRule, Contact, Hours
from handlers.chat import digests
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Delivered, Shelf
from tests.bot.test_delivery import Scripted, no_picture
from tests.core.anomalies.cases import reported
from tests.fakes.messenger import FakeMessenger
from tests.plants import Plant, small_plant

ZONE = "Asia/Shanghai"
GONE = Delivered(outcome=Outcome.GONE, error="blocked by the user")


class Town:
    """A manager with Telegram, WeCom and the phone page."""

    def __init__(self, plant: Plant, answers: list[Delivered] | None = None) -> None:
        self.plant = plant
        self.manager = plant.persons["manager"]
        self.telegram = Scripted(answers=answers or [])
        self.wecom = FakeMessenger(channel="wecom")
        self.browser = FakeMessenger(channel="browser")
        these = (self.telegram, self.wecom, self.browser)
        shelf = Shelf(messengers={one.channel: one for one in these})
        self.delivery = Delivery(shelf, ButtonPress(b"k" * 32), no_picture, Pacing({}, lambda _chat: False))

    @classmethod
    async def open(cls, answers: list[Delivered] | None = None) -> Town:
        """Bind both messengers, Telegram first."""
        town = cls(await small_plant(enrolled=False), answers)
        for channel in ("telegram", "wecom"):
            token = await people.invite(system(town.plant.id), town.manager)
            await people.accept_invite(channel, "m", "m", token)
            clock.shift(dt.timedelta(seconds=1))
        return town

    async def wish(self, contact: Contact) -> None:
        await people.set_contact(await people.actor_of(self.manager, "chat"), self.manager, contact)

    async def tell(self, priority: Priority, kind: str = "signing:locked", **more: object) -> int:
        async with unit_of_work():
            return await notices.tell(
                system(self.plant.id),
                kind,
                person_id=self.manager,
                facts={"name": "x", "minutes": 15},
                priority=priority,
                **more,  # type: ignore[arg-type]
            )

    async def settle(self) -> None:
        while await self.delivery.cycle():
            pass

    def shown(self) -> dict[str, int]:
        """How many messages each channel shows the manager."""
        page = self.browser.chats.get(f"p{self.manager}", [])
        return {
            "telegram": len(self.telegram.chats.get("m", [])),
            "wecom": len(self.wecom.chats.get("m", [])),
            "browser": len(page),
        }


def at(hour: int, minute: int = 0) -> None:
    """Go to the next time it is this hour in the plant."""
    now = clock.now().astimezone(ZoneInfo(ZONE))
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    clock.shift(then - now if then > now else then - now + dt.timedelta(days=1))


async def test_failover_takes_at_most_five_seconds_by_the_rules_of_the_person(database: str) -> None:
    """WeCom first for grade A, which is blocked there: Telegram has it at once."""
    town = await Town.open()
    await town.wish(Contact(rules=(ChannelRule(channels=("wecom", "telegram"), grade="A"),)))
    town.wecom.blocked.add("m")
    began = clock.now()
    await town.tell(Priority.CRITICAL)
    await town.settle()
    took = (clock.now() - began).total_seconds()
    print(f"permanent failure to the next channel: {took:.2f} s (goal 5 s)")
    assert took <= 5
    assert town.shown() == {"telegram": 1, "wecom": 0, "browser": 0}


async def test_quiet_hours_hold_lesser_news_until_they_end_and_never_grade_a(database: str) -> None:
    town = await Town.open()
    await town.wish(Contact(quiet=Hours(begins=22 * 60, ends=6 * 60)))
    at(23)
    await town.tell(Priority.ALERT)
    await town.tell(Priority.CRITICAL)
    first = await town.tell(Priority.CRITICAL)
    await town.settle()
    assert town.shown()["telegram"] == 2
    await town.tell(Priority.ALERT, edits_id=first)
    await town.settle()
    assert [one.edits for one in town.telegram.chats["m"]] == [0, 1], (
        "a change of what is shown makes no sound"
    )
    at(5, 59)
    await town.settle()
    assert town.shown()["telegram"] == 2
    clock.shift(dt.timedelta(minutes=2))
    await town.settle()
    assert town.shown()["telegram"] == 3


async def test_quiet_hours_that_are_taken_back_let_go_what_they_held(database: str) -> None:
    town = await Town.open()
    await town.wish(Contact(quiet=Hours(begins=22 * 60, ends=6 * 60)))
    at(23)
    await town.tell(Priority.ALERT)
    await town.settle()
    await town.wish(Contact())
    await town.settle()
    assert town.shown()["telegram"] == 1


@pytest.mark.parametrize("proof", [True, False])
async def test_without_a_sign_of_arrival_grade_a_takes_the_next_channel_as_well(
    database: str, proof: bool
) -> None:
    """A tap proves it. Without one the next channel has a copy after the time set, and changes reach both."""
    town = await Town.open()
    await town.wish(Contact(prove_minutes=10))
    alert = await town.tell(Priority.CRITICAL)
    await town.tell(Priority.ALERT)
    await town.settle()
    if proof:
        row = await Notice.get(id=alert)
        assert row.message_ref is not None
        assert await notices.proven("telegram", "m", row.message_ref["id"]) == 1
        assert (await Notice.get(id=alert)).state == "delivered"
    clock.shift(dt.timedelta(minutes=9))
    assert await notices.pass_on() == 0
    clock.shift(dt.timedelta(minutes=1))
    assert await notices.pass_on() == (0 if proof else 1)
    assert await notices.pass_on() == 0, "once"
    await town.settle()
    assert town.shown() == {"telegram": 2, "wecom": 0 if proof else 1, "browser": 0}
    await town.tell(Priority.ALERT, edits_id=alert)
    await town.settle()
    assert [one.edits for one in town.wecom.chats.get("m", [])] == ([] if proof else [1])
    assert town.telegram.chats["m"][0].edits == 1
    clock.shift(dt.timedelta(minutes=10))
    assert await notices.pass_on() == (0 if proof else 1)
    await town.settle()
    assert town.shown()["browser"] == (0 if proof else 1)
    assert not await Notice.filter(kind="notices:unreachable").exists()


async def test_a_page_that_asks_for_what_came_after_proves_what_came_before(database: str) -> None:
    ids = [await town_message(number) for number in (4, 7)]
    assert await notices.proven_up_to("browser", "p1", 5) == 1
    assert [(await Notice.get(id=one)).state for one in ids] == ["delivered", "sent"]
    assert await notices.proven("browser", "p1", None) == 0


async def town_message(number: int) -> int:
    async with unit_of_work():
        made = await notices.tell(system(1), "chat:reply", channel="browser", chat_ref="p1", payload={})
    assert len(await notices.claim()) == 1
    await notices.record(made, Outcome.SENT, doubts=0, message_ref={"id": number})
    return made


def digests_of(town: Town) -> list[str]:
    return [one.text for one in town.telegram.chats.get("m", []) if "🗞" in one.outgoing.head]


def test_digests_keep_off_the_full_and_the_half_hour_and_keep_their_minute() -> None:
    day = dt.date(2027, 3, 1)
    moments = [digests.moment_for(person, day, ZONE).astimezone(ZoneInfo(ZONE)) for person in range(1, 500)]
    assert all(one.hour == 8 and 3 <= one.minute <= 27 for one in moments)
    assert len({one.minute for one in moments}) == 24
    assert moments[6] == digests.moment_for(7, day, ZONE)
    following = digests.moment_for(7, day + dt.timedelta(days=1), ZONE)
    assert following - moments[6] == dt.timedelta(days=1)


def test_whenever_a_shift_begins_its_digests_keep_off_the_full_and_the_half_hour() -> None:
    day = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    for start in range(0, 1440, 5):
        begins = day + dt.timedelta(minutes=start)
        for person in range(1, 60):
            when = digests.moment_for(person, day.date(), ZONE, begins)
            assert 3 <= when.minute % 30 <= 27, when
            assert dt.timedelta(minutes=3) <= when - begins <= dt.timedelta(minutes=33)


async def test_a_digest_comes_when_its_readers_shift_begins(database: str) -> None:
    """The night shift's at eight in the evening, or when the house is back after midnight; the others' in the morning."""
    town = await Town.open()
    plant = town.plant
    at(6)
    await reported(plant)
    admin, owner = await plant.actor("administrator"), plant.persons["responsible"]
    night = await calendars.add_shift(
        admin, "夜班", dt.time(20), dt.time(4), reason="排班", days=tuple(range(1, 8)), holidays=True
    )
    await duty.set_rotation(admin, tier=2, order=(owner,), reason="排班", every="day", shift_id=night.id)

    async def got() -> int:
        await digests.send_due(ZONE)
        return await Notice.filter(person_id=owner, kind=digests.KIND).count()

    at(8, 28)
    assert await got() == 0, "it is not their morning"
    assert await Notice.filter(person_id=town.manager, kind=digests.KIND).count() == 1
    at(20, 2)
    assert await got() == 0
    at(20, 28)
    assert await got() == 1
    at(0, 30)
    assert await got() == 1, "once"
    at(20, 2)
    assert await got() == 1
    at(0, 30)
    assert await got() == 2, "late, after midnight"


async def test_a_head_gets_the_pulse_once_a_day_whoever_asks_how_often(database: str) -> None:
    town = await Town.open()
    at(8, 2)
    assert await digests.send_due(ZONE) == 0
    at(8, 28)
    assert await digests.send_due(ZONE) >= 1
    assert await digests.send_due(ZONE) == 0, "a restart asks again"
    await town.settle()
    [card] = digests_of(town)
    assert "新增 0 起" in card
    at(8, 28)
    await digests.send_due(ZONE)
    await town.settle()
    assert len(digests_of(town)) == 2


async def test_who_switched_it_off_gets_none_and_news_at_once(database: str) -> None:
    town = await Town.open()
    await town.wish(dataclasses.replace(Contact(), digest=False))
    at(8, 28)
    await digests.send_due(ZONE)
    await town.settle()
    assert digests_of(town) == []


async def test_news_wait_for_the_digest_in_which_steps_and_own_cases_stand(database: str) -> None:
    """The engineer's open step, the partner's case, and what became of a report: one message for each."""
    town = await Town.open()
    plant = town.plant
    at(10)
    case = await reported(plant, by="second")
    await anomalies.reject(await plant.actor("responsible"), case.id, reason="量具读错")
    going = await reported(plant)
    await town.settle()
    pages = town.browser.chats
    second, owner, partner = (f"p{plant.persons[one]}" for one in ("second", "responsible", "supplier"))
    assert not [one for one in pages.get(second, []) if case.number in one.text], "held"
    at(8, 28)
    await digests.send_due(ZONE)
    await town.settle()
    [news] = [one.text for one in pages[second] if "🗞" in one.text]
    assert f"· 您上报的 {case.number} 判定为非异常" in news
    for reader in (owner, partner):
        [card] = [one.text for one in pages[reader] if "🗞" in one.text]
        assert going.number in card
        assert case.number not in card
    row = await Notice.get(person_id=plant.persons["second"], kind="anomalies:news")
    assert (row.state, row.last_error) == ("superseded", "it is in the digest")
