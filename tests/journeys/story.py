"""The story of the whole loop, told once; stages play it in memory, by Telegram and in Chromium.

Written as the SOP reads: report, alert, escalation, grade, hold, contain, cause, plan, approval, proof, effect,
disposition, closure.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core import anomalies, ledger, lots
from core.kit import clock
from core.ledger.keys import load_or_create
from core.sop import BUILTIN
from handlers import text
from tests.parts import part
from tests.plants import Plant


@dataclass(frozen=True)
class Seen:
    """A message on a person's screen."""

    text: str
    pictures: int
    buttons: tuple[str, ...]


class Someone(Protocol):
    """A person at their phone, whatever it runs."""

    name: str
    plant: Plant

    async def says(self, words: str) -> None: ...
    async def taps(self, label: str) -> None: ...
    async def photographs(self, *pictures: bytes) -> None: ...
    async def screen(self) -> list[Seen]: ...
    async def check_word(self) -> str: ...


class Stage(Protocol):
    """A house with people in it."""

    plant: Plant

    async def joins(self, name: str, locale: str) -> Someone: ...
    async def fast_forward(self, by: dt.timedelta) -> None: ...


LOOKS, LOOK_PAUSE = 40, 0.25


async def sees(someone: Someone, words: str) -> Seen:
    """The newest message that holds the words; a page in a browser gets a moment to show it."""
    for _look in range(LOOKS):
        screen = await someone.screen()
        for seen in reversed(screen):
            if words in seen.text:
                return seen
        await asyncio.sleep(LOOK_PAUSE)
    shown = "\n---\n".join(f"{one.text}\n{one.buttons}" for one in screen[-5:])
    raise AssertionError(f"{someone.name} does not see {words!r}:\n{shown}")


async def newest(someone: Someone) -> Seen:
    """What is at the bottom of the screen."""
    return (await someone.screen())[-1]


async def signs(someone: Someone) -> None:
    """Answer the shown ceremony with a fresh code and its check word."""
    clock.shift(dt.timedelta(seconds=61))
    await someone.says(f"{someone.plant.code(someone.name)} {await someone.check_word()}")


TYPED = {"quantity": "12", "place": "涂层二线", "parameter": "涂层厚度 18 μm", "description": "表面剥落"}
CHOSEN = {"interface_from": "coating", "interface_to": "receipt", "detection": "visual", "risk": "implant"}


async def answer_report(operator: Someone, locale: str) -> None:
    """Answer every question of the process template as an operator would: taps where there are buttons."""
    _ = text.translator(locale)
    key = "zh" if locale == "zh_CN" else "en"
    await operator.says("/report")
    await operator.taps("工艺偏离" if key == "zh" else "Process deviation")
    for _step in range(30):
        shown = await newest(operator)
        if any(_("Confirm ✓") in one for one in shown.buttons):
            return
        field = next((one for one in BUILTIN["P"] if one.label[key] in shown.text), None)
        assert field is not None, shown
        if field.type == "photos":
            await operator.photographs(part(), part(angle=-24, zoom=1.8, flaw=0.45), part(angle=64, zoom=1.3))
            await sees(operator, _("Photos received: {n}. Send more, or tap Done.").format(n=3))
            await operator.taps(_("Done ✓"))
        elif field.type == "lot":
            await operator.says("ct-001")
        elif field.type == "datetime":
            await operator.taps(_("Just now"))
        elif field.options:
            value = CHOSEN.get(field.key, field.options[0].value)
            await operator.taps(next(one.label[key] for one in field.options if one.value == value))
        else:
            await operator.says(TYPED.get(field.key, "3"))
    raise AssertionError(await operator.screen())


