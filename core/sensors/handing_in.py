"""Readings handed in by a program that speaks no MQTT: the same way as every message, under the sensor's topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from core.kit import Actor, Level, Malformed, Module, verb
from core.ledger import Kind as Entry
from core.sensors import payloads, queries
from core.sensors.receiving import receive
from core.sensors.terms import Format, Message, Sample

_json: Final = msgspec.json.Encoder(decimal_format="number")


@verb(Module.LOTS, Level.REPORT, Entry.SENSOR_READINGS)
async def hand_in(actor: Actor, code: str, samples: Sequence[Sample]) -> int:
    """Take readings of a sensor from a signed-in program; answers how many were committed. The same again counts once.

    Raises:
        NotFound: no such sensor in the actor's scope.
        Malformed: none, or more than one message may hold.
    """
    sensor = await queries.row(actor, code)
    if not 1 <= len(samples) <= payloads.MOST:
        raise Malformed(field="readings", why=str(len(samples)))
    rows = [{"value": one.value, "unit": one.unit, "at": one.at, "seq": one.seq} for one in samples]
    said = [{name: value for name, value in row.items() if value not in (None, "")} for row in rows]
    await receive([Message(topic=sensor.topic, payload=_json.encode(said), format=Format.JSON)])
    return len(samples)
