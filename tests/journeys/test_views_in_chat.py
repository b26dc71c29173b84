"""Whoever opens a record in the chat is in the access log; whoever is alerted, or acts, did not open one."""

from __future__ import annotations

import datetime as dt

from core import people
from core.kit import clock, system
from handlers import text
from tests.journeys import acts

_ = text.translator("zh_CN")


async def test_what_is_opened_in_the_chat_is_in_the_access_log(database: str) -> None:
    """Case by number and by button, trace, impact list, own reports: one line each, with person and door."""
    house, (operator, owner, auditor) = await acts.house_with("coater_operator", "responsible", "auditor")
    number = await acts.report(operator)
    await owner.taps(_("✅ Acknowledge"))
    root = system(house.plant.id)
    assert (await people.accesses(root)).rows == [], "an alert and the own act are no views"
    await auditor.says(number)
    await auditor.says("/trace CT-001")
    await auditor.taps(_("⬆ Origin"))
    await owner.taps(_("🗺 Impact list"))
    await operator.says("/start")
    await operator.taps(_("🗂 My reports"))
    await operator.taps(number)
    seen = [(one.person_id, one.subject, one.case_number) for one in (await people.accesses(root)).rows]
    people_here = house.plant.persons
    assert seen[::-1] == [
        (people_here["auditor"], f"case {number}", number),
        (people_here["auditor"], "lot CT-001 both", None),
        (people_here["auditor"], "lot CT-001 up", None),
        (people_here["responsible"], "impact of CT-001", number),
        (people_here["coater_operator"], "own reports", None),
        (people_here["coater_operator"], f"case {number}", number),
    ]
    assert {one.door for one in (await people.accesses(root)).rows} == {house.messenger.channel}


async def test_one_look_is_one_line_and_the_list_of_tasks_is_a_look(database: str) -> None:
    """A button tapped twice is one look; a minute later it is another. The tasks show cases, so they are logged."""
    house, (operator, owner) = await acts.house_with("operator", "responsible")
    number = await acts.report(operator)
    await owner.says("/start")
    await owner.taps(_("📋 My tasks ({n})").format(n=1))
    for _again in range(2):
        await owner.says(number)
    clock.shift(dt.timedelta(minutes=1))
    await owner.says(number)
    rows = (await people.accesses(system(house.plant.id))).rows
    assert [one.subject for one in rows][::-1] == ["own tasks", f"case {number}", f"case {number}"]


async def test_what_may_not_be_seen_is_not_logged_as_seen(database: str) -> None:
    house, (operator, carrier) = await acts.house_with("operator", "carrier")
    number = await acts.report(operator)
    await carrier.says(number)
    await carrier.says("/trace CT-001")
    assert (await people.accesses(system(house.plant.id))).rows == []
