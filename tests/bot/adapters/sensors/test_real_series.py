"""A real series of a building whose climate system failed twice, by the broker through readings to alarms.

NAB (Numenta Anomaly Benchmark), realKnownCause, ambient_temperature_system_failure: hourly °F, eleven months, MIT licence.
The labels are the benchmark's; the windows around them are its tolerance.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal

import pytest

from core import sensors
from core.kit import clock
from core.sensors import EpisodeState, Format, NewRule, Trouble
from tests.bot.adapters.sensors.test_intake import intake, stored
from tests.core.sensors.hall import TOPIC, hall
from tests.databases import close_database, open_database
from tests.paths import SHARED_DATA
from tests.servers.mqtt import mqtt_server, sender

NAB = SHARED_DATA / "sensor_nab"
NAME = "realKnownCause/ambient_temperature_system_failure.csv"
HOUR = dt.timedelta(hours=1)
DAYS = 3
"""Days of a pack, as a gateway keeps them."""
RULE = NewRule(
    alarm_low=Decimal(60), alarm_high=Decimal(80), delay=6 * HOUR, hysteresis=Decimal(1), missing=24
)
"""15.6 to 26.7 °C, what a warehouse of goods may have; short of six hours it is weather or an open door."""


async def test_both_failures_of_a_real_climate_system_are_found(
    sqlite_files: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """Packs of some days each, in virtual time: the same days, the same alarms, each run."""
    with (NAB / "data" / NAME).open(newline="") as file:
        rows = [
            (dt.datetime.fromisoformat(one["timestamp"]).replace(tzinfo=dt.UTC), Decimal(one["value"]))
            for one in csv.DictReader(file)
        ]
    labels = [
        dt.datetime.fromisoformat(one).replace(tzinfo=dt.UTC)
        for one in json.loads((NAB / "labels" / "combined_labels.json").read_text())[NAME]
    ]
    windows = [
        [dt.datetime.fromisoformat(one).replace(tzinfo=dt.UTC) for one in pair]
        for pair in json.loads((NAB / "labels" / "combined_windows.json").read_text())[NAME]
    ]
    await open_database(await sqlite_files.fresh())  # type: ignore[attr-defined]
    cold = await hall(rule=RULE, unit="°F", format=Format.SENML, interval=HOUR)
    shift = cold.start + HOUR - rows[0][0]
    days: dict[int, list[tuple[dt.datetime, Decimal]]] = {}
    for at, value in rows:
        days.setdefault(at.toordinal() // DAYS, []).append((at + shift, value))
    async with mqtt_server() as server, sender(server) as gateway:
        listener = intake(server)
        listener.start()
        await server.until(lambda: TOPIC in server.subscribed())
        told = 0
        for day in days.values():
            clock.shift(day[-1][0] + dt.timedelta(minutes=1) - clock.now())
            pack = [{"u": "°F", "t": at.timestamp(), "v": float(value)} for at, value in day]
            await gateway.publish(TOPIC, json.dumps(pack).encode(), qos=1)
            told += len(day)
            await server.until(lambda: server.waiting() == 0)
            await sensors.take_in()
        assert len(await stored(cold, told)) == len(rows) == 7267
        await listener.stop()
    worker = await cold.plant.actor("responsible")
    episodes = [
        one
        for one in await sensors.episodes_of(worker, cold.sensor.id)
        if one.state is not EpisodeState.RETRACTED
    ]
    out = sorted(
        (one.episode.noticed - shift, one.episode.trouble)
        for one in episodes
        if one.episode.trouble is not Trouble.MISSING
    )
    gaps = [one for one in episodes if one.episode.trouble is Trouble.MISSING]
    with capsys.disabled():
        print(
            f"\nNAB ambient temperature: {len(rows)} readings, {len(out)} alarms, {len(gaps)} gaps of more than a day"
        )
        for at, trouble in out:
            inside = [
                f"{(at - label) / HOUR:+.0f} h of the label"
                for label, (a, b) in zip(labels, windows, strict=True)
                if a <= at <= b
            ]
            print(
                f"  {at:%Y-%m-%d %H:%M} {trouble.value:5} {inside[0] if inside else 'outside every window'}"
            )
    found = [[at for at, _trouble in out if begins <= at <= ends] for begins, ends in windows]
    assert [len(one) for one in found] == [1, 1]
    assert [(one[0] - label) // HOUR for one, label in zip(found, labels, strict=True)] == [-18, -1]
    assert len(out) == 3  # one alarm in eleven months that the benchmark has no label for
    assert len(gaps) == 7
    assert len(await cold.cases()) == len(out) + len(gaps)
    await close_database()
