"""The WeCom messenger: one self-built app, reached by its callback address; translates, decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import logging
import secrets
from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from bot.adapters.wecom import answers, cards, codes, menus, pictures, planning, reading, repeating
from bot.adapters.wecom.answers import Refused, Unreached
from bot.adapters.wecom.client import WecomApi
from bot.adapters.wecom.crypto import CallbackSeal
from bot.adapters.wecom.names import CHANNEL, root_of
from bot.adapters.wecom.planning import Plan
from bot.adapters.wecom.receiving import Door
from bot.pacing import Limits, Window
from core.notices import Outcome
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
from handlers.text import DEFAULT

log = logging.getLogger(__name__)
MEMBER = (Window(count=25, seconds=60.0), Window(count=950, seconds=3600.0))
"""WeCom drops what is over 30 a minute or 1,000 an hour to one member and says nothing; nobody is ever near."""
LIMITS = Limits(overall=(Window(count=9000, seconds=60.0),), private=MEMBER, group=MEMBER)
FILE_MAX = 20_000_000
PICTURE_MAX = 10_000_000
RETRY_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
Body = dict[str, Any]


class WecomMessenger:
    """One app of one corporation."""

    channel = CHANNEL
    capabilities = Capabilities(
        buttons_max=cards.CHOICES_MAX,
        text_max=2000,
        edits=True,
        removes_incoming=False,
        file_max=FILE_MAX,
        pictures_max=1,
        media_days=3,
        drops_repeats=True,
    )

    def __init__(
        self, *, api: WecomApi, seal: CallbackSeal, locale: str = DEFAULT, public_url: str = ""
    ) -> None:
        """Keep the client and the callback's key; no connection is opened yet."""
        self.api = api
        self._locale = locale
        self._public_url = public_url
        self._intake: Intake | None = None
        self._door = Door(seal=seal, agent=api.agent, intake=lambda: self._intake)
        self._stopping = asyncio.Event()
        self._later: asyncio.Task[None] | None = None

    def routes(self) -> list[web.RouteDef]:
        """The callback address."""
        return self._door.routes()

    async def start(self, intake: Intake) -> None:
        """Receive from now on; the menu is offered as soon as WeCom can be reached, which holds up nothing."""
        self._intake = intake
        self._stopping.clear()
        self._later = asyncio.create_task(self._offer_menu())

    async def _offer_menu(self) -> None:
        for pause in itertools.chain(RETRY_PAUSES, itertools.repeat(RETRY_PAUSES[-1])):
            try:
                await menus.offer(self.api, self._locale, self._public_url)
            except Refused as refused:
                log.warning("WeCom refuses the menu", extra={"action": "menu_refused", "why": str(refused)})
                return
            except Exception as fault:  # noqa: BLE001  the menu is a help, never a reason to stop
                log.warning("menu not offered yet", extra={"action": "menu_later", "why": str(fault)})
            else:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            if self._stopping.is_set():
                return

    async def stop(self) -> None:
        """Receive no more. The menu's step in hand is finished, not torn out of its transaction."""
        self._intake = None
        self._stopping.set()
        if self._later is not None:
            await self._later

    async def close(self) -> None:
        """Close the connections."""
        await self.api.close()

    def messages(self, outgoing: Outgoing) -> int:
        """Each picture, each part of the words, each card."""
        plan = planning.plan(outgoing, "t")
        return len(outgoing.pictures) + len(outgoing.documents) + len(plan.words) + len(plan.cards)

    def read(self, raw: dict[str, object]) -> Incoming | None:
        """Understand a stored callback."""
        return reading.read(raw)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Keep the tap's code for the change that its effect may bring; the client needs no other answer."""
        task = str((incoming.message_ref or {}).get("task", ""))
        try:
            await codes.keep("tapped", task, incoming.answer_ref or "")
        except Exception:  # the tap itself matters more than the look of its card
            log.exception("code of a tap not kept", extra={"action": "acknowledge_failed"})

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        """Send files and pictures, then words, then the card; the words go out even when a picture is refused."""
        stamp = outgoing.stamp or secrets.token_hex(8)
        media = [*((one.source, one.name) for one in outgoing.documents)]
        media += [(one.source, "") for one in outgoing.pictures]
        for number, (source, name) in enumerate(media):
            data = pictures.get(source)
            mark = f"{stamp}.p{number}"
            stopped = None if data is None else await self._send_media(chat_ref, data, mark, name)
            if stopped is not None:
                return stopped
        task = f"n{stamp}-{hashlib.sha256(f'{chat_ref} {outgoing!r}'.encode()).hexdigest()[:16]}"
        return await self._send_plan(chat_ref, planning.plan(outgoing, task), stamp)

    async def _send_media(self, chat_ref: str, data: bytes, stamp: str, name: str) -> Delivered | None:
        """Send a picture, or a file that has a name; answers why what follows must wait, if so."""
        if len(data) > (FILE_MAX if name else PICTURE_MAX):
            log.warning("picture too large", extra={"action": "picture_refused", "size": len(data)})
            return None
        copy = await repeating.place(chat_ref, data, stamp)
        _answer, failed = await self._told(
            self._media_sent(chat_ref, data, copy, name), chat_ref, sending=True
        )
        if failed is None or failed.outcome is Outcome.REFUSED:
            if failed is not None:
                log.warning("picture refused", extra={"action": "picture_refused", "why": failed.error})
            return None
        return failed

    async def _media_sent(self, chat_ref: str, data: bytes, copy: int, name: str) -> Body:
        for last in (False, True):
            known = (
                pictures.file_id(self.api, data, name, copy)
                if name
                else pictures.media_id(self.api, data, copy)
            )
            media = await self._before_sending(known)
            try:
                return await self._post(chat_ref, "file" if name else "image", {"media_id": media})
            except Refused as refused:
                if last or refused.code != answers.BAD_MEDIA:
                    raise
                await pictures.forget(data, copy, name)
        raise AssertionError

    @staticmethod
    async def _before_sending(call: Awaitable[str]) -> str:
        """A step before the message itself: nothing was sent when it fails, whatever the network did."""
        try:
            return await call
        except Unreached as fault:
            raise Unreached(str(fault), left=False) from None

    async def _send_plan(self, chat_ref: str, plan: Plan, stamp: str) -> Delivered:
        sent: list[str] = []
        answer: Body = {}
        parts: list[tuple[str, Body]] = [(one.kind, {"content": one.content}) for one in plan.words]
        parts += [("template_card", one) for one in plan.cards]
        for number, (kind, content) in enumerate(parts):
            told, failed = await self._told(
                self._said(chat_ref, kind, content, f"{stamp}.{number}"), chat_ref, sending=True
            )
            if failed is not None:
                return failed
            answer = told or {}
            sent.append(str(answer.get("msgid", "")))
        reference: dict[str, object] = {"msgids": [one for one in sent if one]}
        task = str(plan.cards[-1]["task_id"]) if plan.cards else ""
        if task:
            reference["id"] = task
        if plan.changeable:
            reference["task"] = task
            await codes.keep("sent", task, str(answer.get("response_code", "")))
        return Delivered(outcome=Outcome.SENT, message_ref=reference)

    async def _said(self, chat_ref: str, kind: str, content: Body, stamp: str) -> Body:
        if kind == "template_card":
            try:
                return await self._post(chat_ref, kind, content)
            except Refused as refused:
                if refused.code != answers.SAME_TASK:
                    raise
                return {}  # the very same card arrived before
        copies = await repeating.place(chat_ref, f"{kind}\n{content['content']}".encode(), stamp)
        return await self._post(
            chat_ref, kind, {"content": content["content"] + repeating.INVISIBLE * copies}
        )

    async def _post(self, chat_ref: str, kind: str, content: Body) -> Body:
        body = {
            "touser": chat_ref,
            "msgtype": kind,
            "agentid": self.api.agent,
            kind: content,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": repeating.INTERVAL,
        }
        return await self.api.post("message/send", body)

    @staticmethod
    async def _told(
        call: Awaitable[Body], member: str, *, sending: bool
    ) -> tuple[Body | None, Delivered | None]:
        """The answer to a call, or what its failure means; a member left out is a failure too."""
        try:
            answer = await call
        except (Refused, Unreached) as fault:
            if isinstance(fault, Refused) and fault.code in answers.OURS:
                log.warning("WeCom is not set up", extra={"action": "wecom_setup", "why": str(fault)})
            return None, answers.meaning(fault, sending=sending)
        return answer, answers.left_out(answer, member)

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        """Change a card by a code that counts once; what cannot be changed is recalled and goes out anew (GONE)."""
        task = str(message_ref.get("task", ""))
        changed = f"{root_of(task)}@{secrets.token_hex(4)}"
        plan = planning.plan(outgoing, changed)
        face = cards.face(outgoing) if not plan.cards else None
        card = (
            plan.cards[0] if plan.changeable else cards.at_rest(face, changed) if face is not None else None
        )
        code = None if card is None or not task else await codes.spend(task)
        if code is None:
            await self.remove(chat_ref, message_ref)
            return Delivered(outcome=Outcome.GONE, error="cannot be changed any more")
        body = {
            "userids": [chat_ref],
            "agentid": self.api.agent,
            "response_code": code,
            "template_card": card,
        }
        _answer, failed = await self._told(
            self.api.post("message/update_template_card", body), chat_ref, sending=False
        )
        if failed is None:
            return Delivered(outcome=Outcome.SENT, message_ref=message_ref)
        if failed.outcome is Outcome.REFUSED:  # the code was used up or is too old
            await self.remove(chat_ref, message_ref)
            return Delivered(outcome=Outcome.GONE, error=failed.error)
        return failed

    async def remove(self, chat_ref: str, message_ref: dict[str, object]) -> Delivered:
        """Recall messages of ours (24 hours, in WeCom's own clients); what a member wrote cannot be taken away."""
        listed = message_ref.get("msgids")
        outcome = Delivered(outcome=Outcome.REFUSED, error="not a message of ours")
        for one in listed if isinstance(listed, list) else []:
            _answer, failed = await self._told(
                self.api.post("message/recall", {"msgid": one}), chat_ref, sending=False
            )
            outcome = failed or Delivered(outcome=Outcome.SENT)
        return outcome

    async def fetch(self, media: Media) -> bytes:
        """Download a picture that a member sent.

        Raises:
            FetchFailed: it is larger than 20 MB, gone, or cannot be had now.
        """
        try:
            data = await self.api.download(media.ref, FILE_MAX)
        except Refused as refused:
            kind = answers.meaning(refused, sending=False).outcome
            for_good = kind is not Outcome.RETRY and refused.code not in answers.OURS
            raise FetchFailed(str(refused), for_good=for_good) from None
        except Unreached as fault:
            raise FetchFailed(str(fault), for_good=False) from None
        if data is None:
            why = "larger than 20 MB"
            raise FetchFailed(why, for_good=True, too_large=True)
        return data
