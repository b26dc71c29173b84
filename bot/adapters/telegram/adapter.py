"""The Telegram messenger: translates, decides nothing."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from typing import Any, Literal

from aiohttp import web
from telegram import Bot, InputMediaPhoto, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters.telegram import answers, checking, layout, local, reading
from bot.adapters.telegram.receiving import ALLOWED, PATH, POLLING, Poller, webhook
from bot.leases import Lease
from bot.pacing import Limits, Window
from bot.settings import SettingsFault
from core.notices import Outcome
from handlers.chat import menu
from handlers.chat.vocabulary import (
    Capabilities,
    Delivered,
    FetchFailed,
    Incoming,
    Intake,
    Media,
    Outgoing,
    Pictures,
)
from handlers.text import DEFAULT, LOCALES

# read when a limit is met: waits come as timedeltas, without a warning about the old form
os.environ.setdefault("PTB_TIMEDELTA", "true")
log = logging.getLogger(__name__)
LIMITS = Limits(
    overall=(Window(count=28, seconds=1.0),),
    private=(Window(count=4, seconds=4.0),),
    group=(Window(count=19, seconds=60.0),),
)
DOWNLOAD_MAX = 20_000_000
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
RETRY_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds between attempts to begin while Telegram cannot be reached; the last one repeats."""


