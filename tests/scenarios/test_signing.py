"""电子签名: what signs, what does not, what a wrong answer leads to, who signs for whom."""

from __future__ import annotations

import pytest

from core import anomalies
from core.signing.models import Signature
from tests.scenarios.conftest import Begin
from tests.scenarios.device import Device
from tests.scenarios.scene import Scene


async def shown(scene: Scene) -> Device:
    """The owner has the grade of the case before them, to be signed."""
    owner = scene.device("responsible")
    await owner.taps("确认 A 级并签名").expects("✍", "复核", "签名人: 王芳", offers="不签")
    return owner


async def signatures() -> int:
    """How many there are."""
    return await Signature.all().count()


async def test_code_and_word_sign(begin_on_both: Begin) -> None:
    scene = await begin_on_both("taken A")
    owner = await shown(scene)
    await owner.signs().expects("✔ 已签名", "王芳", "复核", offers="打开案例").expects("CAPA 已建立")
    await scene.device("supplier").expects("请确认收到")
    assert await signatures() == 1


@pytest.mark.parametrize(
    ("code", "word", "refusal"),
    [
        ("000000", "", "验证码或核对词不正确。还可以再试 2 次"),
        ("", "ZZZZ", "验证码或核对词不正确。还可以再试 2 次"),
    ],
)
async def test_a_wrong_code_or_word_signs_nothing(begin: Begin, code: str, word: str, refusal: str) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    await owner.signs(code=code, word=word).expects("⚠", refusal)
    assert await signatures() == 0
    await owner.signs().expects("✔ 已签名").expects("CAPA 已建立")
    await scene.device("supplier").expects("请确认收到")


async def test_three_wrong_codes_lock_for_a_quarter_of_an_hour(begin_on_both: Begin) -> None:
    """Even the right code signs nothing then; reporting goes on; afterwards it works again."""
    scene = await begin_on_both("taken A")
    owner = await shown(scene)
    for left in (2, 1):
        await owner.signs(code="000000").expects("⚠", f"还可以再试 {left} 次")
    await owner.signs(code="000000").expects("⚠", "签名功能已锁定")
    for name in ("responsible", "administrator", "manager", "manager2"):
        await scene.device(name).expects("🔒 王芳 的签名已锁定 15 分钟")
    await owner.signs().expects("没有等待签名的内容")
    await owner.says(scene.number).expects(scene.number).taps("确认 A 级并签名").expects("⚠", "已锁定")
    await owner.says("/start").expects("想做什么", offers="📷 上报异常")
    assert await signatures() == 0
    await scene.later(minutes=16)
    await (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("确认 A 级并签名")
        .expects("✍")
        .signs()
        .expects("✔ 已签名")
    )
    await owner.expects("CAPA 已建立")
    await scene.device("supplier").expects("请确认收到")


async def test_a_code_signs_once(begin: Begin) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    await owner.signs().expects("✔ 已签名").expects("CAPA 已建立")
    await scene.device("supplier").expects("请确认收到")
    used = scene.plant.codes[-1]
    await (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("⛔ 扣留受影响批次")
        .expects("扣留 3 批")
        .expects(scene.number)
    )
    await owner.taps("围堵完成：签名").expects("✍")
    word = next(one.outgoing.code for one in reversed(owner.phone.chat) if one.outgoing.code)
    await owner.says(f"{used} {word}").expects("⚠ 这个验证码已经用过")
    await owner.signs().expects("✔ 已签名")
    assert await signatures() == 2


async def test_somebody_else_s_button_signs_nothing(begin: Begin) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    thief = scene.device("second")
    await thief.taps_on_the_screen_of(owner, "不签").expects("⚠ 这个按钮不属于您")
    await thief.taps_on_the_screen_of(owner, "确认 A 级并签名").expects("⚠ 这个按钮不属于您")
    assert await signatures() == 0


async def test_somebody_else_s_code_with_this_card_s_word_signs_nothing(begin: Begin) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    word = next(one.outgoing.code for one in reversed(owner.phone.chat) if one.outgoing.code)
    other = scene.device("second")
    await other.says(f"{scene.plant.code('second')} {word}").expects("没有等待签名的内容")
    assert await signatures() == 0


async def test_what_changed_after_it_was_shown_is_not_signed(begin: Begin) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    reporter = await scene.plant.actor("coater_operator")
    case = await scene.case()
    await anomalies.supplement(
        reporter, case.id, changes={"quantity": "40"}, reason="又数了一遍", evidence_ids=[]
    )
    await owner.signs().expects("⚠", "在展示给您之后发生了变化")
    assert await signatures() == 0


async def test_five_minutes_are_enough_to_read_not_to_leave(begin: Begin) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    await scene.later(minutes=5)
    await owner.signs().expects("⚠ 已超过五分钟")
    assert await signatures() == 0


async def test_not_to_sign_is_one_tap(begin: Begin) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    await owner.taps("不签").expects("未签名，什么都没有改变")
    word = next(one.outgoing.code for one in reversed(owner.phone.chat) if one.outgoing.code)
    await owner.says(f"{scene.plant.code('responsible')} {word}").expects("没有等待签名的内容")
    assert await signatures() == 0


