"""Limits are kept in every window, wherever it begins, by all senders together, and whatever waits goes out."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from dataclasses import dataclass, field

import pytest

from bot.pacing import Limits, Pacing, Window
from core import notices
from core.kit import clock, system, unit_of_work
from core.notices import Priority, pacing, policy
from core.notices.models import Pace, Spent
from core.notices.terms import Budget, Turn
from handlers.chat.vocabulary import Delivered, Outgoing, Pictures
from tests.bot.test_delivery import delivery_for, leave
from tests.fakes.messenger import FakeMessenger

GROUP = "-7"
CHATS = ("1", "2", GROUP, f"{GROUP}:5", f"{GROUP}:6")
ALBUMS = ("", "", "", "2", "3", "9")
LIMITS = Limits(
    overall=(Window(count=6, seconds=1.0), Window(count=60, seconds=30.0)),
    private=(Window(count=2, seconds=2.0), Window(count=8, seconds=20.0)),
    group=(Window(count=4, seconds=60.0),),
)
HASTY = Limits(overall=LIMITS.overall, private=LIMITS.private, group=(Window(count=4, seconds=10.0),))
COUNT = 24
PACING = Pacing({"telegram": LIMITS}, lambda chat: chat.startswith("-"))


def fullest(sent: list[tuple[float, int]], window: Window) -> int:
    """The most messages that any window of that length holds, but for an album that is alone in it."""
    most = 0
    for start, _n in sent:
        inside = [n for at, n in sent if start <= at < start + window.seconds - 1e-5]
        most = max(most, sum(inside) if len(inside) > 1 else min(inside[0], window.count))
    return most


async def ask(chat: str, messages: int, turn: Turn | None = None, budget: Budget | None = None) -> float:
    """Seconds to wait; 0 when it was counted as sent."""
    wanted = budget or PACING.budget("telegram", chat, messages)
    assert wanted is not None
    async with unit_of_work():
        wait = await pacing.wait_for("telegram", chat, wanted, turn or Turn(2, 1))
    return wait / policy.SECOND


def later(seconds: float) -> None:
    clock.shift(dt.timedelta(seconds=seconds))


@dataclass
class Watching(FakeMessenger):
    """Notes when each message went where; an album takes as many messages as its words tell."""

    made: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)

    def messages(self, outgoing: Outgoing) -> int:
        return int(outgoing.hint or 1)

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        now, count = clock.now().timestamp(), self.messages(outgoing)
        for key in ("all", chat_ref.partition(":")[0]):
            self.made.setdefault(key, []).append((now, count))
        self.bodies.append(outgoing.body)
        return await super().send(chat_ref, outgoing, pictures)


async def left_at_random(dice: random.Random, count: int) -> None:
    for number in range(count):
        async with unit_of_work():
            await notices.tell(
                system(1),
                "chat:reply",
                channel="telegram",
                chat_ref=dice.choice(CHATS),
                payload=Outgoing(body=str(number), hint=dice.choice(ALBUMS)).to_payload(),
                priority=dice.choice(list(Priority)),
                due_at=clock.now() + dt.timedelta(seconds=dice.uniform(0, 20)),
            )


async def test_no_window_is_exceeded_by_two_workers_that_are_killed_and_started_again(
    database: str,
) -> None:
    """Random streams into chats and a group's topics; the workers know nothing but the database."""
    seed = random.randrange(10**6)
    dice, messenger = random.Random(seed), Watching()
    await left_at_random(dice, COUNT)
    workers = [delivery_for(messenger, {"telegram": HASTY}) for _one in range(2)]
    for _turn in range(1000):
        await asyncio.gather(*(one.cycle() for one in workers))
        if len(messenger.bodies) == COUNT:
            break
        later(dice.choice([0.0, 0.3, 1.0, 5.0]))
        if dice.random() < 0.2:
            workers[dice.randrange(2)] = delivery_for(messenger, {"telegram": HASTY})
    told = f"seed {seed}"
    assert sorted(map(int, messenger.bodies)) == list(range(COUNT)), f"each once, {told}"
    kept = {"all": HASTY.overall, "1": HASTY.private, "2": HASTY.private, GROUP: HASTY.group}
    for chat, windows in kept.items():
        for window in windows:
            most = fullest(messenger.made.get(chat, []), window)
            print(f"{chat}: at most {most} of {window.count} in any {window.seconds} s ({told})")
            assert most <= window.count, told


