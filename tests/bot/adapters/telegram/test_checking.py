"""`bihuan doctor` and the start say what is wrong with Telegram and how to mend it, never the token."""

from __future__ import annotations

import importlib

import pytest
from telegram import WebhookInfo

from bot.adapters.telegram import checking
from bot.settings import SettingsFault
from handlers.chat import menu
from handlers.chat.router import COMMANDS
from tests.bot.adapters.telegram.conftest import Line, messenger_for
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits

OURS = "https://bihuan.example/telegram/webhook"


async def asked(server: TelegramServer, *, token: str = "", webhook: bool = False) -> dict[str, str | None]:
    found = await checking.checked(
        token=token or server.token,
        api_url=server.base_url.removesuffix("/bot"),
        webhook=webhook,
        public_url="https://bihuan.example",
    )
    return dict(found)


async def test_a_bot_in_order_has_no_fault_and_nothing_is_changed(server: TelegramServer) -> None:
    assert await asked(server) == {checking.WHO: None, checking.WAY_IN: None}
    assert {one.method for one in server.calls} == {"getMe", "getWebhookInfo"}


async def test_an_unknown_token_is_said_without_it(server: TelegramServer) -> None:
    found = await asked(server, token="123456:WRONG-token-of-nobody-at-all-0123456789")
    assert found == {checking.WHO: checking.STRANGER}


async def test_telegram_out_of_reach_names_the_address() -> None:
    async with TelegramServer(limits=Limits.off()) as gone:
        pass
    fault = (await asked(gone))[checking.WHO]
    assert fault is not None
    assert "BIHUAN_TELEGRAM_API_URL" in fault
    assert gone.token not in fault


async def test_a_pause_that_telegram_asks_for_is_no_riddle(server: TelegramServer) -> None:
    server.too_many_requests("getMe", 30)
    assert "few minutes" in str((await asked(server))[checking.WHO])


async def test_a_webhook_that_was_never_registered_is_said(server: TelegramServer) -> None:
    fault = (await asked(server, webhook=True))[checking.WAY_IN]
    assert fault is not None
    assert OURS in fault
    assert "bihuan serve" in fault


def info(url: str = OURS, waiting: int = 0, error: str | None = None) -> WebhookInfo:
    return WebhookInfo(
        url=url, has_custom_certificate=False, pending_update_count=waiting, last_error_message=error
    )


@pytest.mark.parametrize(
    ("told", "wanted", "words"),
    [
        (info("https://old.example/hook"), OURS, "https://old.example/hook"),
        (info(), "", "still brings updates to"),
        (info(waiting=3, error="Connection timed out"), OURS, "Connection timed out"),
        (info(waiting=101), OURS, "101 updates wait"),
        (info("", waiting=101), "", "101 updates wait"),
        (info(), "http://10.0.0.7:8080/telegram/webhook", "BIHUAN_PUBLIC_URL"),
    ],
)
def test_each_fault_of_the_way_in_has_its_sentence(told: WebhookInfo, wanted: str, words: str) -> None:
    fault = checking.webhook_fault(told, wanted)
    assert fault is not None
    assert words in fault


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (info(), OURS),
        (info(waiting=3), OURS),
        (info(error="Connection timed out"), OURS),
        (info("", waiting=100), ""),
    ],
    ids=["quiet", "a few on their way", "an error of long ago", "one full answer"],
)
def test_a_way_in_that_works_has_no_fault(told: WebhookInfo, wanted: str) -> None:
    assert checking.webhook_fault(told, wanted) is None


async def test_the_menu_key_speaks_the_readers_language_and_the_plants_to_others(
    database: str, server: TelegramServer
) -> None:
    line = Line(server, messenger_for(server, locale="en"))
    await line.messenger.start(line.intake)
    await line.until(lambda: bool(server.calls_of("getUpdates")))
    await line.messenger.stop()
    await line.messenger.close()
    shown = {
        language: {one["command"]: one["description"] for one in listed}
        for (_scope, language), listed in server.state.commands.items()
    }
    assert shown["zh"]["report"] == "上报异常"
    assert shown["zh"]["cancel"] == "停止，不记录"
    assert shown["en"]["report"] == "Report an anomaly"
    assert shown[""] == shown["en"]


def test_every_command_on_the_menu_key_is_understood() -> None:
    importlib.import_module("handlers.chat.dialogues")
    assert {name for name, _words in menu.MENU} <= set(COMMANDS)


async def test_a_webhook_that_telegram_refuses_is_a_sentence_at_the_start(server: TelegramServer) -> None:
    line = Line(server, messenger_for(server, "webhook", public_url="http://plant.example"))
    with pytest.raises(SettingsFault, match="BIHUAN_PUBLIC_URL=https"):
        await line.messenger.start(line.intake)
    await line.messenger.stop()
    await line.messenger.close()
