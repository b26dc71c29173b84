"""纠正措施: the steps in order and out of order, who may approve, what is sent back, a second cycle."""

from __future__ import annotations

import pytest

from core import capa
from core.kit import system
from tests.scenarios.beginnings import (
    adds_an_action,
    judges,
    says_how_it_will_be_judged,
    writes_the_cause,
)
from tests.scenarios.conftest import Begin
from tests.scenarios.scene import Scene


async def found(scene: Scene) -> capa.CapaFacts:
    """The CAPA of the case."""
    one = await capa.of_anomaly(system(scene.plant.id), (await scene.case()).id)
    assert one is not None
    return one


@pytest.mark.parametrize("grade", ["A", "B", "C"])
async def test_a_capa_goes_its_way_from_cause_to_proof(begin: Begin, grade: str) -> None:
    scene = await begin(f"verified {grade}")
    assert (await found(scene)).state == "verified"
    await scene.verified()


async def test_the_whole_way_on_postgres(begin_on_postgres: Begin) -> None:
    scene = await begin_on_postgres("verified A")
    assert (await found(scene)).state == "verified"
    await scene.verified()


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("操作失误", "只写“操作失误”不是根本原因"),
        ("operator error", "只写“operator error”不是根本原因"),
        ("再培训", "只写“再培训”不是根本原因"),
        ("   ", "请写点内容"),
    ],
)
async def test_a_vague_cause_is_refused_at_once(begin: Begin, said: str, refusal: str) -> None:
    scene = await begin("opened A")
    owner = scene.device("responsible")
    await owner.says(scene.number).expects(scene.number).taps("① 根本原因").expects("先选原因类别").taps("人")
    await owner.expects("请写过程中的原因").says(said).expects("⚠", refusal, "请写过程中的原因")


@pytest.mark.parametrize(
    ("done", "refusal"),
    [
        ((), "缺少根本原因"),
        (("cause",), "计划里还没有措施"),
        (("cause", "action"), "还没有判定标准"),
    ],
)
async def test_an_incomplete_plan_is_not_handed_in(begin: Begin, done: tuple[str, ...], refusal: str) -> None:
    scene = await begin("opened A")
    owner = scene.device("responsible")
    going = owner.says(scene.number).expects(scene.number)
    if "cause" in done:
        going = writes_the_cause(going)
    if "action" in done:
        going = adds_an_action(going, "郑丽")
    await going.taps("④ 提交计划").expects("⚠", refusal)


async def test_a_plan_comes_back_with_a_reason_and_goes_again(begin: Begin) -> None:
    scene = await begin("planned A")
    manager, other, owner = scene.devices("manager", "manager2", "responsible")
    await manager.taps("退回计划").expects("需要改什么").says("缺少预防措施").expects("请核对").taps("确认 ✓")
    await manager.expects(scene.number)
    await owner.expects("计划被退回：缺少预防措施", offers="② 添加措施(1)")
    await adds_an_action(owner, "陈静", "每月审核槽液记录", 1)
    await owner.taps("④ 提交计划").expects("计划已提交")
    await manager.expects("计划等您批准")
    await other.expects("计划等您批准")


async def test_the_owner_does_not_approve_their_own_plan(begin: Begin) -> None:
    scene = await begin("planned A")
    await scene.device("responsible").says(scene.number).expects(scene.number, lacks="批准计划：签名")


async def test_two_managers_approve_at_once_and_one_signature_stands(begin: Begin) -> None:
    """Both read the plan; the first signs, the second hears that the step is done."""
    scene = await begin("planned A")
    manager, other, owner, supplier = scene.devices("manager", "manager2", "responsible", "supplier")
    await manager.taps("批准计划：签名").expects("✍")
    await other.taps("批准计划：签名").expects("✍")
    await manager.signs().expects("✔ 已签名")
    await owner.expects("刘洋 已批准计划")
    await supplier.expects("您有新措施")
    await other.signs().expects("⚠")
    assert (await found(scene)).state == "implementing"


async def test_implementation_is_not_confirmed_while_an_action_is_open(begin: Begin) -> None:
    scene = await begin("implementing A")
    await scene.device("responsible").says(scene.number).expects(scene.number, lacks="实施完成：签名")


