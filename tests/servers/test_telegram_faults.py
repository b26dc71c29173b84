"""The loopback Bot API under load and in trouble: rates, webhooks, repeats, disorder, cut connections, own process."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import aiohttp
import pytest
import telegram
from aiohttp import web
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import Conflict, NetworkError, RetryAfter

from tests.paths import ROOT
from tests.servers.bots import jpeg, real_bot
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_courier import SECRET_HEADER
from tests.servers.telegram_limits import Limits, RefusedError
from tests.servers.telegram_people import Person


def _admitted(limits: Limits, chat: int, messages: int = 1) -> bool:
    try:
        limits.admit(chat, messages)
    except RefusedError as refused:
        assert refused.code == 429
        return False
    return True


def test_no_sliding_minute_of_a_group_holds_more_than_twenty(hand):
    limits = Limits(now=hand)
    sent = []
    for _ in range(150):
        if _admitted(limits, -7):
            sent.append(hand())
        hand.forward(1.5)
    assert len(sent) >= 60
    assert max(sum(1 for other in sent if one <= other < one + 60) for one in sent) == 20


def test_a_private_chat_gets_one_a_second_and_a_small_burst(hand):
    limits = Limits(now=hand)
    assert [_admitted(limits, 7) for _ in range(6)] == [True] * 5 + [False]
    hand.forward(4)
    for _ in range(30):
        assert _admitted(limits, 7)
        hand.forward(1)


def test_thirty_a_second_over_all_chats(hand):
    limits = Limits(now=hand)
    assert sum(_admitted(limits, chat) for chat in range(1, 50)) == 30
    hand.forward(1)
    assert _admitted(limits, 99)


def test_an_album_counts_every_item(hand):
    limits = Limits(now=hand)
    assert _admitted(limits, -7, 10)
    assert _admitted(limits, -7, 9)
    assert not _admitted(limits, -7, 2)
    assert _admitted(limits, -7, 1)
    assert limits.refusals == 1


def test_scale_shortens_the_windows_and_zero_switches_off(hand):
    limits = Limits(scale=0.01, now=hand)
    assert sum(_admitted(limits, -7) for _ in range(30)) == 20
    hand.forward(0.6)
    assert _admitted(limits, -7)
    assert all(_admitted(Limits.off(), -7) for _ in range(100))


async def test_the_bot_is_told_how_long_to_wait(hand):
    async with TelegramServer(limits=Limits(now=hand)) as server, real_bot(server) as bot:
        await server.person(501).says("/start")
        for _ in range(5):
            await bot.send_message(501, "x")
        with pytest.raises(RetryAfter) as refused:
            await bot.send_photo(501, jpeg())
        assert refused.value.retry_after.total_seconds() == 4
        hand.forward(4)
        await bot.send_photo(501, jpeg())
        assert server.violations == []


class Hook:
    """A webhook that answers what it is told, and keeps what came."""

    def __init__(self) -> None:
        self.came: list[tuple[str | None, dict]] = []
        self.answers: list[int] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((request.headers.get(SECRET_HEADER), await request.json()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    @asynccontextmanager
    async def open(self):
        app = web.Application()
        app.router.add_post("/hook", self.take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        yield self
        await runner.cleanup()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.came]


async def test_a_webhook_gets_the_secret_and_is_asked_again_until_it_takes_the_update(
    server, bot, lin: Person
):
    async with Hook().open() as hook:
        hook.answers = [500, 503]
        await bot.set_webhook(hook.url, secret_token="s3cret_-X")
        await lin.says("one")
        await lin.says("two")
        await server.settled()
        assert hook.texts == ["one", "one", "one", "two"]
        assert {secret for secret, _ in hook.came} == {"s3cret_-X"}
        info = await bot.get_webhook_info()
        assert "503" in info.last_error_message
        with pytest.raises(Conflict):
            await bot.get_updates()
        await bot.delete_webhook()
        await lin.says("three")
        assert [one.message.text for one in await bot.get_updates()] == ["three"]
        assert server.violations == []


async def test_a_webhook_that_comes_up_later_loses_nothing(server, bot, lin: Person):
    async with Hook().open() as hook:
        gone = hook.url
    await bot.set_webhook(gone)
    await lin.says("early")
    while server.state.courier.attempts < 2:
        await asyncio.sleep(0.005)
    assert len(server.pending) == 1
    async with Hook().open() as hook:
        await bot.set_webhook(hook.url)
        await server.settled()
        assert hook.texts == ["early"]


async def test_of_two_processes_that_name_the_webhook_at_one_instant_one_is_served(server, bot, lin: Person):
    async with Hook().open() as first, Hook().open() as second:
        await asyncio.gather(*(bot.set_webhook(hook.url) for hook in (first, second, first, second)))
        couriers = [task for task in asyncio.all_tasks() if "Courier._run" in repr(task.get_coro())]
        assert len(couriers) == 1
        await lin.says("once")
        await server.settled()
        assert first.texts + second.texts == ["once"]


async def test_a_webhook_must_be_safe_and_its_secret_plain(bot):
    for url in ("http://example.org/hook", "https://example.org:1234/hook"):
        with pytest.raises(telegram.error.BadRequest, match="ad webhook"):
            await bot.set_webhook(url)
    with pytest.raises(telegram.error.BadRequest, match="unallowed"):
        await bot.set_webhook("https://example.org/hook", secret_token="no spaces")


async def test_updates_are_repeated_and_reordered_on_the_webhook(server, bot, lin: Person):
    server.repeat_updates(2)
    server.reorder(5, seed=3)
    texts = [str(number) for number in range(10)]
    for text in texts:
        await lin.says(text)
    async with Hook().open() as hook:
        await bot.set_webhook(hook.url)
        await server.settled()
        assert sorted(hook.texts) == sorted(texts * 2)
        assert list(dict.fromkeys(hook.texts)) != texts
        assert len(server.acknowledged) == len(set(server.acknowledged)) == 11


async def test_updates_are_repeated_and_reordered_in_polling(server, bot, lin: Person):
    server.repeat_updates(2)
    server.reorder(4, seed=1)
    for number in range(4):
        await lin.says(str(number))
    seen = []
    offset = None
    while updates := await bot.get_updates(offset=offset):
        seen += [one.message.text for one in updates]
        offset = max(one.update_id for one in updates) + 1
    assert sorted(seen) == sorted("01230123")
    assert seen[:4] != list("0123")
    assert server.pending == []


async def test_a_waiting_poll_is_woken_and_a_second_one_takes_over(server, bot, lin: Person):
    first = asyncio.create_task(bot.get_updates(timeout=5))
    while server.state.mailbox._poll < 3:
        await asyncio.sleep(0.005)
    second = asyncio.create_task(bot.get_updates(timeout=5))
    with pytest.raises(Conflict):
        await first
    await lin.says("hello")
    assert (await second)[0].message.text == "hello"


async def test_a_killed_reader_gets_its_updates_again(server, bot, lin: Person):
    url = f"{server.base_url}{server.token}/getUpdates"
    async with aiohttp.ClientSession() as session:
        lost = asyncio.create_task(session.post(url, json={"timeout": 5}))
        while server.state.mailbox._poll < 3:
            await asyncio.sleep(0.005)
        lost.cancel()
        await asyncio.gather(lost, return_exceptions=True)
    await lin.says("kept")
    assert [one.message.text for one in await bot.get_updates()] == ["kept"]
    assert server.acknowledged == [server.pending[0] - 1]


async def test_updates_are_kept_a_day(server, bot, lin: Person, hand):
    await lin.says("lost")
    hand.forward(24 * 3600)
    await lin.says("kept")
    assert [one.message.text for one in await bot.get_updates()] == ["kept"]


async def test_errors_cuts_and_unknown_outcomes(server, bot, lin: Person):
    server.fail("sendMessage", 1, 502)
    server.fail("sendMessage", 1, "drop")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(501, "not sent")
    assert not [one for one in lin.chat if one.from_bot]
    server.fail("sendMessage", 1, "timeout_after_effect")
    with pytest.raises(NetworkError):
        await bot.send_message(501, "sent all the same")
    await lin.expects("sent all the same")
    server.too_many_requests("sendMessage", 7)
    with pytest.raises(RetryAfter):
        await bot.send_message(501, "x")
    await bot.send_message(501, "through")
    assert len(server.calls_of("sendMessage")) == 5
    assert server.violations == []


async def test_a_delayed_answer_runs_into_the_time_limit_of_the_bot(server, bot, lin):
    server.delay("getMe", 0.3)
    with pytest.raises(telegram.error.TimedOut):
        await bot.get_me(read_timeout=0.05)
    server.delay("getMe", 0)
    assert (await bot.get_me()).is_bot


async def test_a_download_can_fail(server, bot, lin: Person):
    file = await bot.get_file((await lin.sends_photo(jpeg())).photo_ids[-1])
    server.fail("download", 1, "drop")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray()


async def test_as_its_own_process_people_are_driven_over_http():
    command = [sys.executable, "-m", "tests.servers.telegram", "--token", "7:own", "--limit-scale", "0"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        said = json.loads(await process.stdout.readline())
        base = said["base_url"].removesuffix("/bot")

        async def control(deed: str, **asked) -> dict:
            async with session.post(f"{base}/control/{deed}", json={"person": 501, **asked}) as answer:
                return {"status": answer.status, **await answer.json()}

        async with aiohttp.ClientSession() as session:
            await control("person", id=501, first_name="Lin")
            await control("say", text="/start")
            bot = telegram.Bot("7:own", base_url=said["base_url"], base_file_url=said["file_base_url"])
            async with bot:
                key = Keyboard([[Button("Go", callback_data="go")]])
                await bot.send_message(501, "ready?", reply_markup=key)
                assert (await control("tap", text="Stop"))["status"] == 409
                assert (await control("tap", text="Go"))["status"] == 200
                await control("fault", verb="fail", arguments={"method": "sendMessage"})
                with pytest.raises(NetworkError):
                    await bot.send_message(501, "x")
                updates = await bot.get_updates()
                assert updates[-1].callback_query.data == "go"
                await bot.get_updates(offset=updates[0].update_id + 1)
            async with session.get(f"{base}/control/chat/501") as answer:
                assert (await answer.json())["messages"][-1]["rows"] == [["Go"]]
            async with session.get(f"{base}/control/state") as answer:
                state = await answer.json()
        assert state["acknowledged"] == [updates[0].update_id]
        assert state["pending"] == [updates[1].update_id]
        assert state["violations"] == []
    finally:
        process.kill()
        await process.wait()