async def test_every_window_of_a_scope_is_kept_and_each_member_has_their_own(database: str) -> None:
    """As WeCom wants it: 25 a minute and 100 an hour for each member; another member is not held back."""
    member = (Window(count=25, seconds=60), Window(count=100, seconds=3600))
    budget = Budget(messages=1, overall=(Window(count=10_000, seconds=60),), chat=member)
    turn = Turn(Priority.CRITICAL, 1)
    for minute in range(4):
        waits = [await ask("a", 1, turn, budget) for _time in range(26)]
        assert waits[:25] == [0.0] * 25
        assert 0 < waits[25] <= (60 if minute < 3 else 3600)
        later(60)
    assert await ask("a", 1, turn, budget) > 3000
    assert await ask("b", 1, turn, budget) == 0
    later(3600)
    assert await ask("a", 1, turn, budget) == 0


async def test_what_left_every_window_is_forgotten_and_the_count_goes_on(database: str) -> None:
    for _time in range(2):
        assert await ask("1", 1) == 0
    later(PACING.longest)
    assert await notices.prune(PACING.longest) == 4
    assert not await Spent.exists()
    assert [await ask("1", 1) for _time in range(3)][:2] == [0, 0]
    assert (await Pace.get(scope="telegram")).total == 4


async def test_a_clock_that_was_ahead_and_was_put_right_holds_nothing_back(database: str) -> None:
    """A day ahead by mistake: a second or two later everything flows again, and no window is exceeded."""
    later(86400)
    assert [await ask("1", 1) for _time in range(2)] == [0, 0]
    later(-86400)
    assert 0 < await ask("1", 1) <= 2
    later(3)
    assert await ask("1", 1, Turn(2, 1)) == 0


@pytest.mark.parametrize("messages", [1, 4, 10])
async def test_an_album_larger_than_the_window_goes_out_whole_once_the_window_is_empty(
    database: str, messages: int
) -> None:
    assert await ask(GROUP, messages) == 0
    wait = await ask(GROUP, messages)
    assert (wait == 0) if messages == 1 else (59 < wait <= 60)
    later(60)
    assert await ask(GROUP, messages) == 0


async def test_a_chat_told_to_rest_rests_at_every_sender_and_holds_nobody_else_up(database: str) -> None:
    await notices.rest("telegram", "1", 7)
    await leave("to one", chat="1")
    await leave("to two", chat="2")
    assert [one.chat_ref for one in await notices.claim()] == ["2"]
    assert 6 < await ask("1", 1) <= 7
    assert await ask("2", 1) == 0
    later(7)
    assert [one.chat_ref for one in await notices.claim()] == ["1"]
    assert await ask("1", 1) == 0


async def test_a_channel_without_limits_never_waits(database: str) -> None:
    assert PACING.budget("browser", "p1", 50) is None


async def test_an_album_that_waits_is_not_overtaken_by_what_came_later(database: str) -> None:
    """Single messages would fit, and would make the album wait for ever; an urgent one may pass."""
    assert await ask(GROUP, 1, Turn(2, 1)) == 0
    assert 59 < await ask(GROUP, 3, Turn(2, 2)) <= 60
    later(10)
    assert 49 < await ask(GROUP, 1, Turn(2, 3)) <= 50
    assert await ask(f"{GROUP}:5", 1, Turn(0, 4)) == 0


async def test_a_place_is_not_kept_for_one_that_never_comes(database: str) -> None:
    """Superseded while it waited: those behind go on a second after its time."""
    assert await ask("1", 1, Turn(2, 0)) == 0
    assert 1 < await ask("1", 2, Turn(2, 1)) <= 2
    assert 1 < await ask("1", 1, Turn(2, 2)) <= 2
    later(2)
    assert 0 < await ask("1", 1, Turn(2, 2)) <= 1
    later(1)
    assert await ask("1", 1, Turn(2, 2)) == 0
