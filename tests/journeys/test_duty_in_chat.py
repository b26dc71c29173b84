"""Duty, putting off, giving back and more time in the chat: few taps, each with its answer."""

from __future__ import annotations

import datetime as dt

from core import anomalies, calendars, duty
from core.kit import clock
from handlers import text
from tests.core.duty.test_plan import at_noon, rotation
from tests.journeys import acts

_ = text.translator("zh_CN")
HOUR = dt.timedelta(hours=1)


async def test_two_people_swap_turns_and_one_goes_on_leave(database: str) -> None:
    """/duty, three taps to ask, one to agree; /away in one line or three taps; /here."""
    at_noon()
    house, (supervisor, second, operator) = await acts.house_with("supervisor", "second", "operator")
    await supervisor.says("/duty")
    supervisor.sees(_("There is no duty plan yet: alerts go to everybody in the responsibility table."))
    await rotation(house.plant, "supervisor", "second", category="P")
    await operator.says("值班")
    operator.sees(_("You do not have the right to do this. Ask your administrator if you need it."))
    await supervisor.says("值班")
    shown = supervisor.sees(_("🗓 On duty now")).text
    assert "李强" in shown
    assert anomalies.category_name("P", "zh_CN") in shown
    await supervisor.taps(_("🔁 Swap a turn"))
    turn = supervisor.chat[-1].outgoing.buttons[0][0].text
    await supervisor.taps(turn)
    await supervisor.taps("陈静")
    await supervisor.taps(_("none"))
    await supervisor.taps(_("Confirm ✓"))
    assert turn in second.sees(_("🔁 {by} asks you to take a turn").format(by="李强")).text
    await second.taps(_("✅ Agree"))
    supervisor.sees(_("✅ {by} agreed to the swap").format(by="陈静"))
    await second.taps(_("✅ Agree"))
    second.sees(_("This swap is settled already."))

    day = (clock.in_zone(clock.now(), "Asia/Shanghai") + dt.timedelta(days=2)).date()
    await second.says(f"/away until {day} deputy 李强 年假")
    second.sees("李强")
    supervisor.sees(_("🗓 You stand in for {name}").format(name="陈静"))
    await second.says("/duty")
    assert "李强" in second.sees(_("I am away")).text
    await second.taps(_("I am back"))
    supervisor.sees(_("🗓 {name} is back. Thank you for standing in.").format(name="陈静"))
    await second.says("/away")
    await second.taps(_("+{n} days").format(n=1))
    await second.taps(_("nobody"))
    await second.says("看病")
    await second.taps(_("Confirm ✓"))
    assert (await duty.absence_of(house.plant.persons["second"])) is not None
    await second.says("销假")
    assert (await duty.absence_of(house.plant.persons["second"])) is None
    await second.says("/away soon")
    second.sees("soon")


async def test_a_shift_that_is_off_is_no_gap_while_another_is_on(database: str) -> None:
    at_noon()
    house, (supervisor,) = await acts.house_with("supervisor")
    admin = await house.plant.actor("administrator")
    for name, begins, ends, who in (("白班", 8, 20, "supervisor"), ("夜班", 20, 8, "second")):
        hours = dt.time(begins), dt.time(ends)
        shift = await calendars.add_shift(
            admin, name, *hours, reason="两班", days=(1, 2, 3, 4, 5, 6, 7), holidays=True
        )
        await rotation(house.plant, who, shift_id=shift.id)
    await supervisor.says("/duty")
    shown = supervisor.sees(_("🗓 On duty now")).text
    assert "李强" in shown
    assert _("nobody: alerts go to the next tier") not in shown
    for hours, who in ((0, "supervisor"), (12, "second")):
        at = clock.now() + hours * HOUR
        on = await duty.on_duty(house.plant.id, tier=2, category="P", site_id=None, partner_id=None, at=at)
        assert on.persons == (house.plant.persons[who],)


async def test_an_alert_is_put_off_taken_up_and_given_back(database: str) -> None:
    """Grade B has the buttons, grade A has none; given back, the next tier hears at once."""
    house, (operator, owner, supervisor) = await acts.house_with("operator", "responsible", "supervisor")
    number = await acts.report(operator, risk="line_down")
    await owner.taps("💤 " + _("30 min"))
    owner.sees(number)
    await house.fast_forward(0.5 * HOUR)
    owner.sees(_("🔔 {number} was put off and sounds again: please acknowledge").format(number=number))
    await owner.taps(_("✅ Acknowledge"))
    await owner.taps(_("↩ Give it back"))
    await owner.says("要去急诊")
    await owner.taps(_("Confirm ✓"))
    supervisor.sees(
        _("⏫ {number} was given back: please acknowledge (tier {tier})").format(number=number, tier=2)
    )
    await supervisor.taps(_("✅ Acknowledge"))
    critical = await acts.report(operator)
    assert owner.sees(critical).button("💤") is None


async def test_more_time_is_asked_for_in_the_chat_and_given_by_a_second_person(database: str) -> None:
    """Two answers to ask, one tap to agree; the partner confirms receipt and asks for its own step."""
    house, (operator, owner, manager, supplier) = await acts.house_with(
        "operator", "responsible", "manager", "supplier"
    )
    number = await acts.report(operator, risk="line_down")
    await acts.graded(owner, "B")
    await owner.says(number)
    await owner.taps(_("⏳ Ask for more time"))
    await owner.taps(_("+{n} days").format(n=3))
    await owner.says("等供方样品")
    await owner.taps(_("Confirm ✓"))
    await manager.taps(_("✅ Agree"))
    case = await anomalies.get(await house.plant.actor("responsible"), number)
    assert case.extensions == 1
    assert case.due_at is not None
    owner.sees("刘洋")
    await owner.says(number)
    assert _("more time given {n} times").format(n=1) in owner.chat[-1].text

    supplier.sees(
        _("{number} is put to you. Please confirm that you have received it.").format(number=number)
    )
    await supplier.taps(_("✅ We have received it"))
    assert "✓" in supplier.sees(_("Partner's steps")).text
    await supplier.taps(_("⏳ Ask for more time"))
    await supplier.taps(_("+{n} days").format(n=7))
    await supplier.says("实验室排期")
    await supplier.taps(_("Confirm ✓"))
    await manager.taps(_("✖ Decline"))
    await manager.says("先做 D3")
    await manager.taps(_("Confirm ✓"))
    supplier.sees(_("✖ {number}: {by} declined more time").format(number=number, by="刘洋"))
    supplier.sees("先做 D3")
