"""What was promised to be told is told: in order, within limits, at least once, and honestly."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.delivery import TRIES, Delivery
from bot.pacing import Limits, Pacing, Window
from core import notices
from core.kit import clock, system, unit_of_work
from core.notices import Outcome, Priority
from core.notices.carrying import DOUBT, LEASE
from core.notices.models import Notice
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Delivered, Outgoing, Pictures, Shelf
from tests.fakes.messenger import FakeMessenger

FAST = dt.timedelta(seconds=1)


@dataclass
class Scripted(FakeMessenger):
    """A messenger whose next answers are given; then it is the fake again. A broken line may have sent or not."""

    answers: list[Delivered] = field(default_factory=list)
    tries: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        self.tries.append((chat_ref, outgoing.body))
        if self.answers:
            answer = self.answers.pop(0)
            if answer.outcome is Outcome.UNKNOWN:
                await super().send(chat_ref, outgoing, pictures)
            return answer
        return await super().send(chat_ref, outgoing, pictures)


async def no_picture(_source: str, _actor: object) -> bytes | None:
    return None


def delivery_for(messenger: FakeMessenger, limits: dict[str, Limits] | None = None) -> Delivery:
    """The real engine; its limits follow the plant's clock, which tests move."""
    pacing = Pacing(limits or {}, lambda chat: chat.startswith("-"))
    shelf = Shelf(messengers={messenger.channel: messenger})
    return Delivery(shelf, ButtonPress(b"k" * 32), no_picture, pacing)


async def leave(body: str, *, chat: str = "77", priority: Priority = Priority.ALERT, **more: object) -> int:
    async with unit_of_work():
        return await notices.tell(
            system(1),
            "chat:reply",
            channel="telegram",
            chat_ref=chat,
            payload=Outgoing(body=body).to_payload(),
            priority=priority,
            **more,  # type: ignore[arg-type]
        )


async def work(delivery: Delivery, until: Callable[[], bool], step: dt.timedelta = FAST) -> int:
    """Let time pass in steps until something is so; answers how many steps it took."""
    for turn in itertools.count():
        while await delivery.cycle():
            pass
        if until():
            return turn
        assert turn < 2000, "never"
        clock.shift(step)
    raise AssertionError


def bodies(messenger: FakeMessenger, chat: str = "77") -> list[str]:
    return [one.outgoing.body for one in messenger.chats.get(chat, [])]


async def test_waiting_for_a_limit_is_no_attempt_and_keeps_the_order(database: str) -> None:
    """Forty messages into a chat of two in ten seconds: all arrive, in their order, none is given up."""
    messenger = Scripted()
    limits = Limits(
        overall=(Window(count=30, seconds=1),),
        private=(Window(count=2, seconds=10),),
        group=(Window(count=19, seconds=60),),
    )
    delivery = delivery_for(messenger, {"telegram": limits})
    for number in range(40):
        await leave(str(number))
    await work(delivery, lambda: len(bodies(messenger)) == 40, dt.timedelta(seconds=5))
    assert bodies(messenger) == [str(number) for number in range(40)]
    assert {row.attempts for row in await Notice.all()} == {1}


async def test_a_messengers_own_wait_is_obeyed_and_is_no_attempt(database: str) -> None:
    """Told to wait twenty times over: the message still goes out, never earlier than asked."""
    messenger = Scripted(
        answers=[Delivered(outcome=Outcome.RETRY, retry_after=30.0) for _time in range(TRIES + 12)]
    )
    delivery = delivery_for(messenger)
    await leave("important")
    steps = await work(delivery, lambda: bodies(messenger) == ["important"], dt.timedelta(seconds=10))
    assert steps >= 3 * (TRIES + 12)
    assert (await Notice.get()).attempts == 1


async def test_a_chat_that_must_rest_holds_nobody_else_up(database: str) -> None:
    messenger = Scripted(answers=[Delivered(outcome=Outcome.RETRY, retry_after=600.0)])
    delivery = delivery_for(messenger)
    await leave("slow", chat="1", priority=Priority.CRITICAL)
    await delivery.cycle()
    for number in range(30):
        await leave(str(number), chat="2")
    await work(delivery, lambda: len(bodies(messenger, "2")) == 30)
    assert bodies(messenger, "1") == []


async def test_a_critical_alert_overtakes_what_waits(database: str) -> None:
    """Two hundred digests wait for a full chat; the alert is the next message in it."""
    messenger = Scripted()
    limits = Limits(
        overall=(Window(count=30, seconds=1),),
        private=(Window(count=1, seconds=5),),
        group=(Window(count=19, seconds=60),),
    )
    delivery = delivery_for(messenger, {"telegram": limits})
    for number in range(200):
        await leave(f"digest {number}", priority=Priority.INFO)
    await work(delivery, lambda: len(bodies(messenger)) >= 3)
    before = len(bodies(messenger))
    await leave("grade A", priority=Priority.CRITICAL)
    await work(delivery, lambda: "grade A" in bodies(messenger))
    assert bodies(messenger).index("grade A") == before


