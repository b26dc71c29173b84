"""“My tasks” holds everything that waits for a person, page by page, one tap from each case."""

from __future__ import annotations

from core import anomalies, capa
from handlers import text
from tests.core.anomalies.cases import photo, reported
from tests.core.capa import story
from tests.journeys import acts
from tests.journeys.memory_house import Someone

_ = text.translator("zh_CN")


async def test_all_that_waits_is_listed_page_by_page(database: str) -> None:
    """Eleven cases on two screens; none is left out, none stands twice, the last button goes back to the first."""
    house, (owner,) = await acts.house_with("responsible")
    numbers = {(await reported(house.plant)).number for _time in range(11)}
    await owner.says("/start")
    await owner.taps(_("📋 My tasks ({n})").format(n=11))
    found: list[str] = []
    for place in ((1, 8), (9, 11)):
        shown = owner.sees(_("{first} to {last} of {n}").format(first=place[0], last=place[1], n=11))
        labels = [one.text for row in shown.outgoing.buttons for one in row]
        found += [label.split()[-1] for label in labels[:-1]]
        await owner.taps(labels[-1])
    assert sorted(found) == sorted(numbers)
    owner.sees(_("{first} to {last} of {n}").format(first=1, last=8, n=11))
    await owner.taps(found[0])
    owner.sees(found[0])


async def test_each_step_comes_up_with_the_one_who_has_to_take_it(database: str) -> None:
    """Approval with the managers, the action with its owner, the confirmation with the owner, the judgement, the end."""
    house, everyone = await acts.house_with("responsible", "manager", "manager2", "supplier")
    plant = house.plant
    by_name = dict(zip(("responsible", "manager", "manager2", "supplier"), everyone, strict=True))

    async def waits_for() -> set[str]:
        names = set()
        for name, someone in by_name.items():
            await someone.says("/start")
            for row in someone.sees(_("Bihuan · closed loop")).outgoing.buttons:
                names |= {name for one in row if one.text == _("📋 My tasks ({n})").format(n=1)}
        return names

    found = await story.opened(plant)
    await anomalies.reassign(
        await plant.actor("manager2"), found.anomaly_id, to_person=plant.persons["manager2"], reason="代管"
    )
    await anomalies.reassign(
        await plant.actor("manager2"), found.anomaly_id, to_person=plant.persons["responsible"], reason="还回"
    )
    assert await waits_for() == {"responsible"}
    await story.submitted(plant, found)
    assert await waits_for() == {"manager"}, "manager2 owned it once and may not approve"
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    assert await waits_for() == {"supplier"}
    hand = await plant.actor("supplier")
    [action] = await capa.actions(found.id)
    await capa.complete_action(hand, action.id, note="已装", evidence_ids=[await photo(hand)])
    assert await waits_for() == {"responsible"}
    await plant.sign("responsible", "capa:implementation:confirm", {"id": found.id})
    assert await waits_for() == {"manager"}
    await story.judged(plant, found, "effective", by="manager")
    assert await waits_for() == {"manager"}


async def test_what_was_signed_and_changed_waits_for_its_signer(database: str) -> None:
    """Grade, containment and plan: one tap shows what to sign; once somebody has signed it, nothing waits."""
    house, (owner, manager) = await acts.house_with("responsible", "manager")
    plant = house.plant
    found = await story.submitted(plant, await story.opened(plant), owner="second")
    await plant.sign("manager", "capa:plan:approve", {"id": found.id})
    number, second = found.case_number, await plant.actor("second")

    async def waits(someone: Someone) -> list[str]:
        await someone.says("/start")
        row = someone.sees(_("Bihuan · closed loop")).outgoing.buttons
        [tasks] = [one.text for line in row for one in line if one.text.startswith(_("📋 My tasks"))]
        if tasks == _("📋 My tasks"):
            return []
        await someone.taps(tasks)
        shown = someone.sees(_("Waiting for you")).outgoing.buttons
        return [one.text for line in shown for one in line]

    plain = await waits(owner), await waits(manager)
    await anomalies.supplement(
        second, found.anomaly_id, changes={"quantity": "41"}, reason="重数", evidence_ids=[]
    )
    grade = _("✍ Sign again: grade {grade} · {number}").format(grade="A", number=number)
    containment = _("✍ Sign again: containment · {number}").format(number=number)
    assert await waits(owner) == [grade, containment, *plain[0]]
    await owner.taps(grade)
    await owner.signs()
    owner.sees(_("✔ Signed: {number}").format(number=number))
    assert await waits(owner) == [containment, *plain[0]]
    await plant.sign("second", "anomalies:containment:complete", {"id": found.anomaly_id, "reason": ""})
    assert await waits(owner) == plain[0], "signed again by a colleague"

    [action] = await capa.actions(found.id)
    await capa.hand_over_action(second, action.id, to_person=plant.persons["supplier"], reason="调岗")
    plan = _("✍ Approve again: plan · {number}").format(number=number)
    assert await waits(manager) == [plan, *plain[1]]
    await manager.taps(plan)
    await manager.signs()
    assert await waits(manager) == plain[1]
