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

from aiohttp import web
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.adapters.telegram.reading import CHANNEL, chat_ref_of
from core import inbox
from core.inbox import Arrived
from handlers.chat.vocabulary import Intake

log = logging.getLogger(__name__)
ALLOWED = ["message", "callback_query"]
BODY_MAX = 1_000_000
POLL_SECONDS = 25
LONGEST_PAUSE = 60.0
PATH = "/telegram/webhook"


def arrived(update: dict[str, Any]) -> Arrived:
    """An update as the inbox takes it."""
    return Arrived(update_id=str(update["update_id"]), chat_ref=chat_ref_of(update), raw=update)


class Poller:
    """Asks for updates for ever. The next request, which confirms a batch to Telegram, follows its commit."""

    def __init__(self, bot: Bot, intake: Intake, *, seconds: int = POLL_SECONDS) -> None:
        """Keep bot and intake; nothing runs yet."""
        self._bot = bot
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
        pause = 0.5
        while True:
            try:
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
        offset = await inbox.cursor(CHANNEL)
        updates = await self._bot.get_updates(
            offset=offset or None,
            timeout=self._seconds,
            allowed_updates=ALLOWED,
            limit=100,
            read_timeout=self._seconds + 5,
        )
        if updates:
            bodies = [json.loads(update.to_json()) for update in updates]
            await self._intake(
                [arrived(body) for body in bodies], max(body["update_id"] for body in bodies) + 1
            )


def webhook(
    secret: str, intake: Callable[[], Intake | None]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of the webhook route."""

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        store = intake()
        if store is None:
            return web.Response(status=503)
        update = await _body(request)
        if update is None:
            return web.Response(status=400)
        await store([arrived(update)], None)
        return web.Response()

    return take


def _refuse_constant(name: str) -> None:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


async def _body(request: web.Request) -> dict[str, Any] | None:
    """The update in the body, or None for anything that is none."""
    if (request.content_length or 0) > BODY_MAX:
        return None
    raw = await request.content.read(BODY_MAX + 1)
    if len(raw) > BODY_MAX or not request.content.at_eof():
        return None
    try:
        update = json.loads(raw.decode(), parse_constant=_refuse_constant)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    if not isinstance(update, dict):
        return None
    number = update.get("update_id")
    kinds_right = all(isinstance(update.get(kind, {}), dict) for kind in ALLOWED)
    return update if isinstance(number, int) and not isinstance(number, bool) and kinds_right else None