async def play(stage: Stage, locale: str, folder: Path) -> str:
    """Play the whole story; answers the case number."""
    plant = stage.plant
    _ = text.translator(locale)
    operator = await stage.joins("coater_operator", locale)
    owner = await stage.joins("responsible", locale)
    supervisor = await stage.joins("supervisor", locale)

    await answer_report(operator, locale)
    await operator.taps(_("Confirm ✓"))
    recorded = (await sees(operator, "AN-")).text
    number = recorded[recorded.index("AN-") :][:14]
    alert = await sees(owner, _("New anomaly {number}: please acknowledge").format(number=number))
    assert alert.pictures, "the alert shows the photo"
    for label in ("✅ Acknowledge", "↪ Reassign", "🆘 Help"):
        assert any(_(label) in one for one in alert.buttons)

    await stage.fast_forward(dt.timedelta(minutes=15, seconds=1))
    climbed = _("⏫ {number}: nobody has acknowledged yet, so it comes to you (tier {tier})")
    await sees(supervisor, climbed.format(number=number, tier=2))
    await owner.taps(_("✅ Acknowledge"))
    await sees(supervisor, _("✅ {number} is in hand: {by}").format(number=number, by="王芳"))

    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    ceremony = await newest(owner)
    assert number in ceremony.text
    assert _("Reviewed") in ceremony.text
    await signs(owner)
    await sees(owner, _("✔ Signed: {number}").format(number=number))

    await owner.says(number)
    await owner.taps(_("⛔ Hold the affected lots"))
    impact = await sees(owner, _("⛔ {n} lots are on hold for {number}").format(n=3, number=number))
    assert impact.pictures, "the impact comes as a picture"
    assert "PK-002" in impact.text
    await owner.taps(_("Containment done: sign"))
    await signs(owner)
    await plan(owner, number, _)

    manager = await stage.joins("manager", locale)
    supplier = await stage.joins("supplier", locale)
    await manager.says(number)
    await manager.taps(_("Approve the plan: sign"))
    await signs(manager)
    await supplier.says(number)
    await supplier.taps(_("Done: {text}").format(text="每班测槽液浓度"))
    await supplier.photographs(part(angle=30, flaw=None))
    await supplier.taps(_("Done ✓"))
    await supplier.says("已装在线浓度计")
    await supplier.taps(_("Confirm ✓"))
    await owner.says(number)
    await owner.taps(_("Implementation complete: sign"))
    await signs(owner)

    await manager.says(number)
    await manager.taps(_("Judge the effectiveness: sign"))
    await manager.taps(_("Effective"))
    await manager.says("连续 14 批无剥落")
    await manager.taps(_("Skip"))
    await manager.taps(_("Confirm ✓"))
    await signs(manager)
    await close(await stage.joins("manager2", locale), number, _)
    closed = _("Your report {number} is closed. Thank you: your eyes made the product better.")
    await sees(operator, closed.format(number=number))
    await _settled(plant, number, folder)
    return number


async def plan(owner: Someone, number: str, _: text.Translate) -> None:
    """Cause in two layers, one action for the supplier, the criterion, handing in."""
    await owner.says(number)
    await owner.taps(_("① Root cause"))
    await owner.taps(_("Method"))
    await owner.says("operator error")
    assert "operator error" in (await newest(owner)).text, "a vague cause is refused at once"
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


async def close(second: Someone, number: str, _: text.Translate) -> None:
    """The second manager cannot close before the holds are decided; then all is decided and closed."""
    await second.says(number)
    await second.taps(_("Close the case: sign"))
    undecided = _("{n} held lots are not decided yet. Decide each (release, rework, scrap …) before closing.")
    await sees(second, undecided.format(n=3))
    await second.taps(_("Decide the held lots"))
    await second.taps(_("All held lots ({n})").format(n=3))
    await second.taps(_("Release"))
    await second.says("复检合格,放行")
    await second.taps(_("Confirm ✓"))
    await signs(second)
    await second.says(number)
    await second.taps(_("Close the case: sign"))
    await signs(second)


async def _settled(plant: Plant, number: str, folder: Path) -> None:
    """The case is closed, its lots are free, and the ledger agrees with every row."""
    actor = await plant.actor("manager")
    assert (await anomalies.get(actor, number)).state == "closed"
    assert (await lots.find(actor, "CT-001")).status == "available"
    signer = load_or_create(folder / "ledger.key", "test/ledger")
    await ledger.Sealer(signer).seal_now()
    report = await ledger.verify(verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file)
    assert report.sound, [str(one) for one in report.faults][:5]
