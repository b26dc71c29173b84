"""值班: who is on duty when an alert climbs, on weekends, holidays, at night, with deputies, swaps and overrides."""

from __future__ import annotations

import datetime as dt

import pytest

from core import calendars, duty
from core.kit import clock
from tests.scenarios.beginnings import RISK, quickly_reported, reports
from tests.scenarios.conftest import Begin
from tests.scenarios.scene import Scene

CLIMBS = "无人确认，升级到您"
DAY, NIGHT = (dt.time(8), dt.time(20)), (dt.time(20), dt.time(8))


async def rotation(scene: Scene, *names: str, tier: int = 2, **more: object) -> duty.RotationFacts:
    """These people take daily turns at a tier, changing at eight."""
    facts: dict[str, object] = {
        "tier": tier,
        "reason": "排班",
        "every": "day",
        "hand_over": dt.time(8),
    } | more
    order = tuple(scene.plant.persons[one] for one in names)
    made: duty.RotationFacts = await duty.set_rotation(
        await scene.plant.actor("administrator"), order=order, **facts
    )  # type: ignore[arg-type]
    await scene.later(seconds=30)
    return made


async def shift(scene: Scene, name: str, hours: tuple[dt.time, dt.time], *, holidays: bool = False) -> int:
    """A shift of the whole plant; Monday to Friday unless it runs on holidays too."""
    days = (1, 2, 3, 4, 5, 6, 7) if holidays else (1, 2, 3, 4, 5)
    admin = await scene.plant.actor("administrator")
    made = await calendars.add_shift(admin, name, *hours, reason="两班", days=days, holidays=holidays)
    return made.id


async def alarm(scene: Scene, grade: str = "A") -> None:
    """A case is reported; its owner is told and does nothing."""
    await quickly_reported(scene, grade)
    await scene.device("responsible").expects("新异常")


async def test_the_turn_decides_who_hears(begin_on_both: Begin) -> None:
    """Today the supervisor has the turn, tomorrow the second engineer."""
    scene = await begin_on_both("there")
    await rotation(scene, "supervisor", "second")
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await scene.device("supervisor").expects(CLIMBS, "（第 2 层）")
    await scene.device("second").expects_nothing()


async def test_the_next_day_has_the_next_turn(begin: Begin) -> None:
    scene = await begin("there")
    await rotation(scene, "supervisor", "second")
    await scene.until("2026-09-08 09:00")
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await scene.device("second").expects(CLIMBS, "（第 2 层）")


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        ("2026-09-08 19:40", "supervisor"),
        ("2026-09-08 20:10", "second"),
        ("2026-09-09 03:00", "second"),
        ("2026-09-09 07:40", "second"),
        ("2026-09-09 08:10", "supervisor"),
    ],
)
async def test_the_shift_that_runs_is_told(begin: Begin, moment: str, who: str) -> None:
    """Day shift and night shift of one tier, over midnight."""
    scene = await begin("there")
    day, night = await shift(scene, "白班", DAY), await shift(scene, "夜班", NIGHT)
    await rotation(scene, "supervisor", shift_id=day)
    await rotation(scene, "second", shift_id=night)
    await scene.until(moment)
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await scene.device(who).expects(CLIMBS, "（第 2 层）")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-11", True),  # an ordinary Friday
        ("2026-09-12", False),  # an ordinary Saturday
        ("2026-09-20", True),  # a Sunday that is worked for the National Day holiday
        ("2026-10-01", False),  # National Day, a Thursday
        ("2026-10-05", False),  # Monday within the holiday
        ("2026-10-10", True),  # a Saturday that is worked
    ],
)
async def test_a_shift_rests_on_days_off_and_works_on_make_up_days(
    begin: Begin, day: str, works: bool
) -> None:
    """On days off nobody stands at tier 2: the manager hears at once, the administrator of the gap."""
    scene = await begin("there")
    await scene.begins(f"{day} 10:00")
    await rotation(scene, "supervisor", shift_id=await shift(scene, "白班", DAY))
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    if works:
        await scene.device("supervisor").expects(CLIMBS, "（第 2 层）")
    else:
        await scene.device("manager").expects(CLIMBS, "（第 3 层）")
        await scene.device("administrator").expects("第 2 层没有人员", "告警已转到下一层级")


async def test_the_plant_s_own_day_off_outweighs_the_law(begin: Begin) -> None:
    scene = await begin("there")
    admin = await scene.plant.actor("administrator")
    await calendars.set_day(admin, dt.date(2026, 9, 8), working=False, reason="厂庆")
    await rotation(scene, "supervisor", shift_id=await shift(scene, "白班", DAY))
    await scene.until("2026-09-08 10:00")
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await scene.device("manager").expects(CLIMBS, "（第 3 层）")
    await scene.device("administrator").expects("第 2 层没有人员")


