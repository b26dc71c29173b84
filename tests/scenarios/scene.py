"""A plant at work in virtual time: the real gateway, dialogues, verbs, jobs and delivery, phones in memory."""

from __future__ import annotations

import copy
import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import handlers.chat.dialogues
from bot.delivery import Delivery
from bot.gateway import Gateway
from bot.pacing import Pacing
from bot.pictures import PictureDesk
from bot.scheduling import Job
from bot.settings import Settings
from bot.timetable import timetable
from core import anomalies, inbox, ledger, notices, people, signing, witness
from core.anomalies import AnomalyFacts
from core.evidence import Darkroom
from core.kit import system
from core.ledger.keys import Signer
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Shelf
from tests.fakes.blobs import MemoryBlobs
from tests.fakes.codes import ThreadCodes
from tests.plants import Plant
from tests.scenarios import agenda
from tests.scenarios.device import Device, Phone
from tests.scenarios.pictures import MemoryBench
from tests.scenarios.pocket import LIMITS, PocketMessenger, pocket
from tests.scenarios.virtual import VirtualTime, at

assert handlers.chat.dialogues is not None
PACE = dt.timedelta(seconds=5)
"""What one act of a person takes, reading the answer included."""
ROUNDS = 2000
HOUSEKEEPING = ("prune_pacing", "sweep_wires", "calendar_look", "witness_post", "witness_alarm")
MINUTE = dt.timedelta(minutes=1)


