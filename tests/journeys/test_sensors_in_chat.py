"""Sensors asked for in the chat: all of them, one with its picture, those of a lot; the owner hears of an alarm's end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import sensors
from core.kit import clock
from core.sensors import Kind, Message, NewRule, NewSensor
from tests.journeys import acts


async def test_a_sensor_is_looked_at_and_its_alarm_reaches_its_owner(database: str) -> None:
    house, (engineer, operator) = await acts.house_with("responsible", "operator")
    worker = await house.plant.actor("responsible")
    new = NewSensor(code="COLD-1", kind=Kind.TEMPERATURE, unit="°C", topic="cold/1")
    made = await sensors.record_sensor(worker, new)
    await engineer.says("传感器")
    assert "未设限值" in engineer.chat[-1].text
    await sensors.set_rule(worker, made.id, NewRule(alarm_high=Decimal(8)), reason="2–8 ℃")
    await sensors.stand(worker, made.id, lot="CT-001")
    for value in (b"5", b"9.5"):
        clock.shift(dt.timedelta(minutes=1))
        await sensors.receive([Message(topic="cold/1", payload=b'{"value": ' + value + b"}")])
        await sensors.take_in()
    await house.settle()
    assert "9.5 °C > 8 °C" in engineer.chat[-1].text  # the alert of its case
    await engineer.says("/sensor COLD-1")
    shown = engineer.chat[-1]
    assert "9.5 °C" in shown.text
    assert "超上限" in shown.text
    assert shown.outgoing.pictures
    await operator.says("/sensor CT-001")
    assert "COLD-1" in operator.chat[-1].text
    clock.shift(dt.timedelta(minutes=1))
    await sensors.receive([Message(topic="cold/1", payload=b'{"value": 5}')])
    await sensors.take_in()
    await house.settle()
    assert any("已结束 over" in one.text for one in engineer.chat)
