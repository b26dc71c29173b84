"""The way to a messenger or to the store of photos breaks: nothing is taken for sent, kept or missing that is not."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.adapters.blobs import BucketBlobs, bucket
from bot.adapters.telegram import TelegramMessenger
from bot.adapters.telegram import adapter as telegram_adapter
from bot.adapters.wecom import calls
from core import notices
from core.evidence.ports import BlobMissing
from core.kit import system, unit_of_work
from core.kit.keys import KeyRing
from core.notices import State
from handlers.chat.vocabulary import Messenger, Outgoing
from tests.bot.adapters.wecom.conftest import messenger_for
from tests.bot.test_delivery import delivery_for
from tests.contracts.test_messengers import Gathered
from tests.plants import small_plant
from tests.servers.faulty_way import FaultyWay, Way, way_to
from tests.servers.s3 import ACCESS, BUCKET, REGION, SECRET, S3Server
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.wecom import WeComServer
from tests.servers.wecom_limits import Rates

FAULTS = [Way.STILL, Way.RESET, Way.HALF, Way.REFUSED]
REPEATED = "↻"
HALF_A_MINUTE = dt.timedelta(seconds=30)
A_DAY = 2880
KEY = f"7/original/{hashlib.sha256(b'x').hexdigest()}"


@asynccontextmanager
async def leading_to(address: str) -> AsyncIterator[FaultyWay]:
    to = urlsplit(address)
    async with way_to(functools.partial(asyncio.open_connection, to.hostname, to.port)) as way:
        yield way


@dataclass
class Far:
    """A messenger whose every call takes the way, and the screen at its end."""

    messenger: Messenger
    chat: str
    way: FaultyWay
    screen: Callable[[], list[str]]


@asynccontextmanager
async def telegram(monkeypatch: pytest.MonkeyPatch, _ring: KeyRing) -> AsyncIterator[Far]:
    asked = telegram_adapter.HTTPXRequest
    monkeypatch.setattr(
        telegram_adapter, "HTTPXRequest", lambda **more: asked(**{**more, "read_timeout": 0.5})
    )
    async with TelegramServer(limits=Limits.off()) as server:
        person = server.person(77, "Op")
        await person.says("/start")
        async with leading_to(server.base_url) as way:
            made = TelegramMessenger(
                token=server.token,
                api_url=f"http://127.0.0.1:{way.port}",
                mode="polling",
                public_url="",
                secret="",
                poll_seconds=1,
            )
            await made.start(Gathered("telegram").intake)
            yield Far(made, "77", way, lambda: [one.words for one in person.chat if one.from_bot])
            await way.becomes(Way.OPEN)
            await made.stop()
            await made.close()
        assert server.violations == []


@asynccontextmanager
async def wecom(monkeypatch: pytest.MonkeyPatch, ring: KeyRing) -> AsyncIterator[Far]:
    monkeypatch.setattr(calls, "TIMEOUT", aiohttp.ClientTimeout(total=0.5))
    async with WeComServer(rates=Rates.off()) as server:
        member = server.member("zhangsan", "张三")
        async with leading_to(server.api_url) as way:
            made = messenger_for(server, ring, api_url=f"http://127.0.0.1:{way.port}")
            yield Far(made, "zhangsan", way, lambda: [one.words for one in member.chat if one.from_app])
            await way.becomes(Way.OPEN)
            await made.close()
        assert server.violations == []


@pytest.fixture(params=[telegram, wecom], ids=["telegram", "wecom"])
async def far(
    request: pytest.FixtureRequest, database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Far]:
    plant = await small_plant(enrolled=False)
    async with request.param(monkeypatch, plant.ring) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_a_broken_way_held_up_arrives_once_or_says_that_it_is_a_repeat(
    far: Far, fault: Way, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    delivery = delivery_for(far.messenger)  # type: ignore[arg-type]

    async def says(words: str) -> None:
        async with unit_of_work():
            await notices.tell(
                system(1),
                "chat:reply",
                channel=far.messenger.channel,
                chat_ref=far.chat,
                payload=Outgoing(body=words).to_payload(),
            )
        await delivery.cycle()

    await says("before")
    assert far.screen() == ["before"]
    await far.way.becomes(fault)
    await says("meanwhile")
    counts = await notices.depth()
    assert (counts[State.SENT], counts[State.FAILED_PERMANENT]) == (1, 0), "neither sent nor given up"
    await far.way.becomes(Way.OPEN)
    for _half_a_minute in range(A_DAY):
        if (await notices.depth())[State.SENT] == 2:
            break
        fast_forward(HALF_A_MINUTE)
        await delivery.cycle()
    await says("after")
    [*came, last] = far.screen()[1:]
    assert last == "after"
    assert all("meanwhile" in one for one in came)
    most = 1 if far.messenger.capabilities.drops_repeats else 2
    assert 1 <= len(came) <= most
    assert all(REPEATED in one for one in came[1:]), "what may be a repeat says so"


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[BucketBlobs, FaultyWay, S3Server]]:
    for name, value in (("ACCESS_KEY_ID", ACCESS), ("SECRET_ACCESS_KEY", SECRET), ("REGION", REGION)):
        monkeypatch.setenv(f"AWS_{name}", value)
    for name, seconds in (("REQUEST", 0.5), ("CONNECT", 0.5), ("PATIENCE", 1.0)):
        monkeypatch.setattr(bucket, name, dt.timedelta(seconds=seconds))
    monkeypatch.setattr(bucket, "RETRIES", 1)
    server = S3Server()
    await server.start()
    async with leading_to(server.address) as way:
        yield BucketBlobs(BUCKET, "plant", endpoint=f"http://127.0.0.1:{way.port}"), way, server
    await server.stop()


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_photo_is_neither_kept_nor_missing_while_the_way_to_the_store_is_broken(
    store: tuple[BucketBlobs, FaultyWay, S3Server], fault: Way
) -> None:
    blobs, way, server = store
    other = KEY[:-1] + ("0" if KEY[-1] != "0" else "1")
    await blobs.put(other, b"y")
    await way.becomes(fault)
    for ask in (blobs.put(KEY, b"x"), blobs.get(other), blobs.exists(other)):
        with pytest.raises(OSError, match="does not answer") as broken:
            await ask
        assert not isinstance(broken.value, BlobMissing)
    await way.becomes(Way.OPEN)
    await blobs.put(KEY, b"x")
    assert [await blobs.get(one) for one in (KEY, other)] == [b"x", b"y"]
    assert sorted(server.objects.values()) == [b"x", b"y"], "each once"
