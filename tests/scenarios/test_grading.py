"""鉴定分级: what the rule table proposes, who may raise, who must agree to lower, what is refused."""

from __future__ import annotations

import pytest

from tests.scenarios.beginnings import reports
from tests.scenarios.conftest import Begin
from tests.scenarios.device import Device
from tests.scenarios.scene import Scene


@pytest.mark.parametrize(
    ("category", "chosen", "grade", "because"),
    [
        ("P", {"risk": "以上都没有"}, "C 次要", ""),
        ("P", {"risk": "无菌屏障或灭菌"}, "A 严重", "无菌屏障"),
        ("P", {"risk": "标签、UDI 或有效期"}, "A 严重", "标签"),
        ("P", {"risk": "植入或接触人体的材料"}, "A 严重", "植入"),
        ("P", {"risk": "安全特性"}, "A 严重", "安全特性"),
        ("P", {"risk": "已放行或已发货"}, "A 严重", "已放行"),
        ("P", {"risk": "疑似数据造假"}, "A 严重", "造假"),
        ("P", {"risk": "客户产线停线"}, "B 主要", "停线"),
        ("R", {"harm": "有，严重"}, "A 严重", "不良事件"),
        ("R", {"harm": "没有"}, "", ""),
    ],
)
async def test_what_is_answered_decides_what_is_proposed(
    begin: Begin, category: str, chosen: dict[str, str], grade: str, because: str
) -> None:
    """The alert says the proposed grade, and why it is not milder."""
    scene = await begin("there")
    operator, owner = scene.devices("coater_operator", "responsible")
    await reports(operator, category, **chosen).expects("已记录")
    await owner.expects("新异常", "建议：", grade, because)


async def test_the_same_again_within_90_days_is_at_least_b(begin: Begin) -> None:
    scene = await begin("reported C")
    operator, owner = scene.devices("coater_operator", "responsible")
    await reports(operator, description="又剥落").expects("已记录 AN-2026-000002")
    await owner.expects("新异常 AN-2026-000002", "B 主要", "90 天")


async def scores(owner: Device, s: str, o: str, d: str) -> None:
    """Grades anew with three scores."""
    going = owner.taps("重新评级").expects("严重度：").taps(s).expects("发生度：").taps(o).expects("探测度：")
    await going.taps(d)


async def test_a_grade_is_confirmed_by_its_scores(begin: Begin) -> None:
    """Severity 5 makes it critical; the person signs."""
    scene = await begin("taken C")
    owner = scene.device("responsible")
    await scores(owner, "5 可能造成伤害", "1 首次", "1 总能发现")
    await (
        owner.expects("请核对")
        .taps("确认 ✓")
        .expects("✍", "A")
        .signs()
        .expects("✔ 已签名")
        .expects("CAPA 已建立")
    )
    await scene.device("supplier").expects("请确认收到")
    assert (await scene.case()).grade == "A"


async def asked_lower(scene: Scene) -> None:
    """By its scores alone B; the owner thinks it is C and says why."""
    owner, operator = scene.devices("responsible", "coater_operator")
    await reports(operator, detection="下游或客户反馈", subcode="工序遗漏").expects("已记录 AN-2026-000002")
    scene.number = "AN-2026-000002"
    await owner.expects("新异常", "B 主要").taps("✅ 收到").expects("由您负责了").expects(scene.number)
    await operator.expects("已由 王芳 受理")
    await scores(owner, "1 无影响", "1 首次", "1 总能发现")
    await owner.expects("低于建议等级", "还需第二人签名").says("只有外观").expects("请核对").taps("确认 ✓")
    await owner.expects("降级等待第二人签名")
    for name in ("supervisor", "manager", "manager2", "site_head"):
        await scene.device(name).expects("有人申请降级，需第二人决定", offers="批准降级：签名")


