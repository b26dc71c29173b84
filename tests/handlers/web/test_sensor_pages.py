"""Pages of sensors: made known, limits set, a lot put under it, its alarm seen, all by forms."""

from __future__ import annotations

import html

import pytest

from core import sensors
from core.kit import clock
from core.ledger.models import LedgerEntry
from core.sensors import Kind, Message, NewSensor
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import opened, words


async def sent(doors: Doors, name: str, **fields: str) -> int:
    """A form of the pages, handed in by a person; answers the status."""
    async with await doors.admin(name) as session:
        form = {"csrf": session.headers["X-CSRF-Token"], **fields}
        async with session.post(
            doors.url("/admin/sensors/change"), data=form, allow_redirects=False
        ) as answer:
            return answer.status


async def test_a_sensor_lives_on_its_pages(doors: Doors) -> None:
    """An administrator makes it known and sets limits, an engineer puts a lot under it, everybody sees its alarm."""
    assert (
        await sent(
            doors,
            "administrator",
            what="sensor",
            code="冷库/1",
            kind="temperature",
            unit="℃",
            topic="c/1",
            interval="60",
        )
        == 303
    )
    made = await sensors.get(await doors.plant.actor("manager"), "冷库/1")
    key = str(made.id)
    limits = {
        "alarm_high": "8",
        "warning_high": "7.5",
        "alarm_low": "2",
        "hysteresis": "0.5",
        "delay": "0",
        "missing": "5",
    }
    assert await sent(doors, "administrator", what="rule", sensor=key, reason="2–8 ℃", **limits) == 303
    assert await sent(doors, "responsible", what="stand", sensor=key, lot="CT-001") == 303
    assert await sent(doors, "responsible", what="rule", sensor=key, reason="x", alarm_high="abc") == 409
    assert await sent(doors, "auditor", what="rule", sensor=key, reason="x", **limits) == 403
    await sensors.receive(
        [Message(topic="c/1", payload=b'{"value": 5}'), Message(topic="c/1", payload=b"<b>")]
    )
    await sensors.take_in()
    await sensors.receive([Message(topic="c/1", payload=b'{"value": 9.25}')])
    await sensors.take_in()
    page = words(await opened(doors, "auditor", "/admin/sensors"))
    for said in ("冷库/1", "9.25 °C", "报警", "超上限", "不是该传感器的格式", "&lt;b&gt;"):
        assert said in page, said
    whole = await opened(doors, "auditor", "/admin/sensors/%E5%86%B7%E5%BA%93%2F1")
    assert "<polyline" in whole
    page = words(whole)
    for said in ("CT-001", "2–8 ℃", "版本 1" if "版本 1" in page else "1", "AN-", "限值 8"):
        assert said in page, said
    (standing,) = await sensors.standings_of(await doors.plant.actor("manager"), made.id)
    assert await sent(doors, "responsible", what="leave", sensor=key, standing=str(standing.id)) == 303
    day = clock.now().date().isoformat()
    assert (
        await sent(
            doors, "responsible", what="change", sensor=key, reason="校准", calibrated_until=day, active="0"
        )
        == 303
    )
    changed = await sensors.get(await doors.plant.actor("manager"), "冷库/1")
    assert (changed.active, str(changed.calibrated_until)) == (False, day)
    [case] = [
        one
        for one in await sensors.episodes_of(await doors.plant.actor("manager"), made.id)
        if one.case_number
    ]
    page = await opened(doors, "auditor", f"/admin/cases/{case.case_number}")
    assert "sensor-picture" in page


async def test_a_form_that_cannot_be_read_says_so_and_keeps_what_was_typed(doors: Doors) -> None:
    """The field by its own words, in the reader's language; the page is the form's own, nothing is typed twice."""
    typed = {"code": "冷库/2", "kind": "humidity", "unit": "%RH", "topic": "c/2", "place": "冷库 <2>"}
    async with await doors.admin("responsible") as session:
        form = {"csrf": session.headers["X-CSRF-Token"], "what": "sensor", **typed, "interval": "1e400"}
        async with session.post(doors.url("/admin/sensors/change"), data=form) as answer:
            page = html.unescape(await answer.text())
            assert answer.status == 409
        assert "每 … 秒一个读数" in page
        assert "1e400" in page
        assert "interval”" not in page, "no name of the program's"
        for said in ('value="冷库/2"', 'value="c/2"', 'value="冷库 <2>"', 'value="humidity" selected'):
            assert said in page, said
        form |= {"interval": "60", "unit": "parsec"}
        async with session.post(doors.url("/admin/sensors/change"), data=form) as answer:
            assert answer.status == 409
            assert "parsec" in await answer.text()
        assert not await sensors.overview(await doors.plant.actor("manager"))
    async with await doors.admin("responsible") as session:
        form |= {"csrf": session.headers["X-CSRF-Token"], "unit": "%RH"}
        async with session.post(doors.url("/admin/sensors/change"), data=form) as answer:
            assert answer.status == 200
        made = await sensors.get(await doors.plant.actor("manager"), "冷库/2")
        form = {"csrf": form["csrf"], "sensor": str(made.id)}
        stand = {"what": "stand", "lot": "CT-404", "since": "2026-11-20T08:00"}
        rule = {"what": "rule", "alarm_high": "8", "warning_high": "9,5", "delay": "15", "reason": "验证 <7>"}
        change = {"what": "change", "calibrated_until": "2027-01-31", "active": "0", "reason": " "}
        for typed in (stand, rule, change):
            async with session.post(doors.url("/admin/sensors/change"), data=form | typed) as answer:
                page = html.unescape(await answer.text())
                assert (answer.status, "冷库/2" in page) == (409, True), typed
            assert "warning_high”" not in page, "no name of the program's"
            assert page.count("<details open>") == 1, "the form that was sent stands open, no other"
            for name, said in typed.items():
                if name not in ("what", "active"):
                    assert f'name="{name}"' in page
                    assert f'value="{said}"' in page, (typed["what"], name)
        assert '<option value="0" selected>' in page


@pytest.mark.parametrize(
    "typed",
    [
        *({"what": "sensor", "interval": one} for one in ("sNaN", "NaN", "Infinity", "-1", "1e400")),
        *({"what": "sensor", "interval": "60", "jump": one} for one in ("NaN", "sNaN", "Infinity", "1e400")),
        {"what": "stand", "lot": "CT-001", "since": "0001-01-01T00:00"},
    ],
    ids=lambda one: "-".join(str(said) for said in one.values()),
)
async def test_numbers_and_moments_that_nobody_can_mean_are_refused(
    doors: Doors, typed: dict[str, str]
) -> None:
    """A page with a sentence, never a fault of the server; nothing is written."""
    new = NewSensor(code="N-1", kind=Kind.TEMPERATURE, unit="°C", topic="n/1")
    made = await sensors.record_sensor(await doors.plant.actor("responsible"), new)
    before = await LedgerEntry.filter(kind__startswith="sensors:").count()
    form = {"code": "N-2", "kind": "temperature", "unit": "°C", "topic": "n/2", "sensor": str(made.id)}
    assert await sent(doors, "responsible", **(form | typed)) in (404, 409, 422)
    assert await LedgerEntry.filter(kind__startswith="sensors:").count() == before