async def test_an_action_needs_something_that_shows_it(begin: Begin) -> None:
    scene = await begin("implementing A")
    supplier = scene.device("supplier")
    await (
        supplier.taps("完成：")
        .expects("请发照片或文件")
        .says("已完成")
        .expects("⚠", "这里需要照片，不是文字")
    )
    await supplier.says("完成").expects("⚠", "至少需要 1 张照片")


async def test_an_action_reported_done_is_done_once(begin: Begin) -> None:
    scene = await begin("done A")
    await scene.device("supplier").taps("完成：", on="您有新措施").clears()
    assert (await found(scene)).open_action_count == 0


async def test_an_action_changes_hands(begin: Begin) -> None:
    """The coater's contact cannot do it; the second engineer takes it over and both know."""
    scene = await begin("implementing A")
    owner, second, supplier = scene.devices("responsible", "second", "supplier")
    await (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("↪ 转交一项措施")
        .expects("哪一项措施")
        .taps("每班测槽液浓度")
    )
    await (
        owner.expects("转给谁").taps("陈静").expects("理由").says("供方停线").expects("请核对").taps("确认 ✓")
    )
    await owner.expects("该措施现由陈静负责").expects(scene.number)
    await second.expects("您有新措施", offers="完成：")
    await supplier.expects("陈静已从您手中接过该措施")
    await scene.device("manager").expects("签名已失效", "确定后重新批准")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("无效：返回原因分析", "open"), ("尚无定论：继续观察", "verifying"), ("有效", "verified")],
)
async def test_the_effect_is_judged(begin: Begin, outcome: str, state: str) -> None:
    scene = await begin("verifying A")
    manager, other, owner = scene.devices("manager", "manager2", "responsible")
    await judges(manager, outcome, "14 批中 2 批剥落").signs().expects("✔ 已签名")
    await owner.clears()
    await manager.clears()
    await other.clears()
    assert (await found(scene)).state == state


async def test_ineffective_goes_back_to_the_cause_and_through_a_second_cycle(begin: Begin) -> None:
    scene = await begin("verifying A")
    manager, other, owner, supplier = scene.devices("manager", "manager2", "responsible", "supplier")
    await judges(manager, "无效：返回原因分析", "14 批中 2 批剥落").signs().expects("✔ 已签名")
    await owner.expects("判定无效，返回原因分析：14 批中 2 批剥落", offers="① 根本原因")
    await manager.expects("签名已失效")
    await writes_the_cause(owner)
    await adds_an_action(owner, "郑丽", "更换供液泵")
    await says_how_it_will_be_judged(owner)
    await owner.taps("④ 提交计划").expects("计划已提交")
    await manager.expects("计划等您批准")
    await other.expects("计划等您批准").taps("批准计划：签名").expects("✍").signs().expects("✔ 已签名")
    await owner.expects("赵敏 已批准计划")
    await supplier.expects("您有新措施", "更换供液泵")
    case = await scene.case()
    assert (case.state, case.cycle) == ("implementing", 2)


async def test_an_outcome_without_what_was_seen_is_refused(begin: Begin) -> None:
    scene = await begin("verifying A")
    manager = scene.device("manager")
    await manager.taps("判定有效性：签名").expects("结果如何").taps("有效").expects("看到了什么")
    await manager.says("\u200b").expects("⚠", "请写点内容")


async def test_grade_c_is_waived_with_a_reason_by_a_manager(begin: Begin) -> None:
    scene = await begin("contained C")
    manager, other = scene.devices("manager", "manager2")
    await manager.says(scene.number).expects(scene.number, offers="免除 CAPA：签名").taps("免除 CAPA：签名")
    await (
        manager.expects("为什么不需要 CAPA")
        .says("一次性划痕")
        .expects("请核对")
        .taps("确认 ✓")
        .expects("✍", "一次性划痕")
    )
    await manager.signs().expects("✔ 已签名")
    await other.expects("等您签名闭环")
    await manager.clears()
    assert (await found(scene)).state == "waived"


@pytest.mark.parametrize("grade", ["A", "B"])
async def test_graver_cases_are_not_waived(begin: Begin, grade: str) -> None:
    scene = await begin(f"contained {grade}")
    await scene.device("manager").says(scene.number).expects(scene.number, lacks="免除 CAPA")


async def test_no_step_is_offered_before_containment(begin: Begin) -> None:
    scene = await begin("graded A")
    await (
        scene.device("responsible")
        .says(scene.number)
        .expects(scene.number, lacks=("① 根本原因", "④ 提交计划"))
    )
