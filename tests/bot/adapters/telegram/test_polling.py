"""Polling confirms only what was committed, survives every fault, and reads on after Telegram counts anew."""

from __future__ import annotations

import asyncio
import logging

import pytest
from telegram import Message

from bot.logs import NOISY, masked
from core import inbox
from core.inbox.models import Inbound
from tests.bot.adapters.telegram.conftest import Line, line_to, messenger_for
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.telegram_mailbox import Waiting


async def test_nothing_is_confirmed_before_it_is_stored(line: Line) -> None:
    """The database fails twice: the update stays with Telegram and is read a third time."""
    await line.server.settled()
    line.refuse = 2
    await line.server.person(77).says("important")
    await asyncio.sleep(0.2)
    assert line.server.pending, "still with Telegram"
    await line.until_said("important")
    await line.server.settled()


async def test_killed_between_commit_and_confirmation_it_takes_effect_once(
    database: str, server: TelegramServer
) -> None:
    """Stored, not confirmed: given again to the next process and known there."""
    async with line_to(server) as first:
        first.hang = True
        await server.person(77, "Op").says("once")
        await first.until_said("once")
        assert server.pending, "committed here, not confirmed there"
    async with line_to(server) as second:
        await server.person(77).says("next")
        await second.until_said("next")
        await server.settled()
    assert await Inbound.all().count() == 2


async def test_updates_numbered_anew_after_a_quiet_week_are_read(line: Line) -> None:
    """Telegram may choose lower numbers then; an old offset would drop them unread."""
    await line.server.settled()
    for _turn in range(300):
        if await inbox.cursor("telegram") == 0:
            break
        await asyncio.sleep(0.02)
    line.server.state.mailbox.count_anew(17)
    await line.server.person(77).says("after the holidays")
    await line.until_said("after the holidays")


@pytest.mark.parametrize("fault", [500, 502, "drop"])
async def test_faults_of_the_line_are_waited_for(line: Line, fault: int | str) -> None:
    line.server.fail("getUpdates", 2, fault)  # type: ignore[arg-type]
    await line.server.person(77).says("still here")
    await line.until_said("still here")


async def test_a_flood_answer_is_obeyed(line: Line) -> None:
    line.server.too_many_requests("getUpdates", 1)
    await line.server.person(77).says("later")
    await line.until_said("later")


async def test_telegram_away_at_the_start_holds_up_nothing(
    database: str, server: TelegramServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """start() returns; the messenger begins by itself when Telegram is back; the token is in no log line."""
    monkeypatch.setattr("bot.adapters.telegram.adapter.RETRY_PAUSES", (0.1,))
    server.fail("getMe", 3, "drop")
    caplog.set_level(logging.DEBUG)
    async with line_to(server) as line:
        await server.person(77, "Op").says("hello")
        await line.until_said("hello")
    written = [one for one in caplog.records if not one.name.startswith(NOISY)]
    assert any("cannot be reached" in one.getMessage() for one in written)
    assert server.token not in " ".join(
        f"{one.getMessage()} {one.__dict__} {one.exc_text}" for one in written
    )
    assert server.token not in masked(caplog.text), "nor if a library were to say it"


async def test_nothing_listens_at_the_address(database: str) -> None:
    """A closed port: the house starts, and stops, all the same."""
    async with TelegramServer(limits=Limits.off()) as gone:
        pass
    line = Line(gone, messenger_for(gone))
    await line.messenger.start(line.intake)
    await line.messenger.stop()
    await line.messenger.close()


async def test_a_wrong_token_is_said_without_the_token(database: str, server: TelegramServer) -> None:
    line = Line(server, messenger_for(server, token="123456:WRONG-token-of-nobody"))
    with pytest.raises(Exception, match="does not know BIHUAN_TELEGRAM_TOKEN") as refused:
        await line.messenger.start(line.intake)
    assert "WRONG" not in str(refused.value)
    await line.messenger.stop()
    await line.messenger.close()


UNREADABLE = {
    "no chat": {"message": {"message_id": 1, "date": 0, "text": "lost"}},
    "a chat without an id": {"message": {"message_id": 1, "date": 0, "chat": {"type": "private"}}},
    "a message that is a list": {"message": ["lost"]},
    "a tap of nobody": {"callback_query": {"id": "1", "data": "x"}},
}


@pytest.mark.parametrize("broken", UNREADABLE.values(), ids=UNREADABLE)
async def test_an_unreadable_update_holds_up_no_other(line: Line, broken: dict[str, object]) -> None:
    """It is passed over and confirmed: Telegram would give it again for ever."""
    slipped_in(line, broken)
    await line.server.person(77).says("after it")
    await line.until_said("after it")
    await only_the_server_was_wrong(line)
    assert line.said == ["/start", "after it"]


async def test_what_the_library_cannot_read_is_stored_as_telegram_wrote_it(line: Line) -> None:
    """Parts of a message that we do not read may become anything; the words in it still arrive."""
    told = {
        "message_id": 900,
        "date": "tomorrow",
        "chat": {"id": 77, "type": "private"},
        "from": {"id": 77, "is_bot": False, "first_name": "Op"},
        "text": "from the future",
        "entities": 5,
        "reply_markup": "none",
    }
    with pytest.raises((TypeError, ValueError, AttributeError)):
        Message.de_json(dict(told), None)
    slipped_in(line, {"message": told})
    await line.until_said("from the future")
    await only_the_server_was_wrong(line)


async def only_the_server_was_wrong(line: Line) -> None:
    """Everything was confirmed, and no call of ours broke the description."""
    await line.until(lambda: not line.server.pending)
    flaws = line.server.state.violations
    assert flaws
    assert all(one.startswith("server's own result of getUpdates") for one in flaws)
    flaws.clear()


def slipped_in(line: Line, content: dict[str, object]) -> None:
    """An update that the description of the Bot API does not allow."""
    mailbox = line.server.state.mailbox
    number = mailbox.first + len(mailbox.made)
    mailbox.made.append(number)
    mailbox.waiting.append(Waiting({"update_id": number, **content}, 77, mailbox.wall(), 1))
    mailbox.tell()
