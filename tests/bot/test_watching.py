"""The watcher is watched: health, metrics, and the sign of life to a service outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import serving
from bot.heartbeat import Heartbeat
from bot.measuring import Measuring
from bot.pacing import Pacing
from bot.settings import Settings, SettingsFault
from bot.timetable import timetable
from core import inbox, watch
from core.inbox import Arrived
from core.inbox.models import Inbound
from core.kit import measures
from core.kit.measures import Measure
from handlers.chat.vocabulary import Shelf
from tests.fakes.messenger import FakeMessenger
from tests.journeys.real_house import RealHouse
from tests.plants import _ring_from_file, small_plant


class Service:
    """A service that counts signs of life."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        headers = {"Location": "/elsewhere"} if self.status == 302 else None
        return web.Response(status=self.status, headers=headers)


@pytest.fixture
async def service() -> AsyncIterator[tuple[Service, str]]:
    made, application = Service(), web.Application()
    application.router.add_get("/{any:.*}", made.answer)
    async with TestServer(application) as server:
        yield made, str(server.make_url("/beat"))


async def test_the_heart_beats_only_while_nothing_is_wrong(
    database: str, service: tuple[Service, str], fast_forward: Callable[[dt.timedelta], None]
) -> None:
    made, url = service
    heart = Heartbeat(url)
    assert not await heart.beat(), "nobody has looked yet"
    await watch.audit()
    assert await heart.beat()
    await inbox.store("telegram", [Arrived(update_id="1", chat_ref="7", raw={})])
    await Inbound.all().update(state="aside")
    await watch.audit()
    assert not await heart.beat()
    assert made.asked == ["/beat"]
    await Inbound.all().delete()
    await watch.audit()
    for status in (500, 302):
        made.status = status
        assert not await heart.beat()
    assert made.asked == ["/beat"] * 3, "a redirect is not followed"
    fast_forward(dt.timedelta(minutes=2))
    assert not await heart.beat(), "an old look proves nothing"
    await watch.audit()
    assert not await Heartbeat("http://127.0.0.1:9/").beat(), "nobody listens"


@pytest.mark.parametrize("url", ["ftp://x", "x", "https://", "file:///etc/passwd"])
def test_a_heartbeat_goes_by_http_only(url: str) -> None:
    with pytest.raises(ValueError, match="heartbeat_url"):
        Settings(heartbeat_url=url)


async def test_a_stale_auditor_turns_health_red_and_its_finding_is_a_metric(
    database: str, tmp_path: Path, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    house = RealHouse(tmp_path, _ring_from_file()).house
    application = web.Application()
    application.add_routes(serving._watched(house))
    async with TestClient(TestServer(application)) as client:
        assert (await client.get("/healthz")).status == 200
        fast_forward(dt.timedelta(minutes=3))
        assert (await client.get("/healthz")).status == 503
        await inbox.store("telegram", [Arrived(update_id="1", chat_ref="7", raw={})])
        await Inbound.all().update(state="aside")
        await watch.audit()
        answer = await client.get("/healthz")
        assert answer.status == 200, "somebody looks"
        assert (await answer.json())["audit_faults"] == 1
        assert "bihuan_audit_faults 1.0" in await (await client.get("/metrics")).text()


@pytest.mark.parametrize("chats", ["telegram", "browser:p1", "telegram:1 2", "telegram:", "telegram:1,"])
def test_a_canary_goes_to_a_chat_of_a_messenger(chats: str) -> None:
    with pytest.raises(ValueError, match="canary_chats"):
        Settings(canary_chats=chats)


async def test_canaries_are_a_job_a_metric_and_refused_for_a_messenger_that_is_not_there(
    database: str, tmp_path: Path
) -> None:
    settings = Settings(canary_chats="telegram:-1001,wecom:zhang:san")
    assert settings.canaries == {"telegram": "-1001", "wecom": "zhang:san"}
    house = RealHouse(tmp_path, _ring_from_file()).house
    with pytest.raises(SettingsFault, match="names telegram, wecom, which is not set up here"):
        timetable(settings, Shelf(), house.darkroom, Pacing({}, lambda _chat: False))
    shelf = Shelf(messengers={"telegram": FakeMessenger(), "wecom": FakeMessenger(channel="wecom")})
    jobs = timetable(settings, shelf, house.darkroom, Pacing({}, lambda _chat: False))
    [job] = [one for one in jobs if one.name == "canaries"]
    await small_plant(enrolled=False)
    assert await job.run() == 2
    application = web.Application()
    application.add_routes(serving._watched(house))
    async with TestClient(TestServer(application)) as client:
        metrics = await (await client.get("/metrics")).text()
    assert "bihuan_canary_age_telegram " in metrics
    assert "bihuan_canary_age_wecom " in metrics


def test_what_is_said_in_passing_is_counted() -> None:
    measuring = Measuring()
    measures.listen(measuring.heard)
    measures.say(Measure.STEP_LATENESS, 3.0)
    measures.say(Measure.NOBODY_ON_DUTY)
    measures.say(Measure.CALLBACK_REJECTED, label="forged")
    measures.say(Measure.TOKEN_REFRESHED, label="wecom")
    value = measuring.registry.get_sample_value
    assert value("bihuan_escalation_lateness_seconds_bucket", {"le": "5.0"}) == 1
    assert value("bihuan_escalation_lateness_seconds_bucket", {"le": "2.0"}) == 0
    assert value("bihuan_steps_with_nobody_on_duty_total") == 1
    assert value("bihuan_callbacks_rejected_total", {"reason": "forged"}) == 1
    assert value("bihuan_token_refreshes_total", {"channel": "wecom"}) == 1
