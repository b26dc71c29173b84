"""The intake of sensors as this installation has it: broker, lease, signs of life."""

from __future__ import annotations

import datetime as dt

from bot.adapters.sensors import Broker, BrokerFault, SensorIntake, broker_of
from bot.leases import Lease, this_process
from bot.settings import Settings, SettingsFault
from core import sensors, wires
from core.kit import clock

LEASE = "sensors:mqtt"
CHANNEL = "mqtt"
SIGN = "intake"
REMEMBERED = dt.timedelta(days=30)


def broker(settings: Settings) -> Broker | None:
    """The broker that the settings name; None without one.

    Raises:
        SettingsFault: they do not go together.
    """
    if not settings.mqtt_url:
        return None
    try:
        return broker_of(
            settings.mqtt_url,
            client_id=settings.mqtt_client_id,
            user=settings.mqtt_user,
            password=None if settings.mqtt_password is None else settings.mqtt_password.get_secret_value(),
            ca_file=settings.mqtt_ca_file,
            cert_file=settings.mqtt_cert_file,
            key_file=settings.mqtt_key_file,
            topics=settings.mqtt_topics,
        )
    except BrokerFault as wrong:
        raise SettingsFault(str(wrong)) from None


def intake_of(settings: Settings) -> SensorIntake | None:
    """What brings messages in; nothing is connected yet.

    Raises:
        SettingsFault: the settings of the broker do not go together.
    """
    found = broker(settings)
    if found is None:
        return None
    return SensorIntake(
        found,
        Lease(LEASE),
        take=sensors.receive,
        set_aside=sensors.set_aside,
        topics=sensors.topics,
        alive=sign_of_life,
    )


async def sign_of_life() -> None:
    """Note that this process is connected now."""
    value: dict[str, object] = {"at": clock.now().isoformat(), "holder": this_process()}
    await wires.keep(CHANNEL, SIGN, value, REMEMBERED)


async def health() -> dict[str, float]:
    """Seconds since any process was last connected to the broker (-1: never), and what waits or was put aside."""
    note = await wires.note(CHANNEL, SIGN)
    age = -1.0
    if note is not None:
        age = round((clock.now() - dt.datetime.fromisoformat(str(note["at"]))).total_seconds(), 3)
    return {"sensor_intake_age": age, **await sensors.depth()}
