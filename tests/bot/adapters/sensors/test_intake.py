"""The subscription by a real broker: nothing acknowledged is lost, nothing counts twice, whatever breaks."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot import sensing
from bot.adapters import sensors as adapter
from bot.adapters.sensors import Broker, BrokerFault, SensorIntake, broker_of
from bot.adapters.sensors import intake as reader
from bot.leases import Lease
from bot.settings import Settings, SettingsFault
from core import sensors
from core.kit.canonical import decimal_text
from core.sensors import Message
from tests.core.sensors.hall import TOPIC, Hall, hall
from tests.servers.mqtt import PASSWORD, USER, MqttServer, mqtt_server, sender


@pytest.fixture
async def server() -> AsyncIterator[MqttServer]:
    async with mqtt_server() as running:
        yield running


def broker(server: MqttServer, **changes: object) -> Broker:
    return replace(broker_of(server.url, client_id="bihuan", user=USER, password=PASSWORD), **changes)  # type: ignore[arg-type]


def intake(
    server: MqttServer,
    holder: str = "one",
    *,
    take: object = sensors.receive,
    set_aside: object = sensors.set_aside,
    **changes: object,
) -> SensorIntake:
    lease = Lease(sensing.LEASE, holder=holder, lasts=dt.timedelta(seconds=2), look=0.1)
    return SensorIntake(
        broker(server, **changes),
        lease,
        take=take,  # type: ignore[arg-type]
        set_aside=set_aside,  # type: ignore[arg-type]
        topics=sensors.topics,
        alive=sensing.sign_of_life,
    )


def payload(cold: Hall, minute: float, value: str) -> bytes:
    return cold.message(minute, value).payload


async def readings(cold: Hall) -> list[str]:
    await sensors.take_in()
    worker = await cold.plant.actor("responsible")
    return [decimal_text(one.value) for one in await sensors.points_of(worker, cold.sensor.id)]


async def stored(cold: Hall, count: int) -> list[str]:
    """Wait for so many readings."""
    async with asyncio.timeout(20):
        while len(found := await readings(cold)) < count:
            await asyncio.sleep(0.05)
    return found


async def test_what_is_published_is_on_record_before_the_broker_hears_of_it(
    database: str, server: MqttServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database is away nothing is acknowledged and nothing put aside; a sign of life is noted."""
    monkeypatch.setattr(reader, "AGAIN", 0.02)
    cold = await hall()
    await cold.at(10)
    failing = asyncio.Event()
    tried = 0

    async def away() -> None:
        nonlocal tried
        tried += 1
        if not failing.is_set():
            msg = "the database is away"
            raise ConnectionError(msg)

    async def take(messages: Sequence[Message]) -> None:
        await away()
        await sensors.receive(messages)

    async def set_aside(message: Message) -> None:
        await away()
        await sensors.set_aside(message)

    one = intake(server, take=take, set_aside=set_aside)
    one.start()
    await server.until(lambda: TOPIC in server.subscribed())
    async with sender(server) as gateway:
        await gateway.publish(TOPIC, payload(cold, 1, "5"), qos=1)
        await server.until(lambda: tried > 3 * reader.ALONE)
        assert server.waiting() == 1
        failing.set()
        await server.until(lambda: server.waiting() == 0)
    assert await readings(cold) == ["5"]
    found = await sensing.health()
    assert found["sensor_intake_age"] >= 0
    await one.stop()
    assert not server.connected()


async def test_what_comes_while_nobody_listens_waits_at_the_broker(database: str, server: MqttServer) -> None:
    """The session stays under our name; the same is published twice and read once."""
    cold = await hall()
    await cold.at(10)
    one = intake(server)
    one.start()
    await server.until(lambda: TOPIC in server.subscribed())
    await one.stop()
    async with sender(server) as gateway:
        for _again in range(2):
            for minute in range(5):
                await gateway.publish(TOPIC, payload(cold, minute, f"5.{minute}"), qos=1)
    two = intake(server, "two")
    two.start()
    assert await stored(cold, 5) == ["5", "5.1", "5.2", "5.3", "5.4"]
    await server.until(lambda: server.waiting() == 0)
    await two.stop()


