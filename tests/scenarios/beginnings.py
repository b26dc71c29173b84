"""How far a plant is when a scenario begins. Each beginning is played once by its people and then put back as it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core import anomalies, evidence, people, sop
from core.kit.unit_of_work import unit_of_work
from core.sop import BUILTIN
from core.sop.terms import CATEGORIES
from tests.plants import answers, small_plant
from tests.scenarios.device import Device
from tests.scenarios.pictures import photo
from tests.scenarios.scene import Scene
from tests.scenarios.virtual import at

MONDAY = at("2026-09-07 09:00")
"""An ordinary Monday: no holiday near, the day shift at work."""
PEOPLE = (
    "coater_operator",
    "operator",
    "responsible",
    "second",
    "supervisor",
    "manager",
    "manager2",
    "site_head",
    "administrator",
    "auditor",
    "supplier",
    "laboratory",
    "carrier",
)
NAMES = {
    "responsible": "王芳",
    "second": "陈静",
    "supervisor": "李强",
    "manager": "刘洋",
    "manager2": "赵敏",
    "site_head": "孙磊",
    "administrator": "吴昊",
    "supplier": "郑丽",
}
RISK = {"A": "植入或接触人体的材料", "B": "客户产线停线", "C": "以上都没有"}
"""The answer to the risk question that leads to a grade."""


@dataclass(frozen=True)
class Beginning:
    """A name, the beginning before it, and what its people do."""

    name: str
    before: str
    play: Callable[[Scene, str], Awaitable[None]]


BEGINNINGS: dict[str, Beginning] = {}


def beginning(name: str, *, after: str) -> Callable[[Callable[[Scene, str], Awaitable[None]]], None]:
    """Register a beginning; a scenario asks for it as ``reported A``, its grade behind its name."""

    def keep(play: Callable[[Scene, str], Awaitable[None]]) -> None:
        BEGINNINGS[name] = Beginning(name, after, play)

    return keep


async def everybody_is_there(scene: Scene) -> None:
    """The plant with all its people, each at a phone of their own; daily digests are off."""
    scene.plant = await small_plant(anew=True)
    await scene.opens()
    for name in PEOPLE:
        await scene.joins(name)
    for name in PEOPLE:
        actor = await scene.plant.actor(name)
        async with unit_of_work():
            await people.set_contact(
                actor, actor.identity, replace(await people.contact_of(actor.identity), digest=False)
            )
    await scene.passes(scene.pace)


ANSWERS = {
    "lot": "ct-001",
    "quantity": "12",
    "occurred_at": "刚刚",
    "place": "涂层二线",
    "parameter": "涂层厚度 18 μm",
    "description": "表面剥落",
}


def reports(operator: Device, category: str = "P", *, confirm: bool = True, **chosen: str) -> Device:
    """A whole report, every question expected in its turn; ``chosen`` are other answers by field."""
    kind = next(one.label["zh"] for one in CATEGORIES if one.code == category)
    usual = ANSWERS | {
        "interface_from": "涂层",
        "interface_to": "收货",
        "detection": "目视",
        "risk": RISK["C"],
    }
    said_so = usual | chosen
    going = operator.says("/report").expects("是哪类问题").taps(kind)
    given: dict[str, str] = {}
    for one in BUILTIN[category]:
        if one.asked_if is not None and given.get(one.asked_if.key) not in one.asked_if.values:
            continue
        going = going.expects(one.label["zh"])
        if one.type == "photos":
            going = going.photographs("silver").expects("已收到 1 张照片").taps("完成")
        elif one.options:
            said = said_so.get(one.key, one.options[0].label["zh"])
            option = next(each for each in one.options if said in each.label["zh"])
            given[one.key] = option.value
            going = going.taps(option.label["zh"])
        elif said_so.get(one.key) == "跳过":
            going = going.taps("跳过")
        elif one.key in said_so:
            going = going.says(said_so[one.key])
        elif one.required:
            going = going.says("3")
        else:
            going = going.taps("跳过")
    going = going.expects("请核对")
    return going.taps("确认 ✓") if confirm else going


RISKS = {"A": "implant", "B": "line_down", "C": "none"}


async def quickly_reported(
    scene: Scene, grade: str = "C", *, by: str = "coater_operator", **changes: str
) -> str:
    """A case of a grade by the verb itself, where a scenario is not about the questions; answers its number."""
    actor = await scene.plant.actor(by)
    received = await scene.darkroom.receive(
        actor, photo("silver"), source_ref=f"quick-{scene.time.now}", must_be_picture=True
    )
    async with unit_of_work():
        kept = await evidence.keep(actor, received)
        made = await anomalies.report(
            actor,
            template_id=(await sop.current_template(scene.plant.id, "P")).id,
            answers=answers("P", risk=RISKS[grade], **changes),
            evidence_ids=[kept.id],
            channel="telegram",
        )
    await scene.passes(scene.pace)
    return made.number


def number_on(device: Device) -> str:
    """The newest case number on a screen."""
    text = device.phone.messenger.posts[device.phone.account][-1].text
    return text[text.index("AN-") :][:14]


@beginning("reported", after="there")
async def _reported(scene: Scene, grade: str) -> None:
    """Reported from the coating shop; the owner's phone rings."""
    operator, owner = scene.devices("coater_operator", "responsible")
    await reports(operator, risk=RISK[grade])
    scene.number = number_on(operator)
    await operator.expects(f"已记录 {scene.number}", offers="查看案例")
    await owner.expects(f"新异常 {scene.number}", offers=("✅ 收到", "↪ 转派", "🆘 需支援"), pictures=1)


