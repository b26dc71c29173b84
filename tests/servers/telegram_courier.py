"""Carries updates to a webhook: in order within a chat, again until the bot answers 2xx."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.servers.telegram_mailbox import Mailbox, Waiting

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
GATHER = 0.05
Perform = Callable[[str, dict[str, Any]], Awaitable[object]]


@dataclass
class Courier:
    """One webhook. ``backoff`` lists the seconds between attempts; the last one repeats."""

    mailbox: Mailbox
    url: str
    secret: str | None
    most: int
    perform: Perform
    backoff: tuple[float, ...] = (0.02, 0.05, 0.2)
    patience: float = 5.0
    last_error: tuple[int, str] | None = None
    attempts: int = 0
    _lanes: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to deliver."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends deliveries; what was not taken stays in the mailbox."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self.patience)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                while True:
                    self.mailbox.drop_old()
                    self._open_lanes(session)
                    await self.mailbox.news()
            finally:
                lanes = list(self._lanes.values())
                for one in lanes:
                    one.cancel()
                await asyncio.gather(*lanes, return_exceptions=True)

    def _open_lanes(self, session: aiohttp.ClientSession) -> None:
        for one in self.mailbox.waiting:
            # Shuffled updates share one lane, else two chats could never be swapped for certain.
            lane = one.lane if self.mailbox.window == 1 else 0
            if lane not in self._lanes and len(self._lanes) < self.most:
                self._lanes[lane] = asyncio.create_task(self._drive(session, lane))

    async def _drive(self, session: aiohttp.ClientSession, lane: int) -> None:
        try:
            while batch := await self._batch(lane):
                for one in batch:
                    while one in self.mailbox.waiting:
                        await self._bring(session, one)
        finally:
            del self._lanes[lane]
            self.mailbox.tell()

    async def _batch(self, lane: int) -> list[Waiting]:
        waiting = self.mailbox.waiting
        if self.mailbox.window == 1:
            return [one for one in waiting if one.lane == lane][:1]
        if 0 < len(waiting) < self.mailbox.window:
            await asyncio.sleep(GATHER)
        return self.mailbox.shuffled(self.mailbox.waiting[: self.mailbox.window])

    async def _bring(self, session: aiohttp.ClientSession, one: Waiting) -> None:
        """Until it is taken, or is too old."""
        attempt = 0
        while one in self.mailbox.waiting:
            error = await self._attempt(session, one)
            if error is None:
                self.mailbox.done(one)
                return
            self.last_error = (int(self.mailbox.wall()), error)
            await asyncio.sleep(self.backoff[min(attempt, len(self.backoff) - 1)])
            attempt += 1
            self.mailbox.drop_old()

    async def _attempt(self, session: aiohttp.ClientSession, one: Waiting) -> str | None:
        """None when the bot answered 2xx, else what went wrong."""
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        self.attempts += 1
        self.mailbox.out(one)
        try:
            async with session.post(self.url, data=json.dumps(one.update), headers=headers) as answer:
                body = await answer.read()
                if not answer.ok:
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            return f"Connection failed: {type(broken).__name__}"
        await self._perform_reply(body)
        return None

    async def _perform_reply(self, body: bytes) -> None:
        """The answer to a webhook may itself be a call."""
        with contextlib.suppress(ValueError):
            said = json.loads(body or b"null")
            if isinstance(said, dict) and isinstance(said.get("method"), str):
                await self.perform(said.pop("method"), said)
