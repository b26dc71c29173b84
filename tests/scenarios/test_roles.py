"""角色与查询: strangers, invitations, what each role is offered and refused, lots, checkpoints, witnesses."""

from __future__ import annotations

import pytest

from core import people, witness
from core.ledger.models import LedgerCheckpoint
from handlers.chat.vocabulary import Came
from tests.scenarios.beginnings import quickly_reported
from tests.scenarios.conftest import Begin


async def test_a_stranger_learns_how_to_join_and_nothing_else(begin: Begin) -> None:
    scene = await begin("there")
    stranger = scene.stranger()
    for said in ("你好", "/report", "AN-2026-000001", "CT-001", "945600"):
        await stranger.says(said).expects("还没有绑定人员", lacks="CT-001 的谱系")


async def test_an_invitation_opens_one_chat_once(begin: Begin) -> None:
    scene = await begin("there")
    token = await people.invite(await scene.plant.actor("administrator"), scene.plant.persons["laboratory"])
    first, second = scene.stranger("first"), scene.stranger("second")
    await first.says(f"/start {token}").expects("欢迎，许晨")
    await second.says(f"/start {token}").expects("邀请已被使用")
    await second.says("/start xxxxxxxxxxxxxxxxxxxxxxxxxxx").expects("没有这个邀请")


async def test_an_invitation_is_good_for_a_day(begin: Begin) -> None:
    scene = await begin("there")
    token = await people.invite(await scene.plant.actor("administrator"), scene.plant.persons["laboratory"])
    await scene.later(hours=25)
    await scene.stranger().says(f"/start {token}").expects("邀请已过期")


async def test_an_account_is_not_given_to_a_second_person(begin: Begin) -> None:
    scene = await begin("there")
    token = await people.invite(await scene.plant.actor("administrator"), scene.plant.persons["laboratory"])
    await scene.device("operator").says(f"/start {token}").clears()
    assert (await people.addresses(scene.plant.persons["laboratory"]))[0] == ("telegram", "1011")


REPORT, TASKS, TRACE, MINE, CODE, ADMIN, DUTY = (
    "📷 上报异常",
    "📋 我的待办",
    "🔎 追溯批次",
    "🗂 我的上报",
    "🔐 签名验证器",
    "🖥 管理页面",
    "🗓 值班",
)


@pytest.mark.parametrize(
    ("name", "offered", "lacks"),
    [
        ("operator", (REPORT, TRACE, MINE), (TASKS, CODE, ADMIN, DUTY)),
        ("coater_operator", (REPORT, TRACE, MINE), (TASKS, CODE, ADMIN, DUTY)),
        ("responsible", (REPORT, TASKS, TRACE, MINE, CODE, ADMIN, DUTY), ()),
        ("supervisor", (REPORT, TASKS, TRACE, CODE, ADMIN, DUTY), ()),
        ("manager", (REPORT, TASKS, TRACE, CODE, ADMIN, DUTY), ()),
        ("site_head", (REPORT, TASKS, TRACE, CODE, ADMIN), ()),
        ("supplier", (REPORT, TASKS, TRACE, MINE, CODE), (ADMIN, DUTY)),
        ("carrier", (REPORT, TASKS, TRACE, CODE), (ADMIN, DUTY)),
        ("auditor", (TRACE, ADMIN), (REPORT, TASKS, CODE)),
        ("administrator", (TRACE, CODE, ADMIN), (REPORT, TASKS)),
    ],
)
async def test_the_menu_offers_what_a_role_may(
    begin: Begin, name: str, offered: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    scene = await begin("there")
    await scene.device(name).says("菜单").expects("想做什么", offers=offered, lacks=lacks)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("auditor", "/report"),
        ("administrator", "/report"),
        ("operator", "/swap"),
        ("operator", "/away"),
        ("supplier", "/duty"),
        ("manager", "/enrol 王芳"),
        ("responsible", "/witnesses"),
        ("operator", "/twopeople"),
    ],
)
async def test_what_a_role_may_not_is_refused_in_words(begin: Begin, name: str, said: str) -> None:
    scene = await begin("there")
    await scene.device(name).says(said).expects("⚠ 您没有这项权限")


async def test_a_case_of_others_is_not_even_known(begin: Begin) -> None:
    """The carrier and the laboratory have no part in it; the maker's other operator did not report it."""
    scene = await begin("reported A")
    for name in ("carrier", "laboratory", "operator"):
        await scene.device(name).says(scene.number).expects(f"⚠ 没有找到 {scene.number}")


async def test_the_reporter_follows_the_own_report(begin: Begin) -> None:
    scene = await begin("taken A")
    operator = scene.device("coater_operator")
    await (
        operator.says("/start")
        .expects("想做什么")
        .taps(MINE)
        .expects("您最近的上报", scene.number, "2/6 数据采集")
    )
    await operator.taps(scene.number).expects(scene.number, lacks=("并签名", "扣留", "撤回上报"))


