"""Who goes first, what replaces what, and where a message goes when its channel is gone."""

from __future__ import annotations

import asyncio
import contextvars
import datetime as dt
from dataclasses import dataclass, field

import pytest

from bot.delivery import TRIES, Delivery
from bot.pacing import Limits, Pacing, Window
from bot.tally import Outbox
from core import notices, people
from core.kit import clock, system, unit_of_work
from core.notices import Claimed, Outcome, Priority
from core.notices.carrying import DOUBT, LEASE
from core.notices.models import Notice
from handlers.chat import wording
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Delivered, Outgoing, Pictures, Shelf
from tests.bot.test_delivery import FAST, Scripted, bodies, delivery_for, leave, no_picture, work
from tests.fakes.messenger import FakeMessenger
from tests.plants import small_plant

MINUTE = Window(count=19, seconds=60)
GONE = Delivered(outcome=Outcome.GONE, error="blocked by the user")


async def test_a_flood_for_a_resting_chat_does_not_starve_the_others(database: str) -> None:
    """Two hundred urgent notices wait for a chat that must rest; the others' single digest goes out at once."""
    messenger = Scripted(answers=[Delivered(outcome=Outcome.RETRY, retry_after=600.0)])
    delivery = delivery_for(messenger)
    for number in range(200):
        await leave(str(number), chat="1", priority=Priority.CRITICAL)
    await delivery.cycle()
    await leave("digest", chat="2", priority=Priority.INFO)
    await delivery.cycle()
    assert bodies(messenger, "2") == ["digest"]


async def test_a_full_group_still_takes_a_critical_alert_at_once(database: str) -> None:
    """The last quarter of a window is kept: no alert waits a minute behind news."""
    messenger = Scripted()
    limits = Limits(
        overall=(Window(count=30, seconds=1),),
        private=(Window(count=1, seconds=1),),
        group=(Window(count=19, seconds=60),),
    )
    delivery = delivery_for(messenger, {"telegram": limits})
    for number in range(60):
        await leave(str(number), chat="-9", priority=Priority.INFO)
    await work(delivery, lambda: len(bodies(messenger, "-9")) == 15)
    await leave("grade A", chat="-9", priority=Priority.CRITICAL)
    await delivery.cycle()
    assert bodies(messenger, "-9")[-1] == "grade A"


async def test_a_chat_that_hangs_holds_no_alert_of_another_up(database: str) -> None:
    hangs, go = asyncio.Event(), asyncio.Event()

    @dataclass
    class Hanging(Scripted):
        async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
            if chat_ref == "1":
                hangs.set()
                await go.wait()
            return await super().send(chat_ref, outgoing, pictures)

    messenger = Hanging()
    delivery = delivery_for(messenger)
    await leave("slow", chat="1", priority=Priority.INFO)
    running = asyncio.create_task(delivery.run())
    await hangs.wait()
    await leave("grade A", chat="2", priority=Priority.CRITICAL)
    delivery.wake()
    async with asyncio.timeout(20):
        while not bodies(messenger, "2"):
            await asyncio.sleep(0.01)
    assert bodies(messenger, "1") == []
    await delivery.stop()
    go.set()
    await running
    assert bodies(messenger, "1") == ["slow"]


async def test_a_passing_fault_does_not_turn_the_order_of_a_chat_round(database: str) -> None:
    """One bad gateway: the second message, and one left after it, wait for the first."""
    messenger = Scripted(answers=[Delivered(outcome=Outcome.RETRY, error="502")])
    delivery = delivery_for(messenger)
    await leave("first")
    await leave("second")
    await delivery.cycle()
    await leave("third")
    await work(delivery, lambda: len(bodies(messenger)) == 3)
    assert bodies(messenger) == ["first", "second", "third"]