async def test_a_lower_grade_takes_a_second_signature(begin: Begin) -> None:
    scene = await begin("reported C")
    await asked_lower(scene)
    supervisor, owner = scene.devices("supervisor", "responsible")
    assert (await scene.case()).grade is None, "nothing is lower yet"
    await supervisor.taps("批准降级：签名").expects("✍", "只有外观").signs().expects("✔ 已签名")
    await owner.expects("可建立 CAPA")
    await scene.device("supplier").expects("请确认收到")
    assert (await scene.case()).grade == "C"


async def test_circumstances_on_record_cannot_be_argued_away(begin: Begin) -> None:
    """An implant stays critical whatever the scores; lowering is not even offered."""
    scene = await begin("taken A")
    owner = scene.device("responsible")
    await scores(owner, "1 无影响", "1 首次", "1 总能发现")
    await owner.expects("请核对", lacks="低于建议等级").taps("确认 ✓").expects("✍", "A")


async def test_whoever_reported_does_not_grade(begin: Begin) -> None:
    """The owner-to-be reports one themselves: the supervisor's phone rings, and the reporter cannot sign the grade."""
    scene = await begin("there")
    reporter, supervisor = scene.devices("responsible", "supervisor")
    await reports(reporter).expects("已记录 AN-2026-000001")
    await supervisor.expects("新异常").taps("✅ 收到").expects("由您负责了").expects("AN-2026-000001")
    await (
        reporter.expects("已由 李强 受理")
        .says("AN-2026-000001")
        .expects("AN-2026-000001")
        .taps("确认 C 级并签名")
    )
    await reporter.expects("⚠ 这一步须由另一人完成：上报或申请的人是您自己")
    await supervisor.taps("确认 C 级并签名").expects("✍").signs().expects("✔ 已签名").expects("可建立 CAPA")
    await scene.device("supplier").expects("请确认收到")
    assert (await scene.case("AN-2026-000001")).grade == "C"


@pytest.mark.parametrize(("grade", "offered"), [("C", ("🔴 A 严重", "🟠 B 主要")), ("B", ("🔴 A 严重",))])
async def test_a_grade_is_raised_with_a_reason(begin: Begin, grade: str, offered: tuple[str, ...]) -> None:
    """Anybody who works on the case may; the signature on the milder grade stands no more."""
    scene = await begin(f"graded {grade}")
    second, owner = scene.devices("second", "responsible")
    await (
        second.says(scene.number)
        .expects(scene.number)
        .taps("提高等级")
        .expects("提高到哪一级", offers=offered)
    )
    await second.taps("🔴 A 严重").expects("理由是什么").says("又发现 40 件").expects("请核对").taps("确认 ✓")
    await second.expects(scene.number, "A 严重", offers="按现状签署等级 A")
    await owner.expects("您在", "上的签名已失效").clears()
    await scene.device("supplier").clears()
    assert (await scene.case()).grade == "A"


async def test_grade_a_is_not_raised(begin: Begin) -> None:
    scene = await begin("graded A")
    await scene.device("second").says(scene.number).expects(scene.number, lacks="提高等级")


async def test_nobody_grades_before_somebody_took_the_case_up(begin: Begin) -> None:
    scene = await begin("reported A")
    await scene.device("responsible").says(scene.number).expects(scene.number, lacks=("并签名", "重新评级"))


async def test_a_button_of_a_passed_step_says_what_comes_next(begin: Begin) -> None:
    """The card of before still shows “confirm the grade”; it is signed already."""
    scene = await begin("graded A")
    owner = scene.device("responsible")
    await owner.taps("确认 A 级并签名").expects("⚠", "这一步已经完成")
    await owner.taps("重新评级").clears()
    assert (await scene.case()).state == "graded"


async def test_facts_are_added_before_the_grade(begin: Begin) -> None:
    """Old and new stay on the record; the second owner sees the new."""
    scene = await begin("taken C")
    owner = scene.device("responsible")
    await owner.taps("补充信息").expects("哪一项").taps("多少件有问题").expects("多少件有问题").says("40")
    await (
        owner.expects("再发照片，或跳过")
        .taps("跳过")
        .expects("理由是什么")
        .says("全检后")
        .expects("请核对")
        .taps("确认 ✓")
    )
    await owner.expects("原值和新值都保留").expects(scene.number, "40 件")