async def test_what_waits_for_me_is_in_one_place(begin: Begin) -> None:
    scene = await begin("planned A")
    manager, owner = scene.devices("manager", "responsible")
    await (
        manager.says("/start")
        .expects("想做什么", offers="📋 我的待办(1)")
        .taps("📋 我的待办(1)")
        .expects("等您处理")
    )
    await manager.taps(f"✍ {scene.number}").expects(scene.number, offers="批准计划：签名")
    await owner.says("/start").expects("想做什么")


async def test_nothing_waits_and_that_is_said(begin: Begin) -> None:
    scene = await begin("there")
    await (
        scene.device("second")
        .says("/start")
        .expects("想做什么")
        .taps("📋 我的待办")
        .expects("没有待办。辛苦了")
    )


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("CT-001", "CT-001 的谱系"),
        ("ct-001", "CT-001 的谱系"),
        ("/trace TI-001", "TI-001 的谱系"),
        ("追溯 ", "哪个批次"),
        ("/trace NIX-1", "没有找到批号"),
        ("/trace CT-01", "您要找的是 CT-001"),
    ],
)
async def test_a_lot_is_traced_by_its_number(begin: Begin, said: str, answer: str) -> None:
    scene = await begin("there")
    await scene.device("manager").says(said.strip()).expects(answer)


async def test_a_lot_is_followed_up_and_down(begin: Begin) -> None:
    scene = await begin("there")
    manager = scene.device("manager")
    await manager.says("CT-001").expects("CT-001 的谱系", "TI-001", "PK-001", pictures=1)
    await manager.taps("⬆ 来源").expects("CT-001 的来源", "MC-001", lacks="PK-001")
    await manager.taps("⬇ 去向").expects("CT-001 的去向", "PK-002", lacks="TI-001")


async def test_a_partner_sees_its_own_lots_only(begin: Begin) -> None:
    scene = await begin("there")
    await scene.device("carrier").says("/trace CT-001").expects("没有找到批号")
    await scene.device("supplier").says("/trace CT-001").expects("CT-001 的谱系")


async def test_a_checkpoint_is_witnessed_and_compared(begin_on_both: Begin) -> None:
    """The administrator names the manager; the checkpoint is proven, witnessed, and later held against the log."""
    scene = await begin_on_both("reported A")
    admin, manager = scene.devices("administrator", "manager")
    await admin.says("/witnesses 刘洋").expects("见证人", "刘洋")
    await scene.sealer.seal_now()
    await scene.later(minutes=1)
    await manager.expects("test/ledger", offers="👁 见证")
    await (
        manager.taps("👁 见证")
        .expects("这将是您的第一次见证", offers="👁 我见证")
        .taps("👁 我见证")
        .expects("✔ 已见证")
    )
    newest = await LedgerCheckpoint.all().order_by("-size").first()
    assert newest is not None
    await manager.says(f"/verify {newest.size}:{newest.root[:8]}").expects("✔")
    await manager.says(f"/verify {newest.size}:00000000").clears()
    for name in ("auditor", "administrator", "manager2"):
        await scene.device(name).clears()
    assert await witness.witnesses(scene.plant.id)


async def test_the_day_s_checkpoint_comes_to_the_witness_once(begin: Begin) -> None:
    scene = await begin("there")
    admin, manager = scene.devices("administrator", "manager")
    await admin.says("/witnesses 刘洋").expects("刘洋")
    await scene.later(minutes=1)
    await manager.expects("test/ledger", offers="👁 见证")
    await scene.later(hours=5)
    await scene.until("2026-09-08 09:00")
    await quickly_reported(scene, "C")
    await scene.device("responsible").expects("新异常")
    await scene.later(minutes=2)
    await manager.expects("test/ledger", offers="👁 见证")


@pytest.mark.parametrize("said", ["/verify", "/verify 312", "/verify nothing"])
async def test_what_is_no_checkpoint_is_said_to_be_none(begin: Begin, said: str) -> None:
    scene = await begin("there")
    await scene.device("auditor").says(said).expects("312:3fa94b21")


@pytest.mark.parametrize(
    ("came", "answer"), [(Came.OTHER, "这种消息我用不了"), (Came.LOCATION, "这种消息我用不了")]
)
async def test_what_nobody_understands_gets_a_plain_answer(begin: Begin, came: Came, answer: str) -> None:
    scene = await begin("there")
    await scene.device("manager").sends(came).expects(answer)


async def test_a_word_that_means_nothing_gets_help(begin: Begin) -> None:
    scene = await begin("there")
    await (
        scene.device("manager")
        .says("嗯")
        .expects("这里可以做什么", offers="菜单")
        .taps("菜单")
        .expects("想做什么")
    )


async def test_a_button_is_good_for_two_weeks(begin: Begin) -> None:
    scene = await begin("there")
    manager = scene.device("manager")
    await manager.says("/start").expects("想做什么")
    await scene.later(days=15)
    await manager.taps("🔎 追溯批次").expects("⚠ 按钮已过期")


async def test_the_door_to_the_admin_page_is_a_link_for_one_person(begin: Begin) -> None:
    scene = await begin("there")
    await (
        scene.device("manager")
        .says("/start")
        .expects("想做什么")
        .taps("🖥 管理页面")
        .expects("10 分钟内有效", offers="打开管理页面")
    )