async def test_many_changes_of_a_message_are_one_edit(database: str) -> None:
    """Ten states while the chat rests: the newest alone is shown, on the message that is there."""
    messenger = Scripted()
    delivery = delivery_for(messenger)
    first = await leave("new")
    await delivery.cycle()
    for number in range(10):
        await leave(f"state {number}", edits_id=first)
    await delivery.cycle()
    [shown] = messenger.chats["77"]
    assert (shown.outgoing.body, shown.edits) == ("state 9", 1)
    assert await notices.edits_saved() == 9


async def test_an_older_change_never_follows_a_newer_one(database: str) -> None:
    """The older was in a sender's hand, which died, when the newer came: the newer stays on the screen."""
    messenger = Scripted()
    delivery = delivery_for(messenger)
    first = await leave("new")
    await delivery.cycle()
    await leave("older", edits_id=first)
    assert len(await notices.claim()) == 1
    await leave("newer", edits_id=first)
    await delivery.cycle()
    clock.shift(LEASE + FAST)
    await delivery.cycle()
    [shown] = messenger.chats["77"]
    assert (shown.outgoing.body, shown.edits) == ("newer", 1)


async def test_a_sender_that_dies_again_and_again_ends_as_unknown(database: str) -> None:
    """No storm from a message that kills its sender; what became of it stays visible."""
    await leave("poison")
    taken = 0
    for _turn in range(10):
        taken += len(await notices.claim())
        clock.shift(LEASE + FAST)
    assert taken == 1 + len(DOUBT)
    assert (await Notice.get()).state == "unknown"


async def test_a_sender_that_lost_its_lease_keeps_its_hands_off(database: str) -> None:
    """It slept past its lease and another has the notice: one message, not two."""
    messenger = Scripted()
    late, other = delivery_for(messenger), delivery_for(messenger)
    await leave("once")
    [slept] = await notices.claim()
    clock.shift(LEASE + FAST)
    assert await other.cycle() == 1
    await late._carry_all([slept])
    assert bodies(messenger) == ["once"]


async def test_a_late_sender_does_not_give_back_what_another_has_in_hand(database: str) -> None:
    await leave("once")
    [slept] = await notices.claim()
    clock.shift(LEASE + FAST)
    [taken] = await notices.claim()
    await notices.put_back([slept], 0)
    assert await notices.claim() == []
    await notices.put_back([taken], 0)
    [again] = await notices.claim()
    assert (again.attempts, again.doubts) == (2, 1)


async def test_news_that_a_sender_takes_in_hand_is_not_in_the_digest_as_well(database: str) -> None:
    """Both at the same instant, in two processes: the news goes out by itself, and once."""
    async with unit_of_work():
        await notices.tell(system(1), "anomalies:news", person_id=5, priority=Priority.INFO)

    async def digest() -> None:
        async with unit_of_work():
            await notices.bundle(
                system(1), "digest:daily", "digest:5", person_id=5, kinds=["anomalies:news"], facts={}
            )

    elsewhere = contextvars.copy_context()
    async with unit_of_work() as work:
        await notices.claim()
        digesting = asyncio.create_task(digest(), context=elsewhere)
        while database == "postgres" and not (
            await work.db.execute_query_dict("SELECT 1 FROM pg_locks WHERE NOT granted")
        ):
            await asyncio.sleep(0)
    await digesting
    assert (await Notice.get(kind="digest:daily")).facts["news"] == []
    assert (await Notice.get(kind="anomalies:news")).state == "sending"


