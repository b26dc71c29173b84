"""A messenger for measuring: takes what it is given after a short time, refuses what it is told to, notes when."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

from core.inbox import Arrived
from core.notices import Outcome
from handlers.chat.vocabulary import (
    Came,
    Capabilities,
    Delivered,
    FetchFailed,
    Incoming,
    Intake,
    Media,
    Outgoing,
    Pictures,
)

PAUSE = 0.02
"""Seconds that an answer over the network takes."""
PATIENCE = 300
"""Seconds after which a measurement is given up."""


class Sink:
    """Every message that it takes has a line in ``taken`` and, by its words, in ``shown``."""

    capabilities = Capabilities(
        buttons_max=100, text_max=4096, edits=True, removes_incoming=True, file_max=0, pictures_max=10
    )

    def __init__(self, channel: str = "telegram", *, refusing: bool = False) -> None:
        """Keep the channel's name and whether every chat has blocked it."""
        self.channel = channel
        self._refusing = refusing
        self._intake: Intake | None = None
        self._numbers = itertools.count(1)
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self.shown: dict[str, float] = {}
        self.tapped: dict[str, float] = {}
        self._changed = asyncio.Event()

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait until what was taken or tapped is enough."""
        async with asyncio.timeout(PATIENCE):
            while not done():
                self._changed.clear()
                await self._changed.wait()

    async def start(self, intake: Intake) -> None:
        """Begin to receive."""
        self._intake = intake

    async def stop(self) -> None:
        """Receive no more."""
        self._intake = None

    async def close(self) -> None:
        """Nothing is held."""

    async def arrive(self, number: int, account: str, data: str) -> None:
        """A tap comes in; it is over when it is stored for good."""
        if self._intake is not None:
            raw: dict[str, object] = {"number": number, "account": account, "data": data}
            await self._intake([Arrived(update_id=str(number), chat_ref=account, raw=raw)], None)

    def messages(self, outgoing: Outgoing) -> int:
        """One, and one for each picture."""
        return 1 + len(outgoing.pictures)

    def read(self, raw: dict[str, Any]) -> Incoming | None:
        """A tap of the one whose private chat it is."""
        return Incoming(
            channel=self.channel,
            update_id=str(raw["number"]),
            chat_ref=str(raw["account"]),
            account=str(raw["account"]),
            came=Came.BUTTON,
            data=str(raw["data"]),
            answer_ref=str(raw["number"]),
        )

    async def acknowledge(self, incoming: Incoming) -> None:
        """The button stops turning."""
        self.tapped.setdefault(incoming.update_id, perf_counter())
        self._changed.set()

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        """Take a message."""
        del pictures
        await asyncio.sleep(PAUSE)
        if self._refusing:
            return Delivered(outcome=Outcome.GONE, error="blocked")
        self._note(chat_ref, outgoing)
        return Delivered(outcome=Outcome.SENT, message_ref={"id": next(self._numbers)})

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        """Change one."""
        await asyncio.sleep(PAUSE)
        self._note(chat_ref, outgoing)
        return Delivered(outcome=Outcome.SENT, message_ref=message_ref)

    def _note(self, chat_ref: str, outgoing: Outgoing) -> None:
        now = perf_counter()
        self.taken[chat_ref].append(now)
        self.shown[outgoing.body] = now
        self._changed.set()

    async def remove(self, chat_ref: str, message_ref: dict[str, object]) -> Delivered:
        """Take one away."""
        del chat_ref, message_ref
        return Delivered(outcome=Outcome.SENT)

    async def fetch(self, media: Media) -> bytes:
        """There are no files here.

        Raises:
            FetchFailed: always.
        """
        raise FetchFailed(media.ref, for_good=True)
