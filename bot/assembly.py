"""Composition root: the only file that knows every concrete class and puts them together."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import handlers.chat.dialogues as _dialogues
from bot import sensing
from bot.adapters.blobs import BucketBlobs, FolderBlobs, NoStore, store_of
from bot.adapters.browser import BrowserMessenger
from bot.adapters.codes import CodeDesk
from bot.adapters.sensors import SensorIntake
from bot.adapters.telegram import LIMITS as TELEGRAM_LIMITS
from bot.adapters.telegram import TelegramMessenger
from bot.adapters.wecom import LIMITS as WECOM_LIMITS
from bot.adapters.wecom import WecomMessenger, WecomSignIn, wecom_from
from bot.bell import Bell, Topic
from bot.delivery import Delivery
from bot.gateway import Gateway
from bot.measuring import Measuring
from bot.pacing import Pacing
from bot.pictures import PictureDesk
from bot.scheduling import Clockwork
from bot.settings import Settings, SettingsFault
from bot.timetable import timetable, witness_limits
from core import evidence, inbox, ledger, notices, people, signing, watch, webhooks, witness
from core.evidence import Darkroom, Workbench
from core.evidence.ports import BlobStore
from core.exchange import Exporter
from core.kit import clock, measures
from core.kit.keys import KeyRing
from core.ledger.keys import Signer, load_or_create
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Messenger, Shelf
from handlers.documents import DocumentSeal, SheetPrinter
from handlers.web.rooms import WebRooms

ORIGIN = "bihuan/ledger"
SEAL_OWNER = "Bihuan 闭环 (record seal of this installation)"


@dataclass(kw_only=True)
class House:
    """Everything one process runs with."""

    settings: Settings
    ring: KeyRing
    signer: Signer
    store: BlobStore
    bench: Workbench
    codes: CodeDesk
    darkroom: Darkroom
    press: ButtonPress
    shelf: Shelf
    gateway: Gateway
    delivery: Delivery
    sealer: ledger.Sealer
    exporter: Exporter
    clockwork: Clockwork
    web: WebRooms
    began: dt.datetime = field(default_factory=clock.now)
    measuring: Measuring = field(default_factory=Measuring)
    bell: Bell = field(default_factory=Bell)
    intake: SensorIntake | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _listening: asyncio.Task[None] | None = None

    def messenger(self, channel: str) -> Messenger:
        """A messenger that certainly runs here."""
        return self.shelf.messengers[channel]

    async def start_work(self) -> None:
        """Begin to seal, to handle what waits, to deliver and to tick."""
        notices.on_notice(self.delivery.wake)
        measures.listen(self.measuring.heard)
        for run in (self.sealer.run, self.gateway.run, self.delivery.run):
            self._tasks.append(asyncio.create_task(_forever(run)))
        self._listening = asyncio.create_task(
            self.bell.listen({Topic.INBOX: self.gateway.wake, Topic.OUTBOX: self.delivery.wake})
        )
        self.clockwork.start()
        await self._receive()
        if self.intake is not None:
            self.intake.start()

    async def start_receiving(self) -> None:
        """Let messengers that call us bring updates in; asking for them is left to the workers, who hear of it."""
        notices.on_notice(functools.partial(self.bell.ring, Topic.OUTBOX))
        for messenger in self.shelf.messengers.values():
            if isinstance(messenger, TelegramMessenger):
                messenger.leave_polling()
        await self._receive()

    async def _receive(self) -> None:
        for messenger in self.shelf.messengers.values():
            await messenger.start(self.gateway.intake(messenger.channel))

    async def stop(self) -> None:
        """Stop in the order in which nothing is lost: intake, dialogue, delivery, seal; connections last."""
        if self.intake is not None:
            await self.intake.stop()
        for messenger in self.shelf.messengers.values():
            await messenger.stop()
        self.clockwork.stop()
        await self.gateway.stop()
        await self.delivery.stop()
        await self.sealer.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self.bell.stop()
        for messenger in self.shelf.messengers.values():
            await messenger.close()
        notices.no_wake()
        await self.bench.close()
        await self.codes.close()

    def cycles(self) -> dict[str, float]:
        """Ages of this process's own loops, whatever the database does; -1 for one that does not run here."""
        now = asyncio.get_running_loop().time()
        last = {
            "gateway_cycle_age": self.gateway.last_cycle,
            "delivery_cycle_age": self.delivery.last_cycle,
        }
        return {name: round(now - one, 3) if one else -1 for name, one in last.items()}

    async def health(self) -> dict[str, float]:
        """Ages and depths that tell whether the house is alive, in seconds and counts."""
        depth = await notices.depth(notices.LIVE)
        return {
            **self.cycles(),
            "inbox_lag": round(await inbox.lag_seconds(), 3),
            "outbox_oldest_due": round(await notices.oldest_due_seconds(), 3),
            "outbox_pending": depth["pending"],
            "outbox_unknown": depth["unknown"],
            "seal_lag": round(await ledger.seal_lag_seconds(), 3),
            **await self._audited(),
            **await self._unwitnessed(),
            **await sensing.health(),
            "job_failures": sum(self.clockwork.failures.values()),
        }

    async def _audited(self) -> dict[str, float]:
        """When any process last looked for what is overdue, and how many kinds of it were found."""
        found = await watch.last()
        since = self.began if found is None else max(found.at, self.began)
        return {
            "audit_age": round((clock.now() - since).total_seconds(), 3),
            "audit_faults": 0 if found is None else len(found.faults),
            **{f"canary_age_{one.channel}": round(one.age, 3) for one in await watch.canaries()},
        }

    async def _unwitnessed(self) -> dict[str, float]:
        """The longest unwitnessed tail of any plant: entries, and seconds since the first of them."""
        tails = [await witness.unwitnessed(one.id) for one in await people.plants()]
        ages = [(clock.now() - one.since).total_seconds() for one in tails if one.since is not None]
        return {
            "unwitnessed_entries": max((one.count for one in tails), default=0),
            "unwitnessed_seconds": round(max(ages, default=0.0), 3),
        }