async def test_a_broker_that_comes_back_is_found_again(database: str, server: MqttServer) -> None:
    cold = await hall()
    await cold.at(10)
    one = intake(server)
    one.start()
    await server.until(lambda: TOPIC in server.subscribed())
    await server.stop()
    await asyncio.sleep(0.3)
    await server.start()
    await server.until(lambda: TOPIC in server.subscribed())
    async with sender(server) as gateway:
        await gateway.publish(TOPIC, payload(cold, 1, "5"), qos=1)
    assert await stored(cold, 1) == ["5"]
    assert one.connections == 2
    await one.stop()


async def test_of_two_workers_one_listens_and_the_other_takes_over(database: str, server: MqttServer) -> None:
    """One that hangs with its lease run out is put out by the broker when the other comes under the same name."""
    cold = await hall()
    await cold.at(10)
    one, two = intake(server, "one"), intake(server, "two")
    one.start()
    await server.until(lambda: TOPIC in server.subscribed())
    two.start()
    await asyncio.sleep(0.3)
    assert two.connections == 0
    await one.stop()
    await server.until(lambda: two.connections == 1)
    async with sender(server) as gateway:
        await gateway.publish(TOPIC, payload(cold, 1, "5"), qos=1)
    assert await stored(cold, 1) == ["5"]
    await two.stop()


