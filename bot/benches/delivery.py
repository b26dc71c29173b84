"""How quickly what must be told is told, within the limits of Telegram: the goals that delivery has to reach."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from statistics import quantiles
from time import perf_counter
from typing import Final

from bot.adapters.blobs import FolderBlobs
from bot.adapters.codes import CodeDesk
from bot.adapters.telegram import LIMITS
from bot.benches.scratch import addresses, scratch
from bot.benches.sink import Sink
from bot.delivery import Delivery
from bot.gateway import Gateway
from bot.pacing import Limits, Pacing, Window
from core import inbox, notices, people
from core.evidence import Darkroom, Workbench
from core.kit import Actor, system, unit_of_work
from core.kit.keys import KeyRing
from core.notices import Priority
from handlers.chat import dialogues
from handlers.chat.actions import Action
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Outgoing, Shelf
from handlers.cli.tools import Bench, Figure

CHATS: Final = 40
COPIES: Final = 20
TAPS: Final = 100
"""Taps in a second."""
SECONDS: Final = 3
GROUP: Final = "-100"
FULL: Final = 3
"""Messages in the group before the alert comes: it is well under way, and so is the overall window."""
ENDLESS: Final = Limits(
    overall=(Window(count=10**6, seconds=1.0),),
    private=(Window(count=10**5, seconds=4.0), Window(count=10**6, seconds=3600.0)),
)


async def _no_picture(_source: str, _actor: Actor) -> bytes | None:
    return None


def _engine(press: ButtonPress, limits: dict[str, Limits], *sinks: Sink) -> Delivery:
    shelf = Shelf(messengers={one.channel: one for one in sinks})
    return Delivery(shelf, press, _no_picture, Pacing(limits, lambda chat: chat.startswith("-")))


@asynccontextmanager
async def _running(delivery: Delivery) -> AsyncIterator[None]:
    notices.on_notice(delivery.wake)
    task = asyncio.create_task(delivery.run())
    try:
        yield
    finally:
        await delivery.stop()
        await task
        notices.no_wake()


async def _leave(
    bodies: Sequence[tuple[str, str]], priority: Priority, *, edits: Sequence[int] = ()
) -> list[int]:
    """Leave messages (chat and words) in one transaction; ``edits`` are the messages to change instead."""
    async with unit_of_work():
        return [
            await notices.tell(
                system(1),
                "chat:reply",
                channel="telegram",
                chat_ref=chat,
                payload=Outgoing(body=body).to_payload(),
                priority=priority,
                edits_id=edits[number] if edits else None,
            )
            for number, (chat, body) in enumerate(bodies)
        ]


async def _sends(engine: str, count: int) -> list[Figure]:
    """Messages in a second of one process: with windows counted in the database, and where nothing is limited."""
    figures = []
    for words, limits in (("limits counted", {"telegram": ENDLESS}), ("without limits", {})):
        async with scratch(engine):
            sink = Sink()
            delivery = _engine(ButtonPress(secrets.token_bytes(32)), limits, sink)
            await _leave([(str(one % CHATS), str(one)) for one in range(count)], Priority.ALERT)
            began = perf_counter()
            while await delivery.cycle():
                pass
            figures.append(Figure(f"sends of one process, {words}", count / (perf_counter() - began), "1/s"))
    return figures


async def _alert(engine: str, queued: int) -> list[Figure]:
    """A critical alert into a group for which everything queued waits, and what the windows held meanwhile."""
    async with scratch(engine):
        sink = Sink()
        delivery = _engine(ButtonPress(secrets.token_bytes(32)), {"telegram": LIMITS}, sink)
        low = [(GROUP if one % 2 else str(one % CHATS), f"low {one}") for one in range(queued)]
        await _leave(low, Priority.INFO)
        async with _running(delivery):
            await sink.until(lambda: len(sink.taken[GROUP]) >= FULL)
            began = perf_counter()
            await _leave([(GROUP, "grade A")], Priority.CRITICAL)
            await sink.until(lambda: "grade A" in sink.shown)
        took = sink.shown["grade A"] - began
    every = sorted(at for taken in sink.taken.values() for at in taken)
    return [
        Figure(f"grade A alert behind {queued} queued messages", took, "s", at_most=3),
        Figure("most messages in any second, all chats", fullest(every, 1.0), "", at_most=30),
        Figure("most messages in any minute, the group", fullest(sink.taken[GROUP], 60.0), "", at_most=20),
    ]


def fullest(taken: list[float], seconds: float) -> int:
    """The most instants that any window of this length holds."""
    return max((sum(start <= at < start + seconds for at in taken) for start in taken), default=0)


async def _copies(engine: str, _size: int) -> list[Figure]:
    """A state changes five times; every copy of the card shows the last one."""
    async with scratch(engine):
        sink = Sink()
        delivery = _engine(ButtonPress(secrets.token_bytes(32)), {"telegram": LIMITS}, sink)
        async with _running(delivery):
            chats = [str(one) for one in range(COPIES)]
            cards = await _leave([(one, f"new {one}") for one in chats], Priority.ALERT)
            await sink.until(lambda: len(sink.shown) == COPIES)
            for state in range(5):
                began = perf_counter()
                await _leave([(one, f"state {state} {one}") for one in chats], Priority.ALERT, edits=cards)
            last = [f"state 4 {one}" for one in chats]
            await sink.until(lambda: all(one in sink.shown for one in last))
        late = [sink.shown[one] - began for one in last]
    edits = sum(len(taken) for taken in sink.taken.values()) - COPIES
    return [
        Figure(f"state change shown on {COPIES} copies, p95", quantiles(late, n=20)[-1], "s", at_most=2),
        Figure(f"edits sent for 5 changes of {COPIES} copies", edits, "", at_most=5 * COPIES),
    ]


async def _person(number: int, boss: Actor, channels: Sequence[str]) -> int:
    person = await people.add_person(boss, boss.plant_id, f"测量{number}", ["operator"])
    for channel in channels:
        token = await people.invite(boss, person)
        await people.accept_invite(channel, str(number), str(number), token)
    return person


async def _boss() -> Actor:
    plant = await people.found_plant("BENCH", "测量", "Bench")
    return await people.actor_of(await people.first_administrator(plant, "测量"), "cli")


async def _failover(engine: str, _size: int) -> list[Figure]:
    """Blocked on the first channel: how long until the second one has it."""
    async with scratch(engine):
        boss = await _boss()
        person = await _person(1, boss, ("telegram", "wecom"))
        second = Sink("wecom")
        press = ButtonPress(secrets.token_bytes(32))
        async with _running(_engine(press, {"telegram": LIMITS}, Sink(refusing=True), second)):
            began = perf_counter()
            async with unit_of_work():
                await notices.tell(
                    system(boss.plant_id),
                    "signing:locked",
                    person_id=person,
                    facts={"name": "x", "minutes": 15},
                    priority=Priority.CRITICAL,
                )
            await second.until(lambda: bool(second.taken["1"]))
        return [Figure("permanent failure to next channel", second.taken["1"][0] - began, "s", at_most=5)]


async def _buttons(engine: str, _size: int) -> list[Figure]:
    """A hundred taps a second: stored for good (what the messenger's callback waits for), and acknowledged."""
    assert dialogues is not None  # noqa: S101  imported for its registrations
    async with scratch(engine) as folder:
        boss = await _boss()
        press, sink = ButtonPress(secrets.token_bytes(32)), Sink()
        persons = [await _person(one, boss, ("telegram",)) for one in range(CHATS)]
        tokens = [press.token(action=int(Action.HOME), object_id=0, person_id=one) for one in persons]
        delivery = _engine(press, {"telegram": ENDLESS}, sink)
        bench = Workbench(workers=1)
        ring = KeyRing.load_or_create(folder / "master.key")
        inbox.use_key(ring.derive(inbox.PURPOSE))
        darkroom = Darkroom(FolderBlobs(folder / "blobs"), ring, bench)
        gateway = Gateway(Shelf(messengers={"telegram": sink}), press, darkroom, CodeDesk(), public_url="")
        await sink.start(gateway.intake("telegram"))
        stored: dict[int, float] = {}
        began: dict[int, float] = {}

        async def tap(number: int) -> None:
            began[number] = perf_counter()
            await sink.arrive(number, str(number % CHATS), tokens[number % CHATS])
            stored[number] = perf_counter() - began[number]

        working = asyncio.create_task(gateway.run())
        async with _running(delivery), asyncio.TaskGroup() as taps:
            for number in range(TAPS * SECONDS):
                taps.create_task(tap(number))
                await asyncio.sleep(1 / TAPS)
        await sink.until(lambda: len(sink.tapped) == len(began))
        await gateway.stop()
        await working
        await bench.close()
    waited = [sink.tapped[str(number)] - began[number] for number in began]
    return [
        Figure(f"callback answered at {TAPS} taps/s, p99", _p99(list(stored.values())), "s", at_most=0.5),
        Figure(f"button released at {TAPS} taps/s, p99", _p99(waited), "s"),
    ]


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[-1]


MEASURES: Final[tuple[Callable[[str, int], Awaitable[list[Figure]]], ...]] = (
    _sends,
    _alert,
    _copies,
    _failover,
    _buttons,
)


async def run(installed: str, owner: str, size: int) -> list[Figure]:
    """Measure on every engine at hand, with so many queued messages."""
    figures: list[Figure] = []
    for engine, address in addresses(installed, owner):
        for measure in MEASURES:
            figures += [
                Figure(f"{engine}: {one.name}", one.value, one.unit, one.at_least, one.at_most)
                for one in await measure(address, size)
            ]
    return figures


DELIVERY: Final = Bench(
    name="delivery",
    says="sends, alerts that overtake, changes on every copy, failover, buttons; within Telegram's limits",
    size=1000,
    run=run,
)
