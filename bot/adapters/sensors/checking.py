"""What an operator is told about the broker before anybody waits for a reading: one mending line per fault."""

from __future__ import annotations

import ssl

import aiomqtt

from bot.adapters.sensors.address import Broker
from bot.adapters.sensors.client import connected

WHAT = "sensor broker"
_DENIED = {
    "Bad user name or password": "it does not take BIHUAN_MQTT_USER and BIHUAN_MQTT_PASSWORD",
    "Not authorized": "it does not let this account in",
    "Client identifier not valid": "it does not take BIHUAN_MQTT_CLIENT_ID",
}


async def checked(broker: Broker) -> list[tuple[str, str | None]]:
    """Connect once under a name of its own, so that the subscription that runs is not disturbed."""
    try:
        async with connected(broker, client_id=f"{broker.client_id}-doctor", clean=True):
            return [(WHAT, None)]
    except (aiomqtt.MqttError, OSError, ssl.SSLError) as fault:
        said = next((why for word, why in _DENIED.items() if word.lower() in str(fault).lower()), str(fault))
        where = f"{broker.host}:{broker.port}"
        return [(WHAT, f"{where}: {said}. Check the BIHUAN_MQTT_ settings (docs/operating/sensors.md).")]
