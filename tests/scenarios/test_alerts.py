"""告警: who is told, when, by each grade's clock; what stops it and what does not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.scenarios.beginnings import reports
from tests.scenarios.conftest import Begin
from tests.scenarios.scene import Scene

CLIMBS = "无人确认，升级到您"


async def test_whoever_takes_the_case_up_silences_the_alert(begin_on_both: Begin) -> None:
    scene = await begin_on_both("reported A")
    operator, owner = scene.devices("coater_operator", "responsible")
    await (
        owner.taps("✅ 收到")
        .expects("由您负责了")
        .expects(scene.number, offers="确认 A 级并签名", lacks="✅ 收到")
    )
    await operator.expects("已由 王芳 受理")
    await scene.later(hours=3)
    assert (await scene.case()).state == "collecting"


@dataclass
class Ladder:
    """Silence until half a minute before the time, then somebody hears; half a minute later the next wait begins."""

    scene: Scene
    begun: int = 0

    async def climbs(self, minutes: int, name: str, *, tier: int) -> None:
        """After so many minutes from the tier before, this person hears at this tier."""
        await self.scene.later(minutes=minutes, seconds=-30 - self.begun)
        await self.scene.later(minutes=1)
        self.begun = 30
        await self.scene.device(name).expects(CLIMBS, f"（第 {tier} 层）", offers="✅ 收到")


async def test_grade_a_climbs_through_every_tier_and_sounds_again_at_the_top(begin_on_both: Begin) -> None:
    """15 minutes, 15 more, an hour, then every four hours."""
    scene = await begin_on_both("reported A")
    owner, supervisor, manager, head = scene.devices("responsible", "supervisor", "manager", "site_head")
    ladder = Ladder(scene)
    await ladder.climbs(15, "supervisor", tier=2)
    await ladder.climbs(15, "manager", tier=3)
    await ladder.climbs(60, "site_head", tier=4)
    await ladder.climbs(240, "site_head", tier=4)
    await head.taps("✅ 收到").expects("由您负责了").expects(scene.number)
    for told in (owner, supervisor, manager):
        await told.expects("已有人处理：孙磊", changed=True)
    await scene.device("coater_operator").expects("已由 孙磊 受理")


async def test_grade_b_climbs_after_an_hour_and_two_more(begin: Begin) -> None:
    scene = await begin("reported B")
    ladder = Ladder(scene)
    await ladder.climbs(60, "supervisor", tier=2)
    await ladder.climbs(120, "manager", tier=3)
    await ladder.climbs(480, "manager", tier=3)


async def test_grade_c_waits_a_shift_and_then_a_day(begin: Begin) -> None:
    scene = await begin("reported C")
    ladder = Ladder(scene)
    await ladder.climbs(480, "supervisor", tier=2)
    await ladder.climbs(1440, "supervisor", tier=2)


async def test_two_thumbs_at_once_are_one_acknowledgement(begin: Begin) -> None:
    """Both taps are answered; the case was taken up once, and the reporter heard it once."""
    scene = await begin("reported A")
    operator, owner, supervisor = scene.devices("coater_operator", "responsible", "supervisor")
    await owner.taps_twice("✅ 收到").expects("由您负责了").expects(scene.number)
    await owner.expects("由您负责了").expects(scene.number)
    await operator.expects("您上报的", "已由 王芳 受理")
    await supervisor.says(scene.number).expects(scene.number, lacks="✅ 收到")


async def test_who_comes_too_late_hears_who_has_it(begin: Begin) -> None:
    scene = await begin("reported A")
    operator, owner, supervisor = scene.devices("coater_operator", "responsible", "supervisor")
    await supervisor.says(scene.number).expects(scene.number, offers="✅ 收到")
    await owner.taps("✅ 收到").expects("由您负责了").expects(scene.number)
    await operator.expects("已由 王芳 受理")
    await supervisor.taps("✅ 收到").expects("已由 王芳 受理，您不用再处理")


async def test_help_brings_the_next_tier_at_once(begin: Begin) -> None:
    scene = await begin("reported A")
    owner, supervisor = scene.devices("responsible", "supervisor")
    await (
        owner.taps("🆘 需支援").expects("需要什么支援").says("三条线都停了").expects("请核对").taps("确认 ✓")
    )
    await owner.expects("已通知上一层级")
    await supervisor.expects("请求支援", offers="✅ 收到")


async def test_a_reassigned_alert_rings_the_new_owner_who_has_the_full_time(begin: Begin) -> None:
    scene = await begin("reported A")
    owner, second = scene.devices("responsible", "second")
    await scene.later(minutes=10)
    await (
        owner.taps("↪ 转派")
        .expects("转给谁")
        .taps("陈静")
        .expects("理由是什么")
        .says("她在现场")
        .expects("请核对")
    )
    await owner.taps("确认 ✓").expects("已转给 陈静")
    await second.expects("已转派给您：请确认收到", offers="✅ 收到")
    await scene.later(minutes=4)
    await scene.device("responsible").expects_nothing()
    await scene.later(minutes=10)
    assert (await scene.case()).owner_id == scene.plant.persons["second"]


@pytest.mark.parametrize(("tap", "minutes"), [("💤 30 分钟", 30), ("💤 2 小时", 120)])
async def test_an_alert_that_can_wait_is_put_off(begin: Begin, tap: str, minutes: int) -> None:
    """It sounds again at the same tier, and climbs no earlier than it would have."""
    scene = await begin("reported B")
    owner = scene.device("responsible")
    await owner.taps(tap).expects("已推迟，将在")
    await scene.later(minutes=minutes - 1)
    await owner.clears()
    await scene.later(minutes=1)
    await owner.expects("推迟后再次响起", offers="✅ 收到")


async def test_grade_a_is_never_put_off(begin: Begin) -> None:
    """There is no button; one kept from a milder alert is refused."""
    scene = await begin("reported B")
    operator, owner = scene.devices("coater_operator", "responsible")
    await reports(operator, risk="植入或接触人体的材料").expects("已记录")
    await owner.expects("新异常", lacks="💤")
