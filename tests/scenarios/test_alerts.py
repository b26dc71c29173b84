"""告警: who is told, when, by each grade's clock; what stops it and what does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from core import anomalies, escalation, people
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


async def test_put_off_until_the_next_shift_means_the_next_working_morning(begin: Begin) -> None:
    """No shifts are planned: eight o'clock of the next working day, told once."""
    scene = await begin("reported C")
    owner = scene.device("responsible")
    await owner.taps("💤 到下一班").expects("已推迟，将在 2026-09-08 08:00 再次响起")
    await scene.until("2026-09-08 07:59")
    await scene.until("2026-09-08 08:01")
    await owner.expects("推迟后再次响起", offers="✅ 收到")


async def test_put_off_three_times_and_no_more(begin: Begin) -> None:
    scene = await begin("reported C")
    owner = scene.device("responsible")
    for _time in range(3):
        await owner.taps("💤 30 分钟").expects("已推迟")
        await scene.later(minutes=31)
        await owner.expects("推迟后再次响起")
    await owner.taps("💤 30 分钟").expects("⚠", "已推迟 3 次")


async def test_what_was_put_off_can_be_taken_up_in_between(begin: Begin) -> None:
    scene = await begin("reported B")
    owner, operator = scene.devices("responsible", "coater_operator")
    await (
        owner.taps("💤 2 小时").expects("已推迟").taps("✅ 收到").expects("由您负责了").expects(scene.number)
    )
    await operator.expects("已由 王芳 受理")
    await scene.later(hours=5)


async def test_an_alert_that_became_grave_while_put_off_sounds_at_once(begin: Begin) -> None:
    """New facts make it critical: nobody waits for the half hour."""
    scene = await begin("reported B")
    owner = scene.device("responsible")
    await owner.taps("💤 2 小时").expects("已推迟")
    actor = await scene.plant.actor("coater_operator")
    case = await scene.case()
    await anomalies.supplement(
        actor, case.id, changes={"risk": "sterile"}, reason="包装也破了", evidence_ids=[]
    )
    await scene.later(minutes=1)
    await owner.expects("已升为 A 级", offers="✅ 收到", lacks="💤")
    await scene.later(minutes=15)
    await scene.device("supervisor").expects(CLIMBS)


async def test_given_back_it_rings_at_the_next_tier(begin_on_both: Begin) -> None:
    scene = await begin_on_both("taken A")
    owner, supervisor = scene.devices("responsible", "supervisor")
    await owner.taps("↩ 交回").expects("为什么交回").says("要去急诊").expects("请核对").taps("确认 ✓")
    await owner.expects("已交回，已通知下一层级")
    await supervisor.expects("被交回：请确认（第 2 层）", offers="✅ 收到")
    await supervisor.taps("✅ 收到").expects("由您负责了").expects(scene.number)
    await scene.device("coater_operator").expects("已由 李强 受理")
    await owner.expects("已有人处理：李强", changed=True)
    await scene.later(minutes=30)


async def test_only_the_owner_or_an_approver_gives_it_back(begin: Begin) -> None:
    scene = await begin("taken A")
    await scene.device("second").says(scene.number).expects(scene.number, lacks="↩ 交回")


@pytest.mark.parametrize(("grade", "hours"), [("A", 4), ("B", 24)])
async def test_taken_up_but_nothing_done_it_sounds_again(begin: Begin, grade: str, hours: int) -> None:
    """No step within the time of the grade: the owner and the next tier hear it again."""
    scene = await begin(f"taken {grade}")
    owner, supervisor = scene.devices("responsible", "supervisor")
    await scene.later(hours=hours, minutes=-2)
    await scene.later(minutes=4)
    await owner.expects("接手后一直没有进展").clears()
    await supervisor.expects("接手后一直没有进展", "（第 2 层）", offers="✅ 收到").clears()
    assert (await scene.case()).state == "reported"