async def test_a_shift_that_works_through_holidays_has_no_gap(begin: Begin) -> None:
    scene = await begin("there")
    await scene.begins("2026-10-01 10:00")
    await rotation(scene, "supervisor", shift_id=await shift(scene, "节日班", DAY, holidays=True))
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await scene.device("supervisor").expects(CLIMBS, "（第 2 层）")


async def test_with_nobody_at_any_tier_the_administrator_hears_of_each_gap(begin: Begin) -> None:
    """Tiers 2, 3 and 4 rest at night; the alert goes to the top at once and sounds there again."""
    scene = await begin("there")
    day = await shift(scene, "白班", DAY)
    for tier, who in ((2, "supervisor"), (3, "manager"), (4, "site_head")):
        await rotation(scene, who, tier=tier, shift_id=day)
    await scene.until("23:00")
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    admin = scene.device("administrator")
    await admin.expects("第 2 层没有人员").expects("第 3 层没有人员").expects("第 4 层没有人员")
    await scene.later(hours=4)
    await admin.expects("第 4 层没有人员")


async def test_whoever_is_away_has_a_deputy(begin: Begin) -> None:
    """The owner goes on leave by one line in the chat; the alert comes to the deputy at once."""
    scene = await begin("there")
    operator, owner, second = scene.devices("coater_operator", "responsible", "second")
    await owner.says("/away until 2026-09-10 deputy 陈静 年假").expects("已登记：离岗至", "代理人：陈静")
    await second.expects("您代理 王芳", "告警和值班由您承担")
    await reports(operator, risk=RISK["A"]).expects("已记录")
    await second.expects("新异常", offers="✅ 收到")
    await owner.says("/here").expects("欢迎回来")
    await second.expects("王芳 回来了")


async def test_the_deputy_of_a_deputy_answers(begin: Begin) -> None:
    scene = await begin("there")
    operator, owner, second, supervisor = scene.devices(
        "coater_operator", "responsible", "second", "supervisor"
    )
    await owner.says("/away until 2026-09-10 deputy 陈静 年假").expects("已登记")
    await second.expects("您代理 王芳").says("/away until 2026-09-09 deputy 李强 看病").expects("已登记")
    await supervisor.expects("您代理 陈静")
    await reports(operator, risk=RISK["A"]).expects("已记录")
    await supervisor.expects("新异常", offers="✅ 收到")


async def test_away_without_a_deputy_the_next_one_owns_the_case_at_once(begin: Begin) -> None:
    scene = await begin("there")
    operator, owner, supervisor = scene.devices("coater_operator", "responsible", "supervisor")
    await owner.says("/away").expects("到哪一天结束").taps("+1 天").expects("谁代理您").taps("无人")
    await owner.expects("原因是什么").says("看病").expects("请核对").taps("确认 ✓").expects("代理人：无人")
    await reports(operator, risk=RISK["A"]).expects("已记录")
    await supervisor.expects("新异常", offers="✅ 收到")
    assert (await scene.case("AN-2026-000001")).owner_id == scene.plant.persons["supervisor"]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("/away soon", "看不懂时间“soon”"),
        ("/away until 2026-09-01", "那天已经过去"),
        ("/away until 2026-09-10 deputy 王芳 年假", "您不能代理自己"),
        ("/away until 2026-09-10 deputy 张伟 年假", "只有处理案例的人员才能值班"),
        ("/away until 2026-09-10 deputy 无此人 年假", "不确定“无此人”是哪一位"),
        ("/away until 2028-09-10 deputy 陈静 年假", "一年之内"),
    ],
)
async def test_an_absence_that_makes_no_sense_is_refused(begin: Begin, said: str, refusal: str) -> None:
    scene = await begin("there")
    await scene.device("responsible").says(said).expects("⚠", refusal)


async def test_two_absences_do_not_overlap(begin: Begin) -> None:
    scene = await begin("there")
    owner, second = scene.devices("responsible", "second")
    await owner.says("/away until 2026-09-10 deputy 陈静 年假").expects("已登记")
    await second.expects("您代理 王芳")
    await owner.says("/away until 2026-09-12 deputy 陈静 年假").expects("⚠", "那段时间已登记离岗")


async def test_a_swap_is_asked_agreed_and_in_force(begin_on_both: Begin) -> None:
    """Tomorrow's turn changes hands; tomorrow's alert comes to the other."""
    scene = await begin_on_both("there")
    await rotation(scene, "second", "supervisor")
    second, supervisor = scene.devices("second", "supervisor")
    await supervisor.says("/swap").expects("您的哪个班").taps("2026-09-08 08:00").expects("转给谁")
    await supervisor.taps("陈静").expects("换对方的哪个班").taps("无").expects("请核对").taps("确认 ✓")
    await supervisor.expects("已询问 陈静")
    await second.expects("李强 请您替一个班", offers=("✅ 同意", "✖ 拒绝")).taps("✅ 同意").expects("已同意")
    await supervisor.expects("陈静 同意换班")
    await second.taps("✅ 同意").expects("⚠", "这个换班已有结果")
    await scene.until("2026-09-08 09:00")
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await second.expects(CLIMBS)