@beginning("taken", after="reported")
async def _taken(scene: Scene, grade: str) -> None:
    """The owner has it in hand."""
    owner, operator = scene.devices("responsible", "coater_operator")
    await owner.taps("✅ 收到").expects("由您负责了").expects(scene.number, offers=f"确认 {grade} 级并签名")
    await operator.expects("已由 王芳 受理")


NEXT = {"A": "CAPA 已建立，由您负责", "B": "需要 CAPA 吗", "C": "可建立 CAPA，或由经理说明理由免除"}
"""What the owner hears once the grade is signed."""


@beginning("graded", after="taken")
async def _graded(scene: Scene, grade: str) -> None:
    """The owner signs the proposed grade; the coater is asked to confirm that it knows."""
    owner, supplier = scene.devices("responsible", "supplier")
    await owner.taps(f"确认 {grade} 级并签名").expects("✍", scene.number, "复核")
    await owner.signs().expects(f"✔ 已签名：{scene.number}", offers="打开案例").expects(NEXT[grade])
    await supplier.expects("已转给贵方，请确认收到")


@beginning("contained", after="graded")
async def _contained(scene: Scene, grade: str) -> None:
    """The affected lots are held, the containment is signed."""
    owner = scene.device("responsible")
    await owner.says(scene.number).expects(scene.number, offers="⛔ 扣留受影响批次")
    await (
        owner.taps("⛔ 扣留受影响批次")
        .expects(f"已为 {scene.number} 扣留 3 批", pictures=1)
        .expects(scene.number)
    )
    await owner.taps("围堵完成：签名").expects("✍", scene.number).signs().expects("✔ 已签名")


@beginning("opened", after="contained")
async def _opened(scene: Scene, grade: str) -> None:
    """A CAPA is open: by rule for grade A, by the owner for the others."""
    owner = scene.device("responsible")
    if grade != "A":
        await (
            owner.says(scene.number)
            .expects(scene.number)
            .taps("建立 CAPA")
            .expects("已建立")
            .expects(scene.number)
        )


@beginning("planned", after="opened")
async def _planned(scene: Scene, grade: str) -> None:
    """Cause, one action for the coater, the criterion; handed in."""
    owner = scene.device("responsible")
    await writes_the_cause(owner.says(scene.number).expects(scene.number))
    await adds_an_action(owner, "郑丽")
    await says_how_it_will_be_judged(owner)
    await owner.taps("④ 提交计划").expects("计划已提交")
    for name in ("manager", "manager2"):
        await scene.device(name).expects("计划等您批准", offers=("批准计划：签名", "退回计划"))


