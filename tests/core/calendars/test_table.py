"""The plant's own table, its shifts, and the warning before the known holidays end; on both databases."""

from __future__ import annotations

import datetime as dt

import pytest

from core import anomalies, calendars
from core.calendars import (
    CalendarUnchanged,
    DayStands,
    NeedsReason,
    ShiftBroken,
    ShiftExists,
    ZoneUnknown,
    policy,
)
from core.kit import Malformed, NotFound, NotPermitted, clock, plain_text, system
from core.notices.models import Notice
from tests.core.anomalies.cases import confirmed, taken, unvouched
from tests.plants import small_plant

DAY = dt.timedelta(days=1)


async def test_the_table_is_edited_by_administrators_with_reasons_and_clocks_count_by_it(
    database: str,
) -> None:
    """Five working days of containment (grade C) wait for a plant that is closed for ten days."""
    plant = await small_plant()
    admin, root = await plant.actor("administrator"), system(plant.id)
    case = await taken(plant, detection="automatic")
    usual = (await calendars.calendar_of(plant.id)).later(clock.now(), 5)
    first = clock.in_zone(clock.now(), "Asia/Shanghai").date() + DAY
    for n in range(10):
        key = await calendars.set_day(admin, first + n * DAY, working=False, reason="厂区停电检修")
    graded = await confirmed(plant, case)
    assert graded.grade == "C"
    assert graded.due_at is not None
    assert graded.due_at > usual + 5 * DAY
    with pytest.raises(DayStands):
        await calendars.set_day(admin, first, working=True, reason="恢复")
    await calendars.set_day(admin, first, working=True, reason="包装车间照常", site_id=plant.sites["packing"])
    packing = await calendars.calendar_of(plant.id, plant.sites["packing"])
    assert [packing.works(first), (await calendars.calendar_of(plant.id)).works(first)] == [True, False]
    await calendars.end_day(admin, key, reason="提前恢复")
    assert len(await calendars.days(plant.id)) == 10
    for refused, call in (
        (NotFound, calendars.end_day(admin, key, reason="再来")),
        (NeedsReason, calendars.set_day(admin, first + 40 * DAY, working=False, reason=" ")),
        (NotFound, calendars.set_day(admin, first + 40 * DAY, working=False, reason="x", site_id=99999)),
        (NotPermitted, calendars.set_day(await plant.actor("manager"), first, working=True, reason="x")),
        (
            CalendarUnchanged,
            calendars.choose_calendar(admin, statutory="cn", zone="Asia/Shanghai", reason="x"),
        ),
        (ZoneUnknown, calendars.choose_calendar(admin, statutory="cn", zone="Mars/Crater", reason="x")),
        (Malformed, calendars.choose_calendar(admin, statutory="mars", zone="Asia/Shanghai", reason="x")),
    ):
        with pytest.raises(refused):
            await call
    made = await calendars.choose_calendar(
        root, statutory="weekends", zone="Europe/Berlin", reason="德国工厂"
    )
    assert (made.version, (await calendars.calendar_of(plant.id)).zone) == (1, "Europe/Berlin")
    assert await unvouched() == []


async def test_shifts_are_named_and_ended(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    night = await calendars.add_shift(admin, "夜班", dt.time(22), dt.time(6), reason="三班制")
    assert (night.over_midnight, night.zone, night.days) == (True, "Asia/Shanghai", (1, 2, 3, 4, 5))
    for refused, call in (
        (ShiftExists, calendars.add_shift(admin, "夜班", dt.time(20), dt.time(4), reason="x")),
        (ShiftBroken, calendars.add_shift(admin, "空班", dt.time(8), dt.time(8), reason="x")),
        (ZoneUnknown, calendars.add_shift(admin, "火星", dt.time(8), dt.time(9), reason="x", zone="Mars")),
        (plain_text.Empty, calendars.add_shift(admin, " ", dt.time(8), dt.time(9), reason="x")),
    ):
        with pytest.raises(refused):
            await call
    await calendars.end_shift(admin, night.id, reason="改两班")
    assert await calendars.shifts(plant.id) == []
    with pytest.raises(NotFound):
        await calendars.end_shift(admin, night.id, reason="再来")
    assert await unvouched() == []


async def test_administrators_hear_once_a_year_that_the_next_holidays_are_not_known(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The installed table ends in 60 days: not yet; a day later, once."""
    plant = await small_plant(enrolled=False)
    end = clock.in_zone(clock.now(), "Asia/Shanghai").date() + 60 * DAY
    monkeypatch.setattr(policy, "known_until", lambda: end)
    assert await calendars.unknown_years(plant.id) is None
    assert await calendars.warn_of_unknown_years() == 0
    clock.shift(DAY)
    assert await calendars.warn_of_unknown_years() == 1
    assert await calendars.warn_of_unknown_years() == 0
    told = await Notice.filter(kind="calendars:unknown")
    assert [(one.person_id, one.facts["year"]) for one in told] == [
        (plant.persons["administrator"], end.year + 1)
    ]
    assert await unvouched() == []


async def test_clocks_are_versions_and_those_that_run_keep_their_date(database: str) -> None:
    plant = await small_plant(enrolled=False)
    admin = await plant.actor("administrator")
    before = await taken(plant, risk="implant")
    wanted = anomalies.Clocks(
        stages={**anomalies.Clocks().stages, "collecting": {"A": "2 h", "B": "8 h", "C": "2 wd"}}
    )
    made = await anomalies.set_clocks(admin, wanted, reason="客户要求")
    after = await taken(plant, risk="implant", lot="MC-001")
    assert made.version == 1
    assert before.due_at is not None
    assert after.due_at is not None
    assert (await anomalies.get(admin, before.id)).due_at == before.due_at
    assert after.due_at - clock.now() < dt.timedelta(hours=2)
    with pytest.raises(NotPermitted):
        await anomalies.set_clocks(await plant.actor("manager"), wanted, reason="x")
    assert await unvouched() == []
