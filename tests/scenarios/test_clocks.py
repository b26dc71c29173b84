"""时限: each stage's clock by grade, working days, holidays, what is told once, more time by an approved request."""

from __future__ import annotations

import datetime as dt

import pytest

from core.kit import clock
from tests.scenarios.conftest import Begin
from tests.scenarios.device import Device
from tests.scenarios.virtual import SHANGHAI

OVERDUE = "本阶段已超期"


@pytest.mark.parametrize(
    ("beginning", "hours"),
    [("graded A", 4), ("graded B", 48)],
)
async def test_a_stage_that_runs_out_is_told_once(begin: Begin, beginning: str, hours: int) -> None:
    """The owner and the supervisor hear it; a day later nobody hears it again."""
    scene = await begin(beginning)
    owner, supervisor = scene.devices("responsible", "supervisor")
    await scene.device("supplier").taps("✅ 我方已收到").expects("已登记").expects(scene.number)
    await scene.later(hours=hours, minutes=-2)
    await scene.later(minutes=3)
    await owner.expects(OVERDUE)
    await supervisor.expects(OVERDUE)
    await scene.later(hours=6)
    await owner.expects_nothing()


async def test_what_is_done_in_time_is_never_called_late(begin: Begin) -> None:
    scene = await begin("contained A")
    await scene.later(hours=12)
    for name in ("responsible", "supervisor"):
        await scene.device(name).expects_nothing()


@pytest.mark.parametrize(
    ("grade", "on", "due"),
    [
        (
            "A",
            "2026-09-07 09:30",
            "2026-09-20",
        ),  # ten working days; Sunday the 20th is worked for the holiday
        ("B", "2026-09-07 09:30", "2026-09-28"),  # fifteen
        (
            "A",
            "2026-09-24 09:30",
            "2026-10-15",
        ),  # across Mid-Autumn and National Day, Saturday the 10th is worked
    ],
)
async def test_working_days_leave_out_holidays_and_count_make_up_days(
    begin: Begin, grade: str, on: str, due: str
) -> None:
    """The clock of the plan, ten or fifteen working days from the containment."""
    scene = await begin(f"graded {grade}")
    owner = scene.device("responsible")
    await scene.begins(on)
    await (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("⛔ 扣留受影响批次")
        .expects("扣留")
        .expects(scene.number)
    )
    await owner.taps("围堵完成：签名").expects("✍").signs().expects("✔ 已签名")
    end = (await scene.case()).due_at
    assert end is not None
    assert f"{end.astimezone(SHANGHAI):%Y-%m-%d}" == due


async def asks_for_more_time(owner: Device, number: str, days: str = "+3 天") -> None:
    """Three days more, because of samples."""
    going = owner.says(number).expects(number).taps("⏳ 申请延期").expects("需要延到哪一天").taps(days)
    await (
        going.expects("为什么需要延期").says("等供方样品").expects("请核对").taps("确认 ✓").expects("已申请")
    )


async def test_more_time_is_given_by_a_second_person(begin_on_both: Begin) -> None:
    """The stage is late at the new end, not at the old one."""
    scene = await begin_on_both("graded B")
    owner, manager = scene.devices("responsible", "manager")
    before = (await scene.case()).due_at
    await asks_for_more_time(owner, scene.number)
    for name in ("supervisor", "manager2", "site_head"):
        await scene.device(name).expects("王芳 申请延期", offers=("✅ 同意", "✖ 拒绝"))
    await manager.expects("王芳 申请延期").taps("✅ 同意").expects("期限现为")
    await owner.expects("刘洋 同意延期至")
    after = (await scene.case()).due_at
    assert before is not None
    assert after is not None
    assert after > before + dt.timedelta(days=2)
    await owner.says(scene.number).expects("已延期 1 次")
    await scene.device("supervisor").taps("✅ 同意").expects("⚠ 这个延期申请已有结果")


async def test_more_time_is_declined_with_a_reason(begin: Begin) -> None:
    scene = await begin("graded B")
    owner, manager = scene.devices("responsible", "manager")
    await asks_for_more_time(owner, scene.number)
    for name in ("supervisor", "manager2", "site_head"):
        await scene.device(name).expects("王芳 申请延期")
    await (
        manager.expects("王芳 申请延期")
        .taps("✖ 拒绝")
        .expects("为什么不同意")
        .says("先扣留")
        .expects("请核对")
    )
    await manager.taps("确认 ✓").expects("已拒绝")
    await owner.expects("刘洋 拒绝延期", "先扣留")


