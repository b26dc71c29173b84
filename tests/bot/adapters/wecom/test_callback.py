"""The callback address takes what WeCom sends, once, after the commit; nothing from anybody else; never a 500."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web

from bot.adapters.wecom.crypto import CallbackSeal
from bot.adapters.wecom.receiving import PATH, WINDOW, Door
from core import inbox
from core.inbox import Arrived
from core.inbox.models import Inbound
from core.kit import clock
from tests.bot.adapters.wecom.test_reading import event, tap, xml

SEAL = CallbackSeal("tok3nForTests", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ww1234567890abcdef")
TEXT = xml("text", "<Content>上报异常</Content><MsgId>4711</MsgId>")


@dataclass
class Address:
    """Our callback address, and what it stored."""

    url: str = ""
    session: ClientSession = field(init=False)
    stored: list[Arrived] = field(default_factory=list)
    refuse: int = 0
    open: bool = True

    async def intake(self, arrived: list[Arrived], next_offset: int | None) -> int:
        if self.refuse:
            self.refuse -= 1
            raise OSError("the database is away")
        new = await inbox.store("wecom", arrived, next_offset=next_offset)
        self.stored += arrived
        return new

    async def asked(
        self,
        plain: bytes,
        *,
        method: str = "POST",
        late: int = 0,
        once: str = "9",
        body: bytes | None = None,
        **query: str,
    ) -> tuple[int, str]:
        encrypted = SEAL.sealed(plain)
        timestamp = str(int(clock.now().timestamp()) - late)
        asked = {
            "msg_signature": SEAL.signature(timestamp, once, encrypted),
            "timestamp": timestamp,
            "nonce": once,
        }
        if method == "GET":
            asked["echostr"] = encrypted
        envelope = (
            f"<xml><ToUserName>ww1</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
        )
        data = None if method == "GET" else envelope if body is None else body
        async with self.session.request(method, self.url, params={**asked, **query}, data=data) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def address(database: str) -> AsyncIterator[Address]:
    made = Address()
    app = web.Application()
    app.add_routes(Door(seal=SEAL, agent=1, intake=lambda: made.intake if made.open else None).routes())
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    async with ClientSession() as made.session:
        yield made
    await runner.cleanup()


async def test_the_check_is_answered_plainly(address: Address) -> None:
    assert await address.asked(b"1616140317555161061", method="GET") == (200, "1616140317555161061")


@pytest.mark.parametrize(
    "wrong", [{"msg_signature": "0" * 40}, {"timestamp": "1"}, {"nonce": "8"}, {"echostr": "AAAA"}]
)
async def test_nobody_else_gets_the_check_answered(address: Address, wrong: dict[str, str]) -> None:
    assert await address.asked(b"1616140317555161061", method="GET", **wrong) == (403, "")


async def test_a_message_that_passed_by_is_not_opened_as_a_check(address: Address) -> None:
    assert await address.asked(TEXT, method="GET") == (403, "")


async def test_a_message_is_stored_and_its_repeat_changes_nothing(address: Address) -> None:
    assert await address.asked(TEXT) == (200, "")
    assert await address.asked(TEXT) == (200, ""), "WeCom repeats what it thinks was not taken"
    assert await Inbound.all().count() == 1
    for document in (tap("a"), tap("a"), tap("b"), event("click", "<EventKey>/report</EventKey>")):
        assert (await address.asked(document))[0] == 200
    assert await Inbound.all().count() == 4


async def test_the_answer_follows_the_commit(address: Address) -> None:
    address.refuse = 1
    assert (await address.asked(TEXT))[0] == 503
    assert await Inbound.all().count() == 0
    assert (await address.asked(TEXT))[0] == 200
    assert await Inbound.all().count() == 1


async def test_while_we_stop_wecom_is_asked_to_come_again(address: Address) -> None:
    address.open = False
    assert (await address.asked(TEXT))[0] == 503


@pytest.mark.parametrize("late", [WINDOW + 5, -WINDOW - 5, 10**9])
async def test_what_is_replayed_later_is_refused(address: Address, late: int) -> None:
    assert (await address.asked(TEXT, late=late))[0] == 403
    assert await Inbound.all().count() == 0


async def test_a_replay_within_the_window_has_no_effect_in_any_process(
    address: Address, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    """The inbox is the memory of what came: it is one for all processes and outlives them."""
    assert (await address.asked(TEXT))[0] == 200
    fast_forward(dt.timedelta(seconds=WINDOW - 10))
    assert (await address.asked(TEXT))[0] == 200
    assert await Inbound.all().count() == 1


@pytest.mark.parametrize("timestamp", ["", "x", "-1", "1e9", "９９", "1" * 30])
async def test_a_time_that_is_none_is_refused(address: Address, timestamp: str) -> None:
    encrypted = SEAL.sealed(TEXT)
    query = {"timestamp": timestamp, "msg_signature": SEAL.signature(timestamp, "9", encrypted)}
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    assert (await address.asked(TEXT, body=body, **query))[0] == 403
    assert await Inbound.all().count() == 0


@pytest.mark.parametrize(
    ("plain", "body", "status"),
    [
        (TEXT, b"", 400),
        (TEXT, b"<xml></xml>", 400),
        (TEXT, b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', 400),
        (TEXT, b"<xml><Encrypt>" + b"a" * 300_000 + b"</Encrypt></xml>", 400),
        (TEXT, b"\x00\xff", 400),
        (TEXT, b"<xml><Encrypt>AAAA</Encrypt></xml>", 403),
        (b"no xml", None, 400),
        (xml("text").replace(b"<AgentID>1<", b"<AgentID>2<"), None, 400),
        (b"", None, 400),
    ],
    ids=[
        "empty",
        "no Encrypt",
        "entities",
        "large",
        "bytes",
        "unsigned",
        "no message",
        "another app",
        "nothing",
    ],
)
async def test_a_malformed_callback_changes_nothing(
    address: Address, plain: bytes, body: bytes | None, status: int
) -> None:
    assert (await address.asked(plain, body=body))[0] == status
    assert await Inbound.all().count() == 0


async def test_no_spoilt_callback_makes_a_fault(address: Address) -> None:
    """Each of them is stored in a form that the database takes, or refused; both happen."""
    dice = random.Random(2026)
    statuses = set()
    for _turn in range(60):
        document = bytearray(dice.choice([TEXT, tap("k"), event("click")]))
        for _change in range(dice.randrange(3)):
            document[dice.randrange(len(document))] = dice.randrange(256)
        statuses.add((await address.asked(bytes(document)))[0])
    assert statuses == {200, 400}
