"""The gateway of the clean room at a real broker, and the intake that listens there."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import aiomqtt

from bot.adapters.sensors import SensorIntake, broker_of
from core import sensors
from core.sensors import Message
from tests.flow.house import FlowHouse
from tests.servers.mqtt import PASSWORD, USER, MqttServer, mqtt_server, sender

TOPIC = "kanggu/clean-1/temperature"
SENSOR = "CLEAN-1"


class Ours:
    """Nobody else listens here."""

    async def until_held(self) -> None:
        """It is ours."""

    async def while_held(self) -> None:
        """It stays ours."""
        await asyncio.Event().wait()

    async def give_back(self) -> bool:
        """It was ours."""
        return True


@dataclass
class ByMqtt:
    """What is told by the sensor."""

    house: FlowHouse
    server: MqttServer
    gateway: aiomqtt.Client
    published: list[bytes] = field(default_factory=list)
    taken: int = 0
    sent: int = 0

    async def take(self, messages: Sequence[Message]) -> None:
        """Commit what came, as the product does."""
        await sensors.receive(messages)
        self.taken += len(messages)

    async def day(self, by: str, *, readings: list[tuple[dt.datetime, Decimal]], twice: bool) -> None:
        """A day's readings in one message; an impatient gateway sends it twice."""
        payload = json.dumps(
            [{"value": float(value), "unit": "°C", "at": at.isoformat()} for at, value in readings]
        ).encode()
        self.published.append(payload)
        await self._publish(*[payload] * (2 if twice else 1))

    async def _publish(self, *payloads: bytes) -> None:
        for one in payloads:
            self.house.asked["mqtt"] += 1
            await self.gateway.publish(TOPIC, one, qos=1)
        self.sent += len(payloads)
        await self.server.until(lambda: self.taken >= self.sent)
        await sensors.take_in()

    async def everything_again(self) -> None:
        """The gateway forgot what it had sent."""
        await self._publish(*self.published)


@contextlib.asynccontextmanager
async def listening(house: FlowHouse) -> AsyncIterator[ByMqtt]:
    """A broker, a gateway connected to it, and the product's intake."""
    async with mqtt_server() as server, sender(server) as gateway:
        made = ByMqtt(house, server, gateway)
        broker = broker_of(server.url, client_id="bihuan", user=USER, password=PASSWORD, topics=TOPIC)
        intake = SensorIntake(
            broker,
            Ours(),
            take=made.take,
            set_aside=sensors.set_aside,
            topics=sensors.topics,
            alive=_alive,
        )
        intake.start()
        try:
            await server.until(lambda: TOPIC in server.subscribed())
            yield made
        finally:
            await intake.stop()


async def _alive() -> None:
    """Signs of life are looked at elsewhere."""