async def asked_to_swap(scene: Scene) -> None:
    """The supervisor asks the second engineer to take tomorrow's turn."""
    await rotation(scene, "second", "supervisor")
    supervisor = scene.device("supervisor")
    await supervisor.says("/swap").expects("您的哪个班").taps("2026-09-08 08:00").expects("转给谁")
    await supervisor.taps("陈静").expects("换对方的哪个班").taps("无").expects("请核对").taps("确认 ✓")
    await supervisor.expects("已询问 陈静", offers="撤回")


async def test_a_swap_that_is_declined_changes_nothing(begin: Begin) -> None:
    scene = await begin("there")
    await asked_to_swap(scene)
    second, supervisor = scene.devices("second", "supervisor")
    await second.expects("请您替一个班").taps("✖ 拒绝").expects("已了结：排班不变")
    await supervisor.expects("陈静 拒绝换班，排班不变")


async def test_a_swap_is_withdrawn(begin: Begin) -> None:
    scene = await begin("there")
    await asked_to_swap(scene)
    second, supervisor = scene.devices("second", "supervisor")
    await second.expects("请您替一个班")
    await supervisor.taps("撤回").expects("已了结")
    await second.expects("李强 撤回了换班").taps("✅ 同意").expects("⚠", "这个换班已有结果")


async def test_a_swap_that_nobody_answers_expires_with_the_turn(begin: Begin) -> None:
    scene = await begin("there")
    await asked_to_swap(scene)
    second, supervisor = scene.devices("second", "supervisor")
    await second.expects("请您替一个班")
    await scene.until("2026-09-08 08:01")
    await supervisor.expects("无人及时答复您的换班，排班不变")
    await second.taps("✅ 同意").expects("⚠", "这个换班申请已过期")


async def test_somebody_is_put_in_by_hand(begin: Begin) -> None:
    """An override outweighs the rotation for its time and not a minute longer."""
    scene = await begin("there")
    made = await rotation(scene, "supervisor")
    admin = await scene.plant.actor("administrator")
    until = clock.now() + dt.timedelta(hours=2)
    await duty.put_in(
        admin, made.id, scene.plant.persons["second"], since=clock.now(), until=until, reason="临时顶班"
    )
    await scene.later(seconds=30)
    await scene.device("second").expects("吴昊 安排您值班", "临时顶班")
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await scene.device("second").expects(CLIMBS)
    await scene.device("second").taps("✅ 收到").expects("由您负责了").expects("AN-2026-000001")
    await scene.device("responsible").expects("已有人处理：陈静", changed=True)
    await scene.device("coater_operator").expects("已由 陈静 受理")
    await scene.later(hours=2)
    await scene.device("supervisor").expects("您的值班", "1 个未结告警")


async def test_whoever_comes_on_duty_gets_what_sounds(begin: Begin) -> None:
    """The alert sounds at tier 2 when the duty changes at eight: the new one hears it, with a list."""
    scene = await begin("there")
    await rotation(scene, "supervisor", "second")
    await scene.until("2026-09-08 07:40")
    await alarm(scene)
    await scene.later(minutes=15, seconds=5)
    await scene.device("supervisor").expects(CLIMBS)
    await scene.until("2026-09-08 08:00")
    second = scene.device("second")
    await second.expects("在您接班时仍在响", offers="✅ 收到").expects("您的值班", "1 个未结告警")


async def test_duty_says_who_is_on_and_when_my_turn_comes(begin: Begin) -> None:
    scene = await begin("there")
    supervisor, operator = scene.devices("supervisor", "operator")
    await supervisor.says("值班").expects("还没有排班")
    await rotation(scene, "supervisor", "second")
    await supervisor.says("/duty").expects("现在值班", "李强", "我的班", offers=("🔁 换班", "我不在岗"))
    await operator.says("/duty").expects("⚠", "您没有这项权限")


async def test_the_administrators_are_told_in_time_of_holidays_that_are_not_known(begin: Begin) -> None:
    """Once, 60 days before the installed table of holidays ends."""
    scene = await begin("there")
    end = calendars.known_until()
    await scene.begins(f"{end - dt.timedelta(days=50)} 09:00")
    await scene.later(hours=1)
    await scene.device("administrator").expects(f"{end.year + 1} 年的节假日还未知")
    await scene.later(hours=5)
