"""kill -9 of the worker that listens to sensors, at random instants: no reading is lost, none counts twice, one case."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import random
import signal
from decimal import Decimal
from pathlib import Path

from bot import database
from core import sensors
from core.anomalies.models import Anomaly
from core.kit.keys import KeyRing
from core.sensors.models import Arrival
from tests.core.sensors.hall import TOPIC, Hall, hall
from tests.databases import close_database
from tests.processes import Process, spawn
from tests.servers.mqtt import PASSWORD, USER, MqttServer, mqtt_server, sender

KILLS = 5
EACH = 24
RULE = sensors.NewRule(alarm_high=Decimal(8), missing=None)


def start(folder: Path, server: MqttServer) -> Process:
    """A real worker process."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BIHUAN_")}
    environment = {
        **kept,
        "BIHUAN_DATABASE_URL": f"sqlite://{folder}/plant.db",
        "BIHUAN_BLOB_URL": f"file://{folder}/blobs",
        "BIHUAN_MASTER_KEY_FILE": str(folder / "master.key"),
        "BIHUAN_LEDGER_KEY_FILE": str(folder / "ledger.key"),
        "BIHUAN_MQTT_URL": server.url,
        "BIHUAN_MQTT_USER": USER,
        "BIHUAN_MQTT_PASSWORD": PASSWORD,
        "BIHUAN_LOG_LEVEL": "ERROR",
    }
    with (folder / "stderr.log").open("ab") as log:
        return spawn("bot", "worker", folder=folder, environment=environment, stderr=log)


async def prepare(folder: Path) -> Hall:
    url = f"sqlite://{folder}/plant.db"
    await database.open_database(url)
    await database.migrate(url)
    KeyRing.load_or_create(folder / "master.key")
    made = await hall(rule=RULE, interval=dt.timedelta(seconds=1))
    await database.close_database()
    return made


def said(cold: Hall, number: int) -> bytes:
    at = cold.start + dt.timedelta(seconds=number / 100)
    value = 9.5 if 40 <= number < 90 else 5 + number % 7 / 10
    return json.dumps({"value": value, "at": at.isoformat(), "seq": number}).encode()


async def test_every_reading_is_on_record_exactly_once(tmp_path: Path) -> None:
    """Two workers at the end: the one that listens is killed, the other takes over at once."""
    await close_database()
    cold = await prepare(tmp_path)
    rng = random.Random(20261201)
    async with mqtt_server() as server, sender(server) as gateway:
        first = start(tmp_path, server)
        await server.until(lambda: TOPIC in server.subscribed(), 60)
        await first_killed(first)
        for kill in range(KILLS):
            workers = [start(tmp_path, server) for _n in range(1 + kill % 2)]
            await server.until(server.connected, 60)
            for number in range(kill * EACH, (kill + 1) * EACH):
                await gateway.publish(TOPIC, said(cold, number), qos=1)
                if number % 5 == 0:
                    await gateway.publish(TOPIC, said(cold, number), qos=1)
            await asyncio.sleep(rng.uniform(0.0, 0.4))
            for one in workers:
                await first_killed(one)
        last = start(tmp_path, server)
        await server.until(lambda: server.connected() and server.waiting() == 0, 60)
        await _quiet(tmp_path)
        last.send_signal(signal.SIGTERM)
        await asyncio.wait_for(last.wait(), 30)
    await database.open_database(f"sqlite://{tmp_path}/plant.db")
    worker = await cold.plant.actor("responsible")
    points = await sensors.points_of(worker, cold.sensor.id)
    assert len(points) == KILLS * EACH
    assert len({one.at for one in points}) == KILLS * EACH
    assert await Anomaly.all().count() == 1
    episodes = await sensors.episodes_of(worker, cold.sensor.id)
    assert len([one for one in episodes if one.state is not sensors.EpisodeState.RETRACTED]) == 1
    await database.close_database()


async def first_killed(worker: Process) -> None:
    worker.send_signal(signal.SIGKILL)
    await worker.wait()


async def _quiet(folder: Path) -> None:
    """Wait until everything that was stored was taken in."""
    await database.open_database(f"sqlite://{folder}/plant.db")
    async with asyncio.timeout(60):
        while await Arrival.filter(done_at=None).exists():
            await asyncio.sleep(0.1)
    await database.close_database()