class Errors(logging.Handler):
    """Every error that the house logs; a scenario ends badly when there was one that it did not expect."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        self.said.append(f"{record.getMessage()}: {fault!r}" if fault else record.getMessage())


@dataclass
class Memory:
    """What is outside the database: screens, files, when each job looked last."""

    now: dt.datetime
    began: dt.datetime
    plant: Plant
    messengers: dict[str, PocketMessenger]
    blobs: MemoryBlobs
    seen: dict[str, dt.datetime]
    accounts: dict[str, tuple[str, str]]
    number: str = ""


@dataclass(kw_only=True)
class Scene:
    """Everything a scenario talks to."""

    time: VirtualTime
    plant: Plant
    signer: Signer
    messengers: dict[str, PocketMessenger] = field(
        default_factory=lambda: {one: pocket(one) for one in ("telegram", "wecom")}
    )
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    phones: dict[str, Phone] = field(default_factory=dict)
    errors: Errors = field(default_factory=Errors)
    pace: dt.timedelta = PACE
    number: str = ""
    """The case that the scenario is about."""
    settings: Settings = field(default_factory=lambda: Settings(witness_days=365, witness_entries=100_000))
    begun: set[Device] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.began = self.time.now
        self.seen: dict[str, dt.datetime] = {}
        self.jobs: dict[str, Job] = {}

    async def opens(self) -> None:
        """Put the house together, as after every start of the process."""
        ring = self.plant.ring
        signing.use_keys(ring)
        witness.use_keys(self.signer.verifiers)
        ledger.use_keys(self.signer.verifiers)
        self.darkroom = Darkroom(self.blobs, ring, MemoryBench())
        press = ButtonPress(ring.derive("chat:buttons"))
        shelf = Shelf(messengers=dict(self.messengers))
        pacing = Pacing(LIMITS, lambda chat: chat.startswith("-"))
        self.gateway = Gateway(
            shelf, press, self.darkroom, ThreadCodes(), public_url="https://bihuan.example"
        )
        self.delivery = Delivery(shelf, press, PictureDesk(self.darkroom).load, pacing)
        self.sealer = ledger.Sealer(self.signer)
        self.jobs = {one.name: one for one in timetable(self.settings, shelf, self.darkroom, pacing)}
        for name in (*self.jobs, agenda.DELIVERY):
            self.seen.setdefault(name, self.time.now)
        for channel, messenger in self.messengers.items():
            await messenger.start(self.gateway.intake(channel))

    async def restarts(self) -> None:
        """The process dies and starts again: what is not in the database is forgotten."""
        for messenger in self.messengers.values():
            await messenger.stop()
        await self.opens()
        await self.settle()

    # people

    def device(self, name: str) -> Device:
        """The phone of somebody who has joined."""
        return Device(self.phones[name])

    def devices(self, *names: str) -> list[Device]:
        """The phones of several people."""
        return [self.device(name) for name in names]

    async def joins(self, name: str, channel: str = "telegram", locale: str = "zh_CN") -> Device:
        """Opens their invitation; a second messenger's phone is named ``NAME on CHANNEL``."""
        token = await people.invite(await self.plant.actor("administrator"), self.plant.persons[name])
        if locale != "zh_CN":
            await people.choose_locale(await self.plant.actor(name), locale)
        known = name if name not in self.phones else f"{name} on {channel}"
        device = self.stranger(known, channel)
        device.phone.name = name
        await device.says(f"/start {token}").expects("欢迎" if locale == "zh_CN" else "Welcome")
        return device

    def stranger(self, name: str = "stranger", channel: str = "telegram") -> Device:
        """A phone that belongs to nobody the plant knows."""
        self.phones[name] = Phone(self, name, str(1000 + len(self.phones)), self.messengers[channel])
        return self.device(name)

    # time

    async def later(self, **much: float) -> None:
        """Let time pass, with everything that it brings about: ``later(minutes=15)``."""
        self.everything_is_read("before time passes")
        await self.passes(dt.timedelta(**much))

    async def later_with_unread(self, **much: float) -> None:
        """Let time pass although messages wait to be read: more of the same are still on their way."""
        await self.passes(dt.timedelta(**much))

    async def until(self, said: str) -> None:
        """Let time pass until ``2026-09-08 07:00`` on the plant's clock, or until ``07:00`` of the next such hour."""
        if " " in said:
            moment = at(said)
        else:
            here = self.time.now.astimezone(agenda.digests.ZoneInfo(agenda.ZONE))
            hour, minute = (int(part) for part in said.split(":"))
            moment = here.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(dt.UTC)
            moment += dt.timedelta(days=moment <= self.time.now)
        assert moment > self.time.now, f"{said} has passed"
        self.everything_is_read(f"before {said}")
        await self.passes(moment - self.time.now)

    async def begins(self, said: str) -> None:
        """Take up the scenario on another day: nothing happened in between, no job has run."""
        assert at(said) > self.time.now
        self.time.now = self.began = at(said)
        self.seen = dict.fromkeys(self.seen, self.time.now)

    async def passes(self, by: dt.timedelta) -> None:
        """Let time pass: each job fires at the beats at which it has something to do, in the order of the table."""
        end = self.time.now + by
        for _round in range(ROUNDS):
            await self.settle()
            due = await self._next(end)
            if due is None:
                break
            moment, names = due
            self.time.now = max(moment, self.time.now)
            for name in names:
                self.seen[name] = self.time.now
                if name in self.jobs:
                    await self.jobs[name].run()
        else:
            raise AssertionError("the house does not come to rest")
        self.time.now = max(end, self.time.now)
        if by >= MINUTE:
            await self._housekeeping()

    async def _next(self, end: dt.datetime) -> tuple[dt.datetime, list[str]] | None:
        """The next beat at which something is due, and the jobs that fire at it."""
        found = await agenda.by_the_tables(self.seen, end)
        if end - self.time.now > PACE:
            found += await agenda.by_the_duty_plan(self.plant.id, self.seen["duty_change"], end)
            found += await agenda.by_the_digests(self.plant.id, self.seen["digests"], end)
        beats: dict[dt.datetime, set[str]] = {}
        for moment, name in found:
            job = self.jobs.get(name)
            beat = moment if job is None else agenda.on_the_beat(self.began, moment, job.seconds)
            if beat <= end:
                beats.setdefault(beat, set()).add(name)
        if not beats:
            return None
        first = min(beats)
        return first, [one for one in (*self.jobs, agenda.DELIVERY) if one in beats[first]]

    async def _housekeeping(self) -> None:
        """Jobs that go by the day, and the auditor, whom nothing may escape."""
        await self.sealer.seal_now()
        for name in HOUSEKEEPING:
            await self.jobs[name].run()
        await self.settle()
        await self.jobs["audit"].run()
        await self.settle()

    async def settle(self) -> None:
        """Handle what waits and send what is due at this instant."""
        for _round in range(ROUNDS):
            await self.gateway.settle()
            await self.sealer.seal_now()
            if await self.delivery.cycle() == 0:
                return
        raise AssertionError("messages without end")

    # what holds

    def unread(self) -> list[str]:
        """What came to any phone and nobody expected."""
        return [f"{key}: {one.in_words()}" for key, phone in self.phones.items() for one in phone.unread()]

    def everything_is_read(self, when: str) -> None:
        """No message without somebody who expected it."""
        unread = self.unread()
        assert not unread, f"unexpected {when}:\n" + "\n".join(unread)

    async def ends(self) -> None:
        """What must hold after every scenario."""
        left = [one.phone.name for one in self.begun]
        assert not left, f"steps of {left} were written down and never done: await is missing"
        self.everything_is_read("at the end")
        assert not self.errors.said, self.errors.said
        for messenger in self.messengers.values():
            assert not messenger.over_the_limit(), messenger.over_the_limit()
        counts = await inbox.counts()
        assert (counts["waiting"], counts["aside"]) == (0, 0), counts
        depth = await notices.depth()
        assert depth["sending"] == 0, depth

    # the record

    async def case(self, number: str = "") -> AnomalyFacts:
        """The case as the record has it."""
        return await anomalies.get(system(self.plant.id), number or self.number)

    async def verified(self) -> None:
        """The ledger agrees with every row."""
        await self.sealer.seal_now()
        report = await ledger.verify(
            verifiers=self.signer.verifiers, checkpoint_file=self.signer.checkpoint_file
        )
        assert report.sound, [str(one) for one in report.faults][:5]

    # keeping a beginning

    def memory(self) -> Memory:
        """Everything outside the database, to be put back later."""
        return Memory(
            now=self.time.now,
            began=self.began,
            plant=copy.copy(self.plant),
            messengers=copy.deepcopy({name: _resting(one) for name, one in self.messengers.items()}),
            blobs=copy.deepcopy(self.blobs),
            seen=dict(self.seen),
            accounts={key: (one.name, one.messenger.channel) for key, one in self.phones.items()},
            number=self.number,
        )

    @staticmethod
    def from_memory(kept: Memory, time: VirtualTime, signer: Signer) -> Scene:
        """A scene as it was kept; the database must have been put back."""
        kept = copy.copy(kept)
        messengers = copy.deepcopy(kept.messengers)
        time.now = kept.now
        scene = Scene(
            time=time,
            plant=copy.copy(kept.plant),
            signer=signer,
            messengers=messengers,
            blobs=copy.deepcopy(kept.blobs),
            number=kept.number,
        )
        scene.began, scene.seen = kept.began, dict(kept.seen)
        for number, (key, (name, channel)) in enumerate(kept.accounts.items()):
            scene.phones[key] = Phone(scene, name, str(1000 + number), messengers[channel])
        return scene


def _resting(messenger: PocketMessenger) -> PocketMessenger:
    found = copy.copy(messenger)
    found._intake = None
    return found


def names(devices: Sequence[Device]) -> list[str]:
    """Whose phones these are."""
    return [one.phone.name for one in devices]
