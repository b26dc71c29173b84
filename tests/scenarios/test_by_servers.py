"""The same scenario, word for word, through the real adapters at the loopback servers of Telegram and WeCom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.journeys.by_telegram import TelegramStage, telegram_at
from tests.journeys.real_house import RealHouse
from tests.journeys.test_loop_by_wecom import wecom_house
from tests.plants import small_plant
from tests.scenarios.beginnings import RISK, reports
from tests.scenarios.served import ServedScene
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.wecom import WeComServer


@pytest.fixture(params=["telegram", "wecom"])
async def served(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[ServedScene]:
    """A house at one of the servers; afterwards the server must have had nothing to complain of."""
    plant = await small_plant()
    async with AsyncExitStack() as stack:
        if request.param == "telegram":
            server = await stack.enter_async_context(TelegramServer(limits=Limits.off(), callback_age=3600.0))
            house = await stack.enter_async_context(RealHouse(tmp_path, plant.ring, telegram_at(server)))
            yield ServedScene(TelegramStage(house, server, plant), plant)
        else:
            server = await stack.enter_async_context(WeComServer())
            yield ServedScene(await stack.enter_async_context(wecom_house(server, plant, tmp_path)), plant)
            assert (server.dropped, server.truncated) == ([], [])
        assert server.violations == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_reported_refused_climbed_taken_up_and_signed(served: ServedScene) -> None:
    """A wrong answer, an alert that climbs, an acknowledgement that everybody sees, a signed grade."""
    operator = await served.joins("coater_operator")
    owner, supervisor = await served.joins("responsible"), await served.joins("supervisor")
    await (
        operator.says("/report")
        .expects("是哪类问题")
        .says("别的")
        .expects("⚠", "请点其中一个按钮")
        .says("/cancel")
    )
    await operator.expects("已停止")
    await reports(operator, risk=RISK["A"]).expects("已记录 AN-2026-000001")
    await owner.expects("新异常 AN-2026-000001", offers=("✅ 收到", "↪ 转派", "🆘 需支援"))
    await served.later(minutes=15, seconds=1)
    await supervisor.expects("无人确认，升级到您", "（第 2 层）", offers="✅ 收到")
    await owner.taps("✅ 收到").expects("由您负责了").expects("AN-2026-000001", offers="确认 A 级并签名")
    await operator.expects("已由 王芳 受理")
    await supervisor.expects("AN-2026-000001 已有人处理：王芳", changed=True)
    await (
        owner.taps("确认 A 级并签名").expects("✍", "复核").signs().expects("✔ 已签名").expects("CAPA 已建立")
    )
    served.everything_is_read("at the end")
