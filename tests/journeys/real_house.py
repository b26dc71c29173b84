"""A running house in the test's process: real messengers, real server, moved time; ``rest`` waits until it is quiet."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from pathlib import Path
from typing import Self

from tortoise.expressions import Q

from bot.adapters.blobs import FolderBlobs
from bot.adapters.browser import BrowserMessenger
from bot.assembly import House
from bot.delivery import Delivery
from bot.gateway import Gateway
from bot.pacing import Limits, Pacing
from bot.pictures import PictureDesk
from bot.scheduling import Clockwork
from bot.settings import Settings
from core import escalation, inbox, ledger, notices, signing, webhooks, witness
from core.evidence import Darkroom
from core.exchange import Exporter
from core.inbox.models import Inbound
from core.kit import clock
from core.kit.keys import KeyRing
from core.ledger.keys import load_or_create
from core.notices.carrying import DOUBT
from core.notices.models import Notice
from core.notices.terms import WAITING
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Messenger, Shelf
from handlers.documents import DocumentSeal, SheetPrinter
from handlers.web.rooms import WebRooms
from tests.fakes.blobs import ThreadBench
from tests.fakes.codes import ThreadCodes

PATIENCE = 20.0
ON_ITS_WAY = Q(state__in=[*WAITING, "sending"]) | Q(state="unknown", doubts__lte=len(DOUBT))


class RealHouse:
    """The parts of bot.assembly, put together for one test: pacing where asked for, pictures in threads."""

    def __init__(
        self,
        folder: Path,
        ring: KeyRing,
        *messengers: Messenger,
        limits: dict[str, Limits] | None = None,
    ) -> None:
        self.ring = ring
        signer = load_or_create(folder / "ledger.key", "test/ledger")
        witness.use_keys(signer.verifiers)
        store = FolderBlobs(folder / "blobs")
        self.darkroom = Darkroom(store, self.ring, ThreadBench())
        press = ButtonPress(self.ring.derive("chat:buttons"))
        desk = PictureDesk(self.darkroom)
        sealer = ledger.Sealer(signer)
        printer = SheetPrinter(DocumentSeal(ring, "Test"))
        exporter = Exporter(self.darkroom, signer, printer, sealer.seal_now)
        self.browser = BrowserMessenger(
            darkroom=self.darkroom, load=desk.load, press=press, secure=False, locale="zh_CN"
        )
        shelf = Shelf(messengers={one.channel: one for one in (self.browser, *messengers)})
        self.house = House(
            settings=Settings(port=_free_port()),
            ring=self.ring,
            signer=signer,
            store=store,
            bench=ThreadBench(),
            codes=ThreadCodes(),
            darkroom=self.darkroom,
            press=press,
            shelf=shelf,
            gateway=Gateway(shelf, press, self.darkroom, ThreadCodes(), public_url="http://127.0.0.1"),
            delivery=Delivery(shelf, press, desk.load, Pacing(limits or {}, lambda _chat: False)),
            sealer=sealer,
            exporter=exporter,
            clockwork=Clockwork([]),
            web=WebRooms(
                darkroom=self.darkroom,
                exporter=exporter,
                press=press,
                public_url="http://127.0.0.1",
                secure=False,
                locale="zh_CN",
                timezone="Asia/Shanghai",
                verifier_lines=tuple(str(one) for one in signer.verifiers),
            ),
        )

    async def __aenter__(self) -> Self:
        signing.use_keys(self.ring)
        webhooks.use_keys(self.ring)
        await self.house.start_work()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.house.stop()

    async def rest(self) -> None:
        """Wait until every update took effect and every notice went out, as long as there is any progress."""
        loop = asyncio.get_running_loop()
        end, before = loop.time() + PATIENCE, -1
        while loop.time() < end:
            left = [*await Inbound.filter(state="waiting"), *await Notice.filter(ON_ITS_WAY)]
            if not left:
                return
            if len(left) != before:
                end, before = loop.time() + PATIENCE, len(left)
            in_hand = any(one.state == "sending" for one in left)
            soonest = min(one.due_at for one in left) - clock.now()
            if not in_hand and soonest > dt.timedelta(0):
                clock.shift(soonest)
                self.house.delivery.wake()
            await asyncio.sleep(0.02)
        raise AssertionError((await inbox.counts(), await notices.depth()))

    async def fast_forward(self, by: dt.timedelta) -> None:
        """Let time pass, with its consequences."""
        clock.shift(by)
        await escalation.tick()
        await escalation.tell_overdue()
        await self.rest()


def _free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