async def test_an_unknown_outcome_is_sent_again_and_says_so(database: str) -> None:
    """Nobody knows whether it arrived: again after a pause, the same words, marked; the state is visible meanwhile."""
    messenger = Scripted(answers=[Delivered(outcome=Outcome.UNKNOWN)])
    delivery = delivery_for(messenger)
    number = await leave("stop line 2")
    await delivery.cycle()
    assert (await Notice.get(id=number)).state == "unknown"
    assert await delivery.cycle() == 0, "not at once"
    clock.shift(dt.timedelta(seconds=DOUBT[0] + 1))
    await delivery.cycle()
    first, second = messenger.chats["77"]
    assert (first.outgoing.hint, second.outgoing.body) == ("", "stop line 2")
    assert second.outgoing.hint == "↻ 重发：您可能已收到过。"
    assert (await Notice.get(id=number)).state == "sent"
    clock.shift(dt.timedelta(days=1))
    assert await delivery.cycle() == 0


async def test_doubt_has_an_end(database: str) -> None:
    """Unknown again and again: sent three times, then left visible as unknown, never in a storm."""
    messenger = Scripted(answers=[Delivered(outcome=Outcome.UNKNOWN) for _time in range(20)])
    delivery = delivery_for(messenger)
    await leave("x")
    for _turn in range(50):
        await delivery.cycle()
        clock.shift(dt.timedelta(minutes=5))
    assert len(messenger.tries) == 1 + len(DOUBT)
    assert (await Notice.get()).state == "unknown"
    assert (await notices.depth())["unknown"] == 1


async def test_killed_between_sending_and_writing_it_down(database: str) -> None:
    """Claimed by a process that is gone: sent again when the lease ends, marked, since it may have arrived."""
    messenger = Scripted()
    await leave("take over")
    assert len(await notices.claim()) == 1
    delivery = delivery_for(messenger)
    assert await delivery.cycle() == 0, "another process has it"
    clock.shift(LEASE + FAST)
    await delivery.cycle()
    [shown] = messenger.chats["77"]
    assert "↻" in shown.outgoing.hint


@pytest.mark.parametrize("late", [Outcome.RETRY, Outcome.GONE, Outcome.REFUSED, Outcome.UNKNOWN])
async def test_a_sender_that_lost_its_lease_undoes_nothing_by_its_failure(
    database: str, late: Outcome
) -> None:
    """Another one took the notice over and brought it: how the first one failed neither resends nor ends it."""
    number = await leave("slow line")
    [slow] = await notices.claim()
    clock.shift(LEASE + FAST)
    [quick] = await notices.claim()
    await notices.record(slow.id, late, error="timed out", doubts=slow.doubts)
    assert (await Notice.get(id=number)).state == "sending", "the other one has it in hand"
    await notices.record(quick.id, Outcome.SENT, message_ref={"id": 1}, doubts=quick.doubts)
    await notices.record(slow.id, late, error="timed out", doubts=slow.doubts)
    row = await Notice.get(id=number)
    assert (row.state, row.channel, row.last_error) == ("sent", "telegram", None)
    clock.shift(dt.timedelta(days=1))
    assert await notices.claim() == []


async def test_a_line_that_fails_for_good_is_given_up_with_the_reason(database: str) -> None:
    messenger = Scripted(answers=[Delivered(outcome=Outcome.RETRY, error="502") for _time in range(100)])
    delivery = delivery_for(messenger)
    await leave("x")
    for _turn in range(60):
        await delivery.cycle()
        clock.shift(dt.timedelta(minutes=10))
    assert len(messenger.tries) == TRIES
    row = await Notice.get()
    assert (row.state, row.last_error) == ("failed-permanent", "502")


async def test_two_workers_send_each_notice_once(database: str) -> None:
    """Both claim at the same time; each notice is one of theirs."""
    messenger = Scripted()
    for number in range(40):
        await leave(str(number), chat=str(number))
    one, two = delivery_for(messenger), delivery_for(messenger)
    for _turn in range(6):
        await asyncio.gather(one.cycle(), two.cycle())
    assert sorted(int(body) for _chat, body in messenger.tries) == list(range(40))


@pytest.mark.parametrize("stopped_while", ["sending"])
async def test_stopping_finishes_what_is_in_hand(database: str, stopped_while: str) -> None:
    """stop() while a send is under way: it is sent and written down; nothing new is begun."""
    begun, go = asyncio.Event(), asyncio.Event()

    @dataclass
    class Slow(Scripted):
        async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
            begun.set()
            await go.wait()
            assert not self.closed
            return await super().send(chat_ref, outgoing, pictures)

    messenger = Slow()
    delivery = delivery_for(messenger)
    await leave("in hand")
    running = asyncio.create_task(delivery.run())
    await begun.wait()
    await delivery.stop()
    await leave("later")
    go.set()
    await running
    await messenger.close()
    states = {row.payload["body"]: row.state for row in await Notice.all() if row.payload}
    assert states == {"in hand": "sent", "later": "pending"}