async def _forever(run: Callable[[], Awaitable[None]]) -> None:
    await run()


def blob_store(settings: Settings) -> FolderBlobs | BucketBlobs:
    """The store of photos and files that the settings name.

    Raises:
        SettingsFault: they name none.
    """
    try:
        return store_of(settings.blob_url, settings.s3_endpoint)
    except NoStore as wrong:
        raise SettingsFault(str(wrong)) from None


def assemble(settings: Settings) -> House:
    """Make all parts; nothing runs yet and the database must be open before it does."""
    assert _dialogues is not None  # noqa: S101  imported for its registrations
    ring = KeyRing.load_or_create(settings.master_key_file)
    signer = load_or_create(settings.ledger_key_file, ORIGIN)
    signing.use_keys(ring)
    inbox.use_key(ring.derive(inbox.PURPOSE))
    signing.use_passkeys(settings.address)
    witness.use_keys(signer.verifiers)
    ledger.use_keys(signer.verifiers)
    webhooks.use_keys(ring, allow_loopback=settings.webhook_loopback)
    store = blob_store(settings)
    bench = Workbench(workers=1)
    darkroom = Darkroom(store, ring, bench)
    press = ButtonPress(ring.derive("chat:buttons"))
    desk = PictureDesk(darkroom)
    shelf = Shelf()
    browser = BrowserMessenger(
        darkroom=darkroom, load=desk.load, press=press, secure=settings.secure, locale=settings.locale
    )
    shelf.messengers[browser.channel] = browser
    if settings.telegram_token is not None:
        telegram = TelegramMessenger(
            token=settings.telegram_token.get_secret_value(),
            api_url=settings.telegram_api_url,
            mode=settings.telegram_mode,
            public_url=settings.address,
            secret=_telegram_secret(settings, ring),
            locale=settings.locale,
        )
        shelf.messengers[telegram.channel] = telegram
    wecom = _wecom(settings, ring)
    if wecom is not None:
        shelf.messengers[wecom.channel] = wecom
    pacing = Pacing(
        {"telegram": TELEGRAM_LIMITS, "wecom": WECOM_LIMITS}, lambda chat_ref: chat_ref.startswith("-")
    )
    bell = Bell()
    codes = CodeDesk()
    gateway = Gateway(
        shelf,
        press,
        darkroom,
        codes,
        public_url=settings.address,
        stored=functools.partial(bell.ring, Topic.INBOX),
    )
    delivery = Delivery(shelf, press, desk.load, pacing, settings.timezone)
    sealer = ledger.Sealer(signer)
    exporter = Exporter(
        darkroom,
        signer,
        SheetPrinter(DocumentSeal(ring, SEAL_OWNER)),
        sealer.seal_now,
        stamp_roots=lambda: settings.tsa_roots_file.read_bytes() if settings.tsa_url else b"",
    )
    clockwork = Clockwork(timetable(settings, shelf, darkroom, pacing))
    web = WebRooms(
        darkroom=darkroom,
        exporter=exporter,
        press=press,
        public_url=settings.address,
        secure=settings.secure,
        locale=settings.locale,
        timezone=settings.timezone,
        verifier_lines=tuple(str(one) for one in signer.verifiers),
        witness_limits=witness_limits(settings),
        members=None
        if wecom is None
        else WecomSignIn(wecom.api, ring.derive("wecom:sign-in"), settings.address),
    )
    return House(
        settings=settings,
        ring=ring,
        signer=signer,
        store=store,
        bench=bench,
        codes=codes,
        darkroom=darkroom,
        press=press,
        shelf=shelf,
        gateway=gateway,
        delivery=delivery,
        sealer=sealer,
        exporter=exporter,
        clockwork=clockwork,
        web=web,
        bell=bell,
        intake=sensing.intake_of(settings),
    )