async def test_nobody_gives_themselves_more_time(begin: Begin) -> None:
    """The supervisor asks; the others decide, their own card offers nothing."""
    scene = await begin("graded B")
    supervisor = scene.device("supervisor")
    await asks_for_more_time(supervisor, scene.number)
    for name in ("manager", "manager2", "site_head"):
        await scene.device(name).expects("李强 申请延期")
    await supervisor.expects_nothing()


async def test_one_request_at_a_time(begin: Begin) -> None:
    scene = await begin("graded B")
    owner = scene.device("responsible")
    await asks_for_more_time(owner, scene.number)
    for name in ("supervisor", "manager", "manager2", "site_head"):
        await scene.device(name).expects("申请延期")
    going = (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("⏳ 申请延期")
        .expects("需要延到哪一天")
        .taps("+7 天")
    )
    await (
        going.expects("为什么需要延期")
        .says("还不够")
        .expects("请核对")
        .taps("确认 ✓")
        .expects("⚠ 已经申请过延期")
    )


async def test_containment_of_grade_a_never_waits_longer_than_a_day(begin: Begin) -> None:
    scene = await begin("graded A")
    owner = scene.device("responsible")
    going = (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("⏳ 申请延期")
        .expects("需要延到哪一天")
        .taps("+3 天")
    )
    await (
        going.expects("为什么需要延期")
        .says("等样品")
        .expects("请核对")
        .taps("确认 ✓")
        .expects("⚠ A 级的围堵绝不超过 24 小时")
    )


async def test_the_partner_confirms_receipt_in_time(begin: Begin) -> None:
    scene = await begin("graded A")
    supplier = scene.device("supplier")
    await (
        supplier.taps("✅ 我方已收到")
        .expects("已登记您收到")
        .expects(scene.number, "收到 ✓", lacks="✅ 我方已收到")
    )
    await scene.later(hours=3)


async def test_a_partner_who_says_nothing_is_late_and_everybody_concerned_hears_it_once(begin: Begin) -> None:
    """24 hours for grade A: receipt and containment are owed."""
    scene = await begin("contained A")
    owner, supplier = scene.devices("responsible", "supplier")
    await scene.later(hours=24, minutes=-5)
    await owner.expects_nothing()
    await scene.later(minutes=6)
    await supplier.expects("收到 已超期")
    await owner.expects("收到 已超期")
    await scene.later(hours=5)


async def test_the_partner_asks_for_more_time_for_its_own_step(begin: Begin) -> None:
    scene = await begin("graded B")
    supplier, manager, owner = scene.devices("supplier", "manager", "responsible")
    await supplier.taps("✅ 我方已收到").expects("已登记").expects(scene.number)
    going = supplier.taps("⏳ 申请延期").expects("需要延到哪一天").taps("+7 天").expects("为什么需要延期")
    await going.says("实验室排期").expects("请核对").taps("确认 ✓").expects("已申请")
    for name in ("supervisor", "manager2", "site_head"):
        await scene.device(name).expects("郑丽 申请延期")
    await owner.clears()
    await manager.expects("郑丽 申请延期").taps("✅ 同意").expects("期限现为")
    await supplier.expects("刘洋 同意延期至")


@pytest.mark.parametrize(("grade", "days"), [("A", 30), ("B", 60)])
async def test_the_card_says_from_when_the_effect_is_judged(begin: Begin, grade: str, days: int) -> None:
    scene = await begin(f"verifying {grade}")
    opens = (clock.now() + dt.timedelta(days=days)).astimezone(SHANGHAI)
    await scene.device("manager").says(scene.number).expects("可判定效果的日期", f"{opens:%Y-%m-%d}")


async def test_an_effect_that_nobody_judges_is_late_after_its_window(begin: Begin) -> None:
    scene = await begin("verifying A")
    await scene.later(days=89)
    await scene.device("responsible").expects("收到 已超期")
    await scene.device("supplier").expects("收到 已超期")
    await scene.device("administrator").expects("2027 年的节假日还未知")
    await scene.later(days=1, minutes=5)
    for name in ("responsible", "supervisor"):
        await scene.device(name).expects(OVERDUE)
