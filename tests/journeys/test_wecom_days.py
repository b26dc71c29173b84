"""Days in WeCom that go other ways: a storm of alerts, a member who left the app, an alert that two people hold."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.inbox.models import Inbound
from core.kit import clock, unit_of_work
from core.notices.models import Notice, PageEvent
from handlers import text
from tests.core.anomalies.cases import reported
from tests.journeys.by_wecom import WecomStage, read_together
from tests.journeys.story import sees
from tests.journeys.test_loop_by_wecom import wecom_house
from tests.plants import small_plant
from tests.servers.wecom import WeComServer

_ = text.translator("zh_CN")
STORM = 20
RUSH = 250


@asynccontextmanager
async def a_day(folder: Path) -> AsyncIterator[WecomStage]:
    """A house on WeCom; at its end nothing was refused, cut or dropped."""
    plant = await small_plant()
    async with WeComServer() as server, wecom_house(server, plant, folder) as stage:
        yield stage
        assert (server.violations, server.dropped, server.truncated) == ([], [], [])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_storm_of_alerts_is_paced_and_the_gravest_come_first(database: str, tmp_path: Path) -> None:
    """More at one moment than WeCom shows in a minute: all arrive, none is dropped, grade A overtakes the rest.

    The first cases of a lot are not grade A; that they come again and again makes the later ones so.
    """
    async with a_day(tmp_path) as stage:
        owner = await stage.joins("responsible", "zh_CN")
        began = clock.now()
        async with unit_of_work():
            numbers = [(await reported(stage.plant)).number for _case in range(STORM)]
        await stage.house.rest()
        heads = [
            one.words.partition("\n")[0]
            for one in read_together(owner.member.chat)
            if _("✅ Acknowledge") in one.labels()
        ]
        assert sorted(one for head in heads for one in numbers if one in head) == numbers
        grave = ["🔴" in one for one in heads]
        assert 0 < sum(grave) < STORM
        assert grave == sorted(grave, reverse=True)
        assert numbers[0] not in heads[0], "the first reported is not the first told"
        assert clock.now() - began > dt.timedelta(minutes=1), "it took its time"


async def test_who_left_the_app_is_told_on_the_page_and_the_administrators_hear(
    database: str, tmp_path: Path
) -> None:
    async with a_day(tmp_path) as stage:
        owner = await stage.joins("responsible", "zh_CN")
        await owner.member.unsubscribes()
        number = (await reported(stage.plant)).number
        await stage.house.rest()
        alert = await Notice.get(kind="escalation:alert", person_id=stage.plant.persons["responsible"])
        assert (alert.tried_channels, alert.channel) == (["wecom"], "browser")
        page = (
            await PageEvent.filter(person_id=stage.plant.persons["responsible"]).order_by("-number").first()
        )
        assert page is not None
        assert number in str(page.payload)
        warned = await Notice.filter(person_id=stage.plant.persons["administrator"]).first()
        assert warned is not None
        await owner.member.subscribes()
        await owner.says(number)
        assert number in (await sees(owner, number)).text, "back in the app, everything is there"


async def test_an_alert_that_two_hold_ends_on_both_screens(database: str, tmp_path: Path) -> None:
    """Whoever acknowledges second, on a card that is over or by a late tap, learns who has it."""
    async with a_day(tmp_path) as stage:
        owner = await stage.joins("responsible", "zh_CN")
        supervisor = await stage.joins("supervisor", "zh_CN")
        await reported(stage.plant, risk="implant")
        await stage.fast_forward(dt.timedelta(minutes=15, seconds=1))
        held = await supervisor.member.expects_button(_("✅ Acknowledge"))
        button = held.button(_("✅ Acknowledge"))
        assert button is not None
        await owner.taps(_("✅ Acknowledge"))
        assert not supervisor.member.sees_button(_("✅ Acknowledge"))
        before = len(supervisor.member.chat)
        await supervisor.member.taps_key(str(button["key"]), held)
        await supervisor._after()
        assert len(supervisor.member.chat) == before + 1
        assert "王芳" in supervisor.member.chat[-1].words


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_callbacks_are_answered_while_a_hundred_a_second_come(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is stored before its answer and none is asked for again; how long that takes is printed."""
    async with a_day(tmp_path) as stage:
        members = [stage.server.member(f"visitor{number}") for number in range(25)]
        for turn in range(RUSH):
            await members[turn % len(members)].says(f"{turn}")
            await asyncio.sleep(0.01)
        await stage.server.settled()
        assert {tuple(one.results) for one in stage.server.callbacks} == {(200,)}
        assert await Inbound.all().count() == RUSH
    took = sorted(1000 * one for one in stage.server.state.courier.answer_seconds)
    with capsys.disabled():
        print(
            f"\n{RUSH} callbacks at up to 100/s: median {took[RUSH // 2]:.1f} ms, p99 {took[-RUSH // 100]:.1f} ms"
        )