def writes_the_cause(owner: Device) -> Device:
    """Why it happened, why it was not caught."""
    going = owner.taps("① 根本原因").expects("为什么会产生？先选").taps("法").expects("请写过程中的原因")
    going = (
        going.says("槽液浓度没有在线监控")
        .expects("为什么流出？先选")
        .taps("测")
        .expects("为什么之前没有发现")
    )
    return (
        going.says("出货检验不含附着力")
        .expects("请核对")
        .taps("确认 ✓")
        .expects("AN-", offers="① 根本原因 ✓（修改）")
    )


def adds_an_action(owner: Device, name: str, text: str = "每班测槽液浓度并记录", count: int = 0) -> Device:
    """One corrective action, due in a week."""
    going = (
        owner.taps(f"② 添加措施({count})")
        .expects("哪种措施")
        .taps("纠正措施")
        .expects("具体做什么")
        .says(text)
    )
    going = (
        going.expects("由谁做")
        .taps(name)
        .expects("什么时候完成")
        .taps("7 天后")
        .expects("请核对")
        .taps("确认 ✓")
    )
    return going.expects("AN-", offers=f"② 添加措施({count + 1})")


def says_how_it_will_be_judged(owner: Device) -> Device:
    """14 clean lots in a row within 60 days."""
    going = owner.taps("③ 怎样算有效？").expects("怎样判定有效").taps("连续合格批次").expects("判定标准")
    going = (
        going.taps("连续 14 批无此缺陷").expects("多少").taps("14").expects("什么时候判定").taps("60 天后")
    )
    return going.expects("请核对").taps("确认 ✓").expects("AN-", offers="③ 有效性判定标准 ✓")


@beginning("implementing", after="planned")
async def _implementing(scene: Scene, grade: str) -> None:
    """A manager approves the plan by signature."""
    manager, owner, supplier = scene.devices("manager", "responsible", "supplier")
    await manager.taps("批准计划：签名").expects("✍").signs().expects("✔ 已签名")
    await owner.expects("刘洋 已批准计划")
    await supplier.expects("您有新措施", offers="完成：")


@beginning("done", after="implementing")
async def _done(scene: Scene, grade: str) -> None:
    """The coater shows the action done."""
    supplier, owner = scene.devices("supplier", "responsible")
    await (
        supplier.taps("完成：")
        .expects("请发照片或文件")
        .photographs("white")
        .expects("已收到 1 份")
        .taps("完成 ✓")
    )
    await supplier.expects("做了什么").says("已装在线浓度计").expects("请核对").taps("确认 ✓")
    await supplier.expects("已记录完成").expects(scene.number)
    await owner.expects("全部措施已完成", offers="实施完成：签名")


@beginning("verifying", after="done")
async def _verifying(scene: Scene, grade: str) -> None:
    """The owner confirms the implementation; the effect is watched from now on."""
    owner = scene.device("responsible")
    await owner.taps("实施完成：签名").expects("✍").signs().expects("✔ 已签名")
    for name in ("manager", "manager2"):
        await scene.device(name).expects("判定效果", offers="判定有效性：签名")


@beginning("verified", after="verifying")
async def _verified(scene: Scene, grade: str) -> None:
    """A manager judges the measures effective."""
    manager = scene.device("manager")
    await judges(manager, "有效", "连续 14 批无剥落").signs().expects("✔ 已签名")
    await scene.device("responsible").expects("效果已判定")
    for name in ("manager", "manager2"):
        await scene.device(name).expects("等您签名闭环", offers=("处置扣留批次", "闭环：签名"))


def judges(manager: Device, outcome: str, seen: str) -> Device:
    """Up to the shown ceremony."""
    going = (
        manager.taps("判定有效性：签名").expects("结果如何").taps(outcome).expects("看到了什么").says(seen)
    )
    return going.expects("请发证明").taps("跳过").expects("请核对").taps("确认 ✓").expects("✍")
