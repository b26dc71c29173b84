"""Inbound: the durable inbox first, then the actor, then the dialogue. One update takes effect exactly once."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import Callable

import structlog

from bot.away import AWAY
from bot.copying import copy_of
from bot.reception import Reception
from core import inbox, notices, people
from core.evidence import Darkroom, Received
from core.inbox import Waiting
from core.kit import Actor, Refusal, unit_of_work
from core.kit.unit_of_work import dialect
from core.labels import Carrier, CodeReader
from handlers.chat import router
from handlers.chat.buttons import ButtonPress
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Came, FetchFailed, Incoming, Intake, Messenger, Shelf

log = logging.getLogger(__name__)
IDLE = 1.0
AT_ONCE = 16
ON_SQLITE = 2
"""Updates that take effect at the same time where all share one connection: one works while another waits for it."""


class Gateway:
    """Takes updates in, hands each to the dialogue once, in order within a chat."""

    def __init__(
        self,
        shelf: Shelf,
        press: ButtonPress,
        darkroom: Darkroom,
        codes: CodeReader,
        *,
        public_url: str,
        stored: Callable[[], None] | None = None,
    ) -> None:
        """Keep the parts that a dialogue needs; ``stored`` tells others that something waits."""
        self._told = stored
        self._shelf = shelf
        self._press = press
        self._darkroom = darkroom
        self._codes = codes
        self._public_url = public_url
        self._wake = asyncio.Event()
        self._reception = Reception(self._stored)
        self._desk: asyncio.Semaphore | None = None
        self._busy: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._stopping = False
        self.last_cycle: float = 0.0

    def intake(self, channel: str) -> Intake:
        """Answer the function through which a messenger stores what arrived."""
        return functools.partial(self._reception.take, channel)

    def wake(self) -> None:
        """Look for what waits now."""
        self._wake.set()

    def _stored(self) -> None:
        self._wake.set()
        if self._told is not None:
            self._told()

    async def run(self) -> None:
        """Work until stopped: whenever something arrives, and once a second for what was left waiting."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._start_chats()
            except Exception:
                log.exception("gateway cycle failed", extra={"action": "gateway_cycle"})
            self.last_cycle = asyncio.get_running_loop().time()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE)

    async def stop(self) -> None:
        """Finish the updates in hand and take no new ones."""
        self._stopping = True
        self._wake.set()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def settle(self) -> None:
        """Work off everything that waits now; for rehearsals and tests."""
        while True:
            await self._start_chats()
            if not self._busy:
                return
            await asyncio.gather(*self._busy.values())

    async def _start_chats(self) -> None:
        if len(self._busy) >= AT_ONCE:
            return
        for chat in await inbox.waiting_chats():
            if chat in self._busy or chat[0] not in self._shelf.messengers or len(self._busy) >= AT_ONCE:
                continue
            task = asyncio.create_task(self._work_off(chat))
            self._busy[chat] = task
            task.add_done_callback(functools.partial(self._free, chat))

    def _free(self, chat: tuple[str, str], done: asyncio.Task[None]) -> None:
        self._busy.pop(chat, None)
        if done.cancelled() or (fault := done.exception()) is None:
            self._wake.set()
        else:  # it waits in the inbox until the next look
            log.error("chat failed", exc_info=fault, extra={"action": "gateway_chat"})

    async def _work_off(self, chat: tuple[str, str]) -> None:
        messenger = self._shelf.messengers[chat[0]]
        while not self._stopping and (waiting := await inbox.next_of(*chat)):
            correlation = f"{waiting.channel}-{waiting.id}"
            with structlog.contextvars.bound_contextvars(correlation=correlation):
                try:
                    await self._handle(messenger, waiting, correlation)
                    log.info(
                        "update handled", extra={"action": "update_handled", "update": waiting.update_id}
                    )
                except Exception as fault:  # noqa: BLE001  logged there, with its trace unless it passes by itself
                    await self._failed(waiting, fault, correlation)

    @staticmethod
    async def _failed(waiting: Waiting, fault: Exception, correlation: str) -> None:
        """What is out of order outside is waited out; a fault of ours is tried a few times and then set aside."""
        told, passing = f"{type(fault).__name__}: {fault}", isinstance(fault, (*AWAY, FetchFailed))
        if passing:
            log.warning("update waits", extra={"action": "update_waits", "why": told})
        else:
            log.error("update failed", exc_info=fault, extra={"action": "update_failed"})
        fate = await inbox.failed(waiting.id, told, passing=passing)
        if fate is inbox.Fate.LATER:
            await router.ask_patience(waiting.channel, waiting.chat_ref)
        elif fate is inbox.Fate.ASIDE:
            await router.apologise(waiting.channel, waiting.chat_ref, correlation)

    async def _handle(self, messenger: Messenger, waiting: Waiting, correlation: str) -> None:
        incoming = messenger.read(waiting.raw)
        if incoming is None:
            async with unit_of_work():
                await inbox.take(waiting.id)
            return
        if incoming.came is Came.BUTTON:
            await messenger.acknowledge(incoming)
        actor = await people.actor_for(incoming.channel, incoming.account, correlation=correlation)
        received, codes, content = await self._develop(messenger, actor, incoming)
        sealed = None
        if actor is not None and content is not None and received is None:
            sealed = await self._darkroom.receive(actor, content, must_be_picture=False)
        async with self._at_desk(), unit_of_work():
            if not await inbox.take(waiting.id):
                return
            if incoming.came is Came.BUTTON and incoming.message_ref:
                await notices.proven(incoming.channel, incoming.chat_ref, incoming.message_ref.get("id"))
            if actor is None:
                await router.stranger(incoming, correlation)
                return
            talk = Talk(
                actor=actor,
                incoming=incoming,
                press=self._press,
                capabilities=messenger.capabilities,
                public_url=self._public_url,
                received=received,
                codes=codes,
                content=content,
                sealed=sealed,
            )
            try:
                async with unit_of_work():
                    await router.route(talk)
            except Refusal as refusal:
                await router.refuse(talk, refusal)

    def _at_desk(self) -> asyncio.Semaphore:
        """Where updates take effect: few at a time where all share one connection, pictures are fetched before."""
        if self._desk is None:
            self._desk = asyncio.Semaphore(ON_SQLITE if dialect() == "sqlite" else AT_ONCE)
        return self._desk

    async def _develop(
        self, messenger: Messenger, actor: Actor | None, incoming: Incoming
    ) -> tuple[Received | Refusal | None, tuple[Carrier, ...] | Refusal, bytes | None]:
        """Fetch and check what was sent before any transaction opens; what a stranger sends is not even fetched."""
        if actor is None:
            return None, (), None
        if incoming.media is None:
            return None, (), await self._confirmed(actor, incoming)
        try:
            copied = None
            if messenger.capabilities.media_days is not None:
                copied = await copy_of(self._darkroom, incoming.channel, incoming.update_id)
            data = await messenger.fetch(incoming.media) if copied is None else copied
        except FetchFailed as failed:
            if not failed.for_good:
                raise
            return router.unfetchable(failed, messenger.capabilities.file_max), (), None
        try:
            received = await self._darkroom.receive(
                actor,
                data,
                source_ref=f"{incoming.update_id}",
                name=incoming.media.name,
                must_be_picture=incoming.came is Came.PHOTO,
            )
        except Refusal as refusal:
            return refusal, (), None
        if not received.kind.is_picture or not await router.looks_for_codes(incoming):
            return received, (), None if received.kind.is_picture else data
        try:
            return received, await self._codes.read(data), None
        except Refusal as refusal:
            return received, refusal, None

    async def _confirmed(self, actor: Actor, incoming: Incoming) -> bytes | None:
        """Take out the file that is confirmed now, and say that work on it has begun."""
        organisation, _sep, digest = (await router.confirmed_file(actor, incoming, self._press)).partition(
            "/"
        )
        if organisation != str(actor.organisation_id):
            return None
        try:
            content = await self._darkroom.unreceived(actor.organisation_id, digest)
        except Refusal:
            return None
        await router.foretell(actor, incoming)
        return content
