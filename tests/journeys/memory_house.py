"""A whole house in one process around a messenger in memory: settle() works off everything, time can be moved."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import handlers.chat.dialogues
from bot.delivery import Delivery
from bot.gateway import Gateway
from bot.pacing import Pacing
from bot.pictures import PictureDesk
from core import escalation
from core.evidence import Darkroom
from core.kit import clock
from core.ledger import Sealer, keys
from core.notices.models import Notice
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Came, Shelf
from tests.fakes.blobs import MemoryBlobs, ThreadBench
from tests.fakes.codes import ThreadCodes
from tests.fakes.messenger import FakeMessenger, Shown
from tests.plants import Plant, _ring_from_file

assert handlers.chat.dialogues is not None


@dataclass
class Someone:
    """A person at their phone."""

    house: MemoryHouse
    account: str
    name: str
    seen: int = 0

    @property
    def chat(self) -> list[Shown]:
        return self.house.messenger.chats.get(self.account, [])

    def transcript(self) -> str:
        return "\n---\n".join(
            f"[{one.id}] {one.text}\n{[[b.text for b in row] for row in one.outgoing.buttons]}"
            for one in self.chat[-6:]
        )

    async def says(self, text: str) -> None:
        came = Came.COMMAND if text.startswith("/") else Came.TEXT
        await self.house.messenger.arrives(self.account, came, text=text)
        await self.house.settle()

    async def photographs(self, *pictures: bytes) -> None:
        for picture in pictures:
            ref = f"file-{self.account}-{len(self.house.messenger.files)}"
            self.house.messenger.files[ref] = picture
            await self.house.messenger.arrives(self.account, Came.PHOTO, media=ref)
        await self.house.settle()
        clock.shift(dt.timedelta(seconds=2))
        await self.house.settle()

    async def sends_file(self, content: bytes, name: str) -> None:
        ref = f"file-{self.account}-{len(self.house.messenger.files)}"
        self.house.messenger.files[ref] = content
        await self.house.messenger.arrives(self.account, Came.FILE, media=ref, name=name)
        await self.house.settle()

    async def taps(self, label: str) -> None:
        """Tap the newest button on the screen whose text contains the label."""
        for shown in reversed(self.chat):
            button = shown.button(label)
            if button is not None:
                await self.house.messenger.arrives(self.account, Came.BUTTON, data=button.data)
                await self.house.settle()
                return
        raise AssertionError(f"no button {label!r} for {self.name}:\n{self.transcript()}")

    def sees(self, text: str) -> Shown:
        """The newest message that contains the text."""
        for shown in reversed(self.chat):
            if text in shown.text:
                return shown
        raise AssertionError(f"{self.name} does not see {text!r}:\n{self.transcript()}")

    async def signs(self) -> None:
        """Answer the shown ceremony with a fresh code and its check word."""
        clock.shift(dt.timedelta(seconds=61))
        ceremony = next(shown for shown in reversed(self.chat) if shown.outgoing.code)
        await self.says(f"{self.house.plant.code(self.name)} {ceremony.outgoing.code}")


@dataclass
class MemoryHouse:
    """Gateway, dialogue and delivery as assembled, blobs and messenger in memory."""

    plant: Plant
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp()))

    def __post_init__(self) -> None:
        ring = _ring_from_file()
        self.darkroom = Darkroom(MemoryBlobs(), ring, ThreadBench())
        press = ButtonPress(ring.derive("chat:buttons"))
        shelf = Shelf(messengers={self.messenger.channel: self.messenger})
        self.gateway = Gateway(shelf, press, self.darkroom, ThreadCodes(), public_url="http://127.0.0.1:8080")
        self.delivery = Delivery(
            shelf, press, PictureDesk(self.darkroom).load, Pacing({}, lambda _chat: False)
        )
        self.people: dict[str, Someone] = {}
        self.signer = keys.load_or_create(self.folder / "ledger.key", "test/ledger")
        self.sealer = Sealer(self.signer)

    async def start(self) -> None:
        await self.messenger.start(self.gateway.intake(self.messenger.channel))

    async def settle(self) -> None:
        """Handle everything that waits and deliver everything that is due, until nothing is left."""
        for _round in range(50):
            await self.gateway.settle()
            if await Notice.filter(kind="signing:signed", state="pending").exists():
                await self.sealer.seal_now()
            if await self.delivery.cycle() == 0:
                return
        raise AssertionError("the house does not come to rest")

    async def fast_forward(self, by: dt.timedelta) -> None:
        """Let time pass, with its consequences."""
        clock.shift(by)
        await escalation.tick()
        await escalation.tell_overdue()
        await self.settle()

    async def joins(self, name: str, locale: str = "zh_CN") -> Someone:
        """A person opens their invitation in the chat."""
        from core import people

        admin = await self.plant.actor("administrator")
        token = await people.invite(admin, self.plant.persons[name])
        if locale != "zh_CN":
            await people.choose_locale(await self.plant.actor(name), locale)
        someone = Someone(house=self, account=str(1000 + len(self.people)), name=name)
        self.people[name] = someone
        await someone.says(f"/start {token}")
        return someone
