"""Two ways in: polling whose offset moves only after the commit, and a webhook that answers only after it."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from telegram import Bot
from telegram.error import RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.adapters.telegram import wire
from bot.adapters.telegram.reading import CHANNEL, chat_ref_of
from bot.leases import Lease
from bot.reception import answered
from core import inbox
from core.inbox import Arrived
from handlers.chat.vocabulary import Intake
from handlers.web import bodies

log = logging.getLogger(__name__)
ALLOWED = ["message", "callback_query"]
BODY_MAX = 1_000_000
POLL_SECONDS = 25
LONGEST_PAUSE = 60.0
LAST_UPDATE = 2**63 - 1
"""The largest cursor that every database keeps."""
PATH = "/telegram/webhook"
POLLING = "telegram:polling"
"""The lease of the one process that polls: Telegram refuses two."""


def arrived(update: dict[str, Any]) -> Arrived:
    """An update as the inbox takes it."""
    return Arrived(update_id=str(update["update_id"]), chat_ref=chat_ref_of(update), raw=update)


class Poller:
    """Asks for updates for ever. The next request, which confirms a batch to Telegram, follows its commit.

    Of all workers the one that holds the lease polls; when it dies another takes over.
    """

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        intake: Intake,
        *,
        seconds: int = POLL_SECONDS,
        lease: Lease,
    ) -> None:
        """Keep the bot, the connection it polls by, and the intake; nothing runs yet."""
        self._lease = lease
        self._bot = bot
        self._request = request
        self._intake = intake
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to poll."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop at once; what was not committed will be given again."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        try:
            while True:
                await self._lease.until_held()
                polling = asyncio.create_task(self._poll())
                try:
                    await self._lease.while_held()
                finally:
                    polling.cancel()
                    await asyncio.gather(polling, return_exceptions=True)
        finally:
            await self._lease.give_back()

    async def _poll(self) -> None:
        pause = 0.5
        fresh = True
        while True:
            try:
                if fresh:
                    # what was committed but not confirmed is given again and known again by its number
                    await inbox.rewind(CHANNEL)
                    fresh = False
                await self._once()
                pause = 0.5
            except RetryAfter as wait:
                seconds = wait.retry_after
                await asyncio.sleep(
                    float(seconds) if isinstance(seconds, int | float) else seconds.total_seconds()
                )
            except TelegramError as error:
                log.warning(
                    "polling failed, trying again", extra={"action": "poll_failed", "why": str(error)}
                )
                await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  spreads retries
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                log.exception("storing updates failed, trying again", extra={"action": "intake_failed"})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self) -> None:
        """Ask once. An offset is sent only to confirm what was just committed.

        After a quiet week Telegram numbers updates anew, perhaps lower: an old offset would drop them unread.
        """
        offset = await inbox.cursor(CHANNEL)
        updates = await self._asked(offset)
        if not updates:
            if offset:
                await inbox.rewind(CHANNEL)
            return
        taken = [one for update in updates if (one := wire.understood(update)) is not None]
        if len(taken) < len(updates):
            log.error(
                "updates that are none were passed over",
                extra={"action": "update_malformed", "count": len(updates) - len(taken)},
            )
        numbers = [
            number
            for one in updates
            if isinstance(number := one.get("update_id"), int) and number < LAST_UPDATE
        ]
        if not numbers:
            msg = "updates without numbers"
            raise TelegramError(msg)
        await self._intake([arrived(one) for one in taken], max(numbers) + 1)

    async def _asked(self, offset: int) -> list[dict[str, Any]]:
        """The updates as Telegram wrote them: one that a library cannot read must not hold up all others."""
        asked = {"timeout": self._seconds, "limit": 100, "allowed_updates": json.dumps(ALLOWED)}
        query = urlencode({**asked, "offset": offset} if offset else asked)
        updates = await self._request.post(
            f"{self._bot.base_url}/getUpdates?{query}", read_timeout=self._seconds + 5
        )
        return [one for one in updates if isinstance(one, dict)] if isinstance(updates, list) else []


def webhook(
    secret: str, intake: Callable[[], Intake | None]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of the webhook route."""

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        known = hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode())
        if not (secret and known):
            return web.Response(status=403)
        store = intake()
        if store is None:
            return web.Response(status=503)
        update = await _body(request)
        if update is None:
            return web.Response(status=400)
        return await answered(store, [arrived(update)])

    return take


async def _body(request: web.Request) -> dict[str, Any] | None:
    """The update in the body, or None for anything that is none."""
    try:
        return wire.parsed(await bodies.whole(request, BODY_MAX))
    except web.HTTPException:
        return None
