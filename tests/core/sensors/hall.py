"""A cold room with a sensor, a lot under it, and messages as a broker brings them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal

from core import anomalies, sensors
from core.anomalies import AnomalyFacts
from core.kit import clock
from core.sensors import Kind, Message, NewRule, NewSensor, SensorFacts
from tests.plants import Plant, small_plant

TOPIC = "plant/cold-1/temperature"
MINUTE = dt.timedelta(minutes=1)
RULE = NewRule(
    warning_high=Decimal(7),
    alarm_high=Decimal(8),
    alarm_low=Decimal(2),
    delay=5 * MINUTE,
    hysteresis=Decimal(1),
    missing=10,
)


@dataclass(kw_only=True)
class Hall:
    """The plant, its sensor, and the instant of the first reading."""

    plant: Plant
    sensor: SensorFacts
    start: dt.datetime

    def message(self, minute: float, value: str, **more: object) -> Message:
        """One reading as our plain JSON."""
        at = (self.start + minute * MINUTE).isoformat()
        return Message(topic=TOPIC, payload=json.dumps({"value": float(value), "at": at, **more}).encode())

    async def bring(self, *messages: Message) -> None:
        """Hand messages over and take them in."""
        await sensors.receive(messages)
        await sensors.take_in()

    async def at(self, minute: float) -> None:
        """Set the clock to a minute after the start."""
        clock.shift(self.start + minute * MINUTE - clock.now())

    async def cases(self) -> list[AnomalyFacts]:
        """The cases there are, oldest first."""
        page = await anomalies.page(await self.plant.actor("manager"))
        return sorted(page.rows, key=lambda one: one.id)


async def hall(*, rule: NewRule = RULE, code: str = "KG", **more: object) -> Hall:
    """The plant with one sensor and its rule, in force from now on."""
    plant = await small_plant(code=code)
    worker = await plant.actor("responsible")
    said: dict[str, object] = {
        "code": "COLD-1",
        "kind": Kind.TEMPERATURE,
        "unit": "°C",
        "topic": TOPIC,
        "place": "冷库 1",
        **more,
    }
    sensor = await sensors.record_sensor(worker, NewSensor(**said))  # type: ignore[arg-type]
    await sensors.set_rule(worker, sensor.id, rule, reason="冷链产品 2–8 ℃")
    return Hall(
        plant=plant, sensor=sensor, start=clock.now().replace(microsecond=0) + dt.timedelta(seconds=1)
    )
