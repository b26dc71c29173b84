"""A server with rates off, its bot, and a person who has started it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import telegram

from tests.servers.bots import real_bot
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.telegram_people import Person


class Hand:
    """A clock moved by hand, in seconds."""

    def __init__(self, seconds: float = 1_700_000_000.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds

    def forward(self, seconds: float) -> None:
        """Moves on."""
        self.seconds += seconds


@pytest.fixture(autouse=True)
def _waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot warns at every 429, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
async def server(hand: Hand) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(limits=Limits.off(), wall=hand) as running:
        yield running


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[telegram.Bot]:
    async with real_bot(server) as made:
        yield made


@pytest.fixture
async def lin(server: TelegramServer, bot: telegram.Bot) -> Person:
    """Has written /start; the bot has acknowledged it."""
    person = server.person(501, "Lin")
    await person.says("/start")
    start = (await bot.get_updates())[0]
    await bot.get_updates(offset=start.update_id + 1)
    return person
