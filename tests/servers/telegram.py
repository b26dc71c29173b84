"""A Bot API server on the loopback for tests: speaks, checks and refuses what the real one does.

Every call is judged by the published description: what it does not allow is answered 400 and kept in
``violations``. Refusals are worded from memory of the real server. Markdown, inline mode, payments and
methods outside ``METHODS`` are not spoken; a call of one is a violation too.
Run on its own: ``python -m tests.servers.telegram --port N --token T`` (control: see telegram_control).
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Self

from aiohttp import web

from tests.servers import (
    telegram_asking,
    telegram_editing,
    telegram_sending,
    telegram_spec,
)
from tests.servers.telegram_faults import DOWNLOAD, Fault
from tests.servers.telegram_files import Files
from tests.servers.telegram_limits import Limits, RefusedError, Sizes
from tests.servers.telegram_mailbox import Mailbox
from tests.servers.telegram_people import Group, Person
from tests.servers.telegram_rooms import Account, Room, World
from tests.servers.telegram_spec import Call, Upload
from tests.servers.telegram_state import State, bot_account

TOKEN = "7000000001:TEST-loopback-only_not-a-secret"
LARGEST_REQUEST = 64 * 1024 * 1024
Method = Callable[[State, Call], Awaitable[object]]
METHODS: dict[str, Method] = {
    "getMe": telegram_asking.get_me,
    "getUpdates": telegram_asking.get_updates,
    "deleteWebhook": telegram_asking.delete_webhook,
    "getWebhookInfo": telegram_asking.get_webhook_info,
    "setMyCommands": telegram_asking.set_my_commands,
    "getMyCommands": telegram_asking.get_my_commands,
    "getChat": telegram_asking.get_chat,
    "getFile": telegram_asking.get_file,
    "sendMessage": telegram_sending.send_message,
    "sendPhoto": telegram_sending.send_photo,
    "sendMediaGroup": telegram_sending.send_media_group,
    "sendDocument": telegram_sending.send_document,
    "sendChatAction": telegram_sending.send_chat_action,
    "editMessageText": telegram_editing.edit_message_text,
    "editMessageCaption": telegram_editing.edit_message_caption,
    "editMessageMedia": telegram_editing.edit_message_media,
    "editMessageReplyMarkup": telegram_editing.edit_message_reply_markup,
    "deleteMessage": telegram_editing.delete_message,
    "answerCallbackQuery": telegram_editing.answer_callback_query,
}


class TelegramServer:
    """The server as an async context manager; ``callback_age`` is in seconds, clocks answer seconds."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        limits: Limits | None = None,
        sizes: Sizes | None = None,
        wall: Callable[[], float] = time.time,
        callback_age: float = 15.0,
        webhook_backoff: tuple[float, ...] = (0.02, 0.05, 0.2),
        webhook_timeout: float = 5.0,
        privacy_mode: bool = True,
    ) -> None:
        self.token = token
        self.port = port
        self.violations: list[str] = []
        self.calls: list[Call] = []
        kept = sizes or Sizes()
        self.state = State(
            wall=wall,
            limits=limits or Limits(),
            sizes=kept,
            callback_age=callback_age,
            webhook_backoff=webhook_backoff,
            webhook_timeout=webhook_timeout,
            privacy_mode=privacy_mode,
            world=World(bot_account()),
            files=Files(kept, wall),
            mailbox=Mailbox(wall, self.violations, kept.update_kept_for),
            violations=self.violations,
        )
        self._people: dict[int, Person] = {}
        self._groups: dict[int, Group] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        # The door first: a call that comes in while the courier ends would start another one.
        if self._runner is not None:
            await self._runner.cleanup()
        await telegram_asking.stop_courier(self.state)

    def add_routes(self, app: web.Application) -> None:
        """Room for further addresses (the control addresses of the own process)."""

    @property
    def base_url(self) -> str:
        """For ``telegram.Bot(base_url=...)``."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def file_base_url(self) -> str:
        """For ``telegram.Bot(base_file_url=...)``."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    # people

    def person(
        self, person_id: int, first_name: str = "", language_code: str = "zh-hans", **more: str
    ) -> Person:
        """The person of this id, made when new (``more``: last_name, username)."""
        if person_id not in self._people:
            facts = {"id": person_id, "first_name": first_name or f"Person {person_id}", **more}
            account = Account({**facts, "is_bot": False, "language_code": language_code})
            room = Room(
                person_id, "private", {k: v for k, v in facts.items() if k != "id"}, self.state.world.numbers
            )
            room.members.append(person_id)
            self.state.world.accounts[person_id] = account
            self.state.world.rooms[person_id] = room
            self._people[person_id] = Person(self.state, account, room)
        return self._people[person_id]

    def group(self, chat_id: int, title: str, *members: Person, bot_is_admin: bool = False) -> Group:
        """A group chat (-100… is a supergroup with its own message numbers) with the bot and these people."""
        assert chat_id < 0, "a group has a negative id"
        if chat_id not in self._groups:
            is_super = str(chat_id).startswith("-100")
            numbers = itertools.count(1) if is_super else self.state.world.numbers
            room = Room(chat_id, "supergroup" if is_super else "group", {"title": title}, numbers)
            room.bot_is_admin = bot_is_admin
            self.state.world.rooms[chat_id] = room
            self._groups[chat_id] = Group(room)
        self._groups[chat_id].room.members += [one.id for one in members]
        return self._groups[chat_id]

    def upgrade(self, group: Group, chat_id: int) -> Group:
        """A group becomes a supergroup: another id, messages numbered anew; the old id is refused from now on."""
        made = self.group(chat_id, str(group.room.facts["title"]), bot_is_admin=group.room.bot_is_admin)
        made.room.members += group.room.members
        group.room.upgraded_to = chat_id
        return made

    # faults

    def delay(self, method: str, seconds: float) -> None:
        """Every call of the method (``*``: of any) waits; 0 ends that."""
        self.state.faults.delays[method] = seconds

    def fail(self, method: str, times: int = 1, status: Fault = 502) -> None:
        """The next calls fail: with an HTTP status, ``drop`` (cut, not performed) or ``timeout_after_effect``."""
        self.state.faults.failures.setdefault(method, []).extend([status] * times)

    def too_many_requests(self, method: str, retry_after: int, times: int = 1) -> None:
        """The next calls are answered 429."""
        self.state.faults.floods.setdefault(method, []).extend([retry_after] * times)

    def repeat_updates(self, times: int) -> None:
        """Every update made from now on is delivered so many times, even after it was acknowledged."""
        self.state.mailbox.copies = times

    def reorder(self, window: int, seed: int = 0) -> None:
        """Updates come in random order within windows of this many; 1 ends that."""
        self.state.mailbox.window = window
        self.state.mailbox.dice = random.Random(seed)

    # knowing

    @property
    def delivered(self) -> list[int]:
        """The update_id of every delivery, in order, repetitions included."""
        return self.state.mailbox.delivered

    @property
    def acknowledged(self) -> list[int]:
        """The update_ids the bot took: an offset moved past them, or the webhook answered 2xx."""
        return self.state.mailbox.acknowledged

    @property
    def pending(self) -> list[int]:
        """The update_ids still kept for the bot."""
        return [one.id for one in self.state.mailbox.waiting]

    def calls_of(self, method: str) -> list[Call]:
        """Every valid call of a method so far, refused ones included."""
        return [one for one in self.calls if one.method == method]

    async def settled(self, timeout: float = 5.0) -> None:
        """Waits until the bot has acknowledged every update.

        Raises:
            AssertionError: naming what is left, when it does not within ``timeout`` seconds.
        """
        end = asyncio.get_running_loop().time() + timeout
        while self.pending:
            assert asyncio.get_running_loop().time() < end, f"never acknowledged: {self.pending}"
            await asyncio.sleep(0.005)

    # the HTTP side

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            result, is_cut = await self._outcome(request)
        except RefusedError as refused:
            body: dict[str, Any] = {
                "ok": False,
                "error_code": refused.code,
                "description": refused.description,
            }
            if refused.parameters:
                body["parameters"] = refused.parameters
            return web.json_response(body, status=refused.code)
        return _cut(request) if is_cut else web.json_response({"ok": True, "result": result})

    async def _outcome(self, request: web.Request) -> tuple[object, bool]:
        """The result of a call, and whether the connection is to be cut instead of answering."""
        if request.match_info["token"] != self.token:
            raise RefusedError(401, "Unauthorized")
        name = self._named(request.match_info["method"])
        raw, uploads = await _parameters(request)
        call = self._judged(name, raw, uploads)
        await asyncio.sleep(self.state.faults.delay(name))
        fault = self.state.faults.failure(name)
        if isinstance(fault, int):
            raise RefusedError(fault, HTTPStatus(fault).phrase)
        if fault == "drop":
            return None, True
        wait = self.state.faults.flood(name)
        if wait is not None:
            raise RefusedError.too_many(wait)
        return await self._perform(call), fault is not None

    async def perform(self, method: str, values: dict[str, Any]) -> object:
        """Performs a call that came as the answer to a webhook; a refusal is kept as a violation."""
        try:
            return await self._perform(self._judged(self._named(method), values, {}))
        except RefusedError as refused:
            self.violations.append(f"answer to the webhook: {method}: {refused.description}")
            return None

    def _named(self, method: str) -> str:
        name = telegram_spec.spelled(method)
        if name is None:
            self.violations.append(f"unknown method {method!r}")
            raise RefusedError(404, "Not Found")
        if name not in METHODS and name != "setWebhook":
            self.violations.append(f"{name} is documented, but this test server does not speak it")
            raise RefusedError(501, "Not Implemented")
        return name

    def _judged(self, name: str, raw: dict[str, Any], uploads: dict[str, Upload]) -> Call:
        call = telegram_spec.call(name, raw, uploads)
        mode = str(call.values.get("parse_mode", "HTML"))
        if mode.lower().startswith("markdown"):
            call.problems.append(f"{name}: this test server does not speak {mode}")
        if call.problems:
            self.violations += call.problems
            raise RefusedError.bad("; ".join(call.problems))
        self.calls.append(call)
        return call

    async def _perform(self, call: Call) -> object:
        if call.method == "setWebhook":
            result = await telegram_asking.set_webhook(self.state, call, self.perform)
        else:
            result = await METHODS[call.method](self.state, call)
        self.violations += [f"server's own {flaw}" for flaw in telegram_spec.result(call.method, result)]
        return result

    async def _download(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.state.faults.delay(DOWNLOAD))
        fault = self.state.faults.failure(DOWNLOAD)
        if isinstance(fault, int):
            return web.Response(status=fault)
        if fault is not None:
            return _cut(request)
        if request.match_info["token"] != self.token:
            return web.json_response(
                {"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401
            )
        kept = self.state.files.behind(request.match_info["path"])
        if kept is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=kept.content, content_type="application/octet-stream")


async def _parameters(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Query, JSON, form or multipart, as the real server takes them."""
    raw: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            sent = await request.json()
        except ValueError as broken:
            raise RefusedError.bad("can't parse JSON object") from broken
        raw |= sent if isinstance(sent, dict) else {}
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
            else:
                raw[name] = value
    return raw, uploads


def _cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


if __name__ == "__main__":
    from tests.servers import telegram_control

    telegram_control.main()
