"""Longer moves of journeys in zh_CN: from the report to where a journey begins to differ."""

from __future__ import annotations

from core.sop import BUILTIN
from handlers import text
from tests.core.capa.test_whole_story import photo
from tests.journeys.memory_house import MemoryHouse, Someone
from tests.plants import small_plant

_ = text.translator("zh_CN")


async def house_with(*names: str) -> tuple[MemoryHouse, list[Someone]]:
    """A running house and the people named, joined."""
    house = MemoryHouse(await small_plant())
    await house.start()
    return house, [await house.joins(name) for name in names]


async def report(operator: Someone, **chosen: str) -> str:
    """A full report of a process deviation, grade A unless something else is chosen; answers its number."""
    usual = {"interface_from": "coating", "interface_to": "receipt", "detection": "visual", "risk": "implant"}
    await operator.says("/report")
    await operator.taps("工艺偏离")
    while operator.chat[-1].button(_("Confirm ✓")) is None:
        shown = operator.chat[-1].text
        field = next((one for one in BUILTIN["P"] if one.label["zh"] in shown), None)
        assert field is not None, operator.transcript()
        if field.type == "photos":
            await operator.photographs(photo())
            await operator.taps(_("Done ✓"))
        elif field.type == "lot":
            await operator.says("ct-001")
        elif field.type == "datetime":
            await operator.taps(_("Just now"))
        elif field.options:
            value = (usual | chosen).get(field.key, field.options[0].value)
            await operator.taps(next(one.label["zh"] for one in field.options if one.value == value))
        else:
            await operator.says("3")
    await operator.taps(_("Confirm ✓"))
    head = operator.sees("AN-").outgoing.head
    return head[head.index("AN-") :][:14]


async def graded(owner: Someone, grade: str) -> None:
    """Taken up and graded as proposed."""
    await owner.taps(_("✅ Acknowledge"))
    await owner.taps(_("Confirm grade {grade} and sign").format(grade=grade))
    await owner.signs()


async def contained(owner: Someone, number: str) -> None:
    """Held and signed."""
    await owner.says(number)
    await owner.taps(_("⛔ Hold the affected lots"))
    await owner.taps(_("Containment done: sign"))
    await owner.signs()
    receipt = owner.sees(_("✔ Signed: {number}").format(number=number))
    assert receipt.button(_("Open the case")) is not None, "a signature always leads on"


async def planned(owner: Someone, number: str, *, hand: str = "郑丽") -> None:
    """Cause, one action, criterion, handed in."""
    await owner.says(number)
    await owner.taps(_("① Root cause"))
    await owner.taps(_("Method"))
    await owner.says("槽液浓度没有在线监控")
    await owner.taps(_("Measurement"))
    await owner.says("出货检验不含附着力")
    await owner.taps(_("Confirm ✓"))
    await owner.taps(_("② Add an action ({n})").format(n=0))
    await owner.taps(_("Corrective action"))
    await owner.says("每班测槽液浓度并记录")
    await owner.taps(hand)
    await owner.taps(_("in {n} days").format(n=7))
    await owner.taps(_("Confirm ✓"))
    await owner.taps(_("③ How will we know it works?"))
    await owner.taps(_("Clean lots in a row"))
    await owner.taps(_("14 lots in a row without this defect"))
    await owner.taps("14")
    await owner.taps(_("in {n} days").format(n=60))
    await owner.taps(_("Confirm ✓"))
    await owner.taps(_("④ Submit the plan"))


async def carried_out(manager: Someone, hand: Someone, owner: Someone, number: str) -> None:
    """Approved, shown done with a photo, confirmed."""
    await manager.says(number)
    await manager.taps(_("Approve the plan: sign"))
    await manager.signs()
    await hand.taps(_("Done: {text}").format(text="每班测槽液浓度"))
    await hand.photographs(photo("white"))
    await hand.taps(_("Done ✓"))
    await hand.says("已装在线浓度计")
    await hand.taps(_("Confirm ✓"))
    await owner.says(number)
    await owner.taps(_("Implementation complete: sign"))
    await owner.signs()


async def judged(manager: Someone, number: str, outcome: str, seen: str) -> None:
    """The effect judged by signature."""
    await manager.says(number)
    await manager.taps(_("Judge the effectiveness: sign"))
    await manager.taps(outcome)
    await manager.says(seen)
    await manager.taps(_("Skip"))
    await manager.taps(_("Confirm ✓"))
    await manager.signs()


async def closed(second: Someone, number: str, *, lots: int) -> None:
    """Holds decided, case closed."""
    await second.says(number)
    await second.taps(_("Decide the held lots"))
    await second.taps(_("All held lots ({n})").format(n=lots))
    await second.taps(_("Release"))
    await second.says("复检合格,放行")
    await second.taps(_("Confirm ✓"))
    await second.signs()
    await second.says(number)
    await second.taps(_("Close the case: sign"))
    await second.signs()
