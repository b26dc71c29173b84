"""传感器: how the sensors stand, one sensor with its picture, or those that a lot stood under.

sensor → list      sensor NAME → value, state, picture      sensor LOT → its sensors
"""

from __future__ import annotations

from core import lots, sensors
from core.kit import Level, Module, NotFound, Permission, clock
from core.kit.canonical import decimal_text
from core.sensors import Now
from handlers import text
from handlers.charts import sensing
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing, Picture
from handlers.text import Translate

LISTED = 10
MAKES = Permission(Module.LOTS, Level.WORK)


def _state(one: Now, _: Translate) -> str:
    if one.open:
        return "; ".join(
            f"{_(each.episode.severity.says)}: {_(each.episode.trouble.says)}" for each in one.open
        )
    if not one.sensor.active:
        return _("out of use")
    return _("no limits set") if one.rule is None else _("within limits")


def _value(one: Now, _: Translate) -> str:
    if one.last is None:
        return _("no readings yet")
    ago = _("{time} ago").format(time=text.duration(clock.now() - one.last.at, _))
    return f"{decimal_text(one.last.value)} {one.sensor.unit} · {ago}"


@commands("sensor", "传感器", "sensor", "sensors", "温湿度")
async def sensor(talk: Talk, said: str) -> None:
    """/sensor, /sensor NAME, or /sensor LOT."""
    talk.actor.must(Permission(Module.LOTS, Level.READ))
    if not said:
        await _listed(talk, await sensors.overview(talk.actor))
        return
    try:
        found = await sensors.get(talk.actor, said)
    except NotFound:
        lot = await lots.find(talk.actor, said)
        under = {one.id for _standing, one in await sensors.of_lot(talk.actor, lot.id)}
        await talk.viewed(f"sensors of lot {lot.number}")
        await _listed(talk, await sensors.overview(talk.actor, only=sorted(under)))
        return
    await _one(talk, found.id)


@taps(Action.SENSORS)
async def _sensors(talk: Talk, _tap: Tap) -> None:
    await sensor(talk, "")


@taps(Action.SENSOR)
async def _sensor(talk: Talk, tap: Tap) -> None:
    talk.actor.must(Permission(Module.LOTS, Level.READ))
    await _one(talk, (await sensors.get(talk.actor, tap.object_id)).id)


async def _one(talk: Talk, sensor_id: int) -> None:
    """One sensor: its value, its state, its latest episodes, its picture."""
    (now,) = await sensors.overview(talk.actor, only=[sensor_id])
    found, _ = now.sensor, talk.translate
    episodes = await sensors.episodes_of(talk.actor, found.id, limit=3)
    await talk.viewed(f"sensor {found.code}")
    await talk.reply(
        Outgoing(
            head=f"{found.code} · {_(found.kind.says)}",
            body=f"{_value(now, _)}\n{_state(now, _)}",
            facts=tuple(
                (
                    one.case_number or _(one.state.says),
                    sensing.told(one.episode, talk.actor.locale, talk.actor.timezone),
                )
                for one in episodes
            ),
            pictures=(
                Picture(
                    source=f"sensor:{found.id}",
                    alt=_("Readings of {sensor} in the last 24 hours").format(sensor=found.code),
                ),
            ),
        )
    )


async def _listed(talk: Talk, rows: list[Now]) -> None:
    _ = talk.translate
    if not rows:
        makes = talk.actor.may(MAKES)
        await talk.say(
            _("No sensor here. Make one known on the admin page, or put the lot under one.")
            if makes
            else _("No sensor here. Ask the plant which one the lot stands under.")
        )
        return
    await talk.reply(
        Outgoing(
            head=_("Sensors"),
            facts=tuple((one.sensor.code, f"{_value(one, _)} · {_state(one, _)}") for one in rows[:LISTED]),
            hint=_("Send “sensor {code}” for its picture.").format(code=rows[0].sensor.code),
            buttons=tuple(
                (talk.button(f"🌡 {one.sensor.code}", Action.SENSOR, one.sensor.id),) for one in rows[:LISTED]
            ),
        )
    )