class TelegramMessenger:
    """One bot, reached by polling or webhook."""

    channel = reading.CHANNEL
    capabilities = Capabilities(
        buttons_max=100,
        text_max=layout.TEXT_MAX,
        edits=True,
        removes_incoming=True,
        file_max=DOWNLOAD_MAX,
        pictures_max=10,
    )

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        mode: Literal["polling", "webhook"],
        public_url: str,
        secret: str,
        locale: str = DEFAULT,
        poll_seconds: int = 25,
    ) -> None:
        """Keep the credentials; no connection is opened yet."""
        base = api_url.rstrip("/")
        self._polling = HTTPXRequest(connection_pool_size=2, connect_timeout=5)
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=HTTPXRequest(
                connection_pool_size=16, read_timeout=15, connect_timeout=5, media_write_timeout=30
            ),
            get_updates_request=self._polling,
        )
        self._api = base
        self._mode = mode
        self._public_url = public_url
        self._secret = secret
        self._locale = locale
        self._poll_seconds = poll_seconds
        self._intake: Intake | None = None
        self._poller: Poller | None = None
        self._polls = True
        self._lease = Lease(POLLING)
        self._later: asyncio.Task[None] | None = None

    def routes(self) -> list[web.RouteDef]:
        """The webhook; while polling it answers 503."""
        return [
            web.post(PATH, webhook(self._secret, lambda: self._intake if self._mode == "webhook" else None))
        ]

    def leave_polling(self) -> None:
        """Never poll here: workers do."""
        self._polls = False

    async def start(self, intake: Intake) -> None:
        """Say who we are, then receive. Telegram being unreachable now holds up nothing else: it is tried again.

        Raises:
            SettingsFault: Telegram refuses the token or the webhook; the token is not in the sentence.
        """
        self._intake = intake
        try:
            await self._begin()
        except (RetryAfter, NetworkError) as error:
            log.warning("Telegram cannot be reached", extra={"action": "start_later", "why": str(error)})
            self._later = asyncio.create_task(self._begin_later())

    async def _begin(self) -> None:
        try:
            await self._bot.initialize()
        except InvalidToken:
            raise SettingsFault(checking.STRANGER) from None
        await self._offer_commands()
        if self._mode == "webhook":
            await self._register()
        elif self._intake is not None and self._polls:
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._poller = Poller(
                self._bot, self._polling, self._intake, seconds=self._poll_seconds, lease=self._lease
            )
            self._poller.start()

    async def _offer_commands(self) -> None:
        """Fill the menu key in every language, and in the installation's for readers of any other."""
        for locale in LOCALES:
            await self._bot.set_my_commands(menu.offered(locale), language_code=locale.partition("_")[0])
        await self._bot.set_my_commands(menu.offered(self._locale))

    async def _register(self) -> None:
        address = f"{self._public_url}{PATH}"
        try:
            await self._bot.set_webhook(
                address, secret_token=self._secret, allowed_updates=ALLOWED, max_connections=40
            )
        except BadRequest as refused:
            msg = f"Telegram refuses the webhook {address}: {refused.message}. {checking.NEEDS_HTTPS}"
            raise SettingsFault(msg) from None

    async def _begin_later(self) -> None:
        for pause in itertools.chain(RETRY_PAUSES, itertools.repeat(RETRY_PAUSES[-1])):
            await asyncio.sleep(pause)
            try:
                await self._begin()
            except (TelegramError, SettingsFault) as error:
                log.warning(
                    "Telegram still cannot be used", extra={"action": "start_later", "why": str(error)}
                )
            else:
                return

    async def stop(self) -> None:
        """Receive no more: stop polling, close the webhook."""
        self._intake = None
        if self._later is not None:
            self._later.cancel()
            await asyncio.gather(self._later, return_exceptions=True)
        if self._poller is not None:
            await self._poller.stop()

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.shutdown()

    def messages(self, outgoing: Outgoing) -> int:
        """Each picture and each part of a long text, but one where the words are the picture's caption."""
        text = layout.html(outgoing)
        if len(outgoing.pictures) == 1 and layout.captions(text):
            return 1 + len(outgoing.documents)
        return len(outgoing.pictures) + len(outgoing.documents) + len(layout.pieces(text))

    def read(self, raw: dict[str, object]) -> Incoming | None:
        """Understand a stored update."""
        return reading.read(raw)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Let the button stop turning."""
        if incoming.answer_ref is None:
            return
        try:
            await self._bot.answer_callback_query(incoming.answer_ref)
        except TelegramError as error:
            log.info("tap not acknowledged", extra={"action": "acknowledge_failed", "why": str(error)})

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        """Send files first, then pictures, then the text with its buttons; a short text is the one picture's caption.

        The words matter most: they go out even when Telegram does not take a picture.
        """
        text = layout.html(outgoing)
        for one in outgoing.documents:
            stopped = one.source in pictures and await self._send_document(
                chat_ref, pictures[one.source], one.name
            )
            if stopped:
                return stopped
        loaded = [pictures[one.source] for one in outgoing.pictures if one.source in pictures]
        if len(loaded) == 1 and layout.captions(text):
            captioned = await self._sent(
                self._bot.send_photo(
                    **_chat(chat_ref),
                    photo=loaded[0],
                    caption=text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=layout.keyboard(outgoing),
                )
            )
            if captioned.outcome is not Outcome.REFUSED:
                return captioned
            log.warning("picture refused", extra={"action": "picture_refused", "why": captioned.error})
            loaded = []
        stopped = await self._send_pictures(chat_ref, loaded)
        return stopped or await self._send_text(chat_ref, text, outgoing)

    async def _send_text(self, chat_ref: str, text: str, outgoing: Outgoing) -> Delivered:
        parts = layout.pieces(text)
        for number, part in enumerate(parts, start=1):
            delivered = await self._sent(
                self._bot.send_message(
                    **_chat(chat_ref),
                    text=part,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=NO_PREVIEW,
                    reply_markup=layout.keyboard(outgoing) if number == len(parts) else None,
                ),
                whole=len(parts) == 1,
            )
            if delivered.outcome is not Outcome.SENT:
                return delivered
        return delivered

    async def _send_document(self, chat_ref: str, content: bytes, name: str) -> Delivered | None:
        """Send a file; answers why the words must not follow now, if so."""
        _sent, failed = await answers.told(
            self._bot.send_document(**_chat(chat_ref), document=content, filename=name), sending=True
        )
        if failed is not None and failed.outcome in (Outcome.RETRY, Outcome.GONE):
            return failed
        if failed is not None:
            log.warning("file not sent", extra={"action": "file_refused", "why": failed.error})
        return None

    async def _send_pictures(self, chat_ref: str, loaded: list[bytes]) -> Delivered | None:
        """Send pictures in albums; answers why the words must not follow now, if so."""
        most = self.capabilities.pictures_max
        for start in range(0, len(loaded), most):
            album = loaded[start : start + most]
            failed: Delivered | None
            if len(album) == 1:
                _one, failed = await answers.told(
                    self._bot.send_photo(**_chat(chat_ref), photo=album[0]), sending=True
                )
            else:
                media = [InputMediaPhoto(one) for one in album]
                _all, failed = await answers.told(
                    self._bot.send_media_group(**_chat(chat_ref), media=media), sending=True
                )
            if failed is not None and failed.outcome in (Outcome.RETRY, Outcome.GONE):
                return failed
            if failed is not None:
                log.warning("pictures not shown", extra={"action": "picture_refused", "why": failed.error})
        return None

    async def _sent(self, call: Any, *, whole: bool = True) -> Delivered:
        message, failed = await answers.told(call, sending=True)
        if failed is not None or not isinstance(message, Message):
            return failed or Delivered(outcome=Outcome.UNKNOWN)
        reference: dict[str, object] = {"id": message.message_id, "caption": message.caption is not None}
        return Delivered(
            outcome=Outcome.SENT, message_ref=reference if whole else {**reference, "partial": True}
        )

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        """Change a message in place; a picture keeps its place and gets the new caption.

        GONE when the new words do not fit into it, or it is only the end of a longer one.
        """
        text = layout.html(outgoing)
        captioned = bool(message_ref.get("caption"))
        if message_ref.get("partial") or layout.length(text) > (
            layout.CAPTION_MAX if captioned else layout.TEXT_MAX
        ):
            return Delivered(outcome=Outcome.GONE, error="does not fit into the message")
        shared = {
            "chat_id": _chat(chat_ref)["chat_id"],
            "message_id": _message(message_ref),
            "parse_mode": ParseMode.HTML,
            "reply_markup": layout.keyboard(outgoing),
        }
        try:
            if captioned:
                await self._bot.edit_message_caption(caption=text, **shared)
            else:
                await self._bot.edit_message_text(text, link_preview_options=NO_PREVIEW, **shared)
        except TelegramError as error:
            return answers.edited(error, message_ref)
        return Delivered(outcome=Outcome.SENT, message_ref=message_ref)

    async def remove(self, chat_ref: str, message_ref: dict[str, object]) -> Delivered:
        """Take a person's message out of a private chat (possible for 48 hours)."""
        try:
            await self._bot.delete_message(_chat(chat_ref)["chat_id"], _message(message_ref))
        except TelegramError as error:
            return answers.removed(error)
        return Delivered(outcome=Outcome.SENT)

    async def fetch(self, media: Media) -> bytes:
        """Download a picture or file of at most 20 MB.

        Raises:
            FetchFailed: it is larger, gone, or cannot be had now.
        """
        if media.size is not None and media.size > DOWNLOAD_MAX:
            why = "larger than bots may download"
            raise FetchFailed(why, for_good=True, too_large=True)
        try:
            found = await self._bot.get_file(media.ref)
            if found.file_size is not None and found.file_size > DOWNLOAD_MAX:
                why = "larger than bots may download"
                raise FetchFailed(why, for_good=True, too_large=True)
            if local.on_disk(found.file_path):
                return await asyncio.to_thread(local.read, str(found.file_path), self._api, DOWNLOAD_MAX)
            return bytes(await found.download_as_bytearray())
        except TelegramError as error:
            large = "too big" in str(error).lower()
            kind = answers.meaning(error, sending=False).outcome
            raise FetchFailed(str(error), for_good=kind is not Outcome.RETRY, too_large=large) from error


def _chat(chat_ref: str) -> dict[str, Any]:
    chat, _sep, topic = chat_ref.partition(":")
    return {"chat_id": int(chat), **({"message_thread_id": int(topic)} if topic else {})}


def _message(message_ref: dict[str, object]) -> int:
    return int(str(message_ref["id"]))
