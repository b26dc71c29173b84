"""The whole loop as people live it in their chats, in both languages: from the photo to the closure."""

from __future__ import annotations

import datetime as dt

import pytest

from core import anomalies, ledger, lots
from core.ledger.keys import load_or_create
from core.sop import BUILTIN
from handlers import text
from tests.core.capa.test_whole_story import photo
from tests.journeys.memory_house import MemoryHouse, Someone
from tests.plants import small_plant


async def answer_report(operator: Someone, _: text.Translate, language: str, *, risk: str = "implant") -> None:
    """Answer every question of the process template as an operator would: taps where there are buttons."""
    key = "zh" if language == "zh_CN" else "en"
    await operator.says("/report")
    await operator.taps("工艺偏离" if key == "zh" else "Process deviation")
    typed = {"quantity": "12", "place": "涂层二线", "parameter": "涂层厚度", "measured": "18 μm", "description": "表面剥落"}
    chosen = {"interface_from": "coating", "interface_to": "receipt", "detection": "visual", "risk": risk}
    for _step in range(30):
        newest = operator.chat[-1]
        if newest.button(_("Confirm ✓")) is not None:
            return
        field = next((one for one in BUILTIN["P"] if newest.outgoing.body.endswith(one.label[key])), None)
        assert field is not None, operator.transcript()
        if field.type == "photos":
            await operator.photographs(photo("silver"), photo("gold"), photo("gray"))
            operator.sees(_("{n} photos received. Send more, or tap Done.").format(n=3))
            await operator.taps(_("Done ✓"))
        elif field.type == "lot":
            await operator.says("ct-001")
        elif field.type == "datetime":
            await operator.taps(_("Just now"))
        elif field.options:
            value = chosen.get(field.key, field.options[0].value)
            await operator.taps(next(one.label[key] for one in field.options if one.value == value))
        else:
            await operator.says(typed.get(field.key, "3"))
    raise AssertionError(operator.transcript())


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
async def test_from_the_photo_to_the_closure(database: str, locale: str, tmp_path) -> None:
    """Report, alert, escalation, grade, hold, contain, cause, plan, approval, proof, effect, disposition, closure."""
    plant = await small_plant()
    house = MemoryHouse(plant)
    await house.start()
    _ = text.translator(locale)
    operator = await house.joins("coater_operator", locale)
    owner = await house.joins("responsible", locale)
    supervisor = await house.joins("supervisor", locale)
    manager = await house.joins("manager", locale)
    second = await house.joins("manager2", locale)
    supplier = await house.joins("supplier", locale)

    await answer_report(operator, _, locale)
    await operator.taps(_("Confirm ✓"))
    recorded = operator.sees("AN-").outgoing.head
    number = recorded[recorded.index("AN-"):][:14]
    alert = owner.sees(_("New anomaly {number}: please acknowledge").format(number=number))
    assert alert.pictures, "the alert shows the photo"
    assert all(alert.button(_(label)) for label in ("✅ Acknowledge", "↪ Reassign", "🆘 Help"))

    await house.fast_forward(dt.timedelta(minutes=15, seconds=1))
    supervisor.sees(_("⏫ {number}: nobody has acknowledged yet, so it comes to you (tier {tier})").format(
        number=number, tier=2))
    await owner.taps(_("✅ Acknowledge"))
    supervisor.sees(_("✅ {number} is in hand: {by}").format(number=number, by="王芳"))

    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    ceremony = owner.chat[-1]
    assert number in ceremony.text
    assert _("Reviewed") in ceremony.text
    await owner.signs()
    owner.sees(_("✔ Signed: {number}").format(number=number))
    assert house.messenger.removed, "the code is taken out of the chat"

    await owner.says(number)
    await owner.taps(_("⛔ Hold the affected lots"))
    impact = owner.sees(_("⛔ {n} lots are on hold for {number}").format(n=3, number=number))
    assert impact.pictures, "the impact comes as a picture"
    assert "PK-002" in impact.text
    await owner.taps(_("Containment done: sign"))
    await owner.signs()

    await owner.says(number)
    await owner.taps(_("① Root cause"))
    await owner.taps(_("Method"))
    await owner.says("operator error")
    owner.sees("operator error")
    await owner.says("槽液浓度没有在线监控")
    await owner.taps(_("Measurement"))
    await owner.says("出货检验不含附着力")
    await owner.taps(_("Confirm ✓"))
    await owner.taps(_("② Add an action ({n})").format(n=0))
    await owner.taps(_("Corrective action"))
    await owner.says("每班测槽液浓度并记录")
    await owner.taps("郑丽")
    await owner.taps(_("in {n} days").format(n=7))
    await owner.taps(_("Confirm ✓"))
    await owner.taps(_("③ How will we know it works?"))
    await owner.taps(_("Clean lots in a row"))
    await owner.taps(_("14 lots in a row without this defect"))
    await owner.taps("14")
    await owner.taps(_("in {n} days").format(n=60))
    await owner.taps(_("Confirm ✓"))
    await owner.taps(_("④ Submit the plan"))

    manager.sees(_("{number}: a plan waits for your approval").format(number=number.replace("AN", "CA")))
    await manager.taps(_("Approve the plan: sign"))
    await manager.signs()
    await supplier.taps(_("Done: {text}").format(text="每班测槽液浓度"))
    await supplier.photographs(photo("white"))
    await supplier.taps(_("Done ✓"))
    await supplier.says("已装在线浓度计")
    await supplier.taps(_("Confirm ✓"))
    await owner.says(number)
    await owner.taps(_("Implementation complete: sign"))
    await owner.signs()

    await manager.says(number)
    await manager.taps(_("Judge the effectiveness: sign"))
    await manager.taps(_("Effective"))
    await manager.says("连续 14 批无剥落")
    await manager.taps(_("Skip"))
    await manager.taps(_("Confirm ✓"))
    await manager.signs()
    await second.says(number)
    await second.taps(_("Close the case: sign"))
    second.sees(_("{n} held lots are not decided yet. Decide each (release, rework, scrap …) before closing.").format(n=3))
    await second.taps(_("Decide the held lots"))
    await second.taps(_("All held lots ({n})").format(n=3))
    await second.taps(_("Release"))
    await second.says("复检合格,放行")
    await second.taps(_("Confirm ✓"))
    await second.signs()
    await second.says(number)
    await second.taps(_("Close the case: sign"))
    await second.signs()
    operator.sees(_("Your report {number} is closed. Thank you: your eyes made the product better.").format(number=number))

    manager_actor = await plant.actor("manager")
    case = await anomalies.get(manager_actor, number)
    assert case.state == "closed"
    assert {one.status for one in (await lots.trace_down(manager_actor, plant.lots["CT-001"])).nodes and [
        (await lots.find(manager_actor, "CT-001"))]} <= {"available", "released"}
    signer = load_or_create(tmp_path / "ledger.key", "test/ledger")
    await ledger.Sealer(signer).seal_now()
    report = await ledger.verify(verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file)
    assert report.sound, [str(one) for one in report.faults][:5]
