"""The loop on its other ways: a lower grade, a waiver, a second cycle, an alert that climbs to the top."""

from __future__ import annotations

import datetime as dt

import pytest

from core import anomalies, capa, escalation, people
from core.kit import system
from core.sop import BUILTIN
from handlers import text
from tests.core.escalation.test_climbing import by_name, vacate
from tests.journeys import acts
from tests.plants import Plant

_ = text.translator("zh_CN")


async def the_case(plant: Plant, number: str) -> anomalies.AnomalyFacts:
    """The case as the record has it."""
    return await anomalies.get(system(plant.id), number)


async def test_a_lower_grade_needs_a_second_persons_signature(database: str) -> None:
    """The owner grades below the proposal, says why; the supervisor gets the card, signs, and the grade is lower."""
    house, (operator, owner, supervisor) = await acts.house_with(
        "coater_operator", "responsible", "supervisor"
    )
    kinds = next(one for one in BUILTIN["P"] if one.key == "subcode").options
    await acts.report(operator, risk="none", detection="complaint", subcode=kinds[0].value)
    number = await acts.report(operator, risk="none", detection="complaint", subcode=kinds[1].value)
    assert (await the_case(house.plant, number)).proposed_grade == "B", "by its scores alone"
    await owner.says(number)
    await owner.taps(_("✅ Acknowledge"))
    await owner.taps(_("Grade anew"))
    for label in (_("1 no effect"), _("1 first time"), _("1 always caught")):
        await owner.taps(label)
    await owner.says("只有外观,无功能影响")
    await owner.taps(_("Confirm ✓"))
    assert (await the_case(house.plant, number)).grade is None, "nothing is lower yet"
    await supervisor.says(number)
    await supervisor.taps(_("Approve the lower grade: sign"))
    assert "只有外观,无功能影响" in supervisor.chat[-1].text
    await supervisor.signs()
    assert (await the_case(house.plant, number)).grade == "C"


async def test_the_news_of_a_capa_says_the_step_that_its_card_offers(database: str) -> None:
    """Before containment the root cause is not due yet, and there is no button for it."""
    _house, (operator, owner) = await acts.house_with("coater_operator", "responsible")
    await acts.report(operator)
    await acts.graded(owner, "A")
    news = owner.sees("CAPA 已建立")
    assert "请先围堵，再写根本原因" in news.text
    assert news.button(_("⛔ Hold the affected lots")) is not None
    assert news.button(_("① Root cause")) is None


async def test_grade_c_is_waived_and_closed(database: str) -> None:
    """A manager signs that no CAPA is needed, a second one closes; nobody walked through a plan."""
    house, (operator, owner, manager, second) = await acts.house_with(
        "coater_operator", "responsible", "manager", "manager2"
    )
    number = await acts.report(operator, risk="none")
    await acts.graded(owner, "C")
    await acts.contained(owner, number)
    await manager.says(number)
    await manager.taps(_("Waive the CAPA: sign"))
    await manager.says("一次性划痕,无功能影响")
    await manager.taps(_("Confirm ✓"))
    await manager.signs()
    second.sees(_("{number}: ready to be closed by your signature").format(number=number.replace("AN", "CA")))
    await acts.closed(second, number, lots=3)
    assert (await the_case(house.plant, number)).state == "closed"