@pytest.mark.parametrize("between", ["", " ", "-"])
async def test_a_code_without_its_word_is_taken_out_and_the_word_asked_for(
    begin: Begin, between: str
) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    code = scene.plant.code("responsible")
    await owner.says(f"{code[:3]}{between}{code[3:]}").expects("缺少核对词")
    assert len(owner.phone.messenger.removed) == 1
    assert await signatures() == 0


async def test_a_stray_code_stays_in_no_chat(begin: Begin) -> None:
    scene = await begin("there")
    owner = scene.device("responsible")
    await owner.says("945600").expects("这里没有等待签名的内容，验证码已从聊天中移除")
    assert len(owner.phone.messenger.removed) == 1


async def test_a_signature_is_not_given_in_another_messenger(begin: Begin) -> None:
    """Shown in Telegram, answered in WeCom: the answer belongs where it was shown."""
    scene = await begin("taken A")
    wecom = await scene.joins("responsible", "wecom")
    owner = await shown(scene)
    word = next(one.outgoing.code for one in reversed(owner.phone.chat) if one.outgoing.code)
    await wecom.says(f"{scene.plant.code('responsible')} {word}").clears()
    assert await signatures() == 0


async def test_a_lost_phone_signs_nothing_from_that_minute(begin: Begin) -> None:
    scene = await begin("taken A")
    owner = await shown(scene)
    await owner.says("/lost").expects("🔒 王芳 的验证器已停用").expects("验证器已停用，任何人都不能用它签名")
    for name in ("administrator", "manager", "manager2"):
        await scene.device(name).expects("🔒 王芳 的验证器已停用")
    await owner.signs().expects("没有等待签名的内容")
    await (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("确认 A 级并签名")
        .expects("您还没有签名用的验证器")
    )
    assert await signatures() == 0


async def test_who_signs_nothing_is_offered_no_authenticator(begin: Begin) -> None:
    scene = await begin("there")
    await scene.device("operator").says("/start").expects("想做什么", lacks="🔐 签名验证器")


async def test_a_manager_on_leave_lets_the_supervisor_sign(begin_on_both: Begin) -> None:
    """Given by signature, used as 李强 代 刘洋, told to the giver, withdrawn with one tap."""
    scene = await begin_on_both("planned A")
    manager, supervisor, owner, supplier = scene.devices("manager", "supervisor", "responsible", "supplier")
    await supervisor.says(scene.number).expects(scene.number, lacks="批准计划：签名")
    await (
        manager.says("/delegate")
        .expects("由谁代您签名")
        .taps("李强")
        .expects("可以代签哪些")
        .taps("批准 CAPA 计划")
    )
    await (
        manager.expects("最高到哪个等级")
        .taps("A 严重")
        .expects("到哪一天")
        .taps("7 天后")
        .expects("原因是什么")
    )
    await (
        manager.says("年假").expects("请核对").taps("确认 ✓").expects("✍", "李强").signs().expects("✔ 已签名")
    )
    await supervisor.expects("刘洋 授权您代签")
    await supervisor.says(scene.number).expects(scene.number, offers="批准计划：签名").taps("批准计划：签名")
    await supervisor.expects("✍", "李强 代 刘洋").signs().expects("✔ 已签名", "李强 代 刘洋")
    await manager.expects("李强 代您签署了")
    await owner.expects("已批准计划")
    await supplier.expects("您有新措施")
    await (
        manager.says("/delegations")
        .expects("李强 代 刘洋", offers="结束此授权")
        .taps("结束此授权")
        .expects("已结束")
    )
    await supervisor.expects("刘洋 已结束代签授权")


async def test_a_delegation_covers_no_graver_case_than_it_says(begin: Begin) -> None:
    scene = await begin("planned A")
    manager, supervisor = scene.devices("manager", "supervisor")
    await (
        manager.says("/delegate")
        .expects("由谁代您签名")
        .taps("李强")
        .expects("可以代签哪些")
        .taps("批准 CAPA 计划")
    )
    await (
        manager.expects("最高到哪个等级")
        .taps("C 次要")
        .expects("到哪一天")
        .taps("1 天后")
        .expects("原因是什么")
    )
    await manager.says("出差").expects("请核对").taps("确认 ✓").expects("✍").signs().expects("✔ 已签名")
    await supervisor.expects("授权您代签").says(scene.number).expects(scene.number, offers="批准计划：签名")
    before = await signatures()
    await supervisor.taps("批准计划：签名").expects("⚠")
    assert await signatures() == before


async def test_an_operator_delegates_nothing(begin: Begin) -> None:
    scene = await begin("there")
    await scene.device("operator").says("/delegate").expects("⚠ 您没有这项权限")


async def test_the_weight_of_acts_is_shown_to_who_signs(begin: Begin) -> None:
    scene = await begin("there")
    await scene.device("responsible").says("/levels").expects("这里的签名方式", "确认等级", "S2 · 验证码")
    await scene.device("operator").says("/levels").expects("⚠ 您没有这项权限")
