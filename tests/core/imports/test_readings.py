"""Readings of sensors by file: the same way as by a broker, each fault by row and column, the same reading once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from core import imports, sensors
from core.imports import Faulty, ReportStays, Subject
from core.kit import clock, system
from core.sensors import Kind, NewSensor
from core.sensors.models import Arrival
from tests.core.imports.test_importing import is_sound
from tests.core.imports.test_partner_templates import filled
from tests.core.sensors.hall import MINUTE, Hall, hall

Rows = list[dict[str, str]]


@pytest.fixture
async def cold(database: str) -> Hall:
    """A cold room whose sensor stands under a rule: an alarm above 8 °C for five minutes."""
    return await hall()


def rows(cold: Hall, *values: str) -> Rows:
    """A reading a minute."""
    return [
        {
            "sensor": cold.sensor.code,
            "at": (cold.start + minute * MINUTE).isoformat(),
            "value": value,
            "unit": "",
        }
        for minute, value in enumerate(values)
    ]


@pytest.mark.parametrize(("language", "encoding"), [("zh_CN", "gb18030"), ("en", "utf-8")])
async def test_an_excursion_in_a_file_opens_its_case(
    cold: Hall, tmp_path: Path, language: str, encoding: str
) -> None:
    """Every reading comes to its place, the alarm is found, the same file changes nothing; nothing is taken back."""
    await cold.at(12)
    worker = await cold.plant.actor("responsible")
    said = rows(cold, "5", "5.25", "9", "9,5", "9", "9", "9", "9", "9", "5")
    done = await filled(worker, tmp_path, Subject.READINGS, said, language, encoding)
    assert done.run is not None
    assert (done.rows, done.run.subject) == (10, Subject.READINGS)
    await sensors.take_in()
    points = await sensors.points_of(worker, cold.sensor.id)
    assert [str(one.value.normalize()) for one in points][:4] == ["5", "5.25", "9", "9.5"]
    assert len(await cold.cases()) == 1
    again = await filled(worker, tmp_path, Subject.READINGS, said, language, encoding)
    assert again.before
    part = await filled(worker, tmp_path, Subject.READINGS, said[3:], language, encoding)
    assert (part.before, part.rows) == (False, 7)
    await sensors.take_in()
    assert await sensors.points_of(worker, cold.sensor.id) == points
    assert len(await cold.cases()) == 1
    with pytest.raises(ReportStays):
        await imports.undo(await cold.plant.actor("administrator"), done.run.number, "错了")
    await sensors.pack_due()
    assert await is_sound(tmp_path)


async def test_each_fault_is_told_by_its_row_and_nothing_comes_in(cold: Hall, tmp_path: Path) -> None:
    """Unknown sensors, bounds, other units, impossible values, days without a time that is one."""
    await cold.at(12)
    worker = await cold.plant.actor("responsible")
    wrong = rows(cold, "5", "<5", "five", "1,000", "41", "-300", "")
    wrong[4]["unit"] = "°F"
    wrong += [rows(cold, "5")[0] | {"sensor": "NONE"}, rows(cold, "5")[0] | {"at": "yesterday"}]
    with pytest.raises(Faulty) as faulty:
        await filled(worker, tmp_path, Subject.READINGS, wrong)
    assert [(one.line, one.column, one.why.code) for one in faulty.value.faults] == [
        (3, "读数", "FigureUnclear"),
        (4, "读数", "FigureUnclear"),
        (5, "读数", "FigureUnclear"),
        (8, "读数", "CellMissing"),
        (10, "读数时间", "NotAnInstant"),
    ]
    told = [one for one in wrong if one["value"] in ("5", "41", "-300") and one["at"] != "yesterday"]
    with pytest.raises(Faulty) as faulty:
        await filled(worker, tmp_path, Subject.READINGS, told)
    assert [(one.line, one.column, one.why.code) for one in faulty.value.faults] == [
        (3, "读数", "ReadingUnfit"),
        (4, "读数", "ReadingUnfit"),
        (5, "传感器编号", "NotFound"),
    ]
    [late] = rows(cold, "5")
    late["at"] = (cold.start - dt.timedelta(days=32)).isoformat()
    with pytest.raises(Faulty) as faulty:
        await filled(worker, tmp_path, Subject.READINGS, [late, *rows(cold, "5", "1E12", *["5"] * 14)])
    assert [(one.line, one.column, one.why.code) for one in faulty.value.faults] == [
        (2, "读数时间", "ReadingOld"),
        (4, "读数", "ReadingUnfit"),
        (18, "读数时间", "ReadingAhead"),
    ]
    await sensors.change_sensor(worker, cold.sensor.id, reason="拆除", active=False)
    with pytest.raises(Faulty) as faulty:
        await filled(worker, tmp_path, Subject.READINGS, rows(cold, "5"))
    assert [(one.column, one.why.code) for one in faulty.value.faults] == [("传感器编号", "SensorOut")]
    assert await Arrival.all().count() == 0
    assert await imports.runs(worker) == []


async def test_a_large_value_costs_no_other_reading(database: str, tmp_path: Path) -> None:
    """Of a kind without bounds too: what no message can hold is told by its row, as is no more than a millionth."""
    pressed = await hall(kind=Kind.PRESSURE, unit="kPa")
    await pressed.at(12)
    worker = await pressed.plant.actor("responsible")
    with pytest.raises(Faulty) as faulty:
        await filled(worker, tmp_path, Subject.READINGS, rows(pressed, "101.3", "9" * 13))
    assert [one.line for one in faulty.value.faults] == [3]
    said = rows(pressed, "101.3", "101." + "1" * 36)
    await filled(worker, tmp_path, Subject.READINGS, said)
    await sensors.take_in()
    found = [one.value for one in await sensors.points_of(worker, pressed.sensor.id)]
    assert found == [Decimal("101.3"), Decimal("101.111111")]


async def test_a_partner_hands_in_what_its_own_sensors_read(cold: Hall, tmp_path: Path) -> None:
    """The plant's sensor is not there for it; units are read as senders write them; many rows are many messages."""
    await cold.at(12)
    operator = await cold.plant.actor("coater_operator")
    with pytest.raises(Faulty) as faulty:
        await filled(operator, tmp_path, Subject.READINGS, rows(cold, "5"))
    assert [one.why.code for one in faulty.value.faults] == ["NotFound"]
    oven = NewSensor(
        code="OVEN-7",
        kind=Kind.TEMPERATURE,
        unit="°C",
        topic="oven/7",
        organisation_id=cold.plant.partners["supplier"],
    )
    made = await sensors.record_sensor(system(cold.plant.id), oven)
    at = clock.now().replace(microsecond=0) - dt.timedelta(hours=1)
    said = [
        {
            "sensor": "OVEN-7",
            "at": (at + second * dt.timedelta(seconds=1)).isoformat(),
            "value": "180.5",
            "unit": "Cel",
        }
        for second in range(1001)
    ]
    assert (await filled(operator, tmp_path, Subject.READINGS, said)).rows == 1001
    assert await Arrival.all().count() == 2
    await sensors.take_in()
    assert len(await sensors.points_of(operator, made.id)) == 1001
    assert await sensors.asides(system(cold.plant.id)) == []