@pytest.mark.parametrize("times", [1, 2])
async def test_what_was_sent_is_never_taken_for_not_sent(
    database: str, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The database fails just as the outcome is written: once it is written again, else the message counts as a doubt."""
    broken, record = iter(range(times)), notices.record

    async def failing(*args: object, **more: object) -> None:
        if next(broken, None) is not None:
            msg = "the database is gone"
            raise OSError(msg)
        await record(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(notices, "record", failing)
    messenger = Scripted()
    delivery = delivery_for(messenger)
    await leave("once")
    await delivery.cycle()
    row = await Notice.get()
    assert (bodies(messenger), row.state) == (["once"], "sent" if times == 1 else "sending")
    clock.shift(LEASE + FAST)
    await delivery.cycle()
    assert len(bodies(messenger)) == times
    assert (await Notice.get()).doubts == times - 1


@dataclass
class TwoChannels:
    """A plant whose manager is bound on two messengers, the first of which she has blocked."""

    wecom: FakeMessenger = field(default_factory=lambda: FakeMessenger(channel="wecom"))
    browser: FakeMessenger = field(default_factory=lambda: FakeMessenger(channel="browser"))
    telegram: Scripted = field(default_factory=Scripted)

    def delivery(self, *, second: bool = True) -> Delivery:
        """The engine with both messengers, or with the first and the phone page alone."""
        these = [self.telegram, self.browser, *([self.wecom] if second else [])]
        shelf = Shelf(messengers={one.channel: one for one in these})
        return Delivery(shelf, ButtonPress(b"k" * 32), no_picture, Pacing({}, lambda _chat: False))


async def _locked_for(plant_id: int, person_id: int) -> None:
    async with unit_of_work():
        await notices.tell(
            system(plant_id),
            "signing:locked",
            person_id=person_id,
            facts={"name": "x", "minutes": 15},
            priority=Priority.CRITICAL,
        )


async def _bind(plant_id: int, person_id: int, channel: str, chat: str) -> None:
    token = await people.invite(system(plant_id), person_id)
    await people.accept_invite(channel, chat, chat, token)
    clock.shift(FAST)


async def test_a_channel_that_is_gone_hands_over_to_the_next_at_once(database: str) -> None:
    """Blocked on one messenger: on the other within five seconds, and nobody else is bothered."""
    plant = await small_plant(enrolled=False)
    person = plant.persons["manager"]
    await _bind(plant.id, person, "telegram", "t1")
    await _bind(plant.id, person, "wecom", "w1")
    both = TwoChannels(telegram=Scripted(answers=[GONE]))
    delivery = both.delivery()
    await _locked_for(plant.id, person)
    begun = clock.now()
    await work(delivery, lambda: bool(both.wecom.chats.get("w1")))
    assert clock.now() - begun <= dt.timedelta(seconds=5)
    assert both.telegram.tries[0][0] == "t1"
    assert not await Notice.filter(kind="notices:unreachable").exists()


async def test_the_next_channel_has_its_own_attempts(database: str) -> None:
    """The first one stumbled until it was given up: one stumble of the second does not give that up as well."""
    plant = await small_plant(enrolled=False)
    person, stumble = plant.persons["manager"], Delivered(outcome=Outcome.RETRY, error="503")
    await _bind(plant.id, person, "telegram", "t1")
    await _bind(plant.id, person, "wecom", "w1")
    both = TwoChannels(
        telegram=Scripted(answers=[stumble] * TRIES), wecom=Scripted(channel="wecom", answers=[stumble])
    )
    delivery = both.delivery()
    await _locked_for(plant.id, person)
    await work(delivery, lambda: bool(both.wecom.chats.get("w1")), 10 * FAST)
    assert not both.browser.chats
    assert not await Notice.filter(kind="notices:unreachable").exists()


@pytest.mark.parametrize("alerts", [1, 3])
async def test_administrators_learn_once_that_no_messenger_reaches_somebody(
    database: str, alerts: int
) -> None:
    """However many alerts fail, each administrator gets one message; the alerts wait on the phone page."""
    plant = await small_plant(enrolled=False)
    person = plant.persons["manager"]
    await _bind(plant.id, person, "telegram", "t1")
    admins = await people.persons(plant.id, role="administrator")
    only = TwoChannels(telegram=Scripted(answers=[GONE] * alerts))
    delivery = only.delivery(second=False)
    for _time in range(alerts):
        await _locked_for(plant.id, person)
    await work(delivery, lambda: len(only.browser.chats.get(f"p{person}", [])) == alerts)
    while await delivery.cycle():
        pass
    told = [shown for one in admins for shown in only.browser.chats.get(f"p{one.id}", [])]
    assert len(told) == len(admins) > 0
    assert {shown.outgoing.head for shown in told} == {"⚠ 已没有任何消息渠道能联系到 刘洋"}


@pytest.mark.parametrize("cause", ["refused", "fault"])
async def test_administrators_learn_of_a_message_that_was_given_up(
    database: str, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by the messenger or lost to a fault of ours: never silently, and once for its kind."""
    plant = await small_plant(enrolled=False)
    person = plant.persons["manager"]
    await _bind(plant.id, person, "telegram", "t1")
    refusal = Delivered(outcome=Outcome.REFUSED, error="400")
    only = TwoChannels(telegram=Scripted(answers=[refusal] * 2 if cause == "refused" else []))
    render = wording.render

    async def broken(one: Claimed, channel: str, press: ButtonPress) -> Outgoing | None:
        if one.kind == "signing:locked" and cause == "fault":
            raise KeyError("number")
        return await render(one, channel, press)

    monkeypatch.setattr("handlers.chat.wording.render", broken)
    delivery = only.delivery(second=False)
    admins = await people.persons(plant.id, role="administrator")
    for _time in range(2):
        await _locked_for(plant.id, person)
    await work(delivery, lambda: bool(only.browser.chats), 20 * FAST)
    while await delivery.cycle():
        pass
    told = [shown for one in admins for shown in only.browser.chats.get(f"p{one.id}", [])]
    assert len(told) == len(admins) > 0
    assert {shown.outgoing.head for shown in told} == {"⚠ 发给 刘洋 的一条消息未能发出"}


async def test_the_counters_tell_sends_by_outcome_and_waits_by_cause(database: str) -> None:
    """What came of each attempt, how often and how long chats had to wait, what waits now by priority."""
    messenger = Scripted(
        answers=[
            Delivered(outcome=Outcome.SENT, message_ref={}),
            Delivered(outcome=Outcome.RETRY, retry_after=30.0),
        ]
    )
    limits = Limits(
        overall=(Window(count=9, seconds=1),), private=(Window(count=2, seconds=4),), group=(MINUTE,)
    )
    delivery = delivery_for(messenger, {"telegram": limits})
    for number in range(3):
        await leave(str(number))
    await leave("x", chat="8", priority=Priority.CRITICAL, due_at=clock.now() + dt.timedelta(hours=1))
    await delivery.cycle()
    registry = delivery.tally.registry
    assert registry.get_sample_value("bihuan_sends_total", {"channel": "telegram", "outcome": "sent"}) == 1
    asked = {"channel": "telegram", "cause": "messenger"}
    assert registry.get_sample_value("bihuan_send_waits_total", asked) == 1
    assert registry.get_sample_value("bihuan_send_wait_seconds_total", asked) == 30
    assert registry.get_sample_value("bihuan_send_too_many_total", {"channel": "telegram"}) == 1
    assert registry.get_sample_value("bihuan_notice_age_seconds_count", {"priority": "alert"}) == 1
    assert registry.get_sample_value("bihuan_send_seconds_count", {"channel": "telegram"}) == 2
    assert await notices.waiting() == {(Priority.CRITICAL, "telegram"): 1, (Priority.ALERT, "telegram"): 2}
    outbox = Outbox()
    await outbox.look()
    asked = {"priority": "alert", "channel": "telegram"}
    assert outbox.registry.get_sample_value("bihuan_outbox_waiting", asked) == 2
    assert outbox.registry.get_sample_value("bihuan_notices", {"state": "sent"}) == 1
    live = await notices.depth(notices.LIVE)
    assert live == {state: count for state, count in (await notices.depth()).items() if state in live}
    await Notice.filter(state="sent").update(state="delivered")
    await Notice.filter(priority=Priority.CRITICAL).update(state="unknown")
    for wait, history in ((30, {"sent": 1, "delivered": 0}), (30, {"sent": 0, "delivered": 1})):
        clock.shift(dt.timedelta(seconds=wait))
        await outbox.look()
        for state, count in {**history, "unknown": 1}.items():
            assert outbox.registry.get_sample_value("bihuan_notices", {"state": state}) == count, (
                wait,
                state,
            )
