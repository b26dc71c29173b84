"""Updates on their way to the bot: kept until acknowledged, given again, repeated, shuffled on demand."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers import telegram_spec
from tests.servers.telegram_limits import RefusedError

FIRST_ID = 731_000_001
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MOST_AT_ONCE = 100


@dataclass
class Waiting:
    """An update the bot has not acknowledged yet."""

    update: dict[str, Any]
    lane: int
    made_at: float
    copies: int
    sent: int = 0
    out: bool = False

    @property
    def id(self) -> int:
        """The update_id."""
        return int(self.update["update_id"])


@dataclass
class Mailbox:
    """The queue of one bot. ``delivered`` lists every delivery in order, ``acknowledged`` the ids once each."""

    wall: Callable[[], float]
    violations: list[str]
    kept_for: float
    waiting: list[Waiting] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    copies: int = 1
    window: int = 1
    first: int = FIRST_ID
    dice: random.Random = field(default_factory=random.Random)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: int = 0

    def put(self, kind: str, content: dict[str, Any], lane: int) -> int | None:
        """Adds an update of a kind; answers its id, None when the bot did not allow the kind."""
        if not (kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT):
            return None
        number = self.first + len(self.made)
        update = {"update_id": number, kind: content}
        self.violations += [f"server's own {flaw}" for flaw in telegram_spec.update(update)]
        self.made.append(number)
        self.waiting.append(Waiting(update, lane, self.wall(), self.copies))
        self.tell()
        return number

    def count_anew(self, number: int) -> None:
        """The next update gets this number, as after a week without any."""
        self.first = number - len(self.made)

    def tell(self) -> None:
        """Wakes whoever waits for updates."""
        self._news.set()
        self._news = asyncio.Event()

    async def news(self, timeout: float | None = None) -> None:
        """Waits for a change of the queue, at most so many seconds."""
        event = self._news
        try:
            await asyncio.wait_for(event.wait(), timeout)
        except TimeoutError:
            return

    def forget(self) -> None:
        """Drops everything that waits."""
        self.waiting.clear()

    def drop_old(self) -> None:
        """Drops what waited longer than the real server keeps it."""
        until = self.wall() - self.kept_for
        self.waiting = [one for one in self.waiting if one.made_at > until]

    def confirm(self, offset: int) -> None:
        """Everything below the offset is acknowledged; a negative one keeps only so many of the newest.

        A copy that still has to be repeated stays and is given once more.
        """
        if offset < 0:
            offset = self.waiting[offset:][0].id if self.waiting else 0
        left = []
        for one in self.waiting:
            if one.id >= offset:
                left.append(one)
                continue
            self._noted(one.id)
            unseen_copy = one.sent > 0 and not one.out
            if one.out:
                one.copies -= 1
                one.out = False
            if unseen_copy or (one.sent and one.copies > 0):
                left.append(one)
        self.waiting = left

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """What getUpdates answers: at once when something waits, else after at most ``timeout`` seconds.

        Raises:
            RefusedError: 409 when a newer getUpdates took over.
        """
        self._poll += 1
        mine = self._poll
        self.tell()
        if offset:
            self.confirm(offset)
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while True:
            self.drop_old()
            if self.waiting or loop.time() >= end:
                return self._handed(limit)
            await self.news(end - loop.time())
            if mine != self._poll:
                raise RefusedError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )

    def _handed(self, limit: int) -> list[dict[str, Any]]:
        batch = self.waiting[: min(max(limit, 1), MOST_AT_ONCE)]
        for one in batch:
            self.out(one)
        return [one.update for one in self.shuffled(batch)]

    def shuffled(self, batch: list[Waiting]) -> list[Waiting]:
        """The batch with each window of it in a random order."""
        mixed: list[Waiting] = []
        for start in range(0, len(batch), self.window):
            part = batch[start : start + self.window]
            if self.window > 1:
                self.dice.shuffle(part)
            mixed += part
        return mixed

    def out(self, one: Waiting) -> None:
        """Counts a delivery."""
        one.sent += 1
        one.out = True
        self.delivered.append(one.id)

    def done(self, one: Waiting) -> None:
        """The webhook took it: acknowledged; it stays while copies are left."""
        self._noted(one.id)
        one.out = False
        one.copies -= 1
        if one.copies <= 0 and one in self.waiting:
            self.waiting.remove(one)

    def _noted(self, number: int) -> None:
        if number not in self.acknowledged:
            self.acknowledged.append(number)