@pytest.mark.req("G-125")
async def test_ineffective_goes_back_to_the_cause_and_closes_after_a_second_cycle(database: str) -> None:
    """Judged ineffective: the owner hears why, plans anew, and the case closes after the second proof."""
    house, (operator, owner, manager, second, supplier) = await acts.house_with(
        "coater_operator", "responsible", "manager", "manager2", "supplier"
    )
    number = await acts.report(operator)
    await acts.graded(owner, "A")
    await acts.contained(owner, number)
    await acts.planned(owner, number)
    await acts.carried_out(manager, supplier, owner, number)
    await acts.judged(manager, number, _("Ineffective: the case goes back to its cause"), "14 批中 2 批剥落")
    owner.sees(
        _("{number}: judged ineffective, back to the root cause: {reason}").format(
            number=number.replace("AN", "CA"), reason="14 批中 2 批剥落"
        )
    )
    found = await the_case(house.plant, number)
    assert (found.state, found.cycle) == ("investigating", 2)
    await acts.planned(owner, number)
    await acts.carried_out(manager, supplier, owner, number)
    await acts.judged(second, number, _("Effective"), "20 批无剥落")
    await acts.closed(second, number, lots=3)
    done = await capa.of_anomaly(system(house.plant.id), found.id)
    assert done is not None
    assert (done.state, done.cycle) == ("closed", 2)
    assert [one.cycle for one in await capa.actions(done.id)] == [1, 2]


async def test_an_alert_climbs_to_the_site_head_past_an_empty_tier(database: str) -> None:
    """Nobody at tier 2: the manager hears after 15 minutes, the administrator hears of the gap, the site head takes it."""
    house, (operator, owner, manager, head, administrator) = await acts.house_with(
        "coater_operator", "responsible", "manager", "site_head", "administrator"
    )
    await vacate(house.plant, 2)
    number = await acts.report(operator)
    await house.fast_forward(dt.timedelta(minutes=15))
    climbs = _("⏫ {number}: nobody has acknowledged yet, so it comes to you (tier {tier})")
    manager.sees(climbs.format(number=number, tier=3))
    administrator.sees(_("⚠ Nobody stands at tier {tier} for {number}").format(tier=2, number=number))
    await house.fast_forward(dt.timedelta(minutes=60))
    head.sees(climbs.format(number=number, tier=4))
    await head.taps(_("✅ Acknowledge"))
    in_hand = _("✅ {number} is in hand: {by}").format(number=number, by="孙磊")
    for someone in (owner, manager):
        assert someone.sees(in_hand).edits == 1, "the alert itself was changed"
    case = await the_case(house.plant, number)
    [run] = await escalation.runs_of(case.id)
    assert by_name(house.plant, run) == [
        (1, "responsible", "start"),
        (3, "manager", "unacknowledged"),
        (4, "site_head", "unacknowledged"),
    ]


async def test_a_case_and_an_action_change_hands_in_the_chat(database: str) -> None:
    """The owner hands the case on, the new one acknowledges; the owner of an action leaves, another does it."""
    house, (operator, owner, second, manager, supplier) = await acts.house_with(
        "coater_operator", "responsible", "second", "manager", "supplier"
    )
    number = await acts.report(operator)
    await acts.graded(owner, "A")
    await acts.contained(owner, number)
    await owner.says(number)
    await owner.taps(_("↪ Hand the case over"))
    new = (await people.person(house.plant.persons["second"])).printed_name
    await owner.taps(new)
    await owner.says("休产假")
    await owner.taps(_("Confirm ✓"))
    second.sees(_("{number} was handed to you: please acknowledge").format(number=number))
    await second.taps(_("✅ Acknowledge"))
    await acts.planned(second, number)
    await manager.says(number)
    await manager.taps(_("Approve the plan: sign"))
    await manager.signs()
    await second.says(number)
    await second.taps(_("↪ Hand an action over"))
    await second.taps("每班测槽液浓度并记录")
    await second.taps(new)
    await second.says("供应商停线")
    await second.taps(_("Confirm ✓"))
    supplier.sees(
        _("{to} takes over this action from you: {text}").format(to=new, text="每班测槽液浓度并记录")
    )
    found = await capa.of_anomaly(
        await house.plant.actor("manager"), (await the_case(house.plant, number)).id
    )
    assert found is not None
    [action] = await capa.actions(found.id)
    person = house.plant.persons["second"]
    assert (found.owner_id, action.owner_id) == (person, person)