def _wecom(settings: Settings, ring: KeyRing) -> WecomMessenger | None:
    """The WeCom app, when one is set."""
    if not settings.wecom_corp_id:
        return None
    return wecom_from(
        corp=settings.wecom_corp_id,
        agent=settings.wecom_agent_id,
        secret=settings.wecom_secret,
        token=settings.wecom_token,
        aes_key=settings.wecom_aes_key,
        api_url=settings.wecom_api_url,
        ring=ring,
        locale=settings.locale,
        public_url=settings.address,
    )


def _telegram_secret(settings: Settings, ring: KeyRing) -> str:
    """The webhook secret: as set, else derived, so that it is never missing."""
    if settings.telegram_webhook_secret is not None:
        return settings.telegram_webhook_secret.get_secret_value()
    return hashlib.sha256(ring.derive("telegram:webhook")).hexdigest()


async def _besides(house: House) -> AsyncIterator[ledger.Fault]:
    """What is wrong with pictures, passkeys' answers and changes of key, and what witnesses hold and the log denies."""
    for name, faults in (
        ("evidence files", evidence.faults(house.store, house.ring)),
        ("witnesses", witness.check()),
        ("signatures", signing.check_assertions()),
        ("ledger keys", signing.check_ledger_keys()),
    ):
        async for fault in ledger.to_the_end(name, faults):
            yield fault


async def verify_everything(
    house: House, progress: Callable[[int, int], None] | None = None, *, keep: int = 1000
) -> ledger.Report:
    """Check the ledger, every regulated row and every sealed picture against one another."""
    return await ledger.verify(
        verifiers=house.signer.verifiers,
        checkpoint_file=house.signer.checkpoint_file,
        blobs=_besides(house),
        progress=progress,
        keep=keep,
    )
