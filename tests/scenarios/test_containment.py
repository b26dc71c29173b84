"""围堵与处置: what is held, what cannot be skipped, who decides on held lots, what stops a closure."""

from __future__ import annotations

import pytest

from core import lots
from tests.scenarios.beginnings import quickly_reported, reports
from tests.scenarios.conftest import Begin
from tests.scenarios.scene import Scene


async def status(scene: Scene, *numbers: str) -> list[str]:
    """How lots stand."""
    actor = await scene.plant.actor("manager")
    return [(await lots.find(actor, one)).status for one in numbers]


async def test_one_tap_holds_the_lot_and_everything_made_of_it(begin_on_both: Begin) -> None:
    scene = await begin_on_both("graded A")
    owner = scene.device("responsible")
    await owner.says(scene.number).expects(scene.number).taps("⛔ 扣留受影响批次")
    await owner.expects("已为 AN-2026-000001 扣留 3 批", "CT-001", "PK-001", "PK-002", pictures=1)
    await owner.expects(scene.number, offers="⛔ 已扣留 3 批：再次检查")
    assert await status(scene, "CT-001", "PK-001", "PK-002", "MC-002") == ["on_hold"] * 3 + ["available"]


async def test_holding_twice_holds_once(begin: Begin) -> None:
    scene = await begin("graded A")
    owner = scene.device("responsible")
    await owner.says(scene.number).expects(scene.number).taps("⛔ 扣留受影响批次").expects("扣留 3 批")
    await owner.expects(scene.number).taps("⛔ 已扣留 3 批：再次检查").expects("扣留").expects(scene.number)
    assert len(await lots.holds_of(await scene.plant.actor("manager"), scene.number)) == 3


async def test_containment_is_not_signed_while_a_lot_is_free(begin: Begin) -> None:
    scene = await begin("graded A")
    owner = scene.device("responsible")
    await (
        owner.says(scene.number)
        .expects(scene.number)
        .taps("围堵完成：签名")
        .expects("⚠ 还有 3 个受影响的批次没有扣留")
    )
    assert (await scene.case()).state == "graded"


async def test_containment_is_not_signed_before_the_grade(begin: Begin) -> None:
    scene = await begin("taken A")
    await scene.device("responsible").says(scene.number).expects(scene.number, lacks="围堵完成：签名")


async def test_a_case_without_a_lot_says_what_was_done_instead(begin: Begin) -> None:
    scene = await begin("there")
    owner, operator = scene.devices("responsible", "coater_operator")
    await reports(operator, "E", lot="跳过").expects("已记录 AN-2026-000001")
    await (
        owner.expects("新异常", lacks="🗺 影响清单")
        .taps("✅ 收到")
        .expects("由您负责了")
        .expects("AN-2026-000001")
    )
    await operator.expects("已由 王芳 受理")
    await owner.taps("确认 C 级并签名").expects("✍").signs().expects("✔ 已签名").expects("可建立 CAPA")
    await scene.device("supplier").expects("请确认收到")
    await (
        owner.says("AN-2026-000001")
        .expects("AN-2026-000001")
        .taps("⛔ 扣留受影响批次")
        .expects("⚠", "无法扣留")
    )
    await (
        owner.taps("围堵完成：签名")
        .expects("做了什么来围堵")
        .says("停机挂牌")
        .expects("请核对")
        .taps("确认 ✓")
    )
    await owner.expects("✍", "停机挂牌").signs().expects("✔ 已签名")
    assert (await scene.case("AN-2026-000001")).state == "contained"


@pytest.mark.parametrize(
    ("decision", "state"),
    [("放行", "available"), ("返工", "quarantined"), ("报废", "scrapped"), ("让步接收", "available")],
)
async def test_held_lots_are_decided_by_signature(begin: Begin, decision: str, state: str) -> None:
    scene = await begin("verified A")
    manager = scene.device("manager2")
    await (
        manager.taps("处置扣留批次")
        .expects("哪个扣留批次", offers="全部扣留批次(3)")
        .taps("CT-001")
        .expects("怎样处置")
    )
    await (
        manager.taps(decision)
        .expects("理由")
        .says("复检 20 件")
        .expects("请核对")
        .taps("确认 ✓")
        .expects("✍", "CT-001")
    )
    await manager.signs().expects("✔ 已签名")
    assert (await status(scene, "CT-001", "PK-001"))[1] == "on_hold"
    holds = await lots.holds_of(await scene.plant.actor("manager"), scene.number)
    assert [one.decision is not None for one in holds if one.lot_number == "CT-001"] == [True]


async def test_a_case_with_undecided_lots_is_not_closed(begin: Begin) -> None:
    scene = await begin("verified A")
    manager = scene.device("manager2")
    await manager.taps("闭环：签名").expects("⚠ 还有 3 个扣留批次未处置")
    assert (await scene.case()).state == "verified"


async def test_all_lots_are_decided_at_once_and_the_case_is_closed(begin_on_both: Begin) -> None:
    """From the last decision to the thanks to everybody; the ledger agrees."""
    scene = await begin_on_both("verified A")
    manager, owner, operator = scene.devices("manager2", "responsible", "coater_operator")
    await (
        manager.taps("处置扣留批次")
        .expects("哪个扣留批次")
        .taps("全部扣留批次(3)")
        .expects("怎样处置")
        .taps("放行")
    )
    await manager.expects("理由").says("复检合格").expects("请核对").taps("确认 ✓").expects("✍").signs()
    await (
        manager.expects("✔ 已签名")
        .taps("闭环：签名", on="等您签名闭环")
        .expects("✍", "闭环")
        .signs()
        .expects("✔ 已签名")
    )
    await operator.expects("已闭环。谢谢，您的细心让产品更好")
    await owner.expects("已闭环。感谢您坚持到底")
    assert (await scene.case()).state == "closed"
    assert await status(scene, "CT-001", "PK-001", "PK-002") == ["available"] * 3
    await scene.verified()


async def test_whoever_put_it_on_hold_does_not_decide(begin: Begin) -> None:
    """The manager held the lots himself: another one decides."""
    scene = await begin("there")
    number = await quickly_reported(scene, "A")
    owner = scene.device("responsible")
    await owner.expects("新异常").taps("✅ 收到").expects("由您负责了").expects(number)
    await scene.device("coater_operator").expects("已由 王芳 受理")
    await owner.taps("⛔ 扣留受影响批次").expects("扣留 3 批").expects(number)
    await owner.says("CT-001").expects("CT-001 的谱系", "已扣留", pictures=1)


async def test_an_impact_list_is_shown_on_request(begin: Begin) -> None:
    scene = await begin("reported A")
    await (
        scene.device("responsible").taps("🗺 影响清单").expects("CT-001 的影响范围", "受影响 3 批", pictures=1)
    )
