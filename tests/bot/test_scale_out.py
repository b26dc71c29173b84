"""Several processes on one database keep out of each other's way: jobs, chats in, chats out, polling."""

from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.adapters.telegram.receiving import POLLING
from bot.gateway import Gateway
from bot.leases import LASTS, Lease, this_process
from bot.scheduling import Clockwork, Job
from core import inbox, wires
from core.evidence import Darkroom
from core.inbox import Arrived
from core.inbox.models import Inbound
from core.inbox.receiving import IN_HAND
from core.notices.models import Notice
from core.wires.models import WireNote
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Came, Delivered, Incoming, Outgoing, Pictures, Shelf
from tests.bot.adapters.telegram.conftest import Line, messenger_for
from tests.bot.test_delivery import Scripted, bodies, delivery_for, leave
from tests.fakes.blobs import MemoryBlobs, ThreadBench
from tests.fakes.codes import ThreadCodes
from tests.fakes.messenger import FakeMessenger
from tests.plants import _ring_from_file
from tests.servers.telegram import TelegramServer


async def test_a_job_runs_once_per_interval_however_many_workers(
    database: str, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    ran: list[str] = []

    def clockwork(name: str) -> Clockwork:
        async def run() -> None:
            ran.append(name)

        return Clockwork([Job(name="job", run=run, seconds=3600)], holder=name)

    pair = [clockwork("one"), clockwork("two")]
    for turn in range(1, 4):
        for _again in range(2):
            await asyncio.gather(*(one._guarded(one.jobs[0]) for one in pair))
        assert len(ran) == turn
        fast_forward(dt.timedelta(hours=1))
    assert [one.failures["job"] for one in pair] == [0, 0]


async def test_a_turn_lasts_as_long_as_its_work(
    database: str, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    """While the work goes on nobody else begins it; a turn that was lost is not taken back."""
    lasts, part = dt.timedelta(hours=10), dt.timedelta(hours=6)
    assert await wires.turn("work", "one", lasts)
    fast_forward(part)
    assert await wires.lengthen("work", "one", lasts)
    fast_forward(part)
    assert not await wires.turn("work", "two", lasts)
    assert not await wires.lengthen("work", "two", lasts)
    fast_forward(part)
    assert await wires.turn("work", "two", lasts)
    assert not await wires.lengthen("work", "one", lasts)


async def test_a_job_that_takes_long_lengthens_its_turn(database: str) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        begun.set()
        await may_end.wait()

    works = Clockwork([Job(name="job", run=run, seconds=0.2)])
    running = asyncio.create_task(works._guarded(works.jobs[0]))
    await begun.wait()
    taken = (await WireNote.get(channel="turn", name="job")).expires_at
    async with asyncio.timeout(60):
        while (await WireNote.get(channel="turn", name="job")).expires_at <= taken:
            await asyncio.sleep(0.02)
    may_end.set()
    await running
    assert works.failures == {"job": 0}


async def test_a_slow_job_is_no_warning_and_stopping_it_no_failure(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It runs once at a time while others go on; cancelled by the stop, it leaves no traceback in the log."""
    begun, often, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    beats: list[int] = []

    async def slow() -> None:
        assert not begun.is_set()
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def beat() -> None:
        beats.append(len(beats))
        if len(beats) == 4:
            often.set()

    works = Clockwork([Job(name="slow", run=slow, seconds=0.05), Job(name="beat", run=beat, seconds=0.05)])
    works.start()
    async with asyncio.timeout(60):
        await begun.wait()
        await often.wait()
        works.stop()
        await ended.wait()
        while works._running:
            await asyncio.sleep(0)
    said = [one.getMessage() for one in caplog.records if one.levelname != "INFO"]
    # the driver's own words when BEGIN was still under way; it ends that transaction itself
    assert [one for one in said if not one.startswith("Resetting connection with an active")] == []
    assert works.failures == {"slow": 0, "beat": 0}


def gateway_for(messenger: FakeMessenger) -> Gateway:
    ring = _ring_from_file()
    room = Darkroom(MemoryBlobs(), ring, ThreadBench())
    return Gateway(
        Shelf(messengers={messenger.channel: messenger}),
        ButtonPress(b"k" * 32),
        room,
        ThreadCodes(),
        public_url="",
    )


@dataclass
class Watched(FakeMessenger):
    """Knows which chats are in hand; two at once in one chat is the fault looked for."""

    in_hand: list[str] = field(default_factory=list)
    at_once: list[str] = field(default_factory=list)

    async def acknowledge(self, incoming: Incoming) -> None:
        if incoming.chat_ref in self.in_hand:
            self.at_once.append(incoming.update_id)
        self.in_hand.append(incoming.chat_ref)
        await asyncio.sleep(0)
        await super().acknowledge(incoming)
        self.in_hand.remove(incoming.chat_ref)


async def test_two_workers_handle_a_chats_updates_once_and_in_order(database: str) -> None:
    """Sixty taps of six chats; each takes effect once, in its chat's order, on PostgreSQL never in two hands."""
    messenger = Watched()
    numbers = range(60)
    await inbox.store(
        "telegram",
        [
            Arrived(
                update_id=str(number),
                chat_ref=str(number % 6),
                raw={
                    "update_id": str(number),
                    "account": str(number % 6),
                    "came": Came.BUTTON.value,
                    "data": "x",
                },
            )
            for number in numbers
        ],
    )
    pair = [gateway_for(messenger), gateway_for(messenger)]
    while await Inbound.filter(state="waiting").exists():
        await asyncio.gather(*(one.settle() for one in pair))
    for chat in range(6):
        rows = await Notice.filter(chat_ref=str(chat)).order_by("id")
        updates = await Inbound.filter(chat_ref=str(chat)).order_by("id")
        assert [one.correlation for one in rows] == [f"telegram-{one.id}" for one in updates]
        assert {one.state for one in updates} == {"done"}
    if database == "postgres":
        assert (len(messenger.acknowledged), messenger.at_once) == (len(numbers), [])


async def test_what_a_dead_worker_had_in_hand_is_taken_up_by_another(
    database: str, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    await inbox.store("telegram", [Arrived(update_id=str(n), chat_ref="7", raw={}) for n in range(2)])
    taken = await inbox.next_of("telegram", "7")
    assert taken is not None
    if database == "postgres":
        assert await inbox.next_of("telegram", "7") is None
        assert await inbox.waiting_chats() == [], "the second update waits for the first"
        fast_forward(IN_HAND)
    again = await inbox.next_of("telegram", "7")
    assert again is not None
    assert again.id == taken.id


async def test_a_paused_update_does_not_make_the_gateway_spin(database: str) -> None:
    """Behind an update that waits for a second try the chat is not offered, however much waits in it."""
    await inbox.store("telegram", [Arrived(update_id=str(n), chat_ref="7", raw={}) for n in range(3)])
    first = await inbox.next_of("telegram", "7")
    assert first is not None
    await inbox.failed(first.id, "fault")
    assert await inbox.waiting_chats() == []


@dataclass
class Slow(Scripted):
    """Two messages on their way to one chat at once would be seen."""

    sending: int = 0
    most: int = 0

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        self.sending += 1
        self.most = max(self.most, self.sending)
        await asyncio.sleep(0.01)
        self.sending -= 1
        return await super().send(chat_ref, outgoing, pictures)


async def test_two_workers_write_to_a_chat_one_after_the_other(database: str) -> None:
    messenger = Slow()
    pair = [delivery_for(messenger), delivery_for(messenger)]
    said = [str(number) for number in range(12)]
    for one in said:
        await leave(one)
        await asyncio.gather(*(each.cycle() for each in pair))
    while sum(await asyncio.gather(*(each.cycle() for each in pair))):
        pass
    assert bodies(messenger) == said
    assert messenger.most == 1


async def test_one_worker_polls_and_another_takes_over(
    database: str, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    """While somebody elsewhere holds the lease nothing is asked for; once it ends unrenewed, this one asks."""
    elsewhere = Lease(POLLING, holder="elsewhere/1/x", look=0.02)
    assert await elsewhere.held()
    async with TelegramServer() as server:
        line = Line(server, messenger_for(server))
        line.messenger._lease = Lease(POLLING, look=0.02)
        await line.messenger.start(line.intake)
        try:
            await server.person(77).says("hello")
            await elsewhere.held()
            await asyncio.sleep(0.1)
            assert server.calls_of("getUpdates") == []
            fast_forward(LASTS)
            await line.until_said("hello")
            assert not await elsewhere.held()
        finally:
            await line.messenger.stop()
            await line.messenger.close()
    assert await elsewhere.held(), "given back at the stop"


async def test_a_web_process_never_polls(database: str) -> None:
    async with TelegramServer() as server:
        line = Line(server, messenger_for(server))
        line.messenger.leave_polling()
        await line.messenger.start(line.intake)
        await line.messenger.stop()
        await line.messenger.close()
        assert server.calls_of("getUpdates") == []
        assert server.calls_of("deleteWebhook") == []


async def test_the_lease_of_a_process_that_died_here_is_free_at_once(database: str) -> None:
    """A restart on the same machine does not wait for the lease of the process that was killed."""
    died = subprocess.run(
        [sys.executable, "-c", "from bot.leases import this_process; print(this_process())"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    ).stdout.strip()
    assert await Lease("thing", holder=died).held()
    assert await Lease("thing").held()
    assert not await Lease("thing", holder="elsewhere/1/x").held()
    assert this_process() == this_process()
