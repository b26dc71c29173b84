"""A gateway that speaks no MQTT hands readings in by the API: its own sensors alone, committed before the answer."""

from __future__ import annotations

import datetime as dt

from core import sensors
from core.clients import Scope
from core.kit import clock, system
from core.kit.canonical import decimal_text
from core.sensors import Format, Kind, NewSensor
from tests.handlers.partner.program import Programs


async def test_a_partners_gateway_hands_readings_in(programs: Programs) -> None:
    """Twice is once, another unit is put aside, another's sensor is not found; a bare sensor takes them too."""
    root, supplier = system(programs.plant.id), programs.plant.partners["supplier"]
    new = NewSensor(
        code="OVEN-7",
        kind=Kind.TEMPERATURE,
        unit="°C",
        topic="oven/7",
        format=Format.BARE,
        organisation_id=supplier,
    )
    made = await sensors.record_sensor(root, new)
    program = await programs.program("supplier")
    at = clock.now().replace(microsecond=0) - dt.timedelta(minutes=3)
    body = {
        "readings": [
            {"value": "180.5", "at": at.isoformat(), "unit": "Cel"},
            {"value": "356", "at": (at + dt.timedelta(minutes=1)).isoformat(), "unit": "°C"},
        ]
    }
    path = "/api/v1/sensors/OVEN-7/readings"
    for key in ("once-0001", "once-0001", "twice-0001"):
        answer = await program.post(path, body, key=key)
        assert (answer.status, answer.body) == (202, {"committed": 2}), answer.body
    wrong = {"readings": [{"value": "453", "unit": "K"}]}
    assert (await program.post(path, wrong, key="wrong-0001")).status == 202
    await sensors.take_in()
    points = await sensors.points_of(root, made.id)
    assert [decimal_text(one.value) for one in points] == ["180.5", "356"]
    [aside] = await sensors.asides(root)
    assert (aside.why, aside.count) == (sensors.Why.UNIT, 1)
    stranger = await programs.program("carrier", [Scope.CONDITIONS_WRITE])
    assert (await stranger.post(path, body, key="other-0001")).status == 404
