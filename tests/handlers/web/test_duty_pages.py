"""Duty and calendar on the admin page: seen by all who read, edited by administrators, refused with a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from core import anomalies, calendars, duty, escalation
from core.kit import clock
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import opened, words


def here(days: int = 0, hours: int = 0) -> dt.datetime:
    """A moment on the plant's wall clock, counted from now."""
    moment = clock.now() + dt.timedelta(days=days, hours=hours)
    return moment.astimezone(dt.timezone(dt.timedelta(hours=8)))


async def test_an_administrator_plans_duty_and_everybody_reads_it(doors: Doors) -> None:
    """Shift, rotation, somebody put in and taken out, an absence: all in forms; the plan shows names and gaps."""
    plant = doors.plant
    async with await doors.admin("administrator") as session:
        token = {"csrf": session.headers["X-CSRF-Token"], "reason": "一季度排班"}

        async def sent(page: str, status: int = 200, **form: str) -> str:
            async with session.post(doors.url(f"/admin/{page}/change"), data={**token, **form}) as answer:
                text = words(await answer.text())
                assert answer.status == status, text[-300:]
                return text

        every_day = {f"on{n}": "1" for n in range(1, 8)}
        text = await sent(
            "calendar", what="shift", name="夜班", start="22:00", end="06:00", holidays="1", **every_day
        )
        assert "夜班" in text
        assert "（次日）" in text
        shift = (await calendars.shifts(plant.id))[0]
        text = await sent(
            "duty", what="rotation", tier="2", every="day", shift=str(shift.id), order="李强、陈静"
        )
        assert "22:00–24:00" in text
        one = (await duty.rotations(plant.id))[0]
        since, until = f"{here(1):%Y-%m-%dT%H:%M}", f"{here(1, 3):%Y-%m-%dT%H:%M}"
        person = str(plant.persons["manager"])
        text = await sent(
            "duty", what="put_in", rotation=str(one.id), person=person, since=since, until=until
        )
        assert "刘洋" in text
        key = (await duty.overrides(plant.id, clock.now()))[0].id
        await sent("duty", what="take_out", override=str(key))
        gone = str(plant.persons["second"])
        text = await sent(
            "duty", what="away", person=gone, since=since, until=until, deputy=person, reason="腰椎手术"
        )
        assert "代理人" in text
        assert "腰椎手术" in text
        seen = words(await opened(doors, "auditor", "/admin/duty"))
        assert "代理人" in seen
        assert "腰椎手术" not in seen, "why somebody is away is for those who plan"
        await sent("duty", what="back", person=gone)
        for page, form in (
            ("duty", {"what": "rotation", "tier": "2", "every": "day", "order": "查无此人"}),
            ("duty", {"what": "put_in", "rotation": str(one.id), "person": person, "since": "", "until": ""}),
            ("duty", {"what": "put_in", "rotation": "1", "since": "2026-02-31T10:00", "until": until}),
            ("calendar", {"what": "shift", "name": "空", "start": "25:00", "end": "06:00"}),
            ("calendar", {"what": "day", "day": ""}),
            ("calendar", {"what": "clocks", "collecting": "soon / 24 h / 3 wd"}),
        ):
            await sent(page, 409, **form)  # type: ignore[arg-type]
        text = words(await opened(doors, "auditor", "/admin/duty"))
        assert "李强" in text
        assert "新建轮值" not in text
        await sent("duty", what="end_rotation", rotation=str(one.id))
        assert await duty.rotations(plant.id) == []


async def test_days_off_and_clocks_are_edited_on_the_calendar_page(doors: Doors) -> None:
    day = here(7).date()
    usual = anomalies.Clocks()

    def written(spans: dict[str, str]) -> str:
        return " / ".join(spans[grade] for grade in "ABC")

    form = {one: written(spans) for one, spans in usual.stages.items()}
    form |= {f"partner_{one}": written(spans) for one, spans in usual.partner.items()}
    form |= {"window": written(usual.window), "collecting": "2 h / 8 h / 2 wd"}
    async with await doors.admin("administrator") as session:
        token = {"csrf": session.headers["X-CSRF-Token"], "reason": "停电检修"}
        for changed in (
            {"what": "day", "day": day.isoformat(), "working": "0"},
            {"what": "clocks", **form},
            {"what": "rule", "statutory": "weekends", "zone": "Europe/Berlin"},
        ):
            async with session.post(doors.url("/admin/calendar/change"), data={**token, **changed}) as answer:
                text = words(await answer.text())
                assert answer.status == 200, text[-300:]
        assert "停电检修" in text
        assert "Europe/Berlin" in text
        assert (await anomalies.clocks_for(doors.plant.id)).stages["collecting"]["A"] == "2 h"
        key = (await calendars.days(doors.plant.id))[0].id
        data = {**token, "what": "end_day", "day": str(key)}
        async with session.post(doors.url("/admin/calendar/change"), data=data) as answer:
            assert answer.status == 200
        assert await calendars.days(doors.plant.id) == []
    assert "2 h / 8 h / 2 wd" in words(await opened(doors, "responsible", "/admin/calendar"))


@pytest.mark.parametrize("what", ["day", "clocks", "tea"])
async def test_who_does_not_plan_changes_nothing(doors: Doors, what: str) -> None:
    async with await doors.admin("manager") as session:
        data = {"csrf": session.headers["X-CSRF-Token"], "what": what, "day": "2026-12-24", "reason": "x"}
        async with session.post(doors.url("/admin/calendar/change"), data=data) as answer:
            assert answer.status == 403
    assert await calendars.days(doors.plant.id) == []


async def test_the_next_ladder_says_who_has_to_acknowledge(doors: Doors) -> None:
    """Tier 4 left out, owner and quality manager have to acknowledge; a number that is none is refused."""
    form = {"grade": "A", "wait2": "10", "wait3": "20", "wait4": "", "ack1": "1", "ack3": "1", "people": "2"}
    form |= {"progress": "120", "repeat": "60", "reason": "双重确认"}
    async with await doors.admin("administrator") as session:
        token = {"csrf": session.headers["X-CSRF-Token"]}
        address = doors.url("/admin/policies/change")
        async with session.post(address, data={**token, **form}) as answer:
            text = words(await answer.text())
            assert answer.status == 200, text[-300:]
        assert "须确认的人" in text
        made = await escalation.policy_for(doors.plant.id, "A")
        assert (made.acks, made.people, made.progress_minutes, made.repeat_minutes) == ((1, 3), 2, 120, 60)
        assert [(one.tier, one.after_minutes) for one in made.steps] == [(1, 0), (2, 10), (3, 20)]
        for wrong in ({"wait2": "soon"}, {"ack4": "1"}, {"progress": "5"}, {"grade": "Z"}, {"reason": ""}):
            async with session.post(address, data={**token, **form, **wrong}) as answer:
                assert answer.status == 409, wrong
    assert "下一版本" not in words(await opened(doors, "manager", "/admin/policies"))
