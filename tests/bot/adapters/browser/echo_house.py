"""The phone page with a dialogue that only echoes: what happens to messages can be seen without any SOP around it."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.adapters.blobs import FolderBlobs
from bot.adapters.browser import BrowserMessenger
from core import inbox, people
from core.evidence import Darkroom
from core.inbox import Arrived
from core.kit import Actor, system, unit_of_work
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Button, Came, Incoming, Outgoing
from tests.fakes.blobs import ThreadBench
from tests.plants import Plant


@dataclass
class EchoHouse:
    """Server, messenger and echo; ``took`` lists every update that took effect, in order."""

    plant: Plant
    folder: Path
    pictures: dict[str, bytes] = field(default_factory=dict)
    took: list[Incoming] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.press = ButtonPress(self.plant.ring.derive("chat:buttons"))
        self.darkroom = Darkroom(FolderBlobs(self.folder / "blobs"), self.plant.ring, ThreadBench())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"

    async def load(self, source: str, _reader: Actor) -> bytes | None:
        return self.pictures.get(source)

    async def start(self, *, secure: bool = False) -> None:
        """Serve; after ``stop`` on the same port, as a restarted process does."""
        self.messenger = BrowserMessenger(
            darkroom=self.darkroom, load=self.load, press=self.press, secure=secure, locale="zh_CN"
        )
        self._wake = asyncio.Event()
        self._leaving = False
        await self.messenger.start(self._intake)
        self._echoing = asyncio.create_task(self._echo())
        application = web.Application()
        application.add_routes(self.messenger.routes())
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        """End what is in hand, as the real house does: a transaction cancelled halfway keeps the database waiting."""
        await self.messenger.stop()
        await self._runner.cleanup()
        self._leaving = True
        self._wake.set()
        await asyncio.wait_for(self._echoing, 20)

    async def _intake(self, arrived: list[Arrived], next_offset: int | None) -> int:
        async with unit_of_work() as work:
            work.after_commit(self._wake.set)
            return await inbox.store("browser", arrived, next_offset=next_offset)

    async def _echo(self) -> None:
        while not self._leaving:
            self._wake.clear()
            for chat in await inbox.waiting_chats():
                while not self._leaving and (waiting := await inbox.next_of(*chat)):
                    incoming = self.messenger.read(waiting.raw)
                    assert incoming is not None
                    async with unit_of_work():
                        await inbox.take(waiting.id)
                        await self.messenger.send(waiting.chat_ref, self.answer(incoming), {})
                    self.took.append(incoming)
            if not self._leaving:
                await self._wake.wait()

    def answer(self, incoming: Incoming) -> Outgoing:
        person = int(incoming.account)
        if incoming.came is Came.BUTTON:
            return Outgoing(body=f"tap {self.press.read(incoming.data, person_id=person).argument}")
        if incoming.came is Came.TEXT:
            return Outgoing(body=f"echo {incoming.text}")
        return Outgoing(
            body=f"echo {incoming.came.value}", buttons=((self.button(person, 1), self.button(person, 2)),)
        )

    def button(self, person: int, argument: int) -> Button:
        token = self.press.token(action=1, object_id=1, person_id=person, argument=argument)
        return Button(text=f"Tap {argument}", data=token)

    async def link(self, name: str) -> str:
        """A fresh one-time link's token."""
        return await people.one_time_link(system(self.plant.id), self.plant.persons[name], "chat")

    async def shows(self, name: str, outgoing: Outgoing) -> dict[str, object]:
        """Send a message to a person; answers its reference."""
        sent = await self.messenger.send(f"p{self.plant.persons[name]}", outgoing, {})
        assert sent.message_ref is not None
        return sent.message_ref