async def test_a_new_sensor_is_subscribed_to_without_a_restart(
    database: str, server: MqttServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.sensors.intake.LOOK", 0.1)
    cold = await hall()
    one = intake(server)
    one.start()
    await server.until(lambda: server.subscribed() >= {TOPIC})
    new = sensors.NewSensor(code="S-2", kind=sensors.Kind.OTHER, unit="ppm", topic="plant/co2")
    made = await sensors.record_sensor(await cold.plant.actor("responsible"), new)
    await server.until(lambda: server.subscribed() >= {TOPIC, "plant/co2"})
    await sensors.change_sensor(await cold.plant.actor("responsible"), made.id, reason="停用", active=False)
    await server.until(lambda: "plant/co2" not in server.subscribed())
    await one.stop()


async def test_hostile_messages_are_put_aside_and_the_good_ones_come_through(
    database: str, server: MqttServer
) -> None:
    """Ten megabytes, deep JSON, NaN, NUL, other encodings, topics of nobody, kept ones: the next reading is read."""
    cold = await hall()
    await cold.at(10)
    async with sender(server) as gateway:
        await gateway.publish(TOPIC, b'{"value": 3}', qos=1, retain=True)
    one = intake(server, filters=("#",))
    one.start()
    await server.until(lambda: "#" in server.subscribed())
    bad = (
        b"[" * 5000,
        b'{"value": NaN}',
        b"\x00\x00",
        b"\xff\xfe",
        b"",
        b"9" * 10_000_000,
        json.dumps([1, {}]).encode(),
    )
    async with sender(server) as gateway:
        for body in bad:
            await gateway.publish(TOPIC, body, qos=1, timeout=30)
        await gateway.publish("somebody/else", b"1", qos=0)
        await gateway.publish(TOPIC, payload(cold, 1, "5"), qos=1)
    assert await stored(cold, 1) == ["5"]
    found = {one.why: one.count for one in await sensors.asides(await cold.plant.actor("manager"))}
    assert sum(found.values()) == len(bad) + 2, found
    assert found[sensors.Why.LARGE] == found[sensors.Why.RETAINED] == found[sensors.Why.ENCODING] == 1
    await one.stop()


async def test_a_message_that_can_never_be_stored_is_put_aside_and_holds_nothing_up(
    database: str, server: MqttServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that came with it are stored, once; it is tried alone some times first, for a fault may pass."""
    monkeypatch.setattr(reader, "AGAIN", 0.02)
    cold = await hall()
    await cold.at(10)
    poison, passing = payload(cold, 2, "6"), payload(cold, 3, "7")
    tried: Counter[bytes] = Counter()

    async def take(messages: Sequence[Message]) -> None:
        tried.update(one.payload for one in messages)
        for one in messages:
            if one.payload == poison or (one.payload == passing and tried[passing] < reader.ALONE):
                msg = "a value that the database refuses"
                raise ValueError(msg)
        await sensors.receive(messages)

    one = intake(server, take=take)
    one.start()
    await server.until(lambda: TOPIC in server.subscribed())
    async with sender(server) as gateway:
        for body in (payload(cold, 1, "5"), poison, passing, payload(cold, 4, "8")):
            await gateway.publish(TOPIC, body, qos=1)
    await server.until(lambda: server.waiting() == 0)
    assert await stored(cold, 3) == ["5", "7", "8"]
    (aside,) = await sensors.asides(await cold.plant.actor("manager"))
    assert (aside.why, aside.count, aside.topic) == (sensors.Why.FAILED, 1, TOPIC)
    assert tried[poison] > reader.ALONE
    await one.stop()


async def test_a_wrong_password_is_told_and_tried_again_and_leaves_no_socket(
    database: str, server: MqttServer
) -> None:
    """The doctor's sentence names the setting; the intake goes on trying."""
    [(_what, fault)] = await adapter.checked(broker(server, password="no"))
    assert fault is not None
    assert "BIHUAN_MQTT_" in fault
    assert await adapter.checked(broker(server)) == [("sensor broker", None)]
    one = intake(server, password="no")
    one.start()
    await asyncio.sleep(0.5)
    assert one.connections == 0
    await one.stop()
    await server.stop()
    [(_what, fault)] = await adapter.checked(broker(server))
    assert fault is not None
    await server.start()


@pytest.mark.parametrize(
    "changes",
    [
        {"mqtt_url": "http://x"},
        {"mqtt_url": "mqtt://"},
        {"mqtt_url": "mqtt://a:99999"},
        {"mqtt_url": "mqtt://user:pass@host"},
        {"mqtt_url": "mqtt://host", "mqtt_ca_file": "x.pem"},
        {"mqtt_url": "mqtts://host", "mqtt_ca_file": "missing.pem"},
    ],
)
def test_settings_that_do_not_go_together_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsFault):
        sensing.broker(Settings(_env_file=None, **changes))  # type: ignore[arg-type]
    assert sensing.broker(Settings(_env_file=None)) is None  # type: ignore[call-arg]
    with pytest.raises(BrokerFault):
        broker_of("mqtt://h/path", client_id="x")


async def test_what_was_committed_and_not_acknowledged_comes_anew_and_counts_once(
    database: str, server: MqttServer
) -> None:
    """Stopped between commit and acknowledgement; a bare number is known by its packet, though it has no time."""
    cold = await hall(format=sensors.Format.BARE)
    committed = asyncio.Event()

    async def take(messages: Sequence[Message]) -> None:
        await sensors.receive(messages)
        committed.set()
        await asyncio.sleep(60)

    one = intake(server, take=take)
    one.start()
    await server.until(lambda: TOPIC in server.subscribed())
    async with sender(server) as gateway:
        await gateway.publish(TOPIC, b"5.5", qos=1)
        await committed.wait()
        await one.stop()
        await server.until(lambda: not server.connected())
        assert server.waiting() == 1
        two = intake(server, "two")
        two.start()
        await server.until(lambda: server.connected() and server.waiting() == 0)
        await gateway.publish(TOPIC, b"5.5", qos=1)
        assert await stored(cold, 2) == ["5.5", "5.5"]
    await two.stop()
