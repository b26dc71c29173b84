"""Committing messages before anybody is told that they arrived; what is no reading is counted and put aside."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Final

from core.kit import measures, plain_text
from core.kit.measures import Measure
from core.kit.unit_of_work import current, unit_of_work
from core.sensors.models import Arrival, Aside, Sensor
from core.sensors.payloads import LARGEST
from core.sensors.terms import Message, Why

SAME: Final = dt.timedelta(hours=1)
"""How long a message delivered anew is known by its packet number and content."""
KEPT: Final = dt.timedelta(days=1)
"""How long a message is kept after it was taken in."""
MOST_ASIDE: Final = 1000
"""Topics and reasons that are told apart; a flood of made-up topics is one row."""
_STEP: Final = dt.timedelta(milliseconds=1)
_SHOWN: Final = 200


def digest(topic: str, payload: bytes) -> str:
    """Answer what tells messages apart."""
    return hashlib.sha256(topic.encode(errors="replace") + b"\0" + payload).hexdigest()


async def receive(messages: Sequence[Message]) -> int:
    """Commit messages together; when this returns, whoever brought them may forget them. Answers how many now wait."""
    if not messages:
        return 0
    async with unit_of_work() as work:
        topics = {one.topic for one in messages if "\0" not in one.topic}
        known = {
            str(row.topic): int(row.plant_id) for row in await Sensor.filter(topic__in=list(topics) or [""])
        }
        rows: list[Arrival] = []
        for place, one in enumerate(messages):
            plant_id = known.get(one.topic)
            if plant_id is None or len(one.payload) > LARGEST:
                await put_aside(
                    plant_id, one.topic, Why.UNKNOWN if plant_id is None else Why.LARGE, one.payload
                )
                continue
            mark = digest(one.topic, one.payload)
            here = any(row.digest == mark and row.packet == one.packet for row in rows)
            if one.anew and (here or await _had(one, mark, work.now)):
                measures.say(Measure.SENSOR_MESSAGE, label="duplicate")
                continue
            rows.append(
                Arrival(
                    topic=one.topic,
                    payload=one.payload,
                    digest=mark,
                    packet=one.packet,
                    format="" if one.format is None else one.format.value,
                    retained=one.retained,
                    received_at=work.now + place * _STEP,
                )
            )
        await Arrival.bulk_create(rows)
    return len(rows)


async def set_aside(message: Message) -> None:
    """Commit that a message could not be kept, so that it stops nothing that comes after it."""
    async with unit_of_work():
        known = None if "\0" in message.topic else await Sensor.filter(topic=message.topic).first()
        await put_aside(None if known is None else known.plant_id, message.topic, Why.FAILED, message.payload)


async def _had(one: Message, mark: str, now: dt.datetime) -> bool:
    """Whether this packet came before: the broker did not hear that we have it."""
    return await Arrival.exists(digest=mark, packet=one.packet, received_at__gt=now - SAME)


async def put_aside(plant_id: int | None, topic: str, why: Why, payload: bytes) -> None:
    """Count a message that is no reading, and keep how it began."""
    now = current().now
    measures.say(Measure.SENSOR_MESSAGE, label=why.value)
    shown = plain_text.clean(payload[: _SHOWN * 4].decode(errors="replace"))[:_SHOWN]
    name = plain_text.clean(topic)[:_SHOWN] or "–"
    row = await Aside.filter(topic=name, why=why.value).select_for_update().first()
    if row is None and await Aside.all().count() >= MOST_ASIDE:
        name = "…"
        row = await Aside.filter(topic=name, why=why.value).select_for_update().first()
    if row is None:
        await Aside.create(
            plant_id=plant_id,
            topic=name,
            why=why.value,
            count=1,
            first_at=now,
            last_at=now,
            sample=shown,
        )
        return
    row.count += 1
    row.last_at, row.sample, row.plant_id = now, shown, plant_id
    await row.save()


async def sweep() -> int:
    """Forget messages that were taken in a day ago; their readings are on record."""
    async with unit_of_work() as work:
        return int(await Arrival.filter(done_at__lt=work.now - KEPT).delete())
