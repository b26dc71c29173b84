"""The words of the scenarios themselves: what nobody expected fails, what was not awaited fails, time is kept exactly."""

from __future__ import annotations

import ast
import datetime as dt
import logging

import pytest

from core.kit import clock
from tests.paths import ROOT
from tests.scenarios import agenda
from tests.scenarios.conftest import Begin
from tests.scenarios.pocket import PocketMessenger, pocket
from tests.scenarios.virtual import at

GOAL = 150


async def test_a_message_that_nobody_expected_fails_before_the_next_step(begin: Begin) -> None:
    scene = await begin("reported A")
    owner, operator = scene.devices("responsible", "coater_operator")
    await owner.taps("✅ 收到").expects("由您负责了").expects(scene.number)
    with pytest.raises(AssertionError, match="unexpected before responsible goes on"):
        await owner.says("/start")
    owner.scene.begun.clear()
    await operator.expects("已由 王芳 受理")


async def test_a_message_that_nobody_expected_fails_at_the_end(begin: Begin) -> None:
    scene = await begin("there")
    manager = scene.device("manager")
    await manager.says("/start")
    with pytest.raises(AssertionError, match="unexpected at the end"):
        await scene.ends()
    with pytest.raises(AssertionError, match="unexpected before time passes"):
        await scene.later(minutes=1)
    await manager.expects("想做什么")


async def test_what_does_not_come_fails_and_shows_what_came(begin: Begin) -> None:
    scene = await begin("there")
    manager = scene.device("manager")
    with pytest.raises(AssertionError, match=r"(?s)expected .*月亮.*想做什么"):
        await manager.says("/start").expects("月亮")
    with pytest.raises(AssertionError, match="no button '飞'"):
        await manager.expects("想做什么", offers="飞")
    with pytest.raises(AssertionError, match="should not be there"):
        await manager.expects("想做什么", lacks="🔎 追溯批次")
    with pytest.raises(AssertionError, match="expected nothing"):
        await manager.expects_nothing()
    await manager.expects("想做什么", offers="🔎 追溯批次")


async def test_steps_without_await_fail(begin: Begin) -> None:
    scene = await begin("there")
    forgotten = scene.device("manager").says("/start")
    with pytest.raises(AssertionError, match="await is missing"):
        await scene.ends()
    await forgotten.expects("想做什么")


async def test_an_error_in_the_log_fails(begin: Begin) -> None:
    scene = await begin("there")
    logging.getLogger("bot.gateway").error("update failed")
    with pytest.raises(AssertionError, match="update failed"):
        await scene.ends()
    scene.errors.said.clear()


async def test_too_much_in_a_window_fails(begin: Begin) -> None:
    """Five messages to one chat within four seconds are more than the adapter promises; four are not."""
    messenger = pocket("telegram")
    for second in range(4):
        _sent(messenger, second)
    assert messenger.over_the_limit() == []
    _sent(messenger, 3)
    assert messenger.over_the_limit() == ["7: 5 in 4 s until 09:00:03.000000"]


def _sent(messenger: PocketMessenger, second: int) -> None:
    messenger.sends.append((dt.datetime(2026, 9, 7, 9, 0, second, tzinfo=dt.UTC), "7", 1))


async def test_time_stands_still_until_it_is_moved(begin: Begin) -> None:
    scene = await begin("there")
    before = clock.now()
    assert clock.now() == before
    await scene.later(minutes=15)
    assert clock.now() - before == dt.timedelta(minutes=15)
    await scene.until("2026-09-08 07:30")
    assert clock.now() == at("2026-09-08 07:30")


@pytest.mark.parametrize(
    ("due", "seconds", "fires"),
    [(0.0, 1, 0), (0.2, 1, 1), (1.0, 1, 1), (15.1, 30, 30), (30.0, 30, 30), (30.000001, 30, 60)],
)
def test_a_job_fires_at_its_beat(due: float, seconds: float, fires: int) -> None:
    began = at("2026-09-07 09:00")
    found = agenda.on_the_beat(began, began + dt.timedelta(seconds=due), seconds)
    assert found == began + dt.timedelta(seconds=fires)


def test_the_scenarios_are_counted() -> None:
    """Each function with a beginning is one, however many cases and engines it is played with."""
    found = [
        f"{file.stem}.{one.name}"
        for file in sorted(ROOT.joinpath("tests", "scenarios").glob("test_*.py"))
        if file != ROOT / "tests" / "scenarios" / "test_vocabulary.py"
        for one in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(one, ast.AsyncFunctionDef) and one.name.startswith("test_")
    ]
    print(f"\n{len(found)} scenarios in virtual time")
    assert len(found) >= GOAL
