"""The webhook takes what Telegram sends however it arrives, and nothing from anybody else; never a 500."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from bot.adapters.telegram.receiving import PATH
from core.inbox.models import Inbound
from tests.bot.adapters.telegram.conftest import SECRET, Line, messenger_for
from tests.servers.telegram import TelegramServer

HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {
    "update_id": 4711,
    "message": {
        "message_id": 5,
        "date": 1,
        "chat": {"id": 77, "type": "private"},
        "from": {"id": 77, "is_bot": False, "first_name": "Op"},
        "text": "上报异常",
    },
}
BODY = json.dumps(UPDATE).encode()


@pytest.fixture
async def door(database: str, server: TelegramServer) -> AsyncIterator[tuple[str, int, Line]]:
    """Our webhook on a port of its own, registered with the server; answers (host, port, line)."""
    line = Line(server, messenger_for(server, "webhook"))
    app = web.Application()
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
    app.add_routes(line.messenger.routes())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    line.messenger = messenger_for(server, "webhook", public_url=f"http://{host}:{port}")
    await runner.cleanup()
    app = web.Application()
    app.add_routes(line.messenger.routes())
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    await line.messenger.start(line.intake)
    yield host, port, line
    await line.messenger.stop()
    await line.messenger.close()
    await runner.cleanup()


async def posted(host: str, port: int, body: bytes, *, pieces: int = 1, secret: str | bytes = SECRET) -> int:
    """The status that a POST gets; the body in as many pieces, each its own packet."""
    reader, writer = await asyncio.open_connection(host, port)
    token = secret.encode() if isinstance(secret, str) else secret
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{HEADER}: ".encode()
    )
    writer.write(head + token + b"\r\n\r\n")
    size = max(1, -(-len(body) // pieces))
    for start in range(0, len(body), size):
        writer.write(body[start : start + size])
        await writer.drain()
        await asyncio.sleep(0.02 if pieces > 1 else 0)
    line = await reader.readline()
    writer.close()
    return int(line.split()[1])


@pytest.mark.parametrize("pieces", [1, 2, 7])
async def test_an_update_is_taken_in_however_many_pieces(door: tuple[str, int, Line], pieces: int) -> None:
    host, port, line = door
    assert await posted(host, port, BODY, pieces=pieces) == 200
    assert line.said == ["上报异常"]
    assert await posted(host, port, BODY, pieces=pieces) == 200, "a repeat is welcome"
    assert await Inbound.all().count() == 1


async def test_the_answer_follows_the_commit(door: tuple[str, int, Line]) -> None:
    """Not stored, not acknowledged: Telegram will come again."""
    host, port, line = door
    line.refuse = 1
    assert await posted(host, port, BODY) == 503
    assert await Inbound.all().count() == 0
    assert await posted(host, port, BODY) == 200
    assert await Inbound.all().count() == 1


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "密钥".encode(), b"\xff\xfe", SECRET.upper()])
@pytest.mark.req("P-10h")
async def test_nobody_else_gets_in(door: tuple[str, int, Line], secret: str | bytes) -> None:
    host, port, _line = door
    assert await posted(host, port, BODY, secret=secret) == 403
    assert await Inbound.all().count() == 0


async def test_without_a_secret_of_our_own_nobody_gets_in(server: TelegramServer, database: str) -> None:
    """An empty setting opens nothing to an empty header."""
    line = Line(server, messenger_for(server, "webhook", secret=""))
    app = web.Application()
    app.add_routes(line.messenger.routes())
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    assert await posted(host, port, BODY, secret="") == 403
    await runner.cleanup()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"update_id": 1e999}',
        b'{"update_id": 1, "message": {}}',
        b'{"update_id": 1, "message": {"chat": {"id": "x"}}}',
        b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": 5}}',
        b'{"update_id": 1, "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"update_id": 1, "x": "' + b"a" * 2_000_000 + b'"}',
        b'{"update_id": 99999999999999999999999999}',
    ],
    ids=lambda body: body[:40].decode(errors="replace"),
)
async def test_a_malformed_body_changes_nothing(door: tuple[str, int, Line], body: bytes) -> None:
    host, port, _line = door
    assert await posted(host, port, body) == 400
    assert await Inbound.all().count() == 0


def spoilt(dice: random.Random) -> bytes:
    """The update with a part replaced by something that does not belong there, or with bytes changed."""
    whole = json.loads(BODY)
    part = dice.choice([whole, whole["message"], whole["message"]["chat"], whole["message"]["from"]])
    key = dice.choice([*part, "photo", "document", "caption", "media_group_id"])
    part[key] = dice.choice(
        [
            None,
            True,
            -1,
            2**63,
            1.5,
            "",
            "a\x00b",
            "\ud83d",
            "\u202e",
            [],
            {},
            [[]],
            {"id": None},
            "x" * 70_000,
        ]
    )
    body = bytearray(json.dumps(whole).encode())
    if dice.random() < 0.3:
        body[dice.randrange(len(body))] = dice.randrange(256)
    return bytes(body)


async def test_no_spoilt_update_makes_a_fault(door: tuple[str, int, Line]) -> None:
    """Each of them is stored in a form that the database takes, or refused; both happen."""
    host, port, _line = door
    dice = random.Random(2026)
    statuses = [await posted(host, port, spoilt(dice)) for _turn in range(120)]
    assert set(statuses) == {200, 400}


async def test_while_polling_the_webhook_is_closed(line: Line) -> None:
    app = web.Application()
    app.add_routes(line.messenger.routes())
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    assert await posted(host, port, BODY) == 503
    async with ClientSession() as session, session.get(f"http://{host}:{port}{PATH}") as answer:
        assert answer.status == 405
    await runner.cleanup()


async def test_the_real_way_round(door: tuple[str, int, Line]) -> None:
    """What a person says comes through Telegram's own courier, with the secret we registered."""
    _host, _port, line = door
    await line.server.person(77, "Op").says("/start")
    await line.until_said("/start")
    await line.server.settled()
