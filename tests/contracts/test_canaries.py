"""A canary goes through each real adapter; one that is not taken is found, told once, and forgotten when mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from core import watch
from core.notices.models import Notice
from core.watch import Fault
from handlers.jobs import canaries
from tests.bot.test_delivery import delivery_for
from tests.contracts.test_messengers import Gathered, Rig, telegram, wecom
from tests.plants import small_plant

QUARTER = dt.timedelta(minutes=15)
LATE = dt.timedelta(minutes=3, seconds=1)


@pytest.fixture(params=[telegram, wecom], ids=["telegram", "wecom"])
async def line(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Rig]:
    """A messenger that serves members, started."""
    plant = await small_plant(enrolled=False)
    async with request.param(plant, tmp_path) as made:
        gathered = Gathered(made.messenger.channel)
        await made.messenger.start(gathered.intake)
        await made.says("/start")
        await gathered.first()
        yield made
        await made.messenger.stop()
        await made.messenger.close()


async def released(line: Rig, chat: str) -> int:
    """One look of the job, and everything that is due goes out."""
    left = await canaries.release({line.messenger.channel: chat}, "zh_CN", "Asia/Shanghai")
    delivery = delivery_for(line.messenger)  # type: ignore[arg-type]
    while await delivery.cycle():
        pass
    return left


async def lost() -> int:
    return (await watch.audit()).faults.get(Fault.CANARIES, 0)


async def told() -> int:
    return sum(one.facts["fault"] == "canaries" for one in await Notice.filter(kind="watch:fault"))


async def test_a_canary_comes_each_quarter_of_an_hour_and_its_silence_is_told(
    line: Rig, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    assert await released(line, line.chat) == 1
    assert await released(line, line.chat) == 0, "one in a quarter of an hour"
    fast_forward(QUARTER)
    assert await released(line, line.chat) == 1
    seen = [one for one in await line.screen() if "🐤" in one]
    assert len(set(seen)) == 2, "WeCom drops what is the same again"
    fast_forward(LATE)
    assert await lost() == 0
    [canary] = await watch.canaries()
    assert LATE.total_seconds() <= canary.age < 2 * LATE.total_seconds()

    fast_forward(QUARTER)
    assert await released(line, line.nobody) == 1
    assert await lost() == 0, "attempts may take a while"
    fast_forward(LATE)
    assert (await lost(), await lost(), await told()) == (1, 1, 1)
    fast_forward(QUARTER)
    assert await released(line, line.nobody) == 1
    assert (await lost(), await told()) == (1, 1), "another one on its way mends nothing"

    fast_forward(QUARTER)
    assert await released(line, line.chat) == 1
    assert await lost() == 0, "mended as soon as one is taken"