async def test_a_step_in_time_keeps_it_quiet(begin: Begin) -> None:
    """Signed after three hours: four hours after the acknowledgement nothing sounds."""
    scene = await begin("taken A")
    owner, supplier = scene.devices("responsible", "supplier")
    await scene.later(hours=3)
    await owner.taps("确认 A 级并签名").expects("✍").signs().expects("✔ 已签名").expects("CAPA 已建立")
    await supplier.expects("请确认收到")
    await scene.later(hours=2)
    assert (await scene.case()).state == "graded"


async def test_several_have_to_acknowledge_where_the_plant_says_so(begin_on_both: Begin) -> None:
    """Grade A takes the owner and the supervisor: the first acknowledgement calls the other."""
    scene = await begin_on_both("there")
    admin = await scene.plant.actor("administrator")
    steps = tuple(escalation.Step(tier=tier, after_minutes=wait) for tier, wait in ((1, 0), (2, 15), (3, 15)))
    await escalation.set_policy(admin, "A", steps, "双人确认", acks=(1, 2))
    operator, owner, supervisor = scene.devices("coater_operator", "responsible", "supervisor")
    await reports(operator, risk="植入或接触人体的材料").expects("已记录 AN-2026-000001")
    await owner.expects("新异常").taps("✅ 收到").expects("由您负责了").expects("AN-2026-000001")
    await operator.expects("已由 王芳 受理")
    await supervisor.expects("已有人接手，还需要您确认（第 2 层）", offers="✅ 我也确认")
    await scene.later(minutes=16)
    await (
        supervisor.expects("还需要您确认").taps("✅ 我也确认").expects("需要确认 AN-2026-000001 的人都已确认")
    )
    await owner.expects("已有人处理：李强", changed=True)
    await supervisor.taps("✅ 我也确认").expects("⚠").clears()
    await scene.later(minutes=30)


async def test_a_reassigned_case_rings_even_after_it_was_taken_up(begin: Begin) -> None:
    scene = await begin("taken A")
    owner, second = scene.devices("responsible", "second")
    await (
        owner.taps("↪ 转交本案").expects("转给谁").taps("陈静").expects("理由").says("调班").expects("请核对")
    )
    await owner.taps("确认 ✓").expects("已转给 陈静")
    await (
        second.expects("已转派给您", offers="✅ 收到")
        .taps("✅ 收到")
        .expects("由您负责了")
        .expects(scene.number)
    )
    await scene.device("coater_operator").clears()
    await scene.later(minutes=30)
    assert (await scene.case()).owner_id == scene.plant.persons["second"]


async def test_an_alert_survives_a_restart_and_climbs_on_time(begin: Begin) -> None:
    scene = await begin("reported A")
    await scene.later(minutes=10)
    await scene.restarts()
    await scene.later(minutes=4)
    await scene.later(minutes=2)
    await scene.device("supervisor").expects(CLIMBS, "（第 2 层）")
    await scene.restarts()
    await scene.later(minutes=5)


async def test_an_alert_missed_while_the_house_stood_still_climbs_once(begin: Begin) -> None:
    """No job ran for three hours: the next tier hears once, not for every quarter that was missed."""
    scene = await begin("reported A")
    scene.time.shift(dt.timedelta(hours=3))
    await scene.restarts()
    await scene.later(minutes=1)
    await scene.device("supervisor").expects(CLIMBS, "（第 2 层）")
    await scene.device("manager").expects_nothing()


async def test_a_person_who_left_leaves_no_alert_behind(begin: Begin) -> None:
    """The owner's access ends while the alert sounds: the next tier has it at once."""
    scene = await begin("reported A")
    await people.revoke_person(
        await scene.plant.actor("administrator"), scene.plant.persons["responsible"], reason="离职"
    )
    await scene.later(minutes=1)
    await scene.device("supervisor").expects("王芳的权限已终止，请接手或转交本案", offers="✅ 收到")
